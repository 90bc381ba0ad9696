"""The sentences that say why there is no projection yet."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from arobase.elections.rules.projection import Silence, Why

_SENTENCES = {
    Why.NO_STATION: _("Aucun bureau de vote n’est donné\u00a0: ajoutez les bureaux et leurs inscrits."),
    Why.NO_CHOICE: _("Aucune candidature n’est donnée\u00a0: ajoutez les listes ou les candidats."),
    Why.NOTHING_COUNTED: _("Aucune enveloppe n’est encore dépouillée."),
    Why.NO_VALID_VOTE: _("Aucun suffrage exprimé n’est compté\u00a0: il n’y a rien à projeter."),
    Why.NO_VOTER: _("Personne n’a voté ou n’est inscrit\u00a0: il n’y a rien à projeter."),
    Why.TOO_FEW_STATIONS: _(
        "La tendance attend que %(needed)s bureaux aient chacun %(bags)s enveloppes dépouillées\u00a0: il y en a"
        " %(stations)s."
    ),
    Why.TOO_WIDE: _(
        "La première place se joue encore dans un intervalle de %(points)s points\u00a0; la tendance "
        "est donnée à partir de "
        "%(most)s points (%(stations)s bureaux dépouillés)."
    ),
}


def silence_sentence(silence: Silence) -> str:
    """Why there is no projection, in the reader's language."""
    return gettext(_SENTENCES[silence.why]) % silence.facts
