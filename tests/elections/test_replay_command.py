"""`arobase elections replay`: which nights go by again, and which it leaves alone."""

from dataclasses import replace

import pytest
from click.testing import CliRunner
from django.utils import timezone

from arobase.elections.actions.preparing import prepare
from arobase.elections.cli.replay import replay as command
from arobase.elections.models import Entry
from arobase.elections.rules.plans import Replayed
from arobase.elections.rules.states import Verb
from elections.nights import a_plan, a_rehearsal, an_election, bag, send

pytestmark = pytest.mark.django_db
FAST = "--speed=100000"


def a_night_to_replay():
    plan = a_plan(rehearsal=True, stations=1)
    stations = [replace(one, replayed=Replayed(250, (120, 80, 40), 6, 4)) for one in plan.stations]
    return prepare(replace(plan, stations=stations), by=None, at=timezone.now())


def entries(election) -> list[str]:
    return list(Entry.objects.filter(election=election).values_list("verb", flat=True))


def test_a_rehearsal_with_figures_goes_by():
    election = a_night_to_replay()

    done = CliRunner().invoke(command, [FAST])

    assert done.exit_code == 0, done.output
    assert entries(election)[-4:] == ["bag", "bag", "bag", "finish"]


@pytest.mark.parametrize("is_named", [True, False])
def test_what_was_typed_by_hand_is_not_wiped(is_named):
    typed, replayed = a_rehearsal(), a_night_to_replay()
    send(typed, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    done = CliRunner().invoke(command, [FAST, *([str(typed.pk)] if is_named else [])])

    assert entries(typed) == ["bag"]
    assert (done.exit_code, bool(entries(replayed))) == ((1, False) if is_named else (0, True))
    assert is_named == ("saisis à la main" in done.output)


def test_without_figures_there_is_nothing_to_replay():
    a_rehearsal()

    done = CliRunner().invoke(command, [FAST])

    assert (done.exit_code, "n’a de chiffres à rejouer" in done.output) == (1, True)


def test_a_real_night_is_no_rehearsal():
    done = CliRunner().invoke(command, [FAST, str(an_election().pk)])

    assert (done.exit_code, "aucune répétition n’a le numéro" in done.output) == (2, True)
