"""Files of the mirror, of locked packages and of the cache, read so that whatever is wrong with them has a name."""

import csv
import gzip
import hashlib
import json
import lzma
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from arobase.territories.actions.loading import LoadFailed

CHUNK = 1 << 20
LARGEST_FIELD = 1 << 28
BOM = "\ufeff"


class BrokenFile(LoadFailed):
    """A file that is there but cannot be read whole: truncated, damaged, or not what it should be."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(
            _("%(path)s est illisible (%(problem)s). Rien n’a été chargé de ce fichier. Remplacez-le, puis relancez.")
            % {"path": path, "problem": problem}
        )
        self.path = path


class MissingPackage(LoadFailed):
    """A locked package is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Le paquet %s manque : lancez « make install ».") % name)


def mirror(path: str) -> Path | None:
    """A file of the mirror, if there is a mirror and it has the file."""
    if settings.DATA_MIRROR is None:
        return None
    found: Path = settings.DATA_MIRROR / path
    return found if found.is_file() else None


def mirror_version(path: Path) -> str:
    """The vintage that the README beside a file of the mirror names, and the beginning of the file's SHA-256."""
    readme = path.parent / "README.md"
    said = re.search(r"\((COG \d{4})\)", readme.read_text(encoding="utf-8")) if readme.is_file() else None
    return f"{said[1]}, {sha256(path)[:10]}" if said else sha256(path)[:10]


def npm(name: str, path: str) -> Path | None:
    """A file of an npm package, if it is installed."""
    found: Path = settings.PACKAGES / name / path
    return found if found.is_file() else None


def npm_version(name: str) -> str:
    return str(read_json(settings.PACKAGES / name / "package.json")["version"])


def wheel(name: str, path: str) -> tuple[Path, str] | None:
    """A file of a Python distribution, never imported, and the distribution's version; None if not installed."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    file = Path(str(found.locate_file(path)))
    return (file, found.version) if file.is_file() else None


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def read_json(path: Path) -> Any:
    """A whole JSON file. Raises BrokenFile."""
    with named(path):
        return orjson.loads(path.read_bytes())


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Turn what a damaged file raises into BrokenFile."""
    try:
        yield
    except EOFError as error:
        raise BrokenFile(path, _("fichier tronqué")) from error
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError) as error:
        raise BrokenFile(path, _("compression abîmée : %s") % error) from error
    except UnicodeDecodeError as error:
        raise BrokenFile(path, _("ce n’est pas de l’UTF-8, octet %s") % error.start) from error
    except json.JSONDecodeError as error:
        raise BrokenFile(
            path, _("JSON mal formé, ligne %(line)s : %(why)s") % {"line": error.lineno, "why": error.msg}
        ) from error
    except csv.Error as error:
        raise BrokenFile(path, _("CSV mal formé : %s") % error) from error
    except KeyError as error:
        raise BrokenFile(path, _("il manque « %s »") % error.args[0]) from error


def _open(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]  # a binary file for our purposes
    if path.suffix == ".lzma":
        return lzma.open(path, "rb")
    return path.open("rb")


def csv_rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a CSV file, compressed or not, UTF-8 with or without a byte order mark. Raises BrokenFile."""
    csv.field_size_limit(LARGEST_FIELD)
    with named(path), _open(path) as file, TextIOWrapper(file, "utf-8-sig", newline="") as text:
        yield from csv.DictReader(text)


Feature = tuple[dict[str, Any], bytes]


def features(path: Path) -> Iterator[Feature]:
    """Features of a GeoJSON file, one a line or as a FeatureCollection: properties, and the geometry as JSON.

    Read as a stream: a file of a hundred megabytes takes no more memory than its largest feature. Raises BrokenFile.
    """
    lines = path.name.removesuffix(".gz").endswith("l")
    with named(path), _open(path) as file, TextIOWrapper(file, "utf-8-sig") as text:
        yield from (_feature_lines(text, path) if lines else _feature_collection(text, path))


def _feature_lines(text: TextIOWrapper, path: Path) -> Iterator[Feature]:
    for number, line in enumerate(text, 1):
        try:
            feature = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            problem = _("JSON mal formé, ligne %(line)s : %(why)s") % {"line": number, "why": error.msg}
            raise BrokenFile(path, problem) from error
        yield feature["properties"], orjson.dumps(feature["geometry"])


_BETWEEN = re.compile(r"[\s,]*")


def _feature_collection(text: TextIOWrapper, path: Path) -> Iterator[Feature]:
    pending = text.read(CHUNK)
    start = re.search(r'"features"\s*:\s*\[', pending)
    if start is None:
        raise BrokenFile(path, _("ce n’est pas une FeatureCollection"))
    decoder, position = json.JSONDecoder(), start.end()
    while True:
        position = _BETWEEN.match(pending, position).end()  # type: ignore[union-attr]  # matches the empty text too
        if pending[position : position + 1] == "]":
            return
        try:
            feature, position = decoder.raw_decode(pending, position)
        except json.JSONDecodeError:
            more = text.read(max(CHUNK, len(pending) - position))
            if not more:
                raise BrokenFile(path, _("fichier tronqué")) from None
            pending, position = pending[position:] + more, 0
            continue
        yield feature["properties"], orjson.dumps(feature["geometry"])
