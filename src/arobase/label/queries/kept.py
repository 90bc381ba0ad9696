"""What was kept at each milestone, computed again."""

from collections.abc import Iterator
from dataclasses import dataclass

from arobase.initiatives.queries.referential import referential
from arobase.label.models import Snapshot
from arobase.label.queries.configuration.editions import configuration_of_revision
from arobase.label.rules.record import fingerprint, is_as_kept


@dataclass(frozen=True)
class Found:
    """A snapshot and what is wrong with it: its content is not what its fingerprint says, or its score is another."""

    snapshot: Snapshot
    is_altered: bool
    is_rescored: bool

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.is_altered and not self.is_rescored


def check_all(label_year: int | None = None) -> Iterator[Found]:
    """Compute every snapshot again, of one edition or (None) of all."""
    kept = Snapshot.objects.select_related("dossier__campaign", "dossier__territory").order_by("dossier", "at", "id")
    if label_year is not None:
        kept = kept.filter(dossier__campaign=label_year)
    for one in kept.iterator(chunk_size=200):
        scoring = configuration_of_revision(one.dossier.campaign, one.revision).scoring
        is_same = is_as_kept(one.content, score=one.score, referential=referential(), scoring=scoring)
        yield Found(one, is_altered=fingerprint(one.content) != one.fingerprint, is_rescored=not is_same)
