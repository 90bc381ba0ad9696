"""The verbs of `arobase elections`."""

from arobase.elections.cli import backtest, project  # noqa: F401 - verbs of `elections`, added when imported
from arobase.elections.cli.elections import elections

commands = [elections]
