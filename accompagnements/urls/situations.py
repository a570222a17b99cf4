"""Routes of the situations: the list, the tabs, the acts."""

from django.urls import URLPattern, URLResolver, path

from accompagnements.views import evaluation, notes, situation, situations, suite, visites

urlpatterns: list[URLPattern | URLResolver] = [
    path("situations/", situations.situations, name="situations"),
    path("situations/ouvrir/<uuid:pk>/", visites.ouvrir, name="situation_ouvrir"),
    path("situations/<uuid:pk>/", situation.situation, name="situation"),
    path("situations/<uuid:pk>/contrat/", situation.contrat, name="situation_contrat"),
    path("situations/<uuid:pk>/contrat/comparer/", situation.contrat_comparer, name="contrat_comparer"),
    path("situations/<uuid:pk>/visites/", situation.visites, name="situation_visites"),
    path("situations/<uuid:pk>/orientations/", situation.orientations, name="situation_orientations"),
    path("situations/<uuid:pk>/notes/", situation.notes, name="situation_notes"),
    path("situations/<uuid:pk>/documents/", situation.documents, name="situation_documents"),
    path("situations/<uuid:pk>/intervenants/", visites.intervenants, name="situation_intervenants"),
    path("situations/<uuid:pk>/diagnostic/", evaluation.diagnostic, name="situation_diagnostic"),
    path("situations/<uuid:pk>/releve/", evaluation.releve, name="situation_releve"),
    path("situations/<uuid:pk>/objectifs/ajouter/", evaluation.objectif_ajouter, name="objectif_ajouter"),
    path("objectifs/<uuid:pk>/revoir/", evaluation.objectif_revoir, name="objectif_revoir"),
    path("situations/<uuid:pk>/proposer/", evaluation.proposer, name="situation_proposer"),
    path(
        "situations/<uuid:pk>/reprendre-evaluation/",
        evaluation.reprendre_evaluation,
        name="situation_reprendre_evaluation",
    ),
    path("situations/<uuid:pk>/signer/", evaluation.signer, name="situation_signer"),
    path("situations/<uuid:pk>/contrat/papier/", evaluation.contrat_papier, name="situation_contrat_papier"),
    path("situations/<uuid:pk>/refus/", evaluation.refus_contrat, name="situation_refus_contrat"),
    path("situations/<uuid:pk>/suspendre/", suite.suspendre, name="situation_suspendre"),
    path("situations/<uuid:pk>/reprendre/", suite.reprendre, name="situation_reprendre"),
    path("situations/<uuid:pk>/terminer/", suite.terminer, name="situation_terminer"),
    path("situations/<uuid:pk>/sans-suite/", suite.sans_suite, name="situation_sans_suite"),
    path("situations/<uuid:pk>/retrait/", suite.retrait, name="situation_retrait"),
    path("situations/<uuid:pk>/logement/", suite.logement, name="situation_logement"),
    path("situations/<uuid:pk>/accords/recueillir/", suite.accord_recueillir, name="accord_recueillir"),
    path("accords/<uuid:pk>/retirer/", suite.accord_retirer, name="accord_retirer"),
    path("situations/<uuid:pk>/orientations/preparer/", suite.orientation_proposer, name="orientation_proposer"),
    path("situations/<uuid:pk>/notes/ecrire/", notes.ecrire, name="note_ecrire"),
    path("situations/<uuid:pk>/notes/ecrire/<slug:niveau>/", notes.ecrire_niveau, name="note_ecrire_niveau"),
    path("notes/<uuid:pk>/modifier/", notes.modifier, name="note_modifier"),
    path("notes-cliniques/<uuid:pk>/modifier/", notes.modifier_clinique, name="note_clinique_modifier"),
    path("documents/<uuid:pk>/", notes.document, name="document"),
    path("documents/<uuid:pk>/verifier/", notes.document_verifier, name="document_verifier"),
    path("documents/<uuid:pk>/relancer/", notes.document_relancer, name="document_relancer"),
]
