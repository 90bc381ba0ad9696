"""Start-up of `label`: what it offers to the pages and the data of others."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabelConfig(AppConfig):
    name = "arobase.label"
    label = "label"

    def ready(self) -> None:
        from arobase.accounts.access import AGENTS, ORGANISERS, holders_of  # app ready
        from arobase.accounts.roles import Role  # app ready
        from arobase.label.queries.awards import territories_by_level  # app ready
        from arobase.label.queries.fields import addresses_shown  # app ready
        from arobase.label.queries.history import history_panel  # app ready
        from arobase.label.sources.examples import fill  # app ready
        from arobase.label.sources.reference import load_laureates, load_participation  # app ready
        from arobase.registry.registers import (  # app ready
            DataSource,
            Demonstration,
            NavigationEntry,
            Panel,
            TerritoryFacet,
            data_sources,
            demonstrations,
            navigation,
            panels,
            shown_addresses,
            territory_facets,
        )

        press = "Presse, relevée par le projet"
        data_sources.add(
            "laureates", DataSource("laureates", _("Lauréats du label"), press, load_laureates, needs=("code",))
        )
        data_sources.add(
            "participation", DataSource("participation", _("Totaux publiés du label"), press, load_participation)
        )
        panels.add("label-history", Panel(_("Histoire du label"), "label/panels/history.html", history_panel, order=20))
        navigation.add("participation", NavigationEntry(_("Participer"), "participation", AGENTS.admits, order=72))
        jurors = holders_of(Role.JUROR)
        navigation.add("jury", NavigationEntry(_("Jury"), "jury_home", jurors.admits, order=74))
        navigation.add("campaigns", NavigationEntry(_("Campagnes"), "campaigns", ORGANISERS.admits, order=80))
        shown_addresses.add("dossiers", addresses_shown)
        demonstrations.add("campaign", Demonstration(_("Campagne inventée"), fill))
        levels = tuple((str(level), f"{level} @") for level in range(5, 0, -1))
        territory_facets.add("niveau", TerritoryFacet(_("Niveau du label"), lambda: levels, territories_by_level))
