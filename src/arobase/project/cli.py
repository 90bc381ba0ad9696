"""The `arobase` command: sets Django up, makes the home ready, and gathers the verbs of every capability."""

import importlib
import os
import sys
from pathlib import Path

import click
import django
from django.utils import translation


def _language() -> str:
    """English where the terminal speaks English, else French."""
    wanted = os.environ.get("AROBASE_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "fr"
    return "en" if wanted.lower().startswith("en") else "fr"


def build() -> click.Group:
    """The whole command line; each installed capability brings its verbs in `cli.commands`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
    django.setup()
    translation.activate(_language())
    from django.apps import apps  # app ready
    from django.utils.translation import gettext as _  # app ready

    group = click.Group(
        "arobase",
        help=_(
            "Arobase : la plateforme libre des territoires numériques. Chaque verbe a son aide : arobase VERBE --help."
        ),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    for config in apps.get_app_configs():
        room = Path(config.path) / "cli"
        if config.name.startswith("arobase.") and (room.with_suffix(".py").exists() or room.is_dir()):
            for command in importlib.import_module(f"{config.name}.cli").commands:
                group.add_command(command)
    for module in ("operate", "demo"):
        for command in importlib.import_module(f"arobase.project.{module}").commands:
            group.add_command(command)
    return group


def main() -> None:
    """Entry point of the `arobase` script."""
    from arobase.project.environment import BadSetting

    try:
        group = build()
    except BadSetting as error:
        sys.exit(f"arobase: {error}")
    group(prog_name="arobase")
