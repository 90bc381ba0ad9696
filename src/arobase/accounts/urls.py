"""Addresses of sign-in and of one's account. The views are django-allauth's; the addresses and audiences are ours."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.conf import settings
from django.urls import path, re_path

from arobase.accounts import openid_connect, views
from arobase.web.access import ANYONE, SIGNED_IN, open_to

anyone, signed_in = open_to(ANYONE), open_to(SIGNED_IN)

urlpatterns = [
    path("", views.overview, name="account"),
    path(
        "connexion",
        anyone(account.LoginView.as_view(extra_context={"is_signup_open": settings.OPEN_SIGNUP})),
        name="account_login",
    ),
    path("deconnexion", anyone(account.logout), name="account_logout"),
    path("inscription", anyone(account.signup), name="account_signup"),
    path("inactif", anyone(account.account_inactive), name="account_inactive"),
    path("confirmer", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("adresses", signed_in(account.email), name="account_email"),
    path("adresses/a-confirmer", anyone(account.email_verification_sent), name="account_email_verification_sent"),
    re_path(r"^adresses/(?P<key>[-:\w]+)$", anyone(account.confirm_email), name="account_confirm_email"),
    path("mot-de-passe", signed_in(account.password_change), name="account_change_password"),
    path("mot-de-passe/choisir", signed_in(account.password_set), name="account_set_password"),
    path("mot-de-passe/oublie", anyone(account.password_reset), name="account_reset_password"),
    path("mot-de-passe/oublie/envoye", anyone(account.password_reset_done), name="account_reset_password_done"),
    path(
        "mot-de-passe/oublie/fait",
        anyone(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        anyone(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("securite", signed_in(mfa.index), name="mfa_index"),
    path("securite/second-facteur", anyone(mfa.authenticate), name="mfa_authenticate"),
    path("securite/confirmer", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("securite/application", signed_in(totp.activate_totp), name="mfa_activate_totp"),
    path("securite/application/retirer", signed_in(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("securite/codes", signed_in(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "securite/codes/renouveler",
        signed_in(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "securite/codes/telecharger",
        signed_in(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("securite/cles", signed_in(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("securite/cles/ajouter", signed_in(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("securite/cles/confirmer", signed_in(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("securite/cles/connexion", anyone(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("securite/cles/<int:pk>", signed_in(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("securite/cles/<int:pk>/retirer", signed_in(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("oidc/liees", signed_in(social.connections), name="socialaccount_connections"),
    path("oidc/inscription", anyone(social.signup), name="socialaccount_signup"),
    path("oidc/abandon", anyone(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("oidc/echec", anyone(social.login_error), name="socialaccount_login_error"),
    path("oidc/<slug:provider_id>", openid_connect.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/retour", openid_connect.callback, name="openid_connect_callback"),
]
