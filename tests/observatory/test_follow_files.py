"""What changed, and certificates about to end, as files to take away."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from arobase.observatory.actions.campaigns import begin, conclude, keep_standings
from arobase.observatory.models import About, Change, OptOut, Standing
from arobase.observatory.queries.kept import profile_document
from arobase.observatory.rules.profile import Held, Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.providers import Law
from builders import a_commune

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def rows(client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def changed(*told: Change) -> int:
    a_commune("76351", "Le Havre")
    a_commune("34172", "Montpellier")
    campaign = begin(About.COMMUNES, at=NOW)
    conclude(campaign, at=NOW, domains=1, rules="1", zones={}, figures={}, changes=told)
    return campaign.pk


MOVED = {"territory_id": "commune:76351", "kind": "moved", "layer": "mail", "before": ["ovh"], "after": ["a", "b"]}
LOST = {"territory_id": "commune:34172", "kind": "lost", "layer": "2.6"}


def test_every_change_is_a_row_with_who_and_what(client):
    campaign = changed(Change(**MOVED), Change(**LOST))

    assert rows(client, "/observatoire/changements.csv") == [
        {
            "territory": "commune:76351",
            "code": "76351",
            "name": "Le Havre",
            "about": "communes",
            "campaign": str(campaign),
            "seen": "2026-11-23",
            "kind": "moved",
            "subject": "mail",
            "before": "ovh",
            "after": "a b",
        },
        {
            "territory": "commune:34172",
            "code": "34172",
            "name": "Montpellier",
            "about": "communes",
            "campaign": str(campaign),
            "seen": "2026-11-23",
            "kind": "lost",
            "subject": "2.6",
            "before": "",
            "after": "",
        },
    ]


def test_the_file_of_changes_follows_the_filters_of_its_page(client):
    campaign = changed(Change(**MOVED), Change(**LOST))
    OptOut.objects.create(territory_id="commune:34172", since=NOW.date())

    assert [one["name"] for one in rows(client, "/observatoire/changements.csv")] == ["Le Havre"]
    assert len(rows(client, f"/observatoire/changements.csv?couche=mail&campagne={campaign}")) == 1
    assert rows(client, "/observatoire/changements.csv?couche=dns") == []
    page = client.get("/observatoire/changements?couche=mail").content.decode()
    assert '"/observatoire/changements.csv?couche=mail"' in page


def test_a_long_file_of_changes_takes_few_statements(client, django_assert_max_num_queries):
    changed(*(Change(**{**MOVED, "layer": f"layer{n}"}) for n in range(40)))

    with django_assert_max_num_queries(2):
        assert len(rows(client, "/observatoire/changements.csv")) == 40


def test_certificates_about_to_end_are_rows_by_day(client):
    today = timezone.localdate()
    campaign = begin(About.COMMUNES, at=NOW)
    standings = []
    for code, name, days in (("76351", "Le Havre", 20), ("34172", "Montpellier", -3), ("2A004", "Ajaccio", 90)):
        until = today + timedelta(days=days)
        authority = LayerVerdict(State.FOUND, (Held("isrg", Law.US),), until)
        profile = profile_document(Profile(today, {Layer.CA: authority}))
        town = a_commune(code, name)
        standings.append(Standing(subject=town.pk, territory=town, name=name, site=f"{code}.fr", profile=profile))
    keep_standings(campaign, standings)
    conclude(campaign, at=NOW, domains=0, rules="", zones={}, figures={})

    assert rows(client, "/observatoire/certificats.csv") == [
        {
            "subject": f"commune:{code}",
            "name": name,
            "site": f"{code}.fr",
            "until": (today + timedelta(days=days)).isoformat(),
            "about": "communes",
            "seen": "2026-11-23",
        }
        for code, name, days in (("34172", "Montpellier", -3), ("76351", "Le Havre", 20))
    ]
    assert '"/observatoire/certificats.csv"' in client.get("/observatoire/certificats").content.decode()


@pytest.mark.parametrize("name", ["changements", "certificats"])
def test_columns_are_described_and_given_in_other_forms(client, name):
    a_commune("76351", "Le Havre")
    header = client.get(f"/observatoire/{name}.csv").content.decode().splitlines()[0]
    described = client.get(f"/observatoire/{name}/schema.json").json()

    assert header.split(",") == [field["name"] for field in described["schema"]["fields"]]
    assert client.get(f"/observatoire/{name}.json").json() == []
    assert client.get(f"/observatoire/{name}.parquet").content[:4] == b"PAR1"
