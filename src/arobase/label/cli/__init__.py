"""The verbs of the label: `arobase laureates`, `arobase label`."""

from arobase.label.cli import assign, badge, calibrate, check, examples, simulate, tick  # noqa: F401 - verbs of `label`, added when imported
from arobase.label.cli.label import label
from arobase.label.cli.laureates import laureates

commands = [laureates, label]
