"""Routes of accompagnements: the situations, the visits, the orientations, the concertations."""

from accompagnements.urls.concertations import urlpatterns as concertations
from accompagnements.urls.orientations import urlpatterns as orientations
from accompagnements.urls.situations import urlpatterns as situations
from accompagnements.urls.visites import urlpatterns as visites

urlpatterns = [*situations, *visites, *orientations, *concertations]
