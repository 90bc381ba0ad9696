"""What every test stands on: a home of its own, never the developer's."""

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.test import override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

HOME = Path(tempfile.mkdtemp(prefix="arobase-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["AROBASE_HOME"] = str(HOME)
os.environ.setdefault("AROBASE_OFFICIAL_SOURCES", "0")
# Tests start `arobase` a hundred times: where compiled modules are not kept, each start compiles them all, for 2 s.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# pytest-django reads the settings before this file: what they took from the developer's home is set right here.
settings.HOME = HOME
settings.STATIC_ROOT = HOME / "static"
settings.STATIC_ROOT.mkdir()
settings.MEDIA_ROOT = HOME / "media"
# A third of a second for each of a thousand people; browser tests sign in with what the product hashes.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.OFFICIAL_SOURCES = os.environ["AROBASE_OFFICIAL_SOURCES"] == "1"
# In a file, as the product's: in memory, a thread that reads a table while another writes it is refused at once.
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(HOME / "test.sqlite3")

hypothesis.settings.register_profile("house", deadline=None)  # no test asserts how fast a busy machine is
hypothesis.settings.load_profile("house")

ROOT = Path(__file__).resolve().parents[1]
# What is kept in memory under a mark of the data it was read from, and how it is forgotten. A database that was rolled
# back gives its next rows the same numbers, and tests the same dates: the mark of another test's data may be the same.
KEPT = {
    "arobase.territories.queries.gazetteer": "forget",
    "arobase.observatory.queries.dependence": "forget",
    "arobase.atlas.queries.dynamics": "_shares_at.cache_clear",
    "arobase.label.queries.awards": "_territories_by_level.cache_clear",
    "arobase.label.queries.places": "_gazetteer.cache_clear",
    "arobase.label.queries.statistics": "_enjeux.cache_clear",
    "arobase.label.sources.badges": "_status_list.cache_clear",
}
DATABASE = {"db", "transactional_db", "django_db_setup"}  # pytest-django's


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what uses the database: the rest was tried on SQLite and cannot know the difference."""
    if connection.vendor == "sqlite":
        return
    uses = [one for one in items if one.get_closest_marker("django_db") or DATABASE & set(one.fixturenames)]
    config.hook.pytest_deselected(items=[one for one in items if one not in uses])
    items[:] = uses


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Static files under their own names: hashed ones are made by `arobase serve`, and read in browser tests."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(autouse=True)
def nothing_read_by_another_test() -> Iterator[None]:
    """What a process keeps of its database belongs to the test that wrote it there."""
    yield
    for name, forget in KEPT.items():
        if module := sys.modules.get(name):
            attrgetter(forget)(module)()
    caches["process"].clear()


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    """A test that read a page in English leaves no English behind."""
    with translation.override("fr"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Ends the sessions of threads that tests began, which would keep PostgreSQL from dropping its database."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
