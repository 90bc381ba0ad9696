"""What a sound configuration looks like: every value with its bounds, every problem named with its line."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from itertools import pairwise
from string import Formatter
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from arobase.initiatives.queries.referential import referential
from arobase.initiatives.rules.referential import CandidateKind, Text
from arobase.label.queries.configuration.text import BadConfiguration, Problem, document_of
from arobase.label.rules import configuration as rules
from arobase.label.rules.calendar import BadWallTime, Calendar, instant
from arobase.label.rules.fees import Fee
from arobase.label.rules.levels import HIGHEST, Condition, Level, What
from arobase.label.rules.lines import FIRST_YEAR, LAST_YEAR
from arobase.label.rules.scoring import Exemption, Proof, Scoring

WHOLE = 100


def configuration_of(text: str) -> rules.Configuration:
    """Read a configuration. Raises BadConfiguration with all that is wrong."""
    document, lines = document_of(text)
    try:
        return _Edition.model_validate(document).configuration()
    except ValidationError as error:
        raise BadConfiguration([_problem(one, lines) for one in error.errors()]) from error


_SENTENCES = {
    "missing": _("manque."),
    "extra_forbidden": _("n’est pas une rubrique connue."),
    "string_type": _("un texte est attendu, pas « %(input)s »."),
    "int_parsing": _("un nombre entier est attendu, pas « %(input)s »."),
    "int_type": _("un nombre entier est attendu, pas « %(input)s »."),
    "bool_type": _("true ou false est attendu, pas « %(input)s »."),
    "bool_parsing": _("true ou false est attendu, pas « %(input)s »."),
    "list_type": _("une liste est attendue, pas « %(input)s »."),
    "dict_type": _("des rubriques sont attendues, pas « %(input)s »."),
    "model_type": _("des rubriques sont attendues, pas « %(input)s »."),
    "enum": _("« %(input)s » n’est pas un choix connu : %(expected)s."),
    "literal_error": _("« %(input)s » n’est pas un choix connu : %(expected)s."),
    "greater_than_equal": _("« %(input)s » est trop petit : %(ge)s au moins."),
    "less_than_equal": _("« %(input)s » est trop grand : %(le)s au plus."),
    "too_short": _("la liste est trop courte : %(min_length)s au moins."),
    "too_long": _("la liste est trop longue : %(max_length)s au plus."),
    "string_too_short": _("le texte est vide."),
    "string_too_long": _("le texte est trop long : %(max_length)s caractères au plus."),
    "string_pattern_mismatch": _(
        "« %(input)s » n’est pas un nom court : minuscules sans accent, chiffres, traits d’union."
    ),
}


def _problem(error: Any, lines: Mapping[str, int]) -> Problem:
    path = ""
    for part in error["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    line, known = 0, path
    while known and not line:
        line = lines.get(known, 0)
        known = known[: max(known.rfind("."), known.rfind("["), 0)]
    context = error.get("ctx") or {}
    if error["type"] == "arobase":
        return Problem(line, path, context["text"], {key: value for key, value in context.items() if key != "text"})
    text = _SENTENCES.get(error["type"], _("n’est pas valable : %(msg)s."))
    return Problem(line, path, text, {**context, "input": str(error["input"])[:80], "msg": error["msg"]})


def _wrong(text: str, **facts: Any) -> PydanticCustomError:
    return PydanticCustomError("arobase", "{text}", {"text": text, **facts})


def _fraction(value: Any) -> Fraction:
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise _wrong(_("« %(value)s » n’est ni un nombre ni une fraction comme 1/2."), value=str(value)[:80]) from None


def _moment(value: Any) -> datetime:
    try:
        return instant(datetime.fromisoformat(str(value)))
    except BadWallTime as error:
        text = (
            _("%(value)s existe deux fois cette nuit-là, où l’on change d’heure : ajoutez le décalage, comme +01:00.")
            if error.is_twice
            else _("%(value)s n’existe pas : cette nuit-là, on passe à l’heure d’été.")
        )
        raise _wrong(text, value=str(value)) from None
    except ValueError:
        raise _wrong(
            _("« %(value)s » n’est pas un jour et une heure comme 2026-10-31 23:59."), value=str(value)[:80]
        ) from None


def _share(value: Fraction) -> Fraction:
    if not 0 <= value <= 1:
        raise _wrong(_("%(value)s n’est pas une part : attendu de 0 à 1, comme 1/2."), value=str(value))
    return value


Exact = Annotated[Fraction, BeforeValidator(_fraction)]
Share = Annotated[Fraction, BeforeValidator(_fraction), AfterValidator(_share)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=4_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False, arbitrary_types_allowed=True)


class _Text(_Part):
    fr: Words
    en: Words

    def text(self) -> Text:
        return Text(self.fr, self.en)


class _Calendar(_Part):
    opens: Moment
    closes: Moment
    review_closes: Moment
    deliberates: Moment
    ceremony: Moment
    appeal_days: Annotated[int, Field(ge=0, le=365)]
    badge_years: Annotated[int, Field(ge=1, le=10)] = 2
    remind_days: Annotated[list[Annotated[int, Field(ge=0, le=180)]], Field(max_length=20)]

    @model_validator(mode="after")
    def _in_order(self) -> "_Calendar":
        names = ("opens", "closes", "review_closes", "deliberates", "ceremony")
        for before, after in pairwise(names):
            if getattr(self, before) >= getattr(self, after):
                raise _wrong(_("« %(after)s » ne vient pas après « %(before)s »."), before=before, after=after)
        return self

    def calendar(self) -> Calendar:
        return Calendar(
            opens_at=self.opens,
            closes_at=self.closes,
            review_closes_at=self.review_closes,
            deliberates_at=self.deliberates,
            ceremony_at=self.ceremony,
            appeal_days=self.appeal_days,
            badge_years=self.badge_years,
            remind_days=tuple(sorted(set(self.remind_days), reverse=True)),
        )


def _known_services(slugs: list[str]) -> list[str]:
    known = {one.slug for one in referential().services}
    for slug in slugs:
        if slug not in known:
            raise _wrong(_("le référentiel ne connaît pas le service « %(slug)s »."), slug=str(slug)[:80])
    return slugs


Services = Annotated[list[str], Field(max_length=200), AfterValidator(_known_services)]


class _Exemption(_Part):
    services: Annotated[Services, Field(min_length=1)]
    kinds: list[CandidateKind] = []
    below: Annotated[int, Field(ge=1)] | None = None


class _Scoring(_Part):
    categories: dict[str, Exact]
    full_at: Share
    worth: dict[Proof, Share]
    exemptions: list[_Exemption] = []

    @model_validator(mode="after")
    def _whole(self) -> "_Scoring":
        known = {one.slug for one in referential().categories}
        if set(self.categories) != known:
            odd = ", ".join(sorted(known ^ set(self.categories)))
            raise _wrong(_("les catégories ne sont pas celles du référentiel : %(odd)s."), odd=odd)
        total = sum(self.categories.values(), Fraction(0))
        if total != WHOLE or min(self.categories.values()) < 0:
            raise _wrong(_("les points des catégories font %(total)s en tout, 100 attendus."), total=str(total))
        if self.full_at == 0:
            raise _wrong(_("« full_at » doit dépasser 0."))
        missing = set(Proof) - set(self.worth)
        if missing:
            raise _wrong(_("« worth » ne dit rien de : %(missing)s."), missing=", ".join(sorted(missing)))
        order = [self.worth[one] for one in (Proof.DECLARED, Proof.DOCUMENTED, Proof.MEASURED)]
        if order != sorted(order):
            raise _wrong(
                _("ce qui est documenté ne peut valoir moins que ce qui est déclaré, ni plus que ce qui est mesuré.")
            )
        return self

    def scoring(self) -> Scoring:
        exemptions = tuple(
            Exemption(frozenset(one.services), frozenset(one.kinds), one.below) for one in self.exemptions
        )
        return Scoring(self.categories, self.full_at, self.worth, exemptions)


class _Condition(_Part):
    what: What
    at_least: Exact
    services: Services = []

    @model_validator(mode="after")
    def _sound(self) -> "_Condition":
        if (self.what is What.SERVICES) != bool(self.services):
            raise _wrong(_("« services » va avec « what: services », et seulement avec."))
        if self.at_least <= 0:
            raise _wrong(_("« at_least » doit dépasser 0."))
        most = {What.EACH_CATEGORY: Fraction(1), What.ENJEUX: Fraction(len(referential().enjeux))}
        most |= {What.SERVICES: Fraction(len(self.services)), What.DOCUMENTED: Fraction(len(referential().services))}
        if self.at_least > most[self.what]:
            raise _wrong(_("personne ne peut l’atteindre : %(most)s au plus."), most=str(most[self.what]))
        return self


class _Level(_Part):
    arobases: Annotated[int, Field(ge=2, le=HIGHEST)]
    threshold: Exact
    conditions: list[_Condition] = []


class _Mention(_Part):
    slug: Slug
    name: _Text


class _Fee(_Part):
    cents_per_inhabitant: Annotated[int, Field(ge=0, le=1_000)]
    least_euros: Annotated[int, Field(ge=0, le=100_000)]
    most_euros: Annotated[int, Field(ge=0, le=1_000_000)]

    @model_validator(mode="after")
    def _in_order(self) -> "_Fee":
        if self.least_euros > self.most_euros:
            raise _wrong(_("le moins dépasse le plus."))
        return self


class _Anchor(_Part):
    score: Annotated[int, Field(ge=0, le=100)]
    text: _Text


class _Phase(_Part):
    name: _Text
    until: Moment
    scores: bool = True
    names: bool = True
    others: rules.Others = rules.Others.AFTER_OWN

    def phase(self) -> rules.ReviewPhase:
        return rules.ReviewPhase(self.name.text(), self.until, self.scores, self.names, self.others)


class _Jury(_Part):
    reviews: Annotated[int, Field(ge=1, le=20)]
    weight: Share
    quorum: Share
    sees_names: bool = True
    scale: Annotated[list[_Anchor], Field(min_length=2, max_length=21)]
    phases: Annotated[list[_Phase], Field(max_length=10)] = []
    common: Annotated[int, Field(ge=0, le=20)] = 0

    @model_validator(mode="after")
    def _rises(self) -> "_Jury":
        scores = [one.score for one in self.scale]
        if scores != sorted(set(scores)):
            raise _wrong(_("les notes de l’échelle doivent monter."))
        return self

    def rules(self) -> rules.JuryRules:
        scale = tuple(rules.Anchor(one.score, one.text.text()) for one in self.scale)
        phases = tuple(one.phase() for one in self.phases)
        return rules.JuryRules(self.reviews, self.weight, self.quorum, scale, self.sees_names, phases, self.common)


class _Question(_Part):
    slug: Slug
    label: _Text
    help: _Text
    form: rules.Form
    required: bool
    longest: Annotated[int, Field(ge=1, le=20_000)]
    choices: list[_Text] = []
    kinds: list[CandidateKind] = []

    @model_validator(mode="after")
    def _choices(self) -> "_Question":
        if (self.form is rules.Form.CHOICE) != bool(self.choices):
            raise _wrong(_("« choices » va avec « form: choice », et seulement avec."))
        return self

    def question(self) -> rules.Question:
        choices = tuple(one.text() for one in self.choices)
        kinds = frozenset(self.kinds)
        return rules.Question(
            self.slug, self.label.text(), self.help.text(), self.form, self.required, self.longest, choices, kinds
        )


class _Letter(_Part):
    subject: _Text
    body: _Text


def _places_of(text: str) -> set[str]:
    try:
        return {name for _text, name, _form, _conversion in Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}


class _Edition(_Part):
    label_year: Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
    number: Annotated[int, Field(ge=1, le=999)] | None = None
    referential: str
    calendar: _Calendar
    scoring: _Scoring
    levels: list[_Level]
    mentions: Annotated[list[_Mention], Field(max_length=50)] = []
    fee: _Fee
    jury: _Jury
    questions: Annotated[list[_Question], Field(max_length=100)]
    letters: dict[
        Literal["invitation", "reminder", "receipt", "extension", "jury", "result", "appeal", "digest"], _Letter
    ]

    @model_validator(mode="after")
    def _sound(self) -> "_Edition":
        if self.referential != referential().version:
            raise _wrong(
                _("référentiel « %(asked)s » inconnu ; celui d’ici est « %(known)s »."),
                asked=self.referential[:40],
                known=referential().version,
            )
        if [one.arobases for one in self.levels] != list(range(2, HIGHEST + 1)):
            raise _wrong(_("« levels » doit donner 2, 3, 4 et 5 arobases, dans cet ordre."))
        for low, high in pairwise(self.levels):
            if low.threshold >= high.threshold:
                raise _wrong(
                    _("le seuil de %(high)s @ ne dépasse pas celui de %(low)s @."), low=low.arobases, high=high.arobases
                )
        for name, slugs in (
            ("questions", [one.slug for one in self.questions]),
            ("mentions", [one.slug for one in self.mentions]),
        ):
            if twice := {slug for slug in slugs if slugs.count(slug) > 1}:
                raise _wrong(_("« %(name)s » nomme deux fois : %(twice)s."), name=name, twice=", ".join(sorted(twice)))
        ends = [self.calendar.closes, *(one.until for one in self.jury.phases)]
        if self.jury.phases and (ends != sorted(set(ends)) or ends[-1] != self.calendar.review_closes):
            raise _wrong(
                _("les phases de lecture se suivent depuis la clôture, et la dernière finit avec « review_closes ».")
            )
        for kind, places in rules.LETTERS.items():
            if kind not in self.letters and kind in rules.FALLBACKS:
                continue
            if kind not in self.letters:
                raise _wrong(_("« letters » ne dit rien de « %(kind)s »."), kind=kind)
            letter = self.letters[kind]
            used = set().union(
                *(_places_of(one) for text in (letter.subject, letter.body) for one in (text.fr, text.en))
            )
            if odd := used - places:
                raise _wrong(
                    _("courriel « %(kind)s » : {%(odd)s} n’y est pas connu ; possibles : %(places)s."),
                    kind=kind,
                    odd=sorted(odd)[0],
                    places=", ".join(sorted(places)),
                )
        return self

    def configuration(self) -> rules.Configuration:
        return rules.Configuration(
            label_year=self.label_year,
            number=self.number,
            referential=self.referential,
            calendar=self.calendar.calendar(),
            scoring=self.scoring.scoring(),
            levels=tuple(_level(one) for one in self.levels),
            mentions=tuple(rules.Mention(one.slug, one.name.text()) for one in self.mentions),
            fee=Fee(self.fee.cents_per_inhabitant, self.fee.least_euros * 100, self.fee.most_euros * 100),
            jury=self.jury.rules(),
            questions=tuple(one.question() for one in self.questions),
            letters=dict(rules.FALLBACKS)
            | {kind: rules.Letter(one.subject.text(), one.body.text()) for kind, one in self.letters.items()},
        )


def _level(one: _Level) -> Level:
    conditions = tuple(Condition(two.what, two.at_least, tuple(two.services)) for two in one.conditions)
    return Level(one.arobases, one.threshold, conditions)
