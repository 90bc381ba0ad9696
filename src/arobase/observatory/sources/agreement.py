"""Our verdicts beside others' on the mirror's recorded facts, and the confidence that follows from it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from arobase.observatory.rules.agreement import Rate, confusion
from arobase.observatory.rules.mail import Basis, MailVerdict, interpret
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.recorded import Case, austria_and_switzerland, class_of, municipalities

MAILBOX_SIGNALS = ("smtp", "dkim", "autodiscover")


@dataclass(frozen=True)
class Agreement:
    """Confusion tables {(theirs, ours): n} by source; by basis, how often signals kept apart, and peers, agree."""

    tables: Mapping[str, Mapping[tuple[str, str], int]]
    with_signals: Mapping[Basis, Rate]
    with_peers: Mapping[Basis, Rate]


def measure() -> Agreement:
    """Interpret every recorded case of the mirror and compare. Raises recorded.NoMirror."""
    kept_apart = [(one, _verdict(one)) for one in austria_and_switzerland()]
    once = {case.domain: (case, verdict) for case, verdict in kept_apart}.values()  # 122 communes share one domain
    recorded = [(one, _verdict(one)) for one in municipalities()]
    return Agreement(
        {"recorded_dns": _table(recorded), "municipal_mail_at_ch": _table(kept_apart)},
        _rates((verdict.basis, _signals_agree(case, verdict)) for case, verdict in once if verdict.provider),
        _rates(
            (verdict.basis, case.theirs == class_of(verdict.provider)) for case, verdict in recorded if verdict.provider
        ),
    )


def _verdict(case: Case) -> MailVerdict:
    return interpret(case.domain, case.facts, catalogue(), registrable=registrable)


def _table(pairs: Iterable[tuple[Case, MailVerdict]]) -> Counter[tuple[str, str]]:
    return confusion((case.theirs, class_of(verdict.provider)) for case, verdict in pairs)


def _rates(pairs: Iterable[tuple[Basis, bool]]) -> dict[Basis, Rate]:
    agreed, seen = Counter[Basis](), Counter[Basis]()
    for basis, agrees in pairs:
        seen[basis] += 1
        agreed[basis] += agrees
    return {basis: Rate(agreed[basis], seen[basis]) for basis in Basis if seen[basis]}


def _signals_agree(case: Case, verdict: MailVerdict) -> bool:
    """Whether a verdict from MX and SPF alone says Microsoft exactly where signals that it did not use do.

    The signals are the banner of the mail server, DKIM's target and autodiscover's. They were looked for everywhere and
    kept where found: their absence speaks against Microsoft, without proving it.
    """
    told = [detail for kind in MAILBOX_SIGNALS for detail in case.signals.get(kind, ())]
    shown = any(word in detail for detail in told for word in ("ms365", "microsoft", "outlook"))
    return shown == (verdict.provider == "microsoft")
