"""How well all of France is found, on queries made from its own names."""

import numpy as np
import pytest

from arobase.territories.rules.search import SearchIndex
from strategies.perturbations import Rivals, communes_of_the_package, queries


@pytest.mark.slow
def test_nine_in_ten_perturbed_queries_find_the_commune_first():
    subjects = communes_of_the_package()
    index, rivals = SearchIndex(subjects), Rivals(subjects)
    asked = queries(subjects, each=20, rng=np.random.default_rng(2004))
    first = among_five = 0

    for typed in asked:
        ids = [hit.subject.id for hit in index.search(typed.query, limit=5)]
        fair = {typed.meant.id} if ids[:1] == [typed.meant.id] else {typed.meant.id, *rivals.of(typed)}
        first += bool(ids) and ids[0] in fair
        among_five += typed.meant.id in ids or (len(fair) > 5 and set(ids) <= fair)

    assert first / len(asked) >= 0.95
    assert among_five / len(asked) >= 0.95
