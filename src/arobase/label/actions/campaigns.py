"""Begin a campaign, change its configuration, open it: each change is one transaction and leaves a revision."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.label.models import Campaign, ConfigurationRevision, Edition
from arobase.label.queries.configuration.editions import first_text, in_force, last_revision, next_text
from arobase.label.queries.configuration.shape import configuration_of
from arobase.label.queries.configuration.text import document_of
from arobase.label.rules.calendar import Phase
from arobase.label.rules.configuration import Change, Configuration, differences
from arobase.label.rules.states import CAMPAIGN, CampaignState, CampaignVerb


class NotAllowed(PermissionError):
    """Someone who does not organise the label tried to change a campaign."""


class AlreadyThere(ValueError):
    """That edition has a campaign already."""

    def __init__(self, label_year: int) -> None:
        super().__init__(f"The edition {label_year} has a campaign already.")
        self.label_year = label_year


class ReasonNeeded(ValueError):
    """Whoever changes the configuration of an open campaign says why."""


class ChangedMeanwhile(ValueError):
    """Someone else kept a revision since the page was opened; carries its number."""

    def __init__(self, revision: ConfigurationRevision) -> None:
        super().__init__(f"Revision {revision.number} came in between.")
        self.revision = revision


class YearIsFixed(ValueError):
    """The label year of a campaign does not change."""

    def __init__(self, label_year: int) -> None:
        super().__init__(f"This campaign is that of {label_year}.")
        self.label_year = label_year


class AlreadyClosed(ValueError):
    """A campaign cannot open when its closing is past."""


def begin(*, by: User | None, at: datetime, text: str = "", is_sample: bool = False) -> Campaign:
    """A campaign in preparation: from a text, else from the last campaign a year later, else from the package's.

    Raises   NotAllowed, BadConfiguration, AlreadyThere
    """
    check_organiser(by)
    last = Campaign.objects.first()
    text = text or (next_text(last_revision(last).text) if last else first_text())
    configuration = configuration_of(text)
    try:
        with transaction.atomic():
            edition, _created = Edition.objects.get_or_create(label_year=configuration.label_year)
            campaign = Campaign.objects.create(edition=edition, created_at=at, is_sample=is_sample)
            campaign.revisions.create(number=1, text=text, at=at, by=by)
            _tell_edition(campaign, configuration)
    except IntegrityError as error:
        raise AlreadyThere(configuration.label_year) from error
    return campaign


def revise(
    campaign_id: int, text: str, *, since: int, by: User | None, at: datetime, reason: str = ""
) -> tuple[ConfigurationRevision, list[Change]]:
    """Keep a new version of the configuration; the same text again keeps nothing new.

    since    number of the revision that the change starts from
    Raises   NotAllowed, BadConfiguration, YearIsFixed, ChangedMeanwhile, ReasonNeeded
    """
    check_organiser(by)
    configuration = configuration_of(text)
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        last = last_revision(campaign)
        if configuration.label_year != campaign.pk:
            raise YearIsFixed(campaign.pk)
        if last.number != since:
            raise ChangedMeanwhile(last)
        changes = changes_between(last.text, text)
        if not changes:
            return last, changes
        if campaign.state != CampaignState.DRAFT and not reason.strip():
            raise ReasonNeeded
        revision = campaign.revisions.create(number=last.number + 1, text=text, at=at, by=by, reason=reason.strip())
        _tell_edition(campaign, configuration)
        return revision, changes


def move(campaign_id: int, verb: CampaignVerb, *, by: User | None, at: datetime) -> Campaign:
    """Open or archive a campaign; publishing is `outcomes.publish`'s. Raises NotAllowed, NotPossible, AlreadyClosed."""
    check_organiser(by)
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
        state = CAMPAIGN.after(CampaignState(campaign.state), verb)
        if verb is CampaignVerb.OPEN:
            if in_force(campaign).calendar.phase(at) not in {Phase.BEFORE, Phase.PARTICIPATION}:
                raise AlreadyClosed
            campaign.opened_at = at
        campaign.state = state
        campaign.save()
        return campaign


def changes_between(before: str, after: str) -> list[Change]:
    """What differs between two sound texts."""
    old: Any = document_of(before)[0]
    return differences(old, document_of(after)[0])


def check_organiser(by: User | None) -> None:
    """Raises NotAllowed. `by` None: the platform itself, or its operator on the command line."""
    if by is not None and not holds(by, Role.ORGANISER):
        raise NotAllowed(by.pk)


def _tell_edition(campaign: Campaign, configuration: Configuration) -> None:
    """Number and ceremony of an edition come from its configuration, unless a source told them before."""
    edition = campaign.edition
    if edition.facts_source:
        return
    taken = configuration.number and Edition.objects.filter(number=configuration.number).exclude(pk=edition.pk).exists()
    edition.number = None if taken else configuration.number
    edition.ceremony_on = configuration.calendar.ceremony_at.date()
    edition.save(update_fields=["number", "ceremony_on"])
