"""Routes of `indicateurs`."""

from django.urls import path

from indicateurs import views

urlpatterns = [
    path("bilans/", views.bilans, name="bilans"),
    path("bilans/tableau-de-bord/", views.tableau_de_bord, name="tableau_de_bord"),
    path("bilans/<uuid:pk>/", views.bilan, name="bilan"),
    path("bilans/<uuid:pk>/progres/", views.bilan_progres, name="bilan_progres"),
    path("bilans/<uuid:pk>/publier/", views.bilan_publier, name="bilan_publier"),
    path("bilans/<uuid:pk>/relancer/", views.bilan_relancer, name="bilan_relancer"),
    path("bilans/<uuid:pk>/pdf/", views.bilan_pdf, name="bilan_pdf"),
    path("bilans/<uuid:pk>/ods/", views.bilan_ods, name="bilan_ods"),
    path("methode/", views.methode, name="methode"),
]
