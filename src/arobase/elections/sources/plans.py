"""An election night prepared in a file: JSON, every value checked, every problem named by its place."""

from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from arobase.elections.rules.plans import Plan


class UnreadablePlan(ValueError):
    """A file that is no plan; `problems` says where and what, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


_PLANS = TypeAdapter(with_config(ConfigDict(extra="forbid"))(Plan))


def read_plan(path: Path) -> Plan:
    """The plan of a JSON file whose names are those of `rules.plans.Plan`. Raises UnreadablePlan."""
    try:
        return _PLANS.validate_json(path.read_bytes())
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc'])) or '$'}: {one['msg']}" for one in error.errors()]
        raise UnreadablePlan(lines) from error
