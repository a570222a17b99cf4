"""Routes of the orientations: the équipe's list and acts, the partner's inbox."""

from django.urls import URLPattern, URLResolver, path

from accompagnements.views import liens, orienter
from accompagnements.views import orientations as equipe
from accompagnements.views import orientations_liens as envois
from accompagnements.views import orientations_recues as partenaire

urlpatterns: list[URLPattern | URLResolver] = [
    path("orientations/", equipe.orientations, name="orientations"),
    path("orientations/<uuid:pk>/", equipe.orientation, name="orientation"),
    path("orientations/<uuid:pk>/envoyer/", envois.orientation_envoyer, name="orientation_envoyer"),
    path("orientations/<uuid:pk>/relancer/", envois.orientation_relancer, name="orientation_relancer"),
    path("orientations/<uuid:pk>/reponse/", equipe.orientation_repondre, name="orientation_repondre"),
    path(
        "orientations/<uuid:pk>/prise-en-charge/",
        equipe.orientation_prendre_en_charge,
        name="orientation_prendre_en_charge",
    ),
    path("orientations/<uuid:pk>/terminer/", equipe.orientation_terminer, name="orientation_terminer"),
    path("orientations/<uuid:pk>/lien/", envois.orientation_lien, name="orientation_lien"),
    path("orientations/<uuid:pk>/lien/fermer/", envois.orientation_lien_fermer, name="orientation_lien_fermer"),
    path("orientations/<uuid:pk>/refus/", envois.orientation_traiter_refus, name="orientation_traiter_refus"),
    path("annuaire/<uuid:pk>/orienter/", orienter.orientation_vers, name="orientation_vers"),
    path("reponse/", liens.reponse, name="reponse"),
    path("reponse/orientation/", liens.reponse_orientation, name="reponse_orientation"),
    path("orientations/<uuid:pk>/retirer/", equipe.orientation_retirer, name="orientation_retirer"),
    path("orientations/<uuid:pk>/lettre/", equipe.orientation_lettre, name="orientation_lettre"),
    path("orientations/recues/", partenaire.orientations_recues, name="orientations_recues"),
    path("orientations/recues/<uuid:pk>/", partenaire.orientation_recue, name="orientation_recue"),
    path(
        "orientations/recues/<uuid:pk>/repondre/",
        partenaire.orientation_recue_repondre,
        name="orientation_recue_repondre",
    ),
    path(
        "orientations/recues/<uuid:pk>/prise-en-charge/",
        partenaire.orientation_recue_prise_en_charge,
        name="orientation_recue_prise_en_charge",
    ),
    path(
        "orientations/recues/<uuid:pk>/terminer/",
        partenaire.orientation_recue_terminer,
        name="orientation_recue_terminer",
    ),
    path("orientations/recues/<uuid:pk>/lettre/", partenaire.orientation_recue_lettre, name="orientation_recue_lettre"),
]
