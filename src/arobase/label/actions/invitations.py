"""Invite territories: their dossier is begun for them, and their team is written to."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from arobase.accounts.models import Grant, User
from arobase.accounts.roles import Role
from arobase.label.actions.campaigns import check_organiser
from arobase.label.actions.dossiers import begin
from arobase.label.actions.letters import write_letter
from arobase.label.models import Campaign, Dossier, Letter
from arobase.label.rules.states import DossierState
from arobase.territories.models import Territory


def invite(
    campaign: Campaign,
    territory: Territory,
    *,
    by: User | None,
    at: datetime,
    link: Callable[[Dossier], str],
    closing: Callable[[Dossier], str],
) -> tuple[Dossier, list[Letter]]:
    """Begin a territory's dossier and write to its team; inviting again writes nothing twice.

    link, closing   address of a dossier, and its closing in words
    Raises          NotAllowed, Closed
    """
    check_organiser(by)
    with transaction.atomic():
        dossier, _is_new = begin(campaign, territory, by=None, at=at)
        letters = [
            write_letter(
                campaign,
                "invitation",
                key=f"invitation:{dossier.pk}:{email}",
                to=email,
                at=at,
                territory=str(territory),
                edition=campaign.pk,
                closing=closing(dossier),
                link=link(dossier),
            )
            for email in team_emails(territory.pk)
        ]
    return dossier, [one for one in letters if one]


def remind(
    campaign: Campaign,
    *,
    due_at: datetime,
    at: datetime,
    link: Callable[[Dossier], str],
    closing: Callable[[Dossier], str],
    missing: Callable[[Dossier], str],
) -> list[Letter]:
    """Write to the teams of drafts; the same reminder is never written twice.

    due_at   which reminder it is
    """
    drafts = campaign.dossiers.filter(state=DossierState.DRAFT).select_related("territory__department", "campaign")
    letters = [
        write_letter(
            campaign,
            "reminder",
            key=f"reminder:{due_at.isoformat()}:{dossier.pk}:{email}",
            to=email,
            at=at,
            territory=str(dossier.territory),
            edition=campaign.pk,
            closing=closing(dossier),
            link=link(dossier),
            missing=missing(dossier),
        )
        for dossier in drafts.prefetch_related("extensions")
        for email in team_emails(dossier.territory_id)
    ]
    return [one for one in letters if one]


def team_emails(territory_id: str) -> list[str]:
    """Where a territory's team is written to."""
    grants = Grant.objects.filter(role=Role.AGENT, territory_id=territory_id, user__is_active=True)
    return sorted(grants.values_list("user__email", flat=True))
