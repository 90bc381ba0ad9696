"""What is kept of an election night: what was prepared, every entry in its chain, and who may enter."""

from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from arobase.elections.rules import embargo
from arobase.elections.rules.checks import Former
from arobase.elections.rules.checks import Station as Known
from arobase.elections.rules.counts import Count, read
from arobase.elections.rules.oddities import Odd, read_odd
from arobase.elections.rules.plans import fingerprint
from arobase.elections.rules.states import State, Verb
from arobase.territories.rules.clocks import zone_of


class Kind(models.TextChoices):
    """What is voted on."""

    MUNICIPAL = "municipal", _("élection municipale")
    MUNICIPAL_PLM = "municipal_plm", _("élection municipale à Paris, Lyon ou Marseille")
    DEPARTMENTAL = "departmental", _("élection départementale")
    REGIONAL = "regional", _("élection régionale")
    LEGISLATIVE = "legislative", _("élection législative")
    PRESIDENTIAL = "presidential", _("élection présidentielle")
    EUROPEAN = "european", _("élection européenne")
    REFERENDUM = "referendum", _("référendum")
    CONSULTATION = "consultation", _("consultation locale")
    SECTOR = "sector", _("élection des conseillers d’arrondissement")


class Scope(models.TextChoices):
    """Who votes that day."""

    GENERAL = embargo.Scope.GENERAL.value, _("élection générale")
    PARTIAL = embargo.Scope.PARTIAL.value, _("élection partielle ou consultation de la seule commune")


class Election(models.Model):
    """A town's election night, or its rehearsal.

    code          the commune's code (INSEE); `place` is its name as pages show it
    seats         seats to be filled, where the town's own council is elected
    sector        of Paris, Lyon or Marseille, whose arrondissement council is elected: « 3e secteur »
    community_seats  seats of the intercommunal council that the same ballot fills (L273-6); None where none are shared
    population    municipal population when it was prepared, by which the law counts names and seats; None: not known
    typists       how many people must type the same totals of a station
    hours         hours at which turnout is asked for ("10:00")
    phone         of the town's central desk, for the stations to call
    origin        of the figures of a rehearsal: which poll they are drawn from; empty on the real night
    head_*        the chain's last entry
    """

    code = models.CharField(max_length=5)
    place = models.CharField(max_length=120)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    round = models.PositiveSmallIntegerField(default=1)
    day = models.DateField()
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.GENERAL)
    seats = models.PositiveSmallIntegerField(null=True)
    sector = models.CharField(max_length=40, blank=True)
    community_seats = models.PositiveSmallIntegerField(null=True)
    population = models.PositiveIntegerField(null=True)
    typists = models.PositiveSmallIntegerField(default=1)
    hours = models.JSONField(default=list)
    phone = models.CharField(max_length=30, blank=True)
    is_rehearsal = models.BooleanField(default=False)
    origin = models.CharField(max_length=200, blank=True)
    first_round = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="later_rounds")
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    head_sequence = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-day", "-round", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="election_kind_is_known"),
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="election_scope_is_known"),
            # A rehearsal's scope holds nothing back, and what began before this was known is guarded by its chain.
            models.CheckConstraint(
                condition=Q(scope=Scope.GENERAL)
                | ~Q(kind__in=sorted(embargo.ALWAYS_GENERAL))
                | Q(is_rehearsal=True)
                | Q(head_sequence__gt=0),
                name="what_all_of_france_votes_on_is_general",
            ),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="election_has_two_rounds_at_most"),
            models.CheckConstraint(condition=Q(typists__in=[1, 2]), name="one_or_two_typists"),
            models.CheckConstraint(
                condition=Q(is_rehearsal=True, origin__gt="") | Q(is_rehearsal=False, origin=""),
                name="a_rehearsal_says_where_its_figures_are_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.day} {self.kind} {self.round}"

    def get_kind_display(self) -> str:  # type: ignore[no-redef]  # Django leaves out its own where one is written
        """What is voted on, as every page names it: with the sector, where one votes apart."""
        name = str(Kind(self.kind).label) if self.kind in Kind.values else self.kind
        return f"{name}, {self.sector}" if self.sector else name

    @property
    def has_rounds(self) -> bool:
        """Whether a second round may follow a first one."""
        return self.kind not in {Kind.EUROPEAN, Kind.REFERENDUM, Kind.CONSULTATION}

    @property
    def clock(self) -> ZoneInfo:
        """The time zone that the town lives by."""
        return zone_of(self.code)

    @property
    def is_the_towns(self) -> bool:
        """Whether the whole constituency votes in this night: the town, or a sector of it."""
        return self.kind in {Kind.MUNICIPAL, Kind.MUNICIPAL_PLM, Kind.SECTOR, Kind.CONSULTATION}

    @property
    def territory_id(self) -> str:
        """Key of the commune in the ground."""
        return f"commune:{self.code}"

    @property
    def chain(self) -> str:
        """What the hashes of this election's entries begin with."""
        return f"{self.pk}:{self.code}:{self.day}:{self.kind}:{self.round}"

    @property
    def setup(self) -> dict[str, object]:
        """All that its figures are read by (`rules.plans.fingerprint`): who stands, who votes, when, for what."""
        told = ("scope", "seats", "typists", "is_rehearsal", "origin")
        given = {name: getattr(self, name) for name in ("sector", "community_seats", "population")}
        lists = self.choices.values_list("place", "number", "name", "short", "average_age", "candidates")
        prepared = Coalesce("first_registered", "registered")
        stations = self.stations.order_by("code").values_list("code", prepared, "opens", "closes", "former")
        return {
            "election": self.chain,
            **{name: getattr(self, name) for name in told},
            # Said only where they are given: nights of before these were known keep their fingerprint.
            **{name: value for name, value in given.items() if value},
            "choices": [
                [*said, None if age is None else str(age), *([] if names is None else [names])]
                for *said, age, names in lists
            ],
            "stations": [
                [code, people, str(opens), str(closes), *([fingerprint(former)] if former else [])]
                for code, people, opens, closes, former in stations
            ],
        }


class Choice(models.Model):
    """A list, a candidate or an answer, in official order.

    place     from 0, the order of the panels
    name      as on the ballot; `short` where room is scarce
    ages      average age of the list's candidates in years, which decides ties (Code électoral, L262)
    candidates  names on the list; None: as many as seats, or not known
    """

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="choices")
    place = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=5, blank=True)
    name = models.CharField(max_length=200)
    short = models.CharField(max_length=40)
    average_age = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    candidates = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["election", "place"], name="one_choice_in_each_place"),
            models.UniqueConstraint(fields=["election", "name"], name="choices_have_their_own_names"),
        ]

    def __str__(self) -> str:
        return self.short


class Station(models.Model):
    """A polling station (« bureau de vote »).

    registered   registered voters (« inscrits »), those that a court added on the day included
    first_registered  those prepared, where the day changed them; the chain begins with these
    tables       at which its bags are counted (« tables de dépouillement », Code électoral, L65)
    former       last time: {"poll", "registered", "voters", "votes": {name: n}}; empty where nothing is known
    outline      GeoJSON geometry of its perimeter; empty where there is none
    replayed     of a rehearsal: what is counted here, as `rules.plans.Replayed`; empty otherwise
    standing     its count as `rules.counts.written` writes it: the entries of the chain, added up; `odd` what was
                 confirmed in it though the checks asked
    last_entry   sequence of its last entry; last_at when
    """

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="stations")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    registered = models.PositiveIntegerField()
    first_registered = models.PositiveIntegerField(null=True)
    tables = models.PositiveSmallIntegerField(default=1)
    opens = models.TimeField()
    closes = models.TimeField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    outline = models.JSONField(default=dict)
    former = models.JSONField(default=dict)
    replayed = models.JSONField(default=dict)
    standing = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=State.AWAITED.value)
    last_entry = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]  # pages have the order in which people count: queries.stations
        constraints = [
            models.UniqueConstraint(fields=["election", "code"], name="one_station_of_each_code"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="a_station_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="station_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()

    @property
    def prepared_registered(self) -> int:
        """Registered voters before any decision of the day: with these the replay of the chain begins."""
        return self.registered if self.first_registered is None else self.first_registered

    def count(self, *, lists: int) -> Count:
        """The station as it stands, for so many lists."""
        return read(self.standing, lists=lists)

    @property
    def odd(self) -> Odd:
        """Odd figures that someone confirmed and that still stand."""
        return read_odd(self.standing.get("odd", {}))

    def known(self, names: list[str]) -> Known:
        """What is known of it beforehand; `names` of today's lists, in order."""
        if not self.former:
            return Known(self.prepared_registered)
        votes = self.former["votes"]
        same = tuple(votes.get(name, 0) for name in names) if set(names) == set(votes) else None
        return Known(self.prepared_registered, Former(self.former["registered"], self.former["voters"], same))


class Entry(models.Model):
    """An entry of the chain; rows are only ever added (the database refuses to change one).

    by    `person:5`, `pass:12` or `rehearsal`: numbers without a foreign key, for what happened outlives an account
    key   chosen by the device: what is sent again is entered once
    """

    election = models.ForeignKey(Election, on_delete=models.CASCADE, related_name="entries")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="entries")
    sequence = models.PositiveIntegerField()
    verb = models.CharField(max_length=10, choices=[(verb.value, verb.value) for verb in Verb])
    payload = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["election", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["election", "sequence"], name="one_entry_in_each_place_of_the_chain"),
            models.UniqueConstraint(fields=["election", "key"], name="what_is_sent_again_is_entered_once"),
            models.CheckConstraint(condition=Q(verb__in=list(Verb)), name="entry_verb_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb}"


class Pass(models.Model):
    """A code on a printed sheet that opens the entry of one station on one device, on the day of the poll only.

    digest    SHA-256 of the code; the code itself is on paper alone
    seat      1 or 2: the two people of a station
    used_at   when it was last sent; seen_at when its device was last there, which uses it up
    """

    ALPHABET: ClassVar[str] = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for something else

    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="passes")
    seat = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["station", "seat", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(seat__in=[1, 2]), name="two_people_at_a_station"),
            models.UniqueConstraint(
                fields=["station", "seat"], condition=Q(revoked_at=None), name="one_pass_in_force_for_each_seat"
            ),
        ]

    def __str__(self) -> str:
        return f"pass:{self.pk}"

    def opens_at(self, at: datetime, *, first: datetime, last: datetime) -> bool:
        """Whether it opens anything at this moment; the day runs from `first` to `last`."""
        return self.revoked_at is None and first <= at < last
