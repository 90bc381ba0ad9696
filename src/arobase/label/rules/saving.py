"""Saves of one field: never overtaken by an older one, never written over what someone else wrote in between."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """What a field holds.

    version    grows by one with each change; 0 while nothing was ever written
    client     the open page that wrote it last; empty when none did
    sequence   that page's own number of the save, growing
    """

    value: str = ""
    version: int = 0
    client: str = ""
    sequence: int = 0


@dataclass(frozen=True)
class Save:
    """What an open page wants a field to hold; `base` is the version that it had read or written last."""

    value: str
    base: int
    client: str
    sequence: int


class Overtaken(ValueError):
    """A later save of the same page came first: this one says nothing any more."""


class WrittenMeanwhile(ValueError):
    """Someone else wrote something else since; carries what stands now."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(f"The field is at version {kept.version}.")
        self.kept = kept


def saved(kept: Kept, save: Save) -> Kept:
    """What the field holds after a save. The same save again changes nothing.

    Raises   Overtaken; WrittenMeanwhile, unless both wrote the same.
    """
    if save.client == kept.client and save.sequence <= kept.sequence:
        if save.sequence == kept.sequence and save.value == kept.value:
            return kept
        raise Overtaken
    if save.value == kept.value:
        return kept
    if save.base != kept.version and save.client != kept.client:
        raise WrittenMeanwhile(kept)
    return Kept(save.value, kept.version + 1, save.client, save.sequence)
