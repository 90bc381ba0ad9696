"""Settings: safe by default, strict in production, each documented, a bad value refused by its name."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from conftest import ROOT
from serving import serving

AROBASE = Path(sys.executable).with_name("arobase")
SETTINGS = (ROOT / "src/arobase/project/settings.py").read_text(encoding="utf-8")
PRODUCTION = {"AROBASE_PRODUCTION": "1", "AROBASE_SITE_URL": "https://arobase.example.fr"}


def arobase(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AROBASE_", "DATABASE_"))}
    return subprocess.run(
        [AROBASE, *arguments],
        env={**inherited, "AROBASE_HOME": str(home), "AROBASE_LANG": "fr", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def shell(code: str, *, home: Path, **environment: str) -> str:
    done = arobase("manage", "shell", "--no-imports", "-c", code, home=home, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_production_settings_pass_djangos_own_check(tmp_path):
    done = arobase("manage", "check", "--deploy", "--fail-level", "WARNING", home=tmp_path, **PRODUCTION)

    assert done.returncode == 0, done.stderr


def test_production_answers_to_its_own_name_only(tmp_path):
    said = shell("from django.conf import settings; print(settings.ALLOWED_HOSTS)", home=tmp_path, **PRODUCTION)

    assert said == "['arobase.example.fr']"


def test_production_serves_over_tls_only(tmp_path):
    environment = {**os.environ, "AROBASE_HOME": str(tmp_path), "AROBASE_PRODUCTION": "1"}

    with serving(environment) as url:
        plain = httpx.get(f"{url}/comptes/connexion")
        secure = httpx.get(f"{url}/comptes/connexion", headers={"X-Forwarded-Proto": "https"})
        stranger = httpx.get(url, headers={"X-Forwarded-Proto": "https", "Host": "ailleurs.example"})

    assert (plain.status_code, plain.headers["Location"].partition("://")[0]) == (301, "https")
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]
    assert all("Secure" in cookie for cookie in secure.headers.get_list("Set-Cookie"))
    assert secure.headers.get_list("Set-Cookie") != []
    assert stranger.status_code == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AROBASE_DEBUG", "peut-être"),
        ("AROBASE_EMAIL_PORT", "99999"),
        ("AROBASE_EMAIL_PORT", "-1"),
        ("AROBASE_SESSION_HOURS", "longtemps"),
        ("AROBASE_SITE_URL", "arobase.example.fr"),
        ("AROBASE_ALLOWED_HOSTS", "https://arobase.example.fr"),
        ("AROBASE_ALLOWED_HOSTS", "*"),
        ("AROBASE_LOG_LEVEL", "bavard"),
        ("AROBASE_SIGN_IN_LIMIT", "souvent"),
        ("AROBASE_SECRET_KEY_FILE", "/nowhere/secret"),
        ("AROBASE_OIDC_URL", "pro connect"),
        ("DATABASE_URL", "mysql://camille:secret@host/name"),
        ("DATABASE_URL", "arobase.sqlite3"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(name, value, tmp_path):
    done = arobase("people", "list", home=tmp_path, **{name: value})

    assert done.returncode == 1
    assert re.match(rf"arobase: {name}=", done.stderr), done.stderr
    assert "secret@" not in done.stderr


def test_debug_is_refused_in_production(tmp_path):
    done = arobase("people", "list", home=tmp_path, AROBASE_DEBUG="1", **PRODUCTION)

    assert (done.returncode, done.stderr.partition("=")[0]) == (1, "arobase: AROBASE_DEBUG")


def test_an_identity_provider_needs_its_secret(tmp_path):
    done = arobase(
        "people", "list", home=tmp_path, AROBASE_OIDC_URL="https://sso.example.fr", AROBASE_OIDC_CLIENT_ID="a"
    )

    assert (done.returncode, done.stderr.partition("=")[0]) == (1, "arobase: AROBASE_OIDC_SECRET")


def test_a_secret_may_lie_in_a_file(tmp_path):
    (tmp_path / "key").write_text("une clé secrète\n", encoding="utf-8")

    said = shell(
        "from django.conf import settings; print(settings.SECRET_KEY)",
        home=tmp_path,
        AROBASE_SECRET_KEY_FILE=str(tmp_path / "key"),
    )

    assert said == "une clé secrète"


def test_the_secret_key_is_made_once_and_read_by_its_owner_only(tmp_path):
    code = "from django.conf import settings; print(settings.SECRET_KEY)"

    assert shell(code, home=tmp_path) == shell(code, home=tmp_path) == (tmp_path / "secret_key").read_text()
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_home_may_have_any_name(tmp_path):
    home = tmp_path / "à la maison, 100 % #1?"

    arobase("migrate", home=home)

    assert (home / "arobase.sqlite3").exists()


def test_sqlite_writes_ahead_and_waits_its_turn(tmp_path):
    code = """
from django.db import connection, transaction
with connection.cursor() as cursor:
    def pragma(name):
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]
    print(pragma("journal_mode"), pragma("busy_timeout"), pragma("synchronous"), pragma("foreign_keys"))
print(connection.settings_dict["OPTIONS"]["transaction_mode"])
"""

    assert shell(code, home=tmp_path).split() == ["wal", "20000", "1", "1", "IMMEDIATE"]


def test_a_reader_on_sqlite_does_not_wait_for_a_writer(tmp_path):
    arobase("migrate", home=tmp_path)
    writer = sqlite3.connect(tmp_path / "arobase.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    said = shell("from arobase.accounts.models import User; print(User.objects.count())", home=tmp_path)

    writer.close()
    assert said == "0"


def names_read() -> set[str]:
    """Each environment variable that settings.py reads."""
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))


def test_every_setting_is_documented_and_nothing_else():
    text = (ROOT / "docs/operate/settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([A-Z_]+)`", text, flags=re.MULTILINE))

    assert documented == names_read() | {"AROBASE_LANG"}


def test_only_settings_read_the_environment():
    allowed = {
        "project/settings.py",
        "project/environment.py",
        "project/cli.py",
        "project/asgi.py",
        "project/operate.py",
        "elections/sources/elex_worker.py",  # run by another Python, which has none of these settings
    }
    readers = {
        str(path.relative_to(ROOT / "src/arobase"))
        for path in (ROOT / "src/arobase").rglob("*.py")
        if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))
    }

    assert readers <= allowed
