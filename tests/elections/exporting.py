"""What tests of a night's files share: a night of three stations, two of them counted, and how anyone reads a file."""

from django.test import Client
from django.urls import reverse

from arobase.elections.models import Election
from elections.nights import ELSEWHERE, a_rehearsal, count_all


def a_night(**facts) -> Election:
    election = a_rehearsal(stations=3, **{**ELSEWHERE.get(facts.get("kind", ""), {}), **facts})
    count_all(election, "0001", bags=[(50, 30, 18), (40, 40, 10)], signatures=193)
    count_all(election, "0002", bags=[(20, 60, 18)])
    return election


def read(name: str, election: Election, **more: str) -> str:
    answer = Client(headers=more).get(reverse(name, kwargs={"number": election.pk}))
    assert answer.status_code == 200
    return answer.getvalue().decode()
