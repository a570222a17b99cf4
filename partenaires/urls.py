"""Routes of `partenaires`, included at the root of the site."""

from django.urls import path

from partenaires.views import compte, hors_ligne, invitation, journal, membres, plateforme, publiques, residences

urlpatterns = [
    path("mon-compte/", compte.mon_compte, name="mon_compte"),
    path("organisation-active/", compte.changer_organisation, name="changer_organisation"),
    path("invitation/<str:jeton>/", invitation.invitation, name="invitation"),
    path("hors-ligne/cles/", hors_ligne.cles_hors_ligne, name="cles_hors_ligne"),
    path("membres/", membres.membres, name="membres"),
    path("membres/inviter/", membres.membre_inviter, name="membre_inviter"),
    path("membres/invitations/", membres.invitations, name="invitations"),
    path("membres/invitations/<uuid:pk>/annuler/", membres.invitation_annuler, name="invitation_annuler"),
    path("membres/<int:pk>/", membres.membre, name="membre"),
    path("membres/<int:pk>/terminer/", membres.membre_terminer, name="membre_terminer"),
    path("residences/", residences.residences, name="residences"),
    path("residences/ajouter/", residences.residence_ajouter, name="residence_ajouter"),
    path("residences/<int:pk>/", residences.residence, name="residence"),
    path("residences/<int:pk>/fermer/", residences.residence_fermer, name="residence_fermer"),
    path("residences/<int:pk>/rouvrir/", residences.residence_rouvrir, name="residence_rouvrir"),
    path("organisations/", plateforme.organisations, name="organisations"),
    path("organisations/creer/", plateforme.organisation_creer, name="organisation_creer"),
    path("organisations/<int:pk>/", plateforme.organisation, name="organisation"),
    path("organisations/<int:pk>/inviter/", plateforme.organisation_inviter, name="organisation_inviter"),
    path("conventions/", plateforme.conventions, name="conventions"),
    path("conventions/creer/", plateforme.convention_creer, name="convention_creer"),
    path("conventions/<int:pk>/terminer/", plateforme.convention_terminer, name="convention_terminer"),
    path("journal/", journal.journal, name="journal"),
    path("urgence/", publiques.urgence, name="urgence"),
    path("aide/", publiques.aide, name="aide"),
    path("notice-habitants/", publiques.notice_habitants, name="notice_habitants"),
    path("accessibilite/", publiques.accessibilite, name="accessibilite"),
    path("donnees-personnelles/", publiques.donnees_personnelles, name="donnees_personnelles"),
]
