"""Followers of a night, on the whole application: they take nobody's turn, and hear on when the database stumbled."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import OperationalError

from arobase.elections.models import Election
from arobase.elections.rules.states import Verb
from arobase.elections.views import stream
from arobase.project.asgi import application
from elections.nights import a_rehearsal, bag, send

MANY = 40  # more than the requests that are let in at once
PATIENCE_S = 60
pytestmark = pytest.mark.django_db(transaction=True)


def asked(path: str, **headers: str) -> ApplicationCommunicator:
    told = [(b"host", b"localhost"), *((name.encode(), value.encode()) for name, value in headers.items())]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": told, "http_version": "1.1"}
    return ApplicationCommunicator(application, scope)


async def begun(path: str, **headers: str) -> tuple[ApplicationCommunicator, dict]:
    """A request that was sent, and the beginning of its answer."""
    one = asked(path, **headers)
    await one.send_input({"type": "http.request", "body": b"", "more_body": False})
    return one, await one.receive_output(timeout=PATIENCE_S)


async def told(follower: ApplicationCommunicator, words: str) -> str:
    """What a follower hears until these words come."""
    heard = ""
    while words not in heard:
        heard += (await follower.receive_output(timeout=PATIENCE_S))["body"].decode()
    return heard


@asynccontextmanager
async def followers(path: str, *, many: int, **headers: str):
    there = [(await begun(path, **headers))[0] for _number in range(many)]
    try:
        yield there
    finally:
        for one in there:
            await one.send_input({"type": "http.disconnect"})
            await one.wait(timeout=PATIENCE_S)


def flux(election: Election) -> str:
    return f"/elections/{election.pk}/flux"


def test_those_who_follow_take_nobodys_turn():
    election = a_rehearsal()

    async def status() -> int:
        async with followers(flux(election), many=MANY):
            _page, start = await begun("/sante")
            return start["status"]

    assert asyncio.run(status()) == 200


def test_what_is_entered_is_told_to_all_in_their_language():
    election = a_rehearsal()

    async def heard() -> list[str]:
        async with (
            followers(flux(election), many=2) as french,
            followers(flux(election), many=1, **{"accept-language": "en"}) as english,
        ):
            await asyncio.gather(*(told(one, "event: figures") for one in french + english))
            await asyncio.to_thread(send, election, "0001", Verb.BAG, bag(1, (55, 25, 18)))
            return await asyncio.gather(*(told(one, "id: 1-") for one in french + english))

    *french, english = asyncio.run(heard())
    assert all("56,1" in one for one in french)
    assert "56.1" in english


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_no_way_of_writing_the_address_takes_turns_either(method):
    election = a_rehearsal()

    async def status() -> int:
        there = [asked(f"/elections/{election.pk:020}/flux") for _number in range(MANY)]
        for one in there:
            one.scope["method"] = method
            await one.send_input({"type": "http.request", "body": b"", "more_body": False})
            assert (await one.receive_output(timeout=PATIENCE_S))["status"] == 200
        _page, start = await begun("/sante")
        for one in there:
            await one.send_input({"type": "http.disconnect"})
            await one.wait(timeout=PATIENCE_S)
        return start["status"]

    assert asyncio.run(status()) == 200


def test_a_night_that_is_not_there_is_not_found():
    assert asyncio.run(begun("/elections/999/flux"))[1]["status"] == 404


def test_another_host_is_refused_by_django():
    election = a_rehearsal()

    async def status() -> int:
        one = asked(flux(election))
        one.scope["headers"] = [(b"host", b"elsewhere.example")]
        await one.send_input({"type": "http.request", "body": b"", "more_body": False})
        return (await one.receive_output(timeout=PATIENCE_S))["status"]

    assert asyncio.run(status()) == 400


@pytest.mark.parametrize("failure", [OperationalError("database is locked"), ValueError("what nobody thought of")])
def test_followers_hear_on_after_a_failure(monkeypatch, failure):
    election, real, failures = a_rehearsal(), stream.mark_of, []

    def stumbling(given: Election) -> str:
        if given.head_sequence and not failures:
            failures.append(given)
            raise failure
        return real(given)

    monkeypatch.setattr(stream, "mark_of", stumbling)

    async def heard() -> str:
        async with followers(flux(election), many=1) as (one,):
            await told(one, "event: figures")
            await asyncio.to_thread(send, election, "0001", Verb.BAG, bag(1, (55, 25, 18)))
            return await told(one, "id: 1-")

    assert "event: figures" in asyncio.run(heard())
    assert failures
