"""Routes of the équipe: triage, fiche and the acts on it; and the search, which référents share."""

from django.urls import URLPattern, path

from signalements.views import decisions, equipe, exports, rapprochements, recherche, tri, vues

urlpatterns: list[URLPattern] = [
    path("fiches/", tri.fiches, name="fiches"),
    path("fiches/exporter/", exports.exporter, name="exporter"),
    path("fiches/exports/", exports.exports, name="exports"),
    path("fiches/exports/<uuid:pk>/", exports.export, name="export"),
    path("fiches/exports/<uuid:pk>/progres/", exports.export_progres, name="export_progres"),
    path("fiches/exports/<uuid:pk>/relancer/", exports.export_relancer, name="export_relancer"),
    path("fiches/exports/<uuid:pk>/fichier/", exports.export_fichier, name="export_fichier"),
    path("fiches/vues/", vues.vues, name="vues"),
    path("fiches/vues/enregistrer/", vues.vue_enregistrer, name="vue_enregistrer"),
    path("fiches/vues/<uuid:pk>/", vues.vue_modifier, name="vue_modifier"),
    path("fiches/vues/<uuid:pk>/supprimer/", vues.vue_supprimer, name="vue_supprimer"),
    path("fiches/vues/<uuid:pk>/defaut/", vues.vue_par_defaut, name="vue_par_defaut"),
    path("fiches/<uuid:pk>/", equipe.fiche, name="fiche"),
    path("fiches/<uuid:pk>/comparer/<uuid:autre>/", rapprochements.comparer, name="fiche_comparer"),
    path("fiches/<uuid:pk>/comparer/<uuid:autre>/annuler/", rapprochements.annuler, name="fiche_comparer_annuler"),
    path("fiches/<uuid:pk>/attribuer/", decisions.attribuer, name="fiche_attribuer"),
    path("fiches/<uuid:pk>/recevable/", decisions.recevable, name="fiche_recevable"),
    path("fiches/<uuid:pk>/complement/", decisions.complement, name="fiche_complement"),
    path("fiches/<uuid:pk>/non-recevable/", decisions.non_recevable, name="fiche_non_recevable"),
    path("fiches/<uuid:pk>/reorienter/", decisions.reorienter, name="fiche_reorienter"),
    path("fiches/<uuid:pk>/information/", decisions.information, name="fiche_information"),
    path("fiches/<uuid:pk>/classer/", decisions.classer, name="fiche_classer"),
    path("fiches/<uuid:pk>/opposition/", decisions.opposer, name="fiche_opposer"),
    path("fiches/<uuid:pk>/opposition/reparer/", decisions.annuler_opposition, name="fiche_annuler_opposition"),
    path("fiches/<uuid:pk>/message/", decisions.message, name="fiche_message"),
    path("recherche/", recherche.recherche, name="recherche"),
]
