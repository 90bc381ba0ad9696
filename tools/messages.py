"""Translations without GNU gettext: `extract` new messages, `compile` them, `missing` lists what has no English or two.

Messages are written in French; each app keeps its English in `locale/en/LC_MESSAGES/django.po`.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
APPS = sorted(path.parent for path in (ROOT / "src" / "arobase").glob("*/__init__.py"))
KEYWORDS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def catalogue_path(app: Path) -> Path:
    return app / "locale" / "en" / "LC_MESSAGES" / "django.po"


def messages_of(app: Path) -> Iterator[tuple[str, int, Any, Any]]:
    """File, line, keyword's message(s) and context of each translatable text of an app."""
    for path in sorted([*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt"), *app.rglob("*.svg")]):
        if "static" in path.relative_to(app).parts or "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        # A template's indentation means nothing to the reader of Python that follows.
        code = text if path.suffix == ".py" else re.sub(r"(?m)^[ \t]+", "", templatize(text))
        for line, function, found, _comments in extract_python(
            io.BytesIO(code.encode()), list(KEYWORDS), [], {"encoding": "utf-8"}
        ):
            parts = found if isinstance(found, tuple) else (found,)
            if not parts[0]:
                continue
            context = parts[0] if function.startswith(("pgettext", "npgettext")) else None
            texts = [part for part in (parts[1:] if context else parts) if part]
            plural = "ngettext" in function or function.startswith("npgettext")
            yield str(path.relative_to(app)), line, tuple(texts[:2]) if plural else texts[0], context


def read(app: Path) -> Catalog:
    path = catalogue_path(app)
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def extract() -> None:
    """Add new messages to the catalogues and drop those no longer used; translations are kept."""
    for app in APPS:
        old, fresh = read(app), Catalog(locale="en", fuzzy=False, charset="utf-8")
        fresh.creation_date = old.creation_date  # a date alone is no change
        for file, _line, message, context in messages_of(app):
            known = old.get(message[0] if isinstance(message, tuple) else message, context)
            fresh.add(message, known.string if known else None, locations=[(file, None)], context=context)
        if not len(fresh):
            continue
        path = catalogue_path(app)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, width=120, sort_by_file=True, omit_header=False, include_lineno=False)


def missing() -> list[str]:
    """Each message that has no English yet, as `app/file: message`."""
    lines = []
    for app in APPS:
        catalogue = read(app)
        for file, line, message, context in messages_of(app):
            known = catalogue.get(message[0] if isinstance(message, tuple) else message, context)
            strings = known.string if known is not None else ""
            if not all(strings if isinstance(strings, tuple) else (strings,)):
                lines.append(f"{app.name}/{file}:{line}: {message}")
    return lines


def ambiguous() -> list[str]:
    """Each message to which two apps give different English: Django knows only one of them (give it a context)."""
    known: dict[tuple[Any, Any], set[Any]] = {}
    for app in APPS:
        for message in read(app):
            known.setdefault((message.context, message.id), set()).add(message.string)
    return [f"{name}: {', '.join(map(str, found))}" for (_, name), found in known.items() if name and len(found) > 1]


def compile_all() -> None:
    for app in APPS:
        if catalogue_path(app).exists():
            with catalogue_path(app).with_suffix(".mo").open("wb") as file:
                write_mo(file, read(app))


def main(verb: str) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    if verb == "extract":
        extract()
    elif verb == "compile":
        compile_all()
    elif verb == "missing":
        lines = missing() + ambiguous()
        print("\n".join(lines) or "Every message has its English.")
        return bool(lines)
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
