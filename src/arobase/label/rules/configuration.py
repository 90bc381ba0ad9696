"""An edition as configuration: all that the organiser decides before a campaign, and how two versions differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from arobase.initiatives.rules.referential import CandidateKind, Text
from arobase.label.rules.calendar import Calendar
from arobase.label.rules.fees import Fee
from arobase.label.rules.levels import Level
from arobase.label.rules.scoring import Scoring


class Form(StrEnum):
    """How a question is answered."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True)
class Question:
    """Something that the dossier asks beside the initiatives; `kinds` says of whom, empty for everyone."""

    slug: str
    label: Text
    help: Text
    form: Form
    is_required: bool
    longest: int
    choices: tuple[Text, ...] = ()
    kinds: frozenset[CandidateKind] = frozenset()

    def concerns(self, kind: CandidateKind) -> bool:
        """Whether such a candidate is asked."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True)
class Mention:
    """A thematic distinction of that year."""

    slug: str
    name: Text


@dataclass(frozen=True)
class Anchor:
    """What a score means, in words that every juror reads alike."""

    score: int
    text: Text


ONE_PHASE = Text("Évaluation", "Review")


class Others(StrEnum):
    """Whether a juror sees what other jurors gave a dossier."""

    NEVER = "never"
    AFTER_OWN = "after_own"
    ALWAYS = "always"


@dataclass(frozen=True)
class ReviewPhase:
    """A part of the time in which dossiers are read: who sees and does what until when.

    until        its end; each begins where the one before ends, the first at the closing
    may_score    whether marks are written
    names        whether readers see which territory it is
    others       whether they see what others gave
    """

    name: Text
    until: datetime
    may_score: bool = True
    names: bool = True
    others: Others = Others.AFTER_OWN


@dataclass(frozen=True)
class JuryRules:
    """How the jury works.

    reviews       readers of each dossier
    weight        what the jurors' scores count for in the grade, from 0 to 1; the mosaic counts for the rest
    quorum        share of the jurors who must be present to decide, from 0 to 1
    scale         anchored scores of a category, rising
    sees_names    whether readers see which territory it is, where no phases say so
    phases        of reading, in order; none: one, from the closing to the end of the reviews
    common        dossiers that every juror reads, so that all are compared on the same
    """

    reviews: int
    weight: Fraction
    quorum: Fraction
    scale: tuple[Anchor, ...]
    sees_names: bool = True
    phases: tuple[ReviewPhase, ...] = ()
    common: int = 0

    def phase(self, at: datetime) -> ReviewPhase:
        """The phase of reading at an instant; the last one after its end."""
        if not self.phases:
            return ReviewPhase(ONE_PHASE, at, names=self.sees_names)
        return next((one for one in self.phases if at < one.until), self.phases[-1])


@dataclass(frozen=True)
class Letter:
    """The subject and body of an e-mail, with {places} for what differs."""

    subject: Text
    body: Text


LETTERS: Mapping[str, frozenset[str]] = {
    "invitation": frozenset({"territory", "edition", "closing", "link"}),
    "reminder": frozenset({"territory", "edition", "closing", "link", "missing"}),
    "receipt": frozenset({"territory", "edition", "submitted_at", "link", "fingerprint"}),
    "extension": frozenset({"territory", "edition", "closing", "link", "reason"}),
    "jury": frozenset({"edition", "closing", "link"}),
    "result": frozenset({"territory", "edition", "level", "link"}),
    "appeal": frozenset({"territory", "edition", "level", "answer", "link"}),
    "digest": frozenset({"edition", "waiting", "link"}),
}

# Letters that an edition may leave out: those of configurations that are older than the letter.
FALLBACKS: Mapping[str, Letter] = {
    "appeal": Letter(
        Text("{territory} : réponse à votre recours", "{territory}: answer to your appeal"),
        Text(
            "Bonjour,\n\nLe recours de {territory} pour le label {edition} a reçu sa réponse :\n{answer}\n\n"
            "Niveau : {level}\n{link}\n\nL’équipe du label",
            "Hello,\n\nThe appeal of {territory} for the label {edition} has been answered:\n{answer}\n\n"
            "Level: {level}\n{link}\n\nThe label’s team",
        ),
    ),
    "digest": Letter(
        Text("Label {edition} : ce qui vous attend", "Label {edition}: what awaits you"),
        Text("Bonjour,\n\n{waiting}\n\n{link}\n", "Hello,\n\n{waiting}\n\n{link}\n"),
    ),
}


@dataclass(frozen=True)
class Configuration:
    """A sound configuration of an edition."""

    label_year: int
    number: int | None
    referential: str
    calendar: Calendar
    scoring: Scoring
    levels: tuple[Level, ...]
    mentions: tuple[Mention, ...]
    fee: Fee
    jury: JuryRules
    questions: tuple[Question, ...]
    letters: Mapping[str, Letter]

    def questions_for(self, kind: CandidateKind) -> tuple[Question, ...]:
        """What a candidate is asked."""
        return tuple(one for one in self.questions if one.concerns(kind))


@dataclass(frozen=True)
class Change:
    """A value of a document that differs: its path, what it was and what it is; None where there is none."""

    path: str
    before: str | None
    after: str | None


def differences(before: Any, after: Any, *, path: str = "") -> list[Change]:
    """What differs between two documents of mappings, lists and plain values; named things are matched by name.

    >>> differences({"a": 1, "b": [{"slug": "x", "n": 1}]}, {"a": 2, "b": [{"slug": "x", "n": 1}, {"slug": "y"}]})
    [Change(path='a', before='1', after='2'), Change(path='b[y].slug', before=None, after='y')]
    """
    before, after = _as_mapping(before), _as_mapping(after)
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        old = before if isinstance(before, Mapping) else {}
        new = after if isinstance(after, Mapping) else {}
        names = [*old, *(name for name in new if name not in old)]
        return [one for name in names for one in differences(old.get(name), new.get(name), path=_joined(path, name))]
    if before == after:
        return []
    return [Change(path, None if before is None else str(before), None if after is None else str(after))]


def _as_mapping(value: Any) -> Any:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return value
    return {f"[{_name(one, place)}]": one for place, one in enumerate(value)}


def _name(value: Any, place: int) -> str:
    if isinstance(value, Mapping):
        return str(next((value[key] for key in ("slug", "arobases", "score") if key in value), place))
    return str(place)


def _joined(path: str, name: str) -> str:
    return f"{path}{name}" if name.startswith("[") or not path else f"{path}.{name}"
