"""Badges: signed once, checked here and by others' libraries, taken back, never forged."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.accounts.models import User
from arobase.label.actions.badges import grant, revoke
from arobase.label.actions.campaigns import NotAllowed
from arobase.label.cli import label as label_command
from arobase.label.models import Award, Badge
from arobase.label.rules.badges import Finding, Window, finding, valid_until
from builders import a_campaign, a_commune, an_account
from people import CAMILLE, SACHA
from verifying import independently

ADDRESS = "/label/2027/commune/76351"
DAY = timedelta(days=1)
MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2200, 1, 1))


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.BADGE_KEY = tmp_path / "keys" / "badges.pem"


@pytest.fixture
def award() -> Award:
    campaign = a_campaign()
    campaign.state, campaign.published_at = "published", timezone.now() - DAY
    campaign.save()
    return Award.objects.create(
        edition=campaign.edition,
        territory=a_commune(),
        level=4,
        name_as_printed="Le Havre « ≥ 1 »",
        placed_by="campaign",
    )


@pytest.fixture
def badge(award) -> Badge:
    since = timezone.now().replace(microsecond=0) - DAY
    return grant(award, since=since, until=valid_until(since, years=2))


def got(path: str) -> dict:
    return json.loads(Client().get(path).content)


def elsewhere(credential: dict, site: str = "http://127.0.0.1:8000") -> dict:
    """What libraries by other people than the signer's say of a badge and of the list it names."""
    return independently(
        credential,
        {
            f"{site}/label/badges/statuts.json": got("/label/badges/statuts.json"),
            "did:web:label.example": got("/.well-known/did.json"),
        },
    )


def checked(content: bytes | str) -> str:
    text = content.decode() if isinstance(content, bytes) else content
    return Client().post("/label/verifier", {"text": text}).content.decode()


@pytest.mark.django_db
def test_a_badge_is_accepted_here_and_by_an_independent_verifier(badge):
    credential = got(f"{ADDRESS}/badge.json")

    assert "Authentique et valable." in checked(json.dumps(credential, indent=3))
    assert elsewhere(credential) == {"verified": True, "problems": []}
    assert credential["issuer"]["id"].startswith("did:key:z6Mk")
    assert credential["credentialSubject"]["id"].endswith("/territoires/commune/76351")


@pytest.mark.django_db
def test_under_https_the_site_itself_is_the_issuer(badge, settings):
    settings.SITE_URL = "https://label.example"

    credential = got(f"{ADDRESS}/badge.json")

    assert credential["issuer"]["id"] == "did:web:label.example" == got("/.well-known/did.json")["id"]
    assert elsewhere(credential, settings.SITE_URL) == {"verified": True, "problems": []}
    assert "Authentique et valable." in checked(json.dumps(credential))


@pytest.mark.django_db
def test_a_badge_that_was_taken_back_is_refused_everywhere(badge, client):
    credential = got(f"{ADDRESS}/badge.json")
    client.force_login(an_account(SACHA))

    client.post(f"/label/badges/{badge.uid}/retirer", {"reason": "Conseils filmés qui n’existent pas"})

    assert "ce badge a été authentique" in checked(json.dumps(credential))
    told = elsewhere(credential)
    assert not told["verified"] and "revoked" in " ".join(told["problems"])
    assert "Conseils filmés qui n’existent pas" in Client().get(ADDRESS).content.decode()
    assert Client().get(f"{ADDRESS}/certificat.pdf").status_code == 404


@pytest.mark.django_db
def test_another_badge_on_the_list_stays_what_it_is(badge, award):
    others = [
        Award.objects.create(edition=award.edition, territory=a_commune(code), level=1, placed_by="campaign")
        for code in ("76217", "76540", "76681")
    ]
    for other in others[1:]:
        grant(other, since=badge.valid_from, until=badge.valid_until)
    Badge.objects.exclude(pk=badge.pk).update(revoked_at=timezone.now(), reason="essai")

    assert elsewhere(got(f"{ADDRESS}/badge.json"))["verified"]


@pytest.mark.django_db
def test_a_badge_stays_the_same_to_the_letter(badge, award):
    first = Client().get(f"{ADDRESS}/badge.json").content
    award.distinctions = ["Éducation"]
    award.save()

    assert Client().get(f"{ADDRESS}/badge.json").content == first
    assert Client().get(f"/label/badges/{badge.uid}").content == first


def altered(signature: str) -> str:
    """Another last sign of base58."""
    return signature[:-1] + ("2" if signature.endswith("1") else "1")


CHANGES = {
    "a level": lambda one: one["credentialSubject"]["achievement"].update(name="5 arobases"),
    "a town": lambda one: one["credentialSubject"].update(id="http://127.0.0.1:8000/territoires/commune/75056"),
    "a longer life": lambda one: one.update(validUntil="2099-01-01T00:00:00Z"),
    "no end": lambda one: one.pop("validUntil"),
    "no list": lambda one: one.pop("credentialStatus"),
    "another issuer’s name": lambda one: one["issuer"].update(name="Autre"),
    "a member that nothing covers": lambda one: one.update(level="5 arobases"),
    "another signature": lambda one: one["proof"].update(proofValue=altered(one["proof"]["proofValue"])),
    "no signature": lambda one: one["proof"].pop("proofValue"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_somebody_changes_is_seen(badge, change):
    credential = got(f"{ADDRESS}/badge.json")
    CHANGES[change](credential)

    assert "Modifié" in checked(json.dumps(credential)) and "Authentique" not in checked(json.dumps(credential))


@pytest.mark.django_db
def test_a_badge_that_another_key_signed_is_a_strangers(badge, settings, tmp_path):
    credential = got(f"{ADDRESS}/badge.json")
    settings.BADGE_KEY = tmp_path / "other" / "badges.pem"

    assert "Émis par un autre que ce site" in checked(json.dumps(credential))


@pytest.mark.django_db
def test_an_expired_badge_says_so(award):
    grant(award, since=timezone.now() - 3 * DAY, until=timezone.now() - DAY)

    assert "échu" in checked(Client().get(f"{ADDRESS}/badge.json").content)


@pytest.mark.django_db
def test_the_drawing_carries_the_badge(badge, tmp_path):
    drawing = Client().get(f"{ADDRESS}/badge.svg").content

    assert b"<svg" in drawing and "Authentique et valable." in checked(drawing)
    (tmp_path / "badge.svg").write_bytes(drawing)
    told = CliRunner().invoke(label_command, ["badge", "verify", str(tmp_path / "badge.svg"), "--json"])
    assert told.exit_code == 0 and json.loads(told.stdout)["finding"] == "valid"


@pytest.mark.django_db
def test_the_key_can_be_replaced_and_what_it_signed_still_holds(badge, settings):
    old = got(f"{ADDRESS}/badge.json")

    told = CliRunner().invoke(label_command, ["badge", "replace-key", "--yes"])

    assert told.exit_code == 0, told.output
    assert "Authentique et valable." in checked(json.dumps(old))
    grant(badge.award, since=badge.valid_from, until=badge.valid_until)
    new = got(f"{ADDRESS}/badge.json")
    assert new["proof"]["verificationMethod"] != old["proof"]["verificationMethod"]
    assert "Authentique et valable." in checked(json.dumps(new)) and "Retiré" in checked(json.dumps(old))
    for former in settings.BADGE_KEY.parent.glob("*.pub"):
        former.unlink()
    assert "Émis par un autre" in checked(json.dumps(old))


@pytest.mark.django_db
def test_only_its_owner_may_read_the_key_and_two_processes_make_one(badge, settings):
    Client().get(f"{ADDRESS}/badge.json")

    assert settings.BADGE_KEY.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in settings.BADGE_KEY.parent.iterdir()] == ["badges.pem"]


@pytest.mark.django_db
def test_a_key_that_is_none_is_named(settings, tmp_path):
    settings.BADGE_KEY.parent.mkdir()
    settings.BADGE_KEY.write_text("clé")
    (tmp_path / "badge.json").write_text("{}")

    told = CliRunner().invoke(label_command, ["badge", "replace-key", "--yes"])

    assert told.exit_code == 1 and str(settings.BADGE_KEY) in told.output


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "ni un badge en JSON"),
        ("{", "ni un badge en JSON"),
        ("[]", "pas un Open Badge 3.0"),
        ("{}", "pas un Open Badge 3.0"),
        ('{"issuer": 3, "credentialSubject": [], "type": {}}', "pas un Open Badge 3.0"),
        ("<svg/>", "ne porte pas de badge"),
        ("<svg", "ne peut pas être lu"),
        ('<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><svg>&d;</svg>', "ne peut pas être lu"),
        ("[" * 100_000, "ni un badge en JSON"),
        ("x" * 600_000, "dépasse 512"),
    ],
)
@pytest.mark.django_db
def test_what_is_no_badge_is_said_to_be_none(content, problem):
    answer = Client().post("/label/verifier", {"text": content})

    assert answer.status_code == 422 and problem in answer.content.decode()


@pytest.mark.django_db
def test_one_address_cannot_keep_the_server_busy_with_checks(badge):
    for name in caches:
        caches[name].clear()
    visitor = Client()

    answers = [visitor.post("/label/verifier", {"text": "{}"}).status_code for _turn in range(62)]

    assert answers == [422] * 60 + [429] * 2
    for name in caches:
        caches[name].clear()


@pytest.mark.django_db
def test_only_the_organiser_takes_a_badge_back_and_says_why(badge, client):
    client.force_login(an_account(CAMILLE))
    assert client.post(f"/label/badges/{badge.uid}/retirer", {"reason": "x"}).status_code == 403
    client.force_login(an_account(SACHA))
    client.post(f"/label/badges/{badge.uid}/retirer", {"reason": " "})

    badge.refresh_from_db()
    assert badge.revoked_at is None
    with pytest.raises(NotAllowed):
        revoke(badge.pk, reason="x", by=User.objects.get(email=CAMILLE.email), at=timezone.now())


@given(st.tuples(st.booleans(), st.booleans(), st.booleans()), MOMENTS, MOMENTS | st.none(), MOMENTS)
def test_only_an_intact_badge_of_ours_in_its_time_is_valid(facts, since, until, at):
    is_intact, is_ours, is_revoked = facts

    found = finding(is_intact=is_intact, is_ours=is_ours, is_revoked=is_revoked, window=Window(since, until), at=at)

    in_time = since <= at and (until is None or at < until)
    assert (found == Finding.VALID) == (is_intact and is_ours and not is_revoked and in_time)
    assert (found == Finding.ALTERED) == (not is_intact)


@given(MOMENTS, st.integers(1, 10))
def test_a_badge_ends_on_its_day(since, years):
    until = valid_until(since, years=years)

    assert until.year == since.year + years and (until - since).days in range(365 * years, 366 * years + 2)
    assert (until.month, until.day) in {(since.month, since.day), (3, 1)}
