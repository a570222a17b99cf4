"""The routes of allauth that are open here, under /compte/; all its others (addresses, sign-up…) stay closed.

An account has one address, given by its invitation: a page that adds or changes one would open the invitations
and the passwords of others.
"""

from allauth.account import views as compte
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from partenaires.second_facteur import remplacer_totp
from partenaires.views import cles
from partenaires.views.hors_ligne import deconnexion

urlpatterns = [
    path("connexion/", compte.login, name="account_login"),
    path("connexion/cle/", cles.connexion_par_cle, name="mfa_login_webauthn"),
    path("deconnexion/", deconnexion, name="account_logout"),
    path("ferme/", compte.account_inactive, name="account_inactive"),
    path("confirmer/", compte.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", compte.password_change, name="account_change_password"),
    path("mot-de-passe/oublie/", compte.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/demande/", compte.password_reset_done, name="account_reset_password_done"),
    path(
        "mot-de-passe/oublie/fait/",
        compte.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        compte.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("second-facteur/", mfa.index, name="mfa_index"),
    path("second-facteur/choisir/", cles.choisir, name="second_facteur_choisir"),
    path("second-facteur/code/", mfa.authenticate, name="mfa_authenticate"),
    path("second-facteur/confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/confirmer/cle/", cles.confirmer_par_cle, name="mfa_reauthenticate_webauthn"),
    path("second-facteur/cles/", cles.cles, name="mfa_list_webauthn"),
    path("second-facteur/cles/creer/", cles.creer_cle, name="mfa_add_webauthn"),
    path("second-facteur/cles/<int:pk>/renommer/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("second-facteur/cles/<int:pk>/retirer/", cles.retirer_cle, name="mfa_remove_webauthn"),
    path("second-facteur/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/remplacer/", remplacer_totp, name="mfa_deactivate_totp"),
    path("second-facteur/secours/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/secours/refaire/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "second-facteur/secours/telecharger/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
