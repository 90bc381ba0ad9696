"""Start-up of `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "arobase.accounts"
