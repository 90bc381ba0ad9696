"""The Chromium of this machine: none comes with the product."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")


class NoChromium(LookupError):
    """There is no Chromium where one was looked for; carries the setting's value."""


def find_chromium(named: str = "") -> str | None:
    """The browser that a setting names, else the first found on PATH; None when there is none.

    A named one that does not exist is none: another is not taken in its stead.
    """
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def chromium(named: str = "") -> str:
    """Likewise. Raises NoChromium."""
    if found := find_chromium(named):
        return found
    raise NoChromium(named)
