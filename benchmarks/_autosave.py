"""Prepares what `benchmarks.autosave` needs: as many open dossiers as writers, each with an agent who is signed in."""

import json
import os
import sys
from datetime import timedelta
from importlib import import_module

import django

WRITERS = int(sys.argv[1]) if len(sys.argv) > 1 else 200


def main() -> None:
    """Print, as JSON, the session and the dossier of each writer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from arobase.accounts.actions import give_role
    from arobase.accounts.models import User
    from arobase.accounts.roles import Role
    from arobase.label.actions.campaigns import begin, move
    from arobase.label.actions.dossiers import begin as begin_dossier
    from arobase.label.queries.configuration.editions import first_text
    from arobase.label.rules.states import CampaignVerb
    from arobase.label.sources.examples import under_way
    from arobase.territories.models import Kind, Territory

    now = timezone.now()
    campaign = begin(by=None, at=now - timedelta(days=1), text=under_way(first_text(), now), is_sample=True)
    campaign = move(campaign.pk, CampaignVerb.OPEN, by=None, at=now)
    sessions = import_module(settings.SESSION_ENGINE)
    writers = []
    for territory in Territory.objects.filter(kind=Kind.COMMUNE).order_by("-population")[:WRITERS]:
        user = User.objects.create(email=f"{territory.code.lower()}@banc.exemple.fr")
        user.set_unusable_password()
        user.save()
        give_role(user, role=Role.AGENT, territory_id=territory.pk, at=now, by=None)
        dossier, _is_new = begin_dossier(campaign, territory, by=user, at=now)
        session = sessions.SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        writers.append({"session": session.session_key, "dossier": dossier.pk})
    json.dump(writers, sys.stdout)


if __name__ == "__main__":
    main()
