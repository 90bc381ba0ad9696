"""A crowd that asks the same in the same moment: drawn once, and nobody is shown what was drawn for somebody."""

import asyncio
import re
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.test import Client
from django.urls import resolve

from arobase.elections.views.pushed import FOLLOWED
from arobase.project.snapshots import Snapshots
from arobase.web.access import ANYONE
from elections.nights import a_rehearsal, count_all

PLAIN = [(b"host", b"exemple.fr"), (b"accept-language", b"fr")]
PATH, SIGN_IN = "/elections/1", "/comptes/connexion"


class Application:
    """Answers with what it was asked and how often it was; `said` are headers of its answers."""

    def __init__(self, *said: tuple[bytes, bytes], takes: float = 0.01, fails: int = 0) -> None:
        self.asked: list[dict[bytes, bytes]] = []
        self._said, self._takes, self._fails = said, takes, fails

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.append(dict(scope["headers"]))
        assert await receive() == {"type": "http.request", "body": b"", "more_body": False}
        number, told = len(self.asked), dict(scope["headers"])
        await asyncio.sleep(self._takes)
        if number <= self._fails:
            raise OSError("The database is gone")
        language = told.get(b"accept-language", b"").decode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"6"), *self._said]})
        for part in (f"{number} ", language):
            await send({"type": "http.response.body", "body": part.encode(), "more_body": part != language})


async def ask(shared: Snapshots, *more: tuple[bytes, bytes], path: str = PATH, query: bytes = b"", method: str = "GET"):
    """Status, headers and body of one answer."""
    parts: list[dict[str, Any]] = []
    sent = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        return next(sent, None) or await asyncio.Event().wait()

    async def send(message: Any) -> None:
        parts.append(message)

    headers = [*(one for one in PLAIN if one[0] not in dict(more)), *more]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": headers}
    await shared({**scope, "raw_path": path.encode(), "scheme": "http"}, receive, send)
    return parts[0]["status"], dict(parts[0]["headers"]), b"".join(one.get("body", b"") for one in parts[1:]).decode()


def shared(application: Application, *, seconds: float = 60) -> Snapshots:
    return Snapshots(application, addresses=FOLLOWED, seconds=seconds)


def played(steps) -> Any:
    return asyncio.run(steps)


def test_two_hundred_at_once_are_drawn_for_once_and_see_the_same():
    application = Application()

    async def crowd():
        front = shared(application)
        return await asyncio.gather(*(ask(front) for _ in range(200)))

    answers = played(crowd())

    assert {(status, body) for status, _, body in answers} == {(200, "1 fr")}
    assert len(application.asked) == 1


@pytest.mark.parametrize(
    "request_",
    [
        {"more": [(b"cookie", b"sessionid=abc")]},
        {"more": [(b"cookie", b"django_language=en"), (b"cookie", b"sessionid=abc")]},
        {"more": [(b"cookie", b"broken; =; sessionid=abc")]},
        {"query": b"a=1"},
        {"method": "POST"},
        {"method": "HEAD"},
        {"path": "/elections/1/pupitre"},
        {"path": "/elections/1/prefecture.csv"},
        {"path": "/elections/1/bureaux/1/2"},
    ],
)
def test_what_may_be_somebodys_own_is_neither_shown_to_others_nor_taken_from_them(request_):
    application = Application()
    more = request_.pop("more", [])

    async def steps():
        front = shared(application)
        return [await ask(front), *[await ask(front, *more, **request_) for _ in range(2)], await ask(front)]

    assert [body.split()[0] for _, _, body in played(steps())] == ["1", "2", "3", "1"]
    assert dict(more).items() <= application.asked[1].items()


@pytest.mark.parametrize(
    "said",
    [(b"set-cookie", b"csrftoken=abc"), (b"cache-control", b"max-age=0, no-store"), (b"cache-control", b"private")],
)
def test_an_answer_made_for_one_person_is_shown_to_nobody_else(said):
    application = Application(said)

    async def steps():
        front = shared(application)
        return [await ask(front), await ask(front)]

    first, second = played(steps())
    assert first[2] != second[2]


def test_each_language_has_its_own_and_the_cookie_decides_before_the_browser():
    application = Application()
    english, both = (b"accept-language", b"en-GB,en;q=0.8"), (b"cookie", b"django_language=en")

    async def steps():
        front = shared(application)
        return [await ask(front), await ask(front, english), await ask(front, both), await ask(front)]

    assert [body for _, _, body in played(steps())] == ["1 fr", "2 en", "2 en", "1 fr"]


def test_whoever_asks_first_cannot_colour_what_the_others_see():
    application = Application()
    coloured = ((b"x-forwarded-host", b"ailleurs.example"), (b"user-agent", b"x"), (b"accept-encoding", b"br, gzip"))

    async def steps():
        await ask(shared(application), *coloured)

    played(steps())

    assert application.asked == [{**dict(PLAIN), b"accept-encoding": b"gzip"}]


@pytest.mark.parametrize(
    ("asked", "status"), [(b'"abc"', 304), (b'"x", W/"abc"', 304), (b'"abd"', 200), (b"*", 304), (b"abc", 200)]
)
def test_who_has_it_already_is_not_sent_it_again(asked, status):
    async def steps():
        front = shared(Application((b"etag", b'W/"abc"')))
        return await ask(front, (b"if-none-match", asked))

    told, headers, body = played(steps())

    assert (told, headers[b"etag"]) == (status, b'W/"abc"')
    assert (body == "", b"content-length" in headers) == (status == 304, status == 200)


def test_it_is_drawn_again_when_its_time_is_over():
    application = Application()

    async def steps():
        front = shared(application, seconds=0.05)
        first = await ask(front)
        await asyncio.sleep(0.06)
        return first, await ask(front)

    assert [body for _, _, body in played(steps())] == ["1 fr", "2 fr"]


def test_who_leaves_takes_nothing_from_those_who_wait():
    application = Application(takes=0.05)

    async def steps():
        front = shared(application)
        leaving = asyncio.create_task(ask(front))
        await asyncio.sleep(0.01)
        waiting = asyncio.create_task(ask(front))
        await asyncio.sleep(0.01)
        leaving.cancel()
        return await waiting

    assert played(steps())[2] == "1 fr"


def test_a_failure_is_not_kept():
    application = Application(fails=1)

    async def steps():
        front = shared(application)
        with pytest.raises(OSError, match="gone"):
            await ask(front)
        return await ask(front)

    assert played(steps())[2] == "2 fr"


def test_addresses_that_lead_nowhere_take_no_room():
    asked = []

    async def answering(scope, receive, send):
        asked.append(scope["path"])
        status = 200 if scope["path"] == PATH else 404
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def steps():
        front = Snapshots(answering, addresses=re.compile(".*"), seconds=60)
        for number in range(1000):
            await ask(front, path=f"/nowhere/{number}")
        return [await ask(front) for _ in range(2)]

    played(steps())
    assert asked.count(PATH) == 1


@pytest.mark.django_db(transaction=True)
def test_pages_of_django_with_a_token_in_them_are_each_readers_own():
    async def steps():
        front = Snapshots(get_asgi_application(), addresses=re.compile(SIGN_IN), seconds=60)
        return [await ask(front, (b"host", b"testserver"), path=SIGN_IN) for _ in range(2)]

    (status, first, _), (_, second, _) = played(steps())

    assert status == 200
    assert first[b"Set-Cookie"] != second[b"Set-Cookie"]


@pytest.mark.django_db(transaction=True)
def test_a_page_of_django_is_known_again_by_its_mark():
    address = f"/elections/{a_rehearsal().pk}/direct/figures"

    async def steps():
        front = Snapshots(get_asgi_application(), addresses=FOLLOWED, seconds=60)
        first = await ask(front, (b"host", b"testserver"), path=address)
        known = (b"if-none-match", first[1][b"etag"])
        return first, await ask(front, (b"host", b"testserver"), known, path=address)

    (status, _, body), (again, _, nothing) = played(steps())

    assert (status, again, nothing) == (200, 304, "")
    assert "Aucune enveloppe" in body


@pytest.mark.django_db
def test_whatever_is_shared_is_open_to_anyone_and_says_nothing_to_anybody_in_particular():
    election = a_rehearsal()
    count_all(election, "0001")
    below = ["", "/ecran", "/integrer", "/direct/figures", "/direct/stations", "/direct/map", "/bureaux/0001"]
    below += ["/resultats.csv", "/resultats.json", "/resultats.parquet", "/nist.json", "/ministere.csv"]

    for address in (f"/elections/{election.pk}{one}" for one in below):
        answer = Client().get(address)
        assert FOLLOWED.fullmatch(address)
        assert answer.status_code == 200 and not answer.cookies, address
        assert resolve(address).func.audience is ANYONE
