"""What a campaign does by itself as time passes: reminders that are due, publication, letters that wait."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.accounts.models import User
from arobase.accounts.roles import Role
from arobase.label.actions.invitations import remind
from arobase.label.actions.letters import post, write_letter
from arobase.label.actions.outcomes import publish_due
from arobase.label.models import Campaign, Dossier
from arobase.label.queries.configuration.editions import in_force
from arobase.label.queries.dossiers import deadline, read
from arobase.label.queries.phrases import closing_words, missing_words
from arobase.label.queries.waiting import waiting_words
from arobase.label.rules.calendar import reminders
from arobase.label.rules.states import CampaignState
from arobase.territories.rules.clocks import PARIS

MORNING = 7  # o'clock in Paris, from which the day's digest is written


def tick(*, at: datetime, site: str) -> dict[str, int]:
    """Write the reminders that are due, publish, send what waits; doing it twice sends nothing twice.

    site      address of the site, without a slash at its end
    Returns   how many `reminders` were written, campaigns `published`, letters `sent`, `waiting` and `refused`
    """
    written = _digest(at=at, site=site) + sum(
        _remind(one, at=at, site=site) for one in Campaign.objects.filter(state=CampaignState.OPEN)
    )
    published = publish_due(at=at, site=site)
    footer = _("Ne plus recevoir de rappels : %(link)s")
    return {"reminders": written, "published": published} | post(
        at=at, unsubscribe=f"{site}/courriels/stop/", footer=footer
    )


def _digest(*, at: datetime, site: str) -> int:
    """Once a day, from the morning in Paris on, tell each organiser what waits; nothing when nothing does."""
    here = timezone.localtime(at, PARIS)
    campaign = Campaign.objects.exclude(state=CampaignState.ARCHIVED).first()
    told = waiting_words(campaign) if campaign and here.hour >= MORNING else []
    if campaign is None or not told:
        return 0
    organisers = User.objects.filter(grants__role=Role.ORGANISER, is_active=True).distinct()
    written = [
        write_letter(
            campaign,
            "digest",
            key=f"digest:{here:%Y-%m-%d}:{one.pk}",
            to=one.email,
            at=at,
            edition=campaign.pk,
            waiting="\n".join(f"– {line}" for line in told),
            link=f"{site}/campagnes/{campaign.pk}",
        )
        for one in organisers
    ]
    return sum(letter is not None for letter in written)


def _remind(campaign: Campaign, *, at: datetime, site: str) -> int:
    """The latest reminder that is due, if participation is still open: one that was missed is not made up for."""
    configuration = in_force(campaign)
    calendar = configuration.calendar
    due = [one for one in reminders(calendar) if calendar.opens_at <= one <= at]
    if not due or at >= calendar.closes_at:
        return 0

    def closing(dossier: Dossier) -> str:
        return closing_words(deadline(dossier, configuration, at=at))

    letters = remind(
        campaign,
        due_at=due[-1],
        at=at,
        link=lambda dossier: f"{site}/dossiers/{dossier.pk}",
        closing=closing,
        missing=lambda dossier: missing_words(read(dossier)),
    )
    return len(letters)
