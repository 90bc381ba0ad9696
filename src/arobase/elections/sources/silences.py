"""The sentences that say why there is no projection yet."""

from collections.abc import Mapping

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as _

from arobase.elections.rules.projection import Silence, Why

_SENTENCES = {
    Why.NO_STATION: _("Aucun bureau de vote n’est donné\u00a0: ajoutez les bureaux et leurs inscrits."),
    Why.NO_CHOICE: _("Aucune candidature n’est donnée\u00a0: ajoutez les listes ou les candidats."),
    Why.NOTHING_COUNTED: _("Aucune enveloppe n’est encore dépouillée."),
    Why.NO_VALID_VOTE: _("Aucun suffrage exprimé n’est compté\u00a0: il n’y a rien à projeter."),
    Why.NO_VOTER: _("Personne n’a voté ou n’est inscrit\u00a0: il n’y a rien à projeter."),
}


def silence_sentence(silence: Silence) -> str:
    """Why there is no projection, in the reader's language."""
    counting = _COUNTING.get(silence.why)
    return (counting(silence.facts) if counting else gettext(_SENTENCES[silence.why])) % silence.facts


def _too_few(facts: Mapping[str, int]) -> str:
    return ngettext(
        "La tendance attend que le bureau ait %(bags)s enveloppes dépouillées.",
        "La tendance attend que %(needed)s bureaux aient chacun %(bags)s enveloppes dépouillées : il y en a"
        " %(stations)s.",
        facts["needed"],
    )


def _too_wide(facts: Mapping[str, int]) -> str:
    return ngettext(
        "La première place se joue encore dans un intervalle de %(points)s points ; la tendance est donnée à partir"
        " de %(most)s points (%(stations)s bureau commencé).",
        "La première place se joue encore dans un intervalle de %(points)s points ; la tendance est donnée à partir"
        " de %(most)s points (%(stations)s bureaux commencés).",
        facts["stations"],
    )


_COUNTING = {Why.TOO_FEW_STATIONS: _too_few, Why.TOO_WIDE: _too_wide}
