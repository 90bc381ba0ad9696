"""Outlines of stations: a town's own GeoJSON, the State's of many communes, and files that are none."""

import gzip
import io
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from arobase.elections.cli import commands
from arobase.elections.rules.preparing import key_of
from arobase.elections.sources import outlines
from arobase.elections.sources.outlines import read_outlines, written_outlines
from arobase.web.files import UnreadableFile
from elections.nights import a_station, an_election

MIRROR = Path(os.environ["AROBASE_DATA_MIRROR"]) / "elections" if "AROBASE_DATA_MIRROR" in os.environ else None
SQUARE = {"type": "Polygon", "coordinates": [[[0, 49], [1, 49], [1, 50], [0, 49]]]}


def read(content: str | bytes, commune: str = "76351", **more):
    return read_outlines(
        io.BytesIO(content if isinstance(content, bytes) else content.encode()), commune=commune, **more
    )


def collection(*properties: dict[str, object], geometry: object = SQUARE, **more: object) -> str:
    features = [{"type": "Feature", "properties": one, "geometry": geometry} for one in properties]
    return json.dumps({"type": "FeatureCollection", "name": "bureaux", **more, "features": features})


def of_the_state(commune: str, station: str) -> dict[str, object]:
    """A station's properties in the « contours des bureaux de vote » of data.gouv.fr."""
    return {
        "codeDepartement": commune[:2],
        "codeCirconscription": f"{commune[:2]}01",
        "codeCommune": commune,
        "numeroBureauVote": station,
        "codeBureauVote": f"{commune}_{station}",
        "id_bv": f"{commune}_{station.lstrip('0')}",
    }


def test_outlines_are_read_and_written_again():
    kept = written_outlines({"1": SQUARE})

    assert read(kept) == {"1": SQUARE}


def test_of_the_states_file_the_communes_stations_are_taken():
    content = collection(of_the_state("76350", "0001"), of_the_state("76351", "0001"), of_the_state("76351", "0012"))

    assert set(read(content)) == {"1", "12"}
    assert set(read(gzip.compress(content.encode()))) == {"1", "12"}
    assert set(read(content.replace('": "', '":"').encode("utf-8-sig"), "76350")) == {"1"}


@pytest.mark.parametrize(
    ("properties", "keys"),
    [
        ({"codeBureauVote": "76351_0003"}, {"3"}),
        ({"numeroBureauVote": "0003", "codeCommune": 76351}, {"3"}),
        ({"bureau": "76351_0003"}, {"3"}),
        ({"bureau": 3}, {"3"}),
    ],
)
def test_a_station_is_named_by_any_of_its_properties(properties, keys):
    assert set(read(collection(properties))) == keys


def test_a_commune_whose_code_lost_its_zero_is_the_same():
    assert set(read(collection({"numeroBureauVote": 1, "codeCommune": 1004}), "01004")) == {"1"}


def test_what_another_communes_feature_holds_does_not_matter():
    elsewhere = {"properties": of_the_state("76350", "0001"), "geometry": {"type": "Point", "coordinates": [0, 49]}}
    content = json.loads(collection(of_the_state("76351", "0001")))
    content["features"].append(elsewhere)

    assert set(read(json.dumps(content))) == {"1"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (collection(of_the_state("76350", "0001")), "Aucun contour de la commune 76351 dans ce fichier"),
        (collection({"nom": "École"}), "codeBureauVote"),
        (collection(of_the_state("76351", "0001"))[:-40], "pas un GeoJSON"),
        (gzip.compress(collection(of_the_state("76351", "0001")).encode())[:-9], "pas un GeoJSON"),
    ],
)
def test_a_file_without_the_communes_outlines_says_so(content, said):
    with pytest.raises(UnreadableFile, match=said):
        read(content)


def test_a_page_reads_no_further_than_its_bound_and_names_the_command_that_does():
    content = gzip.compress(collection(*[of_the_state("76350", "0001")] * 20_000).encode())

    with pytest.raises(UnreadableFile, match="arobase elections outlines"):
        read(content, most=2 * 1024 * 1024)


def test_a_feature_without_end_is_read_no_further(monkeypatch):
    monkeypatch.setattr(outlines, "MOST_FEATURE", 10_000)
    monkeypatch.setattr(outlines, "CHUNK", 1_000)
    file = io.BytesIO(b'{"features": [' + b'{"a": [' * 1_000_000)

    with pytest.raises(UnreadableFile, match="pas un GeoJSON"):
        read_outlines(file, commune="76351")
    assert file.tell() < 100_000


@given(st.sets(st.integers(1, 9999), min_size=1, max_size=20), st.integers(1, 400), st.sampled_from([None, 1]))
def test_wherever_the_file_is_cut_into_pieces_all_its_features_are_read(stations, chunk, indent):
    content = json.loads(collection(*[of_the_state("76351", f"{one:04}") for one in stations]))
    before = outlines.CHUNK
    outlines.CHUNK = chunk
    try:
        found = read(json.dumps(content, indent=indent))
    finally:
        outlines.CHUNK = before

    assert found == {key_of(str(one)): SQUARE for one in stations}


@pytest.mark.django_db
def test_the_command_draws_the_stations_of_a_night_that_is_prepared(tmp_path):
    election = an_election(stations=3)
    path = tmp_path / "france.geojson"
    path.write_text(collection(*[of_the_state(commune, "0001") for commune in ("76350", "76351")], {"bureau": "3"}))

    done = CliRunner().invoke(commands[0], ["outlines", str(election.pk), str(path), "--json"])
    said = CliRunner().invoke(commands[0], ["outlines", str(election.pk), str(path)])

    assert json.loads(done.stdout) == {"election": election.pk, "outlined": 2, "missing": ["0002"]}
    assert said.stdout.splitlines() == ["Bureaux dessinés\u00a0: 2 sur 3.", "Sans contour\u00a0: 0002."]
    assert [a_station(election, code).outline for code in ("0001", "0002", "0003")] == [SQUARE, {}, SQUARE]


@pytest.mark.django_db
def test_the_command_refuses_another_communes_file_and_changes_nothing(tmp_path):
    election = an_election(stations=1)
    path = tmp_path / "other.geojson"
    path.write_text(collection(of_the_state("76350", "0001")))

    done = CliRunner().invoke(commands[0], ["outlines", str(election.pk), str(path)])

    assert done.exit_code == 1
    assert "76351" in done.stderr
    assert a_station(election, "0001").outline == {}


@pytest.mark.skipif(MIRROR is None or not MIRROR.exists(), reason="needs the mirror")
def test_the_mirrors_outlines_are_read_whole():
    assert MIRROR
    with (MIRROR / "toulouse_bureaux_contours.geojson").open("rb") as file:
        assert len(read_outlines(file, commune="31555")) == 276


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"features": []}',
        '{"features": [{"properties": {"bureau": "1"}, "geometry": {"type": "Point", "coordinates": [0, 1]}}]}',
        '{"features": [{"properties": {"bureau": "1"}, "geometry": {"type": "Polygon", "coordinates": [[[900, 1]]]}}]}',
        '{"features": [{"properties": {"bureau": "1"}, "geometry": {"type": "Polygon", "coordinates": [[[]]]}}]}',
        '{"features": [{"properties": {"bureau": "1"}, "geometry": {"type": "Polygon", "coordinates": '
        '[[["0", 1], ["1", 1], ["1", 2], ["0", 1]]]}}]}',
        '{"features": [{"properties": {"bureau": "1"}, "geometry": {"type": "Polygon", "coordinates": '
        "[[[NaN, 1], [1, 1], [1, 2], [NaN, 1]]]}}]}",
        '{"features": [{"properties": {}, "geometry": {"type": "Polygon", "coordinates": []}}]}',
    ],
)
def test_what_is_no_outline_is_refused(content):
    with pytest.raises(UnreadableFile):
        read(content)


@pytest.mark.parametrize(
    "drawn",
    [
        "[[[], [], [], []]]",
        '[[["1", "2"], ["1", "3"], ["2", "3"], ["1", "2"]]]',
        '[{"11": 1, "22": 2, "33": 3, "44": 4}]',
        "[[[true, 1], [1, 1], [2, 2], [1, 1]]]",
        "[[[NaN, 1], [1, 1], [2, 2], [1, 1]]]",
        "[" * 2000 + "]" * 2000,
    ],
)
def test_what_cannot_be_drawn_is_no_outline(drawn):
    told = '{"features": [{"properties": {"bureau": "1"}, "geometry": {"type": "Polygon", "coordinates": DRAWN}}]}'

    with pytest.raises(UnreadableFile):
        read(told.replace("DRAWN", drawn))
