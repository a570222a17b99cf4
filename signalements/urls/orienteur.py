"""Routes of the gardien, the référent, the correspondant, and of the raters."""

from django.urls import URLPattern, path

from signalements.views import (
    gardien,
    hors_ligne,
    orienteur,
    photos,
    referent,
    relecture,
    releves,
    reprise,
    saisie,
)

urlpatterns: list[URLPattern] = [
    path("signalements/", orienteur.mes_signalements, name="mes_signalements"),
    path("signalements/<uuid:pk>/", orienteur.signalement, name="signalement"),
    path("signalements/<uuid:pk>/fiche/", relecture.signalement_fiche, name="signalement_fiche"),
    path("signalements/<uuid:pk>/relecture/", relecture.signalement_relecture, name="signalement_relecture"),
    path("signalements/<uuid:pk>/abandonner/", relecture.signalement_abandonner, name="signalement_abandonner"),
    path("signalements/<uuid:pk>/repondre/", referent.signalement_repondre, name="signalement_repondre"),
    path("signalements/<uuid:pk>/information/", referent.signalement_information, name="signalement_information"),
    path("signalements/<uuid:pk>/opposition/", referent.signalement_opposition, name="signalement_opposition"),
    path("fiches/nouvelle/", gardien.saisir_fiche, name="saisir_fiche"),
    path("fiches/reprise/", reprise.reprise_nouvelle, name="reprise_nouvelle"),
    path("fiches/<uuid:pk>/reprise/", reprise.reprise, name="reprise"),
    path("fiches/<uuid:pk>/supprimer/", saisie.brouillon_supprimer, name="brouillon_supprimer"),
    path("fiches/<uuid:pk>/saisie/<slug:etape>/", saisie.saisie, name="saisie"),
    path("fiches/<uuid:pk>/saisie/<slug:etape>/auto/", saisie.saisie_auto, name="saisie_auto"),
    path("fiches/<uuid:pk>/saisie/<slug:etape>/alerte/", saisie.saisie_alerte, name="saisie_alerte"),
    path("fiches/<uuid:pk>/photos/", photos.photos, name="photos"),
    path("photos/<uuid:pk>/", photos.photo, name="photo"),
    path("photos/<uuid:pk>/image/", photos.photo_image, name="photo_image"),
    path("photos/<uuid:pk>/retirer/", photos.photo_retirer, name="photo_retirer"),
    path("hors-ligne/", hors_ligne.hors_ligne, name="hors_ligne"),
    path("ouvrier.js", hors_ligne.ouvrier, name="ouvrier"),
    path("manifeste.webmanifest", hors_ligne.manifeste, name="manifeste"),
    path("releves/", releves.releves, name="releves"),
    path("releves/<uuid:pk>/", releves.releve, name="releve"),
    path("releves/<uuid:pk>/non-evaluable/", releves.releve_non_evaluable, name="releve_non_evaluable"),
]
