"""Start-up of `observatory`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservatoryConfig(AppConfig):
    name = "arobase.observatory"

    def ready(self) -> None:
        from arobase.observatory.queries.panel import panel_of  # app ready
        from arobase.observatory.sources import networks  # app ready
        from arobase.observatory.sources.declared import load_domains, load_verdicts  # app ready
        from arobase.observatory.sources.providers import catalogue  # app ready
        from arobase.registry.registers import (  # app ready
            DataSource,
            NavigationEntry,
            Panel,
            data_sources,
            navigation,
            panels,
        )

        for source in (
            DataSource("domains", _("Domaines déclarés"), "DILA", load_domains, needs=("code",)),
            DataSource("mail_verdicts", _("Messagerie, d’après d’autres"), "mxmap-fr", load_verdicts, needs=("code",)),
            DataSource("networks", _("Réseaux des adresses"), "RIPE NCC, NRO", networks.load),
        ):
            data_sources.add(source.name, source)
        panels.add(
            "observatory", Panel(_("De qui dépend-il ?"), "observatory/panel.html", panel_of(catalogue), order=40)
        )
        navigation.add("observatory", NavigationEntry(_("Observatoire"), "observatory", order=25))
