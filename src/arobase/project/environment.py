"""Typed readers of the environment: a bad value is refused by name, a secret may lie in a file (`NAME_FILE`)."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit


class BadSetting(ValueError):
    """A setting that cannot be used; the message names it and says what was expected."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r}: expected {expected}.")


def text(name: str, default: str = "") -> str:
    """The variable's value, else the content of the file that `NAME_FILE` names, else the default."""
    if (file := os.environ.get(f"{name}_FILE")) and name not in os.environ:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE", file, f"a readable file ({error.strerror})") from error
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off, empty. Anything else raises BadSetting."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise BadSetting(name, value, "1 or 0")


def number(name: str, default: int, *, at_most: int | None = None) -> int:
    """A whole number from 0 to `at_most`. Anything else raises BadSetting."""
    value = os.environ.get(name, str(default))
    if not (value.isascii() and value.isdigit()) or (at_most is not None and int(value) > at_most):
        raise BadSetting(name, value, "a whole number" if at_most is None else f"a whole number up to {at_most}")
    return int(value)


def names(name: str, default: list[str]) -> list[str]:
    """A list separated by commas."""
    value = os.environ.get(name)
    return default if value is None else [part.strip() for part in value.split(",") if part.strip()]


def choice(name: str, allowed: Sequence[str], default: str) -> str:
    """One of the allowed words. Anything else raises BadSetting."""
    value = text(name, default)
    if value not in allowed:
        raise BadSetting(name, value, f"one of {', '.join(allowed)}")
    return value


def hosts(name: str, default: list[str]) -> list[str]:
    """Host names separated by commas, without scheme, port or path. Anything else raises BadSetting."""
    values = names(name, default)
    for value in values:
        if "/" in value or re.search(r"(?<!:)[^:\]]:\d+$", value) or value == "*":
            raise BadSetting(name, value, "host names separated by commas, such as arobase.example.fr")
    return values


def address(name: str, default: str) -> str:
    """An http(s) address, without the last slash. Anything else raises BadSetting."""
    value = text(name, default).rstrip("/")
    if value and (not value.startswith(("https://", "http://")) or not urlsplit(value).hostname):
        raise BadSetting(name, value, "an address such as https://arobase.example.fr")
    return value


def zone(name: str) -> str:
    """A zone of names, without its last dot; empty where none is given. Anything else raises BadSetting."""
    value = text(name).strip().rstrip(".").lower()
    if value and not re.fullmatch(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})+", value):
        raise BadSetting(name, value, "a zone such as asn.cymru.com")
    return value


def host_of(url: str) -> str:
    """The host name of an address."""
    return urlsplit(url).hostname or ""


def required(name: str, *, because: str) -> str:
    """A value that must be given where another setting is; empty where that one is not set."""
    value = text(name)
    if text(because) and not value:
        raise BadSetting(name, value, f"a value, because {because} is set")
    return value


def rates(name: str, default: str) -> str:
    """Limits such as 10/m/ip,5/5m/key: so many in such a time per address or per account."""
    value = text(name, default)
    if not re.fullmatch(r"\d+/\d*[smhd]/(ip|key)(,\d+/\d*[smhd]/(ip|key))*", value):
        raise BadSetting(name, value, "limits such as 10/m/ip,5/5m/key")
    return value


def database(name: str, default: str) -> str:
    """The address of a PostgreSQL or SQLite database. Anything else raises BadSetting, without a password in it."""
    value = text(name) or default
    scheme = value.partition("://")[0]
    if "://" not in value or scheme not in {"postgres", "postgresql", "sqlite"}:
        raise BadSetting(name, f"{scheme}://…", "postgres://user:password@host:5432/name or sqlite:////path")
    return value


def folder(name: str) -> Path | None:
    """An absolute path; None where the variable is not set or empty."""
    value = os.environ.get(name)
    return Path(value).expanduser().resolve() if value else None
