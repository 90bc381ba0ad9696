"""Publication: all decisions of a campaign at once, from the second of the ceremony on, or none."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _

from arobase.accounts.models import User
from arobase.label.actions.awards import one_writer
from arobase.label.actions.badges import grant
from arobase.label.actions.campaigns import check_organiser
from arobase.label.actions.dossiers import keep_snapshot
from arobase.label.actions.invitations import team_emails
from arobase.label.actions.letters import write_letter
from arobase.label.models import Award, Campaign, Decision, DecisionEvent, Dossier, Snapshot
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.distinctions import becomes_excellent
from arobase.label.queries.dossiers import read
from arobase.label.queries.jury import handed_in
from arobase.label.queries.phrases import level_words
from arobase.label.queries.received import BY_CAMPAIGN
from arobase.label.rules.badges import valid_until
from arobase.label.rules.configuration import Configuration
from arobase.label.rules.deliberation import DECISION, DecisionState, DecisionVerb
from arobase.label.rules.distinctions import EXCELLENCE
from arobase.label.rules.states import CAMPAIGN, CampaignState, CampaignVerb

SOURCE = _("Jury du label, édition %(year)s")


class NotYet(ValueError):
    """Nothing is published before the second of the ceremony; carries it."""

    def __init__(self, ceremony_at: datetime) -> None:
        super().__init__(f"The ceremony is at {ceremony_at.isoformat()}.")
        self.ceremony_at = ceremony_at


class Undecided(ValueError):
    """Dossiers that were handed in and on which nothing is decided; carries them."""

    def __init__(self, dossiers: list[Dossier]) -> None:
        super().__init__(f"{len(dossiers)} dossiers")
        self.dossiers = dossiers


def publish(campaign_id: int, *, by: User | None, at: datetime, site: str) -> int:
    """Publish every decision: awards, results in the dossiers, letters. All in one transaction; how many.

    site     address of the site, without a slash at its end
    Raises   NotAllowed, NotYet, Undecided, NotPossible (published before)
    """
    check_organiser(by)
    with transaction.atomic():
        one_writer()
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
        state = CAMPAIGN.after(CampaignState(campaign.state), CampaignVerb.PUBLISH)
        configuration = in_force(campaign)
        if at < configuration.calendar.ceremony_at:
            raise NotYet(configuration.calendar.ceremony_at)
        dossiers = handed_in(campaign)
        found = Decision.objects.select_for_update().filter(dossier__in=dossiers, state=DecisionState.DECIDED)
        decisions = {one.dossier_id: one for one in found}
        if undecided := [one for one in dossiers if one.pk not in decisions]:
            raise Undecided(undecided)
        for dossier in dossiers:
            _publish(dossier, decisions[dossier.pk], configuration, by=by, at=at, site=site)
        campaign.state, campaign.published_at = state, at
        campaign.save()
    return len(dossiers)


def _publish(
    dossier: Dossier, decision: Decision, configuration: Configuration, *, by: User | None, at: datetime, site: str
) -> None:
    level = decision.level or decision.proposed
    decision.state = DECISION.after(DecisionState(decision.state), DecisionVerb.PUBLISH)
    decision.save(update_fields=["state"])
    DecisionEvent.objects.create(decision=decision, verb=DecisionVerb.PUBLISH, level=level, at=at, by=by)
    keep_snapshot(read(dossier), Snapshot.Milestone.DECIDED, at=at)
    award, _made = Award.objects.update_or_create(
        edition_id=dossier.campaign_id,
        territory_id=dossier.territory_id,
        defaults={
            "level": level,
            "distinctions": _distinctions(dossier, decision, configuration),
            "name_as_printed": dossier.territory.name,
            "source": SOURCE % {"year": dossier.campaign_id},
            "is_sample": dossier.campaign.is_sample,
            "placed_by": BY_CAMPAIGN,
        },
    )
    since = configuration.calendar.ceremony_at
    grant(award, since=since, until=valid_until(since, years=configuration.calendar.badge_years))
    for email in team_emails(dossier.territory_id):
        write_letter(
            dossier.campaign,
            "result",
            key=f"result:{dossier.pk}:{email}",
            to=email,
            at=at,
            territory=str(dossier.territory),
            edition=dossier.campaign_id,
            level=level_words(level),
            link=f"{site}/label/{dossier.campaign_id}/{dossier.territory.slug}/{dossier.territory.code}",
        )


def _distinctions(dossier: Dossier, decision: Decision, configuration: Configuration) -> list[str]:
    """The mentions of the year, and excellence where the rule over the years gives it."""
    given = [one.name.fr for one in configuration.mentions if one.slug in decision.mentions]
    if becomes_excellent(dossier.territory_id, dossier.campaign_id, decision.level or decision.proposed):
        given.append(EXCELLENCE)
    return given


def release(campaign_id: int, *, itself: bool, by: User | None) -> None:
    """Let a campaign publish itself at the second of the ceremony, or no longer. Raises NotAllowed."""
    check_organiser(by)
    Campaign.objects.filter(pk=campaign_id).update(publishes_itself=itself)


def publish_due(*, at: datetime, site: str) -> int:
    """Publish the campaigns that are to publish themselves and whose ceremony has come; how many could."""
    published = 0
    for campaign in Campaign.objects.filter(state=CampaignState.OPEN, publishes_itself=True):
        try:
            publish(campaign.pk, by=None, at=at, site=site)
        except (NotYet, Undecided):
            continue
        published += 1
    return published
