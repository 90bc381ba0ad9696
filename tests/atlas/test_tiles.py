"""The tiles: built by the real tippecanoe from one department, and answered by ranges."""

import json

import pytest
from click.testing import CliRunner

from arobase.atlas.queries.tiles import current
from arobase.atlas.sources import tiles as source
from arobase.atlas.sources.tiles import TilesFailed
from arobase.territories.cli import data
from builders import a_commune, a_contour

pytestmark = pytest.mark.django_db
SQUARE = ((0.1, 49.4), (0.3, 49.4), (0.3, 49.6), (0.1, 49.6), (0.1, 49.4))


@pytest.fixture
def ground(settings, tmp_path):
    settings.HOME, settings.DATA_MIRROR = tmp_path, None
    from arobase.territories.models import SourceState  # app ready

    a_contour(a_commune(lon=0.2, lat=49.5, population=166_687), *SQUARE)
    facts = {"layer": 3, "version": "1", "licence": "", "rows": 1, "seconds": 0, "loaded_at": "2026-01-01T00:00Z"}
    for name in ("code", "contours", "outlines", "points"):
        SourceState.objects.create(name=name, **facts)


def build(code=0):
    result = CliRunner().invoke(data, ["load", "--only", "tiles", "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)["sources"][-1]


def test_tiles_are_built_and_served_by_ranges(ground, client):
    build()
    address = f"/tuiles/{current().name}.pmtiles"
    size = current().size_bytes

    head = client.get(address, headers={"range": "bytes=0-6"})
    tail = client.get(address, headers={"range": "bytes=-4"})

    assert (head.status_code, head.content) == (206, b"PMTiles")
    assert head["Content-Range"] == f"bytes 0-6/{size}"
    assert head["Content-Encoding"] == "identity"
    assert "immutable" in head["Cache-Control"]
    assert tail["Content-Range"] == f"bytes {size - 4}-{size - 1}/{size}"
    assert client.head(address)["Content-Length"] == str(size)


def test_a_second_build_changes_nothing(ground):
    build()
    before = current()

    again = build()

    assert (current(), again["changes"]) == (before, {})


def test_new_data_makes_new_tiles_and_keeps_the_old_for_maps_that_are_open(ground, client):
    from arobase.territories.models import SourceState  # app ready

    build()
    before = current()
    a_contour(a_commune("76476", "Port-Jérôme-sur-Seine"), *((lon + 0.3, lat) for lon, lat in SQUARE))
    SourceState.objects.filter(name="contours").update(version="2")

    build()

    assert current().name != before.name
    assert client.head(f"/tuiles/{before.name}.pmtiles").status_code == 200


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=5-2", "bytes=x", "lines=1-2", "bytes=0-1,4-5"])
def test_a_range_beyond_the_file_is_refused(ground, client, asked):
    build()

    answer = client.get(f"/tuiles/{current().name}.pmtiles", headers={"range": asked})

    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{current().size_bytes}")


def test_a_range_of_another_version_gives_the_whole(ground, client):
    build()

    answer = client.get(f"/tuiles/{current().name}.pmtiles", headers={"range": "bytes=0-6", "if-range": '"france-0"'})

    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["france-0", "..%2Farobase", "secret-key", "../secret_key"])
def test_no_other_file_is_served(ground, client, name):
    assert client.get(f"/tuiles/{name}.pmtiles").status_code == 404


def test_a_failing_build_leaves_the_tiles_of_before(ground, monkeypatch):
    build()
    before = current()

    def ends_badly(*_arguments):
        raise TilesFailed("disk")

    monkeypatch.setattr(source, "_tippecanoe", ends_badly)
    from arobase.territories.models import SourceState  # app ready

    SourceState.objects.filter(name="contours").update(version="2")
    build(code=1)

    assert current() == before
    assert list((source.path_of(before).parent).glob("building-*")) == []


def test_without_contours_it_says_so(settings, tmp_path, db):
    settings.HOME, settings.DATA_MIRROR = tmp_path, None
    from arobase.registry.registers import LoadRequest  # app ready

    loaded = source.load(LoadRequest(frozenset(), lambda *_told: None))

    assert (loaded.layer, bool(loaded.note)) == (None, True)
