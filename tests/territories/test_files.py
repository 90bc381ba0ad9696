"""GeoJSON read as a stream: a FeatureCollection of any layout, whole or refused."""

import gzip
import json

import pytest

from arobase.territories.sources import files
from arobase.territories.sources.files import BrokenFile, csv_rows, features

POINTS = [
    {
        "type": "Feature",
        "properties": {"code": f"{n:05}", "nom": 'Ys, "]}" '},
        "geometry": {"type": "Point", "coordinates": [n, 1]},
    }
    for n in range(50)
]
COLLECTION = {"type": "FeatureCollection", "features": POINTS}


def written(path, text):
    path.write_bytes(gzip.compress(text.encode()))
    return path


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("chunk", [7, 64, 1 << 20])
def test_feature_collection_is_read_whatever_its_layout(tmp_path, monkeypatch, indent, chunk):
    path = written(tmp_path / "communes.geojson.gz", json.dumps(COLLECTION, indent=indent))
    monkeypatch.setattr(files, "CHUNK", max(chunk, 60))

    found = list(features(path))

    assert [properties["code"] for properties, _geometry in found] == [f"{n:05}" for n in range(50)]
    assert json.loads(found[7][1]) == {"type": "Point", "coordinates": [7, 1]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(COLLECTION)[:-60],
        json.dumps(COLLECTION)[:-2],
        '{"type": "Topology"}',
        "[]",
        '{"features": [{"a": 1}]}',
    ],
    ids=["inside a feature", "at the end", "another type", "a list", "not a feature"],
)
def test_what_is_no_whole_feature_collection_is_refused_by_name(tmp_path, text):
    path = written(tmp_path / "communes.geojson.gz", text)

    with pytest.raises(BrokenFile) as refused:
        list(features(path))

    assert str(path) in str(refused.value)


def test_truncated_csv_is_refused(tmp_path):
    path = tmp_path / "communes.csv.gz"
    path.write_bytes(gzip.compress(b"code,nom\n48095,Mende\n" * 1000)[:-12])

    with pytest.raises(BrokenFile):
        list(csv_rows(path))


def test_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    path = tmp_path / "communes.csv"
    path.write_text("\ufeffcode,nom\n48095,Mende\n", encoding="utf-8")

    assert list(csv_rows(path)) == [{"code": "48095", "nom": "Mende"}]
