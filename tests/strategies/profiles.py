"""Random profiles of a territory: some layers found, some looked for in vain, some unknown."""

from datetime import date

from hypothesis import strategies as st

from arobase.observatory.rules.profile import Held, Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.providers import Law

DAY = date(2026, 11, 23)
PROVIDERS = ["ovh", "outscale", "microsoft", "infomaniak", "self"]

holders = st.builds(Held, st.sampled_from(PROVIDERS), st.sampled_from(Law))
found = st.lists(holders, min_size=1, max_size=3).map(lambda some: LayerVerdict(State.FOUND, tuple(some)))
verdicts = st.one_of(found, st.just(LayerVerdict(State.NONE)), st.just(LayerVerdict(State.UNKNOWN)))
layers = st.dictionaries(st.sampled_from(Layer), verdicts)
sparse = layers.map(lambda told: Profile(DAY, told))
known_holders = st.builds(Held, st.sampled_from(PROVIDERS), st.sampled_from([one for one in Law if one != Law.UNKNOWN]))
known = st.lists(known_holders, min_size=1, max_size=2).map(lambda some: LayerVerdict(State.FOUND, tuple(some)))
# Every layer told: enough is known for a figure.
told_profiles = st.fixed_dictionaries({layer: known | st.just(LayerVerdict(State.NONE)) for layer in Layer}).map(
    lambda told: Profile(DAY, told)
)
profiles = sparse | told_profiles
