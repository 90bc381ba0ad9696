"""Bodies larger than anything a page asks for: refused, whatever they say of themselves, without being kept."""

import asyncio
from typing import Any

import pytest
from django.test import Client

from arobase.project.bounds import MEGABYTE, Bounded


def played(*, announced: int | None, chunks: int) -> tuple[list[Any], int]:
    """What is answered to so many megabytes, and how many of them were read."""
    answered: list[Any] = []
    given = 0

    async def application(_scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"kept"})

    async def receive() -> Any:
        nonlocal given
        given += 1
        return {"type": "http.request", "body": b"x" * MEGABYTE, "more_body": given < chunks}

    async def send(message: Any) -> None:
        answered.append(message)

    headers = [] if announced is None else [(b"content-length", str(announced).encode())]
    asyncio.run(Bounded(application, megabytes=3)({"type": "http", "headers": headers}, receive, send))
    return answered, given


@pytest.mark.parametrize("announced", [2_000 * MEGABYTE, 3 * MEGABYTE + 1])
def test_two_gigabytes_that_say_so_are_not_read_at_all(announced):
    answered, given = played(announced=announced, chunks=2_000)

    assert answered[0]["status"] == 413 and given == 0
    assert "dépasse 3\u202fMo" in answered[1]["body"].decode() and "Too large" in answered[1]["body"].decode()


@pytest.mark.parametrize("announced", [None, 12])
def test_two_gigabytes_that_do_not_say_so_are_read_no_further_than_the_bound(announced):
    answered, given = played(announced=announced, chunks=2_000)

    assert answered[0]["status"] == 413 and given == 4


def test_what_is_within_the_bound_passes():
    answered, given = played(announced=3 * MEGABYTE, chunks=3)

    assert [one.get("status") for one in answered] == [200, None] and given == 3


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/observatoire/communes/%00", "/observatoire/changements?couche=a%00"])
def test_a_nul_in_an_address_is_a_mistake_of_whoever_asks(address):
    assert Client().get(address).status_code == 400
