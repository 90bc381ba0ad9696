"""The demonstration's invented towns before a real Chromium: what their pages do before anyone has chosen."""

import json
import os
import sqlite3
import subprocess

import pytest

from arobase.observatory.cli.trial import BROWSED
from serving import AROBASE

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def found(chromium_path, tmp_path_factory) -> dict[str, dict]:
    """What the command judged of each town, in a home of its own: the criteria, and the day a browser looked."""
    home = tmp_path_factory.mktemp("home")
    here = {"AROBASE_HOME": str(home), "AROBASE_CHROMIUM": chromium_path, "DATABASE_URL": ""}
    subprocess.run(
        [AROBASE, "observatory", "trial"], env={**os.environ, **here}, check=True, capture_output=True, text=True
    )
    with sqlite3.connect(home / "arobase.sqlite3") as kept:
        rows = kept.execute("SELECT subject, criteria FROM observatory_standing").fetchall()
    told = {subject: json.loads(criteria) for subject, criteria in rows}
    return {
        subject: {"watched_on": one["watched_on"], **{each["criterion"]: each["met"] for each in one["findings"]}}
        for subject, one in told.items()
    }


def test_some_towns_are_watched_and_the_others_stay_unknown(found):
    watched = {subject for subject, one in found.items() if one["watched_on"]}

    assert len(watched) == BROWSED
    assert found["beaulieu-les-eaux.test"]["no-tracking-cookie"] == "unknown"


def test_what_a_page_does_before_any_choice_is_judged(found):
    assert (found["aubeville.test"]["no-third-party"], found["aubeville.test"]["no-tracking-cookie"]) == ("met", "met")
    assert found["dampierre-sur-onde.test"]["no-tracking-cookie"] == "not-met"
    assert (found["grandval.test"]["no-third-party"], found["grandval.test"]["no-us-third-party"]) == ("not-met", "met")
