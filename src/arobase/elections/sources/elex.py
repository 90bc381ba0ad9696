"""elex-model, the Washington Post's projection, in an environment of its own: asked over standard input and output.

It projects from complete units, so that it is given the whole result of the stations that report, where the product
sees two bags of each. A unit's baseline is what the leader's namesake had there in the former election, else the
former choice that had most votes in town; votes are turned into a share by the valid votes of the whole town, which
it is told too.
"""

import contextlib
import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from arobase.elections.rules.projection.answers import Estimate
from arobase.elections.rules.projection.backtesting import Trial
from arobase.elections.rules.projection.scores import Mark
from arobase.elections.rules.projection.trials import TownPoll

WORKER = Path(__file__).with_name("elex_worker.py")


class ElexStopped(RuntimeError):
    """The other Python ended without an answer: elex-model is not installed there, or it crashed."""


class Elex:
    """A running elex-model.

    python   of an environment made by `make elex`
    """

    def __init__(self, python: Path) -> None:
        self._process = subprocess.Popen(
            [str(python), str(WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._process.stdin:
            # What a worker that ended did not read is still to be sent: closing tries that once more.
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process.wait(timeout=30)
        if self._process.stdout:
            self._process.stdout.close()

    def mark(self, trial: Trial) -> Mark | None:
        """What it says of the final leader's share; None where it refuses. Raises ElexStopped."""
        answer = self._asked({"units": units_of(trial)})
        if "refused" in answer:
            return None
        poll = trial.pair.poll
        valid = float(poll.votes.sum())
        share, low, high = (answer[name] / valid for name in ("votes", "low", "high"))
        return Mark(Estimate(share=share, intervals={90: (low, high)}), float(poll.shares[poll.leader]))

    def _asked(self, question: dict[str, Any]) -> dict[str, Any]:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise ElexStopped
        try:
            stdin.write(json.dumps(question) + "\n")
            stdin.flush()
        except BrokenPipeError as error:
            raise ElexStopped from error
        line = stdout.readline()
        if not line:
            raise ElexStopped
        found: dict[str, Any] = json.loads(line)
        return found


def units_of(trial: Trial) -> list[list[Any]]:
    """The stations as the worker reads them."""
    poll, former = trial.pair.poll, trial.pair.former
    votes, valid = poll.votes[:, poll.leader].tolist(), poll.votes.sum(axis=1).tolist()
    before = _baseline(former, poll) if former else {}
    return [
        [code, *before.get(code, (0, 0)), votes[place], valid[place], bool(trial.night.stations[place].bags)]
        for place, code in enumerate(poll.stations)
    ]


def _baseline(former: TownPoll, poll: TownPoll) -> dict[str, tuple[int, int]]:
    name = poll.choices[poll.leader]
    column = former.choices.index(name) if name in former.choices else former.leader
    valid = former.votes.sum(axis=1).tolist()
    return {code: (int(former.votes[place, column]), valid[place]) for place, code in enumerate(former.stations)}
