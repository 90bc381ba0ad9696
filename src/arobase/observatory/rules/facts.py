"""Everything that was learnt of a domain, in one place: the only thing that rules read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from arobase.observatory.rules.answers import SETTLED, Answer, Outcome
from arobase.observatory.rules.questions import Question
from arobase.observatory.rules.visits import Site


@dataclass(frozen=True)
class Network:
    """Who announces an address: its autonomous system with its name, and the country the address is registered in.

    Where the registries name none for the address, the country is that of the system.
    """

    system: int
    name: str = ""
    country: str = ""


@dataclass(frozen=True)
class DomainFacts:
    """A domain on one day.

    answers   of name servers, by question
    site      None where the site was not visited
    networks  by IP address, of the addresses among the answers and of the visit
    """

    domain: str
    on: date
    answers: Mapping[Question, Answer] = field(default_factory=dict)
    site: Site | None = None
    networks: Mapping[str, Network] = field(default_factory=dict)

    def records(self, name: str, type: str) -> tuple[str, ...]:
        """Records of a name; none where there are none or nobody answered: `outcome` tells which."""
        told = self.answers.get((name, type))
        return told.records if told else ()

    def aliases(self, name: str, type: str = "A") -> tuple[str, ...]:
        """What a name is an alias of, link by link."""
        told = self.answers.get((name, type))
        return told.aliases if told else ()

    def outcome(self, name: str, type: str) -> Outcome | None:
        """How a question ended; None where it was not asked."""
        told = self.answers.get((name, type))
        return told.outcome if told else None

    def is_answered(self, name: str, type: str) -> bool:
        """Whether name servers said what there is, or that there is nothing."""
        return self.outcome(name, type) in SETTLED

    def has_no_name(self, name: str) -> bool:
        """Whether name servers said that a name does not exist.

        A name of which there is anything exists, whatever a server says of another type (RFC 4074, section 4.2).
        """
        outcomes = {one.outcome for (asked, _type), one in self.answers.items() if asked == name}
        return Outcome.NO_NAME in outcomes and not outcomes & {Outcome.ANSWER, Outcome.NO_DATA}

    def has_no_address(self, name: str) -> bool:
        """Whether name servers said that there is no such name, or neither kind of address; silence says nothing.

        >>> from arobase.observatory.rules.answers import Answer
        >>> gone = Answer("www.ville.fr", "A", Outcome.NO_NAME)
        >>> DomainFacts("ville.fr", date(2025, 11, 18), {("www.ville.fr", "A"): gone}).has_no_address("www.ville.fr")
        True
        """
        types = ("A", "AAAA")
        if any(self.records(name, type) for type in types):
            return False
        return self.has_no_name(name) or all(self.is_answered(name, type) for type in types)
