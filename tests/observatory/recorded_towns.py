"""Thirty communes with a mail domain each, and campaigns over them whose answers are given instead of asked for."""

from datetime import UTC, date, datetime
from functools import partial

from arobase.observatory.actions.domains import keep_domains
from arobase.observatory.models import About, Campaign, Purpose
from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.declared import Declared
from arobase.observatory.rules.facts import Network
from arobase.observatory.sources import campaigns, shards
from arobase.observatory.sources.announcers import Announcers
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.subjects import communes
from builders import a_department, a_territory

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)
NEXT = datetime(2026, 11, 30, 6, tzinfo=UTC)
TOWNS = 30
OVH, MICROSOFT = "1 mx1.mail.ovh.net", "0 x.mail.protection.outlook.com"


def the_towns(*, elsewhere: int = 0) -> None:
    """The communes; the last of them in another department than the first."""
    departments = [a_department("99", "Ici"), a_department("98", "Ailleurs")]
    for n in range(TOWNS):
        at = departments[n >= TOWNS - elsewhere]
        a_territory("commune", f"990{n:02}", f"Ville {n}", population=1000 + n, department=at)
    declared = {
        (f"commune:990{n:02}", Purpose.MAIL): Declared(f"ville{n}.test", "", "essai", None) for n in range(TOWNS)
    }
    keep_domains(declared, among={key[0] for key in declared}, on=date(2026, 11, 1))


class Recorded:
    """Facts that are given instead of gathered: the mail exchanger of each domain."""

    def __init__(self, exchangers):
        self.exchangers = exchangers
        self.asked = []

    def ask(self, domains, folder):
        for group in shards.shards(domains):
            self.asked += group
            place = shards.place(folder, group)
            if not place.exists():
                shards.write(place, [(one, self._answers(one)) for one in group], at=MONDAY)

    def _answers(self, domain):
        mx = self.exchangers.get(domain, OVH)
        return [
            Answer(domain, "MX", Outcome.ANSWER, (mx,)) if mx else Answer(domain, "MX", Outcome.TIMEOUT),
            Answer(domain, "NS", Outcome.ANSWER, ("dns10.ovh.net",)),
            Answer(domain, "TXT", Outcome.NO_DATA),
        ]

    def visit(self, domains, folder):
        pass

    def ask_zones(self, zones, folder):
        return {"ovh.net": ["dns10.ovh.net"]}


def run(home, at, exchangers=None, *, collector=None, departments=()) -> Campaign:
    return campaigns.run(
        About.COMMUNES,
        partial(communes, departments=departments),
        home=home,
        collector=collector or Recorded(exchangers or {}),
        catalogue=catalogue(),
        announcers=lambda _folder: Announcers(lambda _address: Network(16276, "OVH", "FR")),
        now=lambda: at,
        tell=lambda _step, _count: None,
        departments=departments,
    )


def moved(n: int) -> dict[str, str]:
    return {f"ville{one}.test": MICROSOFT for one in range(n)}
