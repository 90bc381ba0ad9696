"""How django-allauth behaves here: who may sign up, and how an answer for machines looks."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

from arobase.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is closed unless AROBASE_OPEN_SIGNUP says otherwise: accounts are made with `arobase people create`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.OPEN_SIGNUP)


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A first visit through OpenID Connect makes an account, without any role: the provider vouches for the person."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = data.get("name") or " ".join(part for part in parts if part)
        return user
