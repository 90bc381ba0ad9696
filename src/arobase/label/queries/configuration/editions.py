"""Which configuration is in force for a campaign, and the one that a first campaign begins with."""

import re
from functools import lru_cache
from importlib.resources import files

from arobase.label.models import Campaign, ConfigurationRevision
from arobase.label.queries.configuration.shape import configuration_of
from arobase.label.rules.configuration import Configuration

FILE = "edition.yaml"


def in_force(campaign: Campaign) -> Configuration:
    """The configuration of a campaign, by its last revision (one statement)."""
    return configuration_in(last_revision(campaign))


def configuration_in(revision: ConfigurationRevision) -> Configuration:
    """The configuration that a revision keeps."""
    return _read(revision.text)


def last_revision(campaign: Campaign) -> ConfigurationRevision:
    """The revision in force; every campaign has one."""
    found = campaign.revisions.last()
    if found is None:
        raise ConfigurationRevision.DoesNotExist(f"Campaign {campaign.pk} has no configuration.")
    return found


@lru_cache(maxsize=16)
def _read(text: str) -> Configuration:
    return configuration_of(text)


def first_text() -> str:
    """The configuration that the package brings, to begin with."""
    return files("arobase.label").joinpath(FILE).read_text(encoding="utf-8")


def next_text(text: str) -> str:
    """The same configuration a year later: label year, number and days of the calendar; the hours stay.

    29 February becomes the 28th, so that the text stays readable; the organiser reads it before it opens.
    """

    text = re.sub(r"(?m)^(\s+\w+: *['\"]?|.*\buntil: *['\"]?)(\d{4})-(\d\d-\d\d)", _a_year_later, text)
    return re.sub(r"(?m)^(label_year|number): *(\d+)", lambda found: f"{found[1]}: {int(found[2]) + 1}", text)


def _a_year_later(found: re.Match[str]) -> str:
    return f"{found[1]}{int(found[2]) + 1}-{found[3].replace('02-29', '02-28')}"


def configuration_of_revision(campaign: Campaign, number: int) -> Configuration:
    """The configuration as it was at a revision: answers are read with the form of their time."""
    return _read(campaign.revisions.get(number=number).text)
