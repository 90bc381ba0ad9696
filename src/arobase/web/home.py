"""The home folder made ready: every command works on an empty AROBASE_HOME, whichever comes first."""

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from filelock import FileLock


def prepare_home() -> None:
    """Create the folders and apply the migrations that are missing; one process at a time on one machine."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    if not _migrations_are_missing():
        return
    with FileLock(settings.HOME / "migrate.lock"):
        if _migrations_are_missing():
            call_command("migrate", interactive=False, verbosity=0)


def _migrations_are_missing() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
