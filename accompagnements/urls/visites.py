"""Routes of the visits: the dates offered to the bailleur, the visits themselves."""

from django.urls import URLPattern, URLResolver, path

from accompagnements.views import agenda, flux, planification, propositions, visites

urlpatterns: list[URLPattern | URLResolver] = [
    path("visites/", agenda.visites, name="visites"),
    path("visites/abonnement/", flux.abonnement, name="agenda_abonnement"),
    path("agenda/<str:jeton>.ics", flux.flux, name="agenda_flux"),
    path("situations/<uuid:pk>/visites/proposer/", propositions.proposer, name="creneaux_proposer"),
    path("situations/<uuid:pk>/consigne/", propositions.consigne, name="situation_consigne"),
    path("creneaux/<uuid:pk>/retirer/", propositions.retirer, name="creneaux_retirer"),
    path("rendez-vous/<uuid:pk>/", propositions.rendez_vous, name="rendez_vous"),
    path("rendez-vous/<uuid:pk>/decliner/", propositions.rendez_vous_decliner, name="rendez_vous_decliner"),
    path("situations/<uuid:pk>/visites/planifier/", planification.planifier, name="visite_planifier"),
    path("visites/<uuid:pk>/", visites.visite, name="visite"),
    path("visites/<uuid:pk>/sortie/", visites.sortie, name="visite_sortie"),
    path("visites/<uuid:pk>/reprise/", visites.visite_reprise, name="visite_reprise"),
    path("visites/<uuid:pk>/brouillon/", visites.visite_brouillon, name="visite_brouillon"),
    path("visites/<uuid:pk>/deplacer/", planification.deplacer, name="visite_deplacer"),
    path("visites/<uuid:pk>/annuler/", planification.annuler, name="visite_annuler"),
]
