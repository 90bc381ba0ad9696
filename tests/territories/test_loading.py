"""`arobase data`: one department loaded from the locked packages, again, changed, damaged, killed, by two at once."""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, and handed on as an argument

import pytest
from click.testing import CliRunner
from django.db import OperationalError

from arobase.registry.registers import data_sources
from arobase.territories.cli import data
from arobase.territories.models import BaseLayer, Contour, Kind, SourceState, Succession, Territory
from arobase.territories.queries.outlines import neighbours, outlines
from arobase.territories.queries.reference import is_loaded, status
from arobase.territories.rules.projection import CANVAS
from arobase.territories.sources import official as layer_2
from arobase.territories.sources.official import Source

AROBASE = Path(sys.executable).with_name("arobase")
GROUND = ["code", "movements", "contours", "parts", "outlines", "town_halls", "points"]
LOZERE = 152  # communes of department 48 in 2026: npm @etalab/decoupage-administratif 6.0.0
MOVED = """MOD,DATE_EFF,TYPECOM_AV,COM_AV,LIBELLE_AV,TYPECOM_AP,COM_AP,LIBELLE_AP
32,2016-01-01,COM,48033,Chambonas,COM,48095,Mende
10,1990-01-01,COM,48095,Mende-la-Vieille,COM,48095,Mende
"""


def run(*arguments, code=0):
    """`arobase data …`: its document, and what it told people."""
    result = CliRunner().invoke(data, [*arguments, "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout), result.stderr


def load(*names, code=0, departments=("48",)):
    chosen = [part for name in names or GROUND for part in ("--only", name)]
    limits = [part for name in departments for part in ("--department", name)]
    document, _told = run("load", *chosen, *limits, code=code)
    return {one["name"]: one for one in document["sources"]}


def a_mirror(folder, *, contours=None, movements=None):
    (folder / "territories").mkdir(parents=True, exist_ok=True)
    if contours is not None:
        (folder / "territories/communes.geojsonl.gz").write_bytes(contours)
    if movements is not None:
        (folder / "territories/mvtcommune.csv").write_text(movements, encoding="utf-8")
    return folder


def squares(codes):
    """A contour a commune, one beside the other, as lines of GeoJSON."""
    lines = []
    for place, code in enumerate(codes):
        west, south = 3 + place % 13 * 0.05, 44.2 + place // 13 * 0.05
        east, north = west + 0.05, south + 0.05
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [[[round(x, 5), round(y, 5)] for x, y in ring]]}
        lines.append(json.dumps({"type": "Feature", "properties": {"code": code}, "geometry": geometry}))
    return gzip.compress("\n".join(lines).encode(), mtime=0)


@pytest.fixture
def without_mirror(settings, db, tmp_path):
    settings.DATA_MIRROR, settings.OFFICIAL_SOURCES, settings.HOME = None, False, tmp_path
    return settings


@pytest.fixture
def lozere(without_mirror):
    load("code")
    return without_mirror


def codes():
    communes = Territory.objects.filter(kind=Kind.COMMUNE, valid_to=None).order_by("code")
    return list(communes.values_list("code", flat=True))


def test_one_department_loads_from_the_locked_packages_alone(without_mirror):
    found = load()

    assert [one["layer"] for one in found.values()] == [3, None, 3, 3, 3, 3, 3]
    assert len(codes()) == LOZERE
    assert Contour.objects.filter(territory__kind=Kind.COMMUNE).count() == LOZERE
    mende = Territory.objects.get(pk="commune:48095")
    assert (mende.name, mende.department_id, mende.region_id) == ("Mende", "department:48", "region:76")
    assert mende.west < mende.lon < mende.east
    assert mende.hall_lon is not None
    assert mende.former_region_id == "former-region:91"
    (lozere,) = outlines(Kind.DEPARTMENT)
    assert lozere.name == "Lozère"
    x, y = lozere.path[1:].split("v")[0].split("l")[0].split("h")[0].split(" ")[:2]
    assert 0 < float(x) < CANVAS[0]
    assert 0 < float(y) < CANVAS[1]
    assert {"Belgium", "Spain"} <= {one["properties"]["name"] for one in neighbours()["features"]}
    assert is_loaded()


def test_second_load_changes_nothing(without_mirror):
    load()

    for name, one in load().items():
        assert sum(one["changes"].values()) == 0, name
    assert BaseLayer.objects.count() == 1
    assert SourceState.objects.get(name="outlines").changes == {"added": 0, "changed": 0, "removed": 0}


def test_movements_date_the_links_and_are_not_undone_by_the_code(lozere, tmp_path):
    lozere.DATA_MIRROR = a_mirror(tmp_path / "mirror", movements=MOVED)

    assert load("movements")["movements"]["changes"]["added"] == 2
    load("code")

    names = Succession.objects.filter(on__isnull=False, former_kind=Kind.COMMUNE)
    assert sorted(names.values_list("former_name", "event")) == [
        ("Chambonas", "merged"),
        ("Mende-la-Vieille", "renamed"),
    ]
    assert sum(load("movements")["movements"]["changes"].values()) == 0


def test_missing_movements_say_which_command_completes_them(lozere):
    assert "arobase data load --only movements" in load("movements")["movements"]["note"]


def test_contours_of_an_older_vintage_are_dissolved_into_the_commune_of_today(lozere, tmp_path):
    link = Succession.objects.filter(former_kind=Kind.COMMUNE).first()
    heir = link.successor.code
    neighbours_before = [link.former_code, heir]
    lozere.DATA_MIRROR = a_mirror(tmp_path / "mirror", contours=squares(neighbours_before))

    assert load("contours")["contours"]["layer"] == 1

    commune = Territory.objects.get(pk=link.successor_id)
    assert commune.east - commune.west == pytest.approx(0.1)


def test_commune_that_the_code_no_longer_names_ends(lozere):
    Territory.objects.create(
        pk="commune:48999", kind=Kind.COMMUNE, code="48999", name="Ys", department_id="department:48"
    )

    assert load("code")["code"]["changes"]["removed"] == 1

    assert Territory.objects.get(pk="commune:48999").valid_to is not None
    assert load("code")["code"]["changes"]["removed"] == 0


def test_partial_load_leaves_other_departments_alone(lozere):
    load("code", departments=["2A"])

    assert len(codes()) > LOZERE


def test_unknown_department_is_refused(without_mirror):
    assert "99" in load("code", departments=["99"], code=1)["code"]["error"]
    assert Territory.objects.count() == 0


def test_unknown_source_is_refused(db):
    document, _told = run("load", "--only", "weather", code=2)

    assert "weather" in document["error"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"\x1f\x8b broken",
        lambda content: gzip.compress(gzip.decompress(content)[:-40]),
        lambda content: gzip.compress(b'{"type": "Feature", "properties": {}, "geometry": null}'),
        lambda content: gzip.compress(b"\xff\xfe"),
        lambda content: gzip.compress(b""),
    ],
    ids=["truncated", "not gzip", "broken JSON", "no geometry", "not UTF-8", "empty"],
)
def test_damaged_file_of_the_mirror_is_an_error_that_names_it(lozere, tmp_path, damage):
    content = squares(codes())
    lozere.DATA_MIRROR = a_mirror(tmp_path / "mirror", contours=content)
    load("contours")
    before = sorted(Contour.objects.filter(territory__kind=Kind.COMMUNE).values_list())
    a_mirror(tmp_path / "mirror", contours=damage(content))

    failed = load("contours", "points", code=1)

    assert "communes.geojsonl.gz" in failed["contours"]["error"]
    assert "contours" in failed["points"]["error"]
    assert sorted(Contour.objects.filter(territory__kind=Kind.COMMUNE).values_list()) == before
    assert status("contours").layer == 1


def test_full_disk_is_named_and_changes_nothing(lozere, monkeypatch):
    def full(_request):
        raise OperationalError("database or disk is full")

    source = data_sources["parts"]
    monkeypatch.setitem(data_sources._offers, "parts", type(source)(source.name, "", "", full))

    failed = load("parts", code=1)

    assert str(lozere.HOME) in failed["parts"]["error"]


def test_status_before_anything_is_loaded(db):
    document, told = run("status")

    assert [one["name"] for one in document["sources"]][: len(GROUND)] == GROUND
    assert {one["layer"] for one in document["sources"]} == {None}
    assert told == ""
    assert "arobase data load" in CliRunner().invoke(data, ["status"]).stderr


def test_status_says_layer_version_and_licence(lozere):
    document, _told = run("status")
    code = document["sources"][0]

    assert (code["name"], code["layer"]) == ("code", 3)
    assert "COG" in code["version"]
    assert "Licence Ouverte" in code["licence"]
    assert "48" in code["note"]


def test_what_was_loaded_stays_on_record_when_its_layer_is_gone(lozere, tmp_path):
    lozere.DATA_MIRROR = a_mirror(tmp_path / "mirror", movements=MOVED)
    load("movements")
    lozere.DATA_MIRROR = None

    load("movements")

    assert status("movements").layer == 1


@pytest.fixture
def publisher(lozere, tmp_path, monkeypatch):
    """A real server with the two official files; the lock file names it."""
    folder = a_mirror(tmp_path / "published", movements=MOVED) / "territories"
    lines = gzip.decompress(squares(codes())).decode().splitlines()
    collection = {"type": "FeatureCollection", "features": [json.loads(line) for line in lines]}
    (folder / "communes.geojson.gz").write_bytes(gzip.compress(json.dumps(collection).encode()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_port}"
    names = {"movements": "mvtcommune.csv", "contours": "communes.geojson.gz"}
    sources = {name: Source(name, f"{at}/{file}", file, "2025", "INSEE", "LO") for name, file in names.items()}
    monkeypatch.setattr(layer_2, "locked", lambda: sources)
    monkeypatch.setattr(layer_2, "_patience", layer_2.Patience(1))
    lozere.OFFICIAL_SOURCES = True
    yield server
    server.shutdown()
    server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments):
        pass


def test_official_publishers_serve_where_there_is_no_mirror(publisher):
    found = load("movements", "contours")

    assert [found[name]["layer"] for name in ("movements", "contours")] == [2, 2]
    assert found["contours"]["rows"] == LOZERE + 1
    assert Succession.objects.filter(former_name="Chambonas", on__isnull=False).exists()


def test_publisher_that_is_gone_leaves_the_next_layer_to_serve_and_is_named(publisher):
    publisher.shutdown()
    publisher.server_close()

    found = load("movements", "contours")

    assert [found[name]["layer"] for name in ("movements", "contours")] == [None, 3]
    assert "INSEE" in found["contours"]["note"]


# Processes of their own: on SQLite, whatever the database of the tests


def started(home, *arguments, mirror=None):
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {
        "AROBASE_HOME": str(home),
        "AROBASE_OFFICIAL_SOURCES": "0",
        "AROBASE_DATA_MIRROR": str(mirror or ""),
    }
    return subprocess.Popen(
        [AROBASE, "data", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finished(process):
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return json.loads(out), err


def digest(home):
    """All that a source of contours wrote, and the version it says; None before anything is there."""
    base = sqlite3.connect(home / "arobase.sqlite3")
    try:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "territories_contour" not in tables or "django_migrations" not in tables:
            return None
        rows = base.execute("SELECT territory_id, geometry, outline FROM territories_contour ORDER BY 1").fetchall()
        versions = base.execute("SELECT version FROM territories_sourcestate WHERE name = 'contours'").fetchall()
        communes = base.execute("SELECT count(*) FROM territories_territory WHERE kind = 'commune'").fetchone()[0]
        code = base.execute("SELECT count(*) FROM territories_sourcestate WHERE name = 'code'").fetchone()[0]
        assert bool(communes) == bool(code)
        assert bool(rows) == bool(versions)
        return hash((tuple(rows), tuple(versions)))
    finally:
        base.close()


def killed_again_and_again(home, mirrors, *, kills, limits, rng):
    """Loads that alternate between two layers are killed at random moments: each time, old or new data is whole."""
    wanted = ["load", "--json", *limits, "--only", "code", "--only", "contours"]
    whole, lasted = set(), 0.0
    for mirror in mirrors:
        began = time.monotonic()
        finished(started(home, *wanted, mirror=mirror))
        lasted = max(lasted, time.monotonic() - began)
        whole.add(digest(home))
    assert len(whole) == len(mirrors)
    for number in range(kills):
        process = started(home, *wanted, mirror=mirrors[number % len(mirrors)])
        time.sleep(rng.uniform(0.2, lasted * 1.1))
        process.kill()
        process.communicate()
        assert digest(home) in whole
        finished(started(home, "status", "--json"))
    for mirror in mirrors:
        finished(started(home, *wanted, mirror=mirror))
    assert digest(home) in whole


@pytest.mark.slow
def test_killed_loads_leave_old_or_new_data_whole(tmp_path):
    home = tmp_path / "a home with spaces"
    home.mkdir()
    limits = ["--department", "48"]
    finished(started(home, "load", "--json", *limits, "--only", "code"))
    base = sqlite3.connect(home / "arobase.sqlite3")
    known = [code for (code,) in base.execute("SELECT code FROM territories_territory WHERE kind = 'commune'")]
    base.close()
    mirror = a_mirror(tmp_path / "mirror", contours=squares(sorted(known)))

    killed_again_and_again(home, [mirror, None], kills=4, limits=limits, rng=Random(48))


@pytest.mark.slow
def test_killed_first_load_leaves_a_home_that_loads(tmp_path):
    rng = Random(7)
    for _kill in range(2):
        process = started(tmp_path, "load", "--json", "--department", "48", "--only", "contours")
        time.sleep(rng.uniform(0.3, 2.5))
        process.kill()
        process.communicate()
        if (tmp_path / "arobase.sqlite3").exists():
            digest(tmp_path)

    document, _told = finished(started(tmp_path, "load", "--json", "--department", "48", "--only", "contours"))

    assert document["sources"][-1]["rows"] == LOZERE + 1


@pytest.mark.soak
def test_twenty_kills_over_all_of_france(tmp_path):
    given = os.environ.get("AROBASE_DATA_MIRROR")
    if not given:
        pytest.skip("needs AROBASE_DATA_MIRROR: two layers to alternate between")

    killed_again_and_again(tmp_path, [given, None], kills=20, limits=[], rng=Random(20))


@pytest.mark.slow
def test_two_loaders_at_once_take_turns_and_say_so(tmp_path):
    finished(started(tmp_path, "status", "--json"))
    both = [started(tmp_path, "load", "--json", "--department", "48", "--only", "contours") for _one in range(2)]

    documents, told = zip(*(finished(process) for process in both), strict=True)

    changes = [sum(one["changes"].values()) for document in documents for one in document["sources"]]
    assert sorted(changes)[:2] == [0, 0] or len(changes) == 3
    assert sum("en cours" in sentence or "already" in sentence for sentence in told) == 1
    assert not (tmp_path / "loading.json").exists()
