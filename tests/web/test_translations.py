"""French first, English complete: every message has its English, and no page speaks past the catalogues."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import messages
import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format, number_format

from arobase.web.dates import day
from conftest import ROOT

SOURCE = ROOT / "src" / "arobase"
TEMPLATES = sorted(path for kind in ("html", "svg") for path in SOURCE.glob(f"*/templates/**/*.{kind}"))
SAME_IN_EVERY_LANGUAGE = {
    *(
        "Arobase",
        "arobase data load",
        "CSV",
        "GeoJSON",
        "JSON",
        "Parquet",
        "GET",
        "SVG",
        "Atom",
        "km²",
        "English",
        "Français",
    )
}
SPOKEN_ATTRIBUTES = re.compile(r"\b(?:alt|aria-label|aria-description|title|placeholder|content)=\"([^\"]*)\"")
FRENCH = re.compile(r"[éèàùâêîôûçœÉÈÀ’«]")
SPEAKING_ROOMS = ("views", "actions", "queries", "cli", "templatetags", "api", "forms.py", "actions.py", "queries.py")
WORDS_OF_NAMES = {"la communauté", "la Communauté", "de la communauté", "de la Communauté"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def without_code(template: str) -> str:
    """What a template says itself: neither its tags and variables, nor its comments and translated blocks."""
    for code in (
        r"\{#.*?#\}",
        r"\{%\s*comment.*?endcomment\s*%\}",
        r"\{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%\}",
        r"\{%.*?%\}",
        r"\{\{.*?\}\}",
        r"<!--.*?-->",
        r"<(script|style|code)\b.*?</\1>",
    ):
        template = re.sub(code, "", template, flags=re.DOTALL)
    return unescape(template)


def untranslated(template: str) -> list[str]:
    """Visible words, or words that a screen reader says, which stand in the template as they are."""
    text = without_code(template)
    said = [
        *re.split(r"<[^>]*>", text),
        *SPOKEN_ATTRIBUTES.findall(re.sub(r"<meta\b(?![^>]*og:title)[^>]*>", "", text)),
    ]
    words = (re.sub(r"[\s·,.;:()→–|]+", " ", part).strip() for part in said)
    return [word for word in words if re.search(r"[^\W\d_]{2}", word) and word not in SAME_IN_EVERY_LANGUAGE]


def untranslated_strings(code: str) -> Iterator[str]:
    """French in a module's strings, but for its docstrings and what goes through gettext."""
    tree = ast.parse(code)
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
        elif (
            isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in messages.KEYWORDS
        ):
            passed.update(id(part) for part in ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield from [node.value] if FRENCH.search(node.value) and node.value not in WORDS_OF_NAMES else []


def test_every_message_has_its_english():
    assert messages.missing() == []


def test_english_keeps_the_variables_of_the_french():
    broken = []
    for app in messages.APPS:
        for message in messages.read(app):
            french = message.id if isinstance(message.id, tuple) else (message.id,)
            english = message.string if isinstance(message.string, tuple) else (message.string,)
            known = {name for text in french for name in PLACEHOLDER.findall(text)}
            known |= {re.sub(r"\((?:of|the|to)_", "(", name) for name in known}  # with its article in French only
            broken += [text for text in english if message.id and not set(PLACEHOLDER.findall(text)) <= known]

    assert broken == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)).split("/templates/")[1])
def test_no_template_speaks_past_the_catalogue(path: Path):
    assert untranslated(path.read_text(encoding="utf-8")) == []


def test_words_left_in_a_template_are_found():
    template = (
        """{% translate "Bien" %}<p>Bonjour {{ name }}</p>{# rien #}<img alt="Une carte" src="{% static "x" %}">"""
    )

    assert untranslated(template) == ["Bonjour", "Une carte"]


def test_no_module_speaks_past_the_catalogue():
    modules = [path for path in SOURCE.glob("*/**/*.py") if path.relative_to(SOURCE).parts[1] in SPEAKING_ROOMS]
    found = {str(path): list(untranslated_strings(path.read_text(encoding="utf-8"))) for path in modules}

    assert {path: strings for path, strings in found.items() if strings} == {}


def test_french_left_in_a_module_is_found():
    code = '"""Été."""\nyes = _("Déjà dit")\nno = "Resté là"'

    assert list(untranslated_strings(code)) == ["Resté là"]


def test_french_messages_are_set_as_a_printer_would():
    texts = {
        text
        for app in messages.APPS
        for _file, _line, message, _context in messages.messages_of(app)
        for text in (message if isinstance(message, tuple) else (message,))
    }

    assert sorted(text for text in texts if re.search(r"\w'\w| [;:!?»](?:\s|$)|« |\.\.\.", text)) == []


def test_a_new_message_is_found_in_code_and_templates(tmp_path: Path):
    (tmp_path / "views.py").write_text(
        'gettext("Du code")\nngettext("%(n)s ville", "%(n)s villes", 2)\n', encoding="utf-8"
    )
    (tmp_path / "page.html").write_text('<p>{% translate "De la page" %}</p>', encoding="utf-8")

    assert [message for _file, _line, message, _context in messages.messages_of(tmp_path)] == [
        "De la page",
        "Du code",
        ("%(n)s ville", "%(n)s villes"),
    ]


@pytest.mark.parametrize(("language", "heading"), [("fr", "Accessibilité"), ("en", "Accessibility")])
def test_a_page_says_which_language_it_speaks(language: str, heading: str):
    page = Client().get("/accessibilite", headers={"accept-language": language}).content.decode()

    assert f'<html lang="{language}">' in page
    assert f"<h1>{heading}</h1>" in page


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [("fr", "1er juillet 2026", "21 juillet 2026"), ("en", "1 July 2026", "21 July 2026")],
)
def test_a_day_is_written_in_one_form_and_the_first_of_a_month_is_an_ordinal_in_french(language, first, second):
    with translation.override(language):
        assert (day(date(2026, 7, 1)), day(date(2026, 7, 21))) == (first, second)


def test_a_moment_is_told_by_the_day_of_the_site():
    with translation.override("en"):
        assert day(datetime(2026, 7, 20, 23, tzinfo=UTC)) == "21 July 2026"  # one in the morning in Paris


def test_numbers_and_dates_follow_the_language():
    on = date(2026, 1, 29)
    written = {}
    for language in ("fr", "en"):
        with translation.override(language):
            written[language] = (number_format(34969, use_l10n=True, force_grouping=True), date_format(on))

    assert written == {"fr": ("34\xa0969", "29 janvier 2026"), "en": ("34,969", "29 January 2026")}
