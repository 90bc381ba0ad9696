"""elex-model in an environment of its own, asked over standard input and output."""

from pathlib import Path

from arobase.elections.rules.projection.backtesting import Trial
from arobase.elections.rules.projection.scores import Mark


class Elex:
    def __init__(self, python: Path) -> None:
        self.python = python

    def mark(self, trial: Trial) -> Mark | None:
        raise NotImplementedError
