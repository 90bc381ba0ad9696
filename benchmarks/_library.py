"""Run by `library` in a home of its own: 20,000 invented initiatives, then searches; prints figures as JSON."""

import json
import os
import resource
import time

import django

INITIATIVES = 20_000
QUESTIONS = 400


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
    django.setup()
    import numpy as np
    from django.db import transaction
    from django.http import QueryDict
    from django.utils import timezone

    from arobase.initiatives.actions.initiatives import move, write
    from arobase.initiatives.queries.library import alike, find, shown
    from arobase.initiatives.queries.referential import referential
    from arobase.initiatives.queries.shelf import shelf
    from arobase.initiatives.rules.sheets import Sheet
    from arobase.initiatives.rules.states import Verb
    from arobase.initiatives.views.questions import question_of
    from arobase.territories.models import Territory

    rng = np.random.default_rng(2026)
    at = timezone.now()
    services = referential().services
    towns = list(Territory.objects.filter(kind="commune", valid_to__isnull=True).values_list("pk", flat=True))
    words = sorted({word for one in services for word in one.sentence.fr.split()})
    start = time.perf_counter()
    with transaction.atomic():
        for _number in range(INITIATIVES):
            picked = [services[place] for place in rng.choice(len(services), size=2, replace=False)]
            said = " ".join(rng.choice(words, size=60))
            sheet = Sheet(
                title=f"{picked[0].name.fr} {rng.choice(words)}"[:120],
                summary=f"{picked[0].sentence.fr} {said}",
                audience="tous",
                started_on=at.date().replace(year=int(rng.integers(2015, 2026)), day=1),
                maturity="running",
                doer="territory",
                services=tuple(one.slug for one in picked),
            )
            made = write(sheet, territory_id=str(rng.choice(towns)), by=None, at=at)
            move(made.pk, Verb.SUBMIT, by=None, at=at)
            move(made.pk, Verb.PUBLISH, by=None, at=at)
    written = time.perf_counter() - start
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    shelf()
    shelved = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    asked = [
        "",
        *(f"q={word}" for word in ("conseil filmé", "numérique", "aînés", "cantine", "données ouvertes")),
        "enjeu=education",
        "niveau=5",
        "population=moins-de-500&annee=2024",
        "q=habitants&enjeu=vie-quotidienne&region=28",
        *(f"service={one.slug}&q={one.name.fr.split()[0]}" for one in services[:30]),
    ]
    find(question_of(QueryDict("q=x")))
    times = []
    for number in range(QUESTIONS):
        start = time.perf_counter()
        shown(find(question_of(QueryDict(asked[number % len(asked)]))).ids)
        times.append(time.perf_counter() - start)
    times.sort()
    ids = shelf().ids[:100].tolist()
    start = time.perf_counter()
    for id in ids:
        alike(int(id))
    print(
        json.dumps(
            {
                "written per second (write, submit, publish, index)": f"{INITIATIVES / written:,.0f}",
                "shelf built": f"{shelved:.2f} s, {memory / 1024:.0f} MB",
                "search, facets and page": f"p50 {1000 * times[len(times) // 2]:.1f} ms, "
                f"p95 {1000 * times[int(0.95 * len(times))]:.1f} ms (budget 50)",
                "similar initiatives": f"{1000 * (time.perf_counter() - start) / len(ids):.1f} ms",
            }
        )
    )


if __name__ == "__main__":
    main()
