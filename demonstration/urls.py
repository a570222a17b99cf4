"""Route of the demonstration, under /demo/."""

from django.urls import path

from demonstration.views import connexion

urlpatterns = [path("", connexion, name="demo_connexion")]
