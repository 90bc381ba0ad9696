"""What a browser saw of a site, as the criteria of data protection read it."""

from dataclasses import dataclass
from datetime import date, timedelta

from arobase.observatory.rules.browsing import Banner, Browsing, Phase, Reply, host_of
from arobase.observatory.rules.visits import Ending

LASTING = timedelta(days=90)  # after which what a browser saw says too little of the page of today


@dataclass(frozen=True)
class Watched:
    """What a browser saw of a page where nobody had clicked anything, and once all was refused.

    hosts             that were asked for something
    cookies           (name, host that may read it), first and third parties'
    refuses_as_easily whether its banner offers refusing on the same screen and with as many clicks as accepting, and
                      keeps to it as long; None where there is no banner, or it was not told
    is_whole          whether it watched to the end: otherwise what was not seen may still be there
    kept              cookies once all was refused; None where nothing could be refused
    has_banner        None where it was not told
    final             host where the page ended
    on                the day
    """

    hosts: tuple[str, ...]
    cookies: tuple[tuple[str, str], ...] = ()
    refuses_as_easily: bool | None = None
    is_whole: bool = True
    kept: tuple[tuple[str, str], ...] | None = None
    has_banner: bool | None = None
    final: str = ""
    on: date | None = None

    def still_tells(self, on: date) -> bool:
        """Whether it says anything of the page of this day."""
        return self.on is None or on - self.on <= LASTING


def watched_in(browsing: Browsing) -> Watched | None:
    """What three visits tell; None where no page came.

    Requests that our proxy kept from leaving were asked of nobody.

    >>> from datetime import UTC, datetime
    >>> from arobase.observatory.rules.browsing import Moment
    >>> at = datetime(2025, 11, 18, tzinfo=UTC)
    >>> watched_in(Browsing("ville.fr", at, Phase(Moment.BEFORE, Ending.FORBIDDEN))) is None
    True
    """
    before = browsing.before
    if before.ending is not Ending.ANSWERED:
        return None
    return Watched(
        hosts=tuple(dict.fromkeys(one.host for one in before.requests if one.problem != Ending.PRIVATE)),
        cookies=_cookies(before),
        refuses_as_easily=_refuses_as_easily(before.banner, browsing) if before.banner else None,
        is_whole=browsing.is_measured,
        kept=_cookies(browsing.refused) if browsing.refused and _is_given(browsing.refused) else None,
        has_banner=before.banner is not None,
        final=host_of(before.final),
        on=browsing.browsed_at.date(),
    )


def _cookies(phase: Phase) -> tuple[tuple[str, str], ...]:
    return tuple((one.name, one.domain) for one in phase.cookies)


def _is_given(phase: Phase) -> bool:
    """Whether the answer was given and watched to the end."""
    return phase.reply is Reply.GIVEN and not (phase.is_crashed or phase.is_cut)


def _refuses_as_easily(banner: Banner, browsing: Browsing) -> bool | None:
    """On the same screen, with as many clicks, and kept as long (CNIL, délibérations 2020-091 and 2020-092).

    None where the banner's first layer lets nobody accept either, or its refusal could not be tried.
    """
    refused, accepted = browsing.refused, browsing.accepted
    if not banner.refusal:
        return False if banner.acceptance else None
    if refused is None or not _is_given(refused):
        return None
    remembers_acceptance = accepted is not None and _is_given(accepted) and accepted.asked_again is False
    return not (refused.asked_again and remembers_acceptance)
