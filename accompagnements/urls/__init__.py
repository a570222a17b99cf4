"""Routes of accompagnements: the situations, then the orientations."""

from accompagnements.urls.orientations import urlpatterns as orientations
from accompagnements.urls.situations import urlpatterns as situations

urlpatterns = [*situations, *orientations]
