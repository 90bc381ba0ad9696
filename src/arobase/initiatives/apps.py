"""Start-up of `initiatives`: what it offers to the pages of others."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InitiativesConfig(AppConfig):
    name = "arobase.initiatives"
    label = "initiatives"

    def ready(self) -> None:
        from arobase.accounts.access import AGENTS, ORGANISERS  # app ready
        from arobase.initiatives.queries.panel import panel  # app ready
        from arobase.initiatives.sources.examples import fill  # app ready
        from arobase.registry.registers import (  # app ready
            Demonstration,
            NavigationEntry,
            Panel,
            demonstrations,
            navigation,
            panels,
        )

        panels.add("initiatives", Panel(_("Initiatives numériques"), "initiatives/panels/territory.html", panel, 30))
        navigation.add("library", NavigationEntry(_("Initiatives"), "library", order=30))
        navigation.add("desk", NavigationEntry(_("Mes initiatives"), "desk", AGENTS.admits, order=70))
        navigation.add("moderation", NavigationEntry(_("À lire"), "moderation", ORGANISERS.admits, order=75))
        demonstrations.add("initiatives", Demonstration(_("Initiatives inventées"), fill))
