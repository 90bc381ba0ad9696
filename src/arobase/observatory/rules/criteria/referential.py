"""The State's referential of digital presence (RPNT): its sixteen criteria, its levels, and its lists.

Published by the Agence nationale de la cohésion des territoires; version 0.1 of 10 April 2025 as read in its own
repository (suitenumerique/st-home: page `conformite/referentiel` @ f6d9386, levels and lists in `data/tasks` @ 3ae88a7
and c6637b2). Names and thresholds are theirs; how we measure is ours (docs/methodology/criteria.md).
"""

from dataclasses import dataclass
from enum import StrEnum

VERSION = "2025-04-10"
SOURCE = "https://suiteterritoriale.anct.gouv.fr/conformite/referentiel"


class Section(StrEnum):
    """The two parts of the referential."""

    SITE = "1"
    MAIL = "2"


class Level(StrEnum):
    """`a`: all that is essential; `aa`: what is recommended too."""

    A = "a"
    AA = "aa"


class Criterion(StrEnum):
    """The sixteen criteria by their number."""

    SITE_DECLARED = "1.1"
    SOVEREIGN_ENDING = "1.2"
    REACHABLE = "1.3"
    HTTPS = "1.4"
    CERTIFICATE = "1.5"
    STAYS = "1.6"  # the declared address does not lead to another domain
    REDIRECTS = "1.7"  # http to https, with and without www to the same place
    HTTPS_DECLARED = "1.8"
    MAIL_DECLARED = "2.1"
    OWN_DOMAIN = "2.2"
    SAME_DOMAIN = "2.3"
    MX = "2.4"
    SPF = "2.5"
    DMARC = "2.6"
    STRICT_DMARC = "2.7"
    MX_IN_UNION = "2.8"


@dataclass(frozen=True)
class Row:
    """A criterion in the referential.

    is_uncertain  where the page and the program that computes the levels disagree
    """

    criterion: Criterion
    level: Level
    is_uncertain: bool = False


# The page calls 2.5 recommended and 1.6 essential; the program that grants levels asks 2.5 for `a` and 1.6 only for the
# site's own `a`. Both are asked for `a` here. 2.8 is on the map's list and in the program, not yet on that page.
ROWS = (
    Row(Criterion.SITE_DECLARED, Level.A),
    Row(Criterion.SOVEREIGN_ENDING, Level.A),
    Row(Criterion.REACHABLE, Level.A),
    Row(Criterion.HTTPS, Level.A),
    Row(Criterion.CERTIFICATE, Level.A),
    Row(Criterion.STAYS, Level.A, is_uncertain=True),
    Row(Criterion.REDIRECTS, Level.AA),
    Row(Criterion.HTTPS_DECLARED, Level.AA),
    Row(Criterion.MAIL_DECLARED, Level.A),
    Row(Criterion.OWN_DOMAIN, Level.A),
    Row(Criterion.SAME_DOMAIN, Level.A),
    Row(Criterion.MX, Level.A),
    Row(Criterion.SPF, Level.A, is_uncertain=True),
    Row(Criterion.DMARC, Level.AA),
    Row(Criterion.STRICT_DMARC, Level.AA),
    Row(Criterion.MX_IN_UNION, Level.A, is_uncertain=True),
)

NATIONAL = frozenset({"fr"})
REGIONAL = frozenset({"alsace", "bzh", "corsica", "paris", "eu"})
# .bl and .mf are set aside there because nobody can register a name under them yet.
OVERSEAS = frozenset({"gf", "gp", "mq", "nc", "pf", "pm", "re", "tf", "wf", "yt"})
SOVEREIGN = NATIONAL | REGIONAL | OVERSEAS

# Domains at which many town halls have their address without owning it, besides those of the catalogue's providers.
SHARED = frozenset(
    ["adeli.biz", "aricia.fr", "copler.fr", "evc.net"]
    + ["fr.oleane.com", "idyle-telecom.com", "inforoutes-ardeche.fr", "lgtel.fr"]
    + ["mcom.fr", "orange-business.fr", "ovh.fr", "pole-secretariat.fr", "rtvc.fr"]
    + ["selonnet.fr", "sivucesny.fr", "telwan.fr", "tubeo.eu", "tv-com.net"]
    + ["wibox.fr"]
)


def has_sovereign_ending(host: str) -> bool:
    """Whether a name ends in an extension of the State's list.

    >>> has_sovereign_ending("ville.bzh"), has_sovereign_ending("fr.com")
    (True, False)
    """
    return host.rpartition(".")[2] in SOVEREIGN


def asked_for(level: Level, section: Section | None = None) -> tuple[Criterion, ...]:
    """The criteria that a level asks, of one part or of both."""
    levels = {Level.A} if level is Level.A else {Level.A, Level.AA}
    rows = [row.criterion for row in ROWS if row.level in levels]
    return tuple(one for one in rows if section is None or one.startswith(f"{section}."))
