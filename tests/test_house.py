"""The house itself: every address has its audience and is in the list of pages, nothing lies about unused."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allauth
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from arobase.accounts.access import holders_of
from arobase.accounts.roles import Role
from builders import an_account
from conftest import ROOT
from elections.nights import an_election_of_that_number
from pages import PAGES, Page
from people import CAMILLE, PEOPLE, SACHA, Person

SOURCE = ROOT / "src" / "arobase"
CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TEMPLATES = sorted(path for path in SOURCE.glob("*/templates/**/*") if path.is_file())


def url_patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Each address of the product."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from url_patterns(pattern)
        else:
            yield pattern


def name_in_its_folder(template: Path) -> str:
    """`web/base.html` for src/arobase/web/templates/web/base.html."""
    return str(template.relative_to(SOURCE)).split("/templates/", 1)[1]


def test_every_view_says_whom_it_is_open_to():
    assert [str(pattern.pattern) for pattern in url_patterns() if not hasattr(pattern.callback, "audience")] == []


def test_every_address_has_a_name_and_is_in_the_list_of_pages():
    names = [pattern.name or f"unnamed: {pattern.pattern}" for pattern in url_patterns()]

    assert sorted(set(names) - {page.name for page in PAGES}) == []


def test_the_list_of_pages_holds_no_address_that_is_gone():
    names = {pattern.name for pattern in url_patterns()}

    assert [page.name for page in PAGES if page.name not in names and not page.name.startswith("/")] == []


def test_no_page_is_listed_twice():
    paths = [page.path for page in PAGES]

    assert sorted({path for path in paths if paths.count(path) > 1}) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "person", [None, *PEOPLE], ids=lambda person: person.role or "signed in" if person else "visitor"
)
def test_every_address_lets_in_its_audience_and_nobody_else(person: Person | None):
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(an_account(person))
    an_election_of_that_number(1)
    unexpected = []

    for page in PAGES:
        answer = client.post(page.path) if page.is_post else client.get(page.path)
        door = door_of(answer.status_code, answer.headers.get("Location", ""))
        if answer.status_code >= 500 or door != expected_door(page, person):
            unexpected.append((page.path, answer.status_code, door, expected_door(page, person)))
        if page.name == "account_logout" and person:
            assert answer.status_code == 200, "a mere link must not sign anybody out"

    assert unexpected == []


def door_of(status: int, location: str) -> str:
    """What happened at the door: `in`, `refused`, or `sign in first`."""
    if status == 403:
        return "refused"
    doors = ("/comptes/connexion?next=", "/elections/code?next=")
    return "sign in first" if status == 302 and location.startswith(doors) else "in"


def expected_door(page: Page, person: Person | None) -> str:
    """What should happen at the door, by the name of the view's audience and the person's role."""
    if page.audience == "anyone":
        return "in"
    if person is None:
        return "sign in first"
    return "in" if page.audience in {"signed in", person.role} else "refused"


@pytest.mark.django_db
def test_a_role_for_a_territory_opens_the_views_of_that_territory_only():
    camille, sacha = an_account(CAMILLE), an_account(SACHA)
    audience = holders_of(Role.AGENT, territory_argument="territory_id")

    admitted = {
        (user.name.split(",")[0], territory): audience.admits(user, territory_id=territory)
        for user in (camille, sacha)
        for territory in ("commune:76351", "commune:79202")
    }

    assert [who for who, is_in in admitted.items() if is_in] == [("Camille", "commune:76351")]


def test_no_template_is_unused():
    texts = {path: path.read_text(encoding="utf-8") for path in [*SOURCE.rglob("*.py"), *TEMPLATES]}
    allauths = Path(allauth.__file__).parent / "templates"
    unused = [
        name
        for template in TEMPLATES
        if not (allauths / (name := name_in_its_folder(template))).exists()
        and not any(name in text for path, text in texts.items() if path != template)
    ]

    assert unused == []


INLINE = {
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle="),
    "style element in HTML": re.compile(r"<style[\s>]"),
    "inline handler": re.compile(r"<[a-z][^>]*\son[a-z]+="),
    "inline script": re.compile(r"<script(?![^>]*(\ssrc=|application/(ld\+)?json))[^>]*>"),
    "request to a host": re.compile(r"<(?!a\b)[a-z]+[^>]*\s(?:src|href|action|srcset|poster)=\"(?:https?:)?//"),
}


@pytest.mark.parametrize("kind", INLINE)
def test_no_template_holds_what_the_content_policy_refuses(kind):
    pages = [path for path in TEMPLATES if path.suffix == ".html"]

    assert [name_in_its_folder(path) for path in pages if INLINE[kind].search(path.read_text(encoding="utf-8"))] == []


def test_scripts_and_styles_name_no_host():
    hosts = re.compile(r"""(?:url\(|@import|fetch\(|import\()\s*["']?(?:https?:)?//""")
    sources = [path for suffix in ("ts", "css") for path in (ROOT / "frontend/src").rglob(f"*.{suffix}")]

    assert [path.name for path in sources if hosts.search(path.read_text(encoding="utf-8"))] == []


def capabilities() -> list[str]:
    """The folders of the house that have rooms."""
    return sorted(path.parent.name for path in SOURCE.glob("*/rules"))


def test_every_capability_stands_in_the_import_contracts():
    layers, rooms, rules = CONFIGURATION["tool"]["importlinter"]["contracts"][:3]
    layered = {name.strip() for layer in layers["layers"] for name in layer.split(":")}

    assert {path.parent.name for path in SOURCE.glob("*/__init__.py")} == {name.split(".")[1] for name in layered}
    assert sorted(rooms["containers"]) == [f"arobase.{name}" for name in capabilities()]
    assert sorted(rules["source_modules"]) == [f"arobase.{name}.rules" for name in capabilities()]


def public_definitions(module: ast.Module) -> Iterator[Any]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


RULES = sorted(path for path in SOURCE.glob("*/rules/**/*.py") if path.stat().st_size)


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_rule_says_what_it_is(path):
    module = ast.parse(path.read_text(encoding="utf-8"))

    assert ast.get_docstring(module)
    assert [node.name for node in public_definitions(module) if not ast.get_docstring(node)] == []


@pytest.mark.django_db
def test_the_migrations_are_what_the_models_say():
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)


def test_no_text_names_a_machine_or_a_registry():
    hidden = re.compile(r"/(?:work|root|tmp)/|pypi\.org/simple|registry\.npmjs|\"resolved\":")
    texts = [*ROOT.glob("*.*"), *ROOT.glob("docs/**/*.md"), *SOURCE.rglob("*.py"), *ROOT.glob("requirements/*")]
    read = {path: path.read_text(encoding="utf-8") for path in texts if path.is_file()}

    assert [str(path.relative_to(ROOT)) for path, text in read.items() if hidden.search(text)] == []
