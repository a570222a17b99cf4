"""Routes of the concertations: the équipe's meetings and points, those of the organisations invited."""

from django.urls import URLPattern, URLResolver, path

from accompagnements.views import commissions, invitation_papier, situation
from accompagnements.views import concertations as equipe
from accompagnements.views import concertations_recues as invites
from accompagnements.views import points_concertation as points

urlpatterns: list[URLPattern | URLResolver] = [
    path("concertations/", equipe.concertations, name="concertations"),
    path("concertations/preparer/", equipe.concertation_preparer, name="concertation_preparer"),
    path("concertations/commissions/", commissions.commissions, name="commissions"),
    path("concertations/commissions/<uuid:pk>/", commissions.commission, name="commission"),
    path("concertations/recues/", invites.concertations_recues, name="concertations_recues"),
    path("concertations/recues/<uuid:pk>/", invites.concertation_recue, name="concertation_recue"),
    path("concertations/dossiers/<uuid:pk>/", equipe.dossier_concertation, name="dossier_concertation"),
    path("concertations/situations/<uuid:pk>/", points.point, name="point_concertation"),
    path("concertations/situations/<uuid:pk>/demande/", points.point_modifier, name="point_modifier"),
    path("concertations/situations/<uuid:pk>/retirer/", points.point_retirer, name="point_retirer"),
    path("concertations/situations/<uuid:pk>/compte-rendu/", points.point_rediger, name="point_rediger"),
    path("concertations/situations/<uuid:pk>/decision/", points.point_decider, name="point_decider"),
    path("concertations/situations/<uuid:pk>/action/", points.point_convenir, name="point_convenir"),
    path("concertations/decisions/<uuid:pk>/clore/", points.decision_clore, name="decision_clore"),
    path("concertations/actions/<uuid:pk>/clore/", points.action_clore, name="action_clore"),
    path(
        "concertations/invitations/<uuid:pk>/", equipe.concertation_de_l_invitation, name="concertation_de_l_invitation"
    ),
    path("concertations/invitations/<uuid:pk>/retirer/", equipe.invitation_retirer, name="invitation_retirer"),
    path("concertations/<uuid:pk>/", equipe.concertation, name="concertation"),
    path("concertations/<uuid:pk>/modifier/", equipe.concertation_modifier, name="concertation_modifier"),
    path("concertations/<uuid:pk>/invitation/", invitation_papier.invitation_papier, name="concertation_papier"),
    path("concertations/<uuid:pk>/inviter/", equipe.concertation_inviter, name="concertation_inviter"),
    path("concertations/<uuid:pk>/inscrire/", equipe.concertation_inscrire, name="concertation_inscrire"),
    path("concertations/<uuid:pk>/convoquer/", equipe.concertation_convoquer, name="concertation_convoquer"),
    path("concertations/<uuid:pk>/tenir/", equipe.concertation_tenir, name="concertation_tenir"),
    path("concertations/<uuid:pk>/annuler/", equipe.concertation_annuler, name="concertation_annuler"),
    path("concertations/<uuid:pk>/dossiers/", equipe.concertation_dossiers, name="concertation_dossiers"),
    path("situations/<uuid:pk>/concertations/", situation.concertations, name="situation_concertations"),
    path("situations/<uuid:pk>/accords/bailleur/", points.accord_bailleur, name="accord_bailleur"),
]
