"""`categories` and `areas`: what a report may be about, and where."""

import gzip
import json

import pytest

from tests.bot.cli.conftest import report


def codes(shell, group, *words):
    return {row["code"]: row for row in shell.json(group, "list", *words)}


def square(code, lon, lat, size=0.02, **more):
    """A commune of straight lines."""
    corners = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    properties = {"code": code, "province_code": "46", "fullName": f"Phường {code}", **more}
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [corners]}}


@pytest.fixture
def geojson(tmp_path):
    def write(*features, packed=False):
        path = tmp_path / ("areas.geojson.gz" if packed else "areas.geojson")
        content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
        path.write_bytes(gzip.compress(content) if packed else content)
        return str(path)

    return write


def test_add_rename_and_retire_a_category(ready):
    ready.run("categories", "add", "on-ao", "--vi", "Tiếng ồn")
    ready.run("categories", "add", "hat-keo", "--vi", "Karaoke", "--parent", "on-ao", "--word", "hát kẹo kéo")
    ready.run("categories", "rename", "hat-keo", "--en", "Loud singing")
    assert codes(ready, "categories")["hat-keo"]["en"] == "Loud singing"
    assert "hai cấp" in ready.run("categories", "add", "x", "--vi", "X", "--parent", "hat-keo", code=1).stderr
    assert "'on-ao'" in ready.run("categories", "add", "x", "--vi", "X", "--parent", "on-a", code=1).stderr
    ready.run("categories", "add", "hat-keo", "--vi", "X", code=1)
    ready.run("categories", "add", "Sai Mã", "--vi", "X", code=1)
    ready.run("categories", "retire", "on-ao", "--dry-run")
    assert "hat-keo" in codes(ready, "categories")
    ready.run("categories", "retire", "on-ao")
    assert not {"on-ao", "hat-keo"} & set(codes(ready, "categories"))
    assert {"on-ao", "hat-keo"} <= set(codes(ready, "categories", "--all"))


def test_import_of_categories(ready, tmp_path):
    file = tmp_path / "categories.yaml"
    file.write_text(
        "- {code: on-ao, vi: Ồn ào, children: [{code: hat-keo, vi: Karaoke, words: [loa kéo], danger: [đánh nhau]}]}",
        encoding="utf-8",
    )
    before = len(codes(ready, "categories"))
    assert ready.json("categories", "import", str(file), "--dry-run")["added"] == 2
    assert len(codes(ready, "categories")) == before
    assert ready.json("categories", "import", str(file))["added"] == 2
    assert ready.json("categories", "import", str(file))["changed"] == 2
    assert codes(ready, "categories")["hat-keo"]["words"] == ["loa kéo"]


def test_suggestions_are_measured_on_cases_of_the_store(ready, world):
    assert ready.json("categories", "evaluate")["cases"] == 0
    assert "Chưa có phản ánh nào" in ready.run("categories", "evaluate").stdout
    for person in range(7):
        code = report(world, chat=f"lan-{person}", category="road")
        ready.run("cases", "move", code, "correct_category", "--category", "lighting")
    found = ready.json("categories", "evaluate")
    assert (found["cases"], found["corrected"]) == (7, 7)
    assert found["top1"] == found["top3"] == found["by"]["corrections"]["top1"] == 1
    assert found["by"].keys() == {"names", "sentences", "corrections"}
    assert ready.json("categories", "evaluate", "--last", "3")["cases"] == 3
    told = ready.run("categories", "evaluate").stdout
    assert "100.0%" in told
    assert "7 phản ánh" in told


@pytest.mark.parametrize(
    "text",
    [
        "3",
        "- [1",
        "- {code: a}",
        "- {code: a, vi: A, wrong: 1}",
        "- {code: a, vi: A, words: loa}",
        "- {code: a, vi: A, parent: b}",
        "- {code: a, vi: A}\n- {code: a, vi: B}",
        "- {code: a, vi: A, children: [{code: b, vi: B, children: [{code: c, vi: C}]}]}",
    ],
)
def test_a_file_of_categories_that_is_not_as_agreed_changes_nothing(ready, tmp_path, text):
    file = tmp_path / "categories.yaml"
    file.write_text(text, encoding="utf-8")
    before = codes(ready, "categories", "--all")
    ready.run("categories", "import", str(file), code=1)
    assert codes(ready, "categories", "--all") == before


@pytest.mark.parametrize("packed", [False, True])
def test_import_of_areas_of_one_province(ready, geojson, packed):
    file = geojson(square("a", 107.0, 16.0), square("b", 107.02, 16.0, province_code="45"), packed=packed)
    assert ready.json("areas", "import", file, "--province", "46", "--dry-run")["added"] == 1
    assert "a" not in codes(ready, "areas")
    assert ready.json("areas", "import", file, "--province", "46")["added"] == 1
    assert codes(ready, "areas")["a"]["served"] and "b" not in codes(ready, "areas")
    assert ready.json("areas", "locate", "16.01", "107.01")["areas"] == ["a"]
    assert ready.json("areas", "locate", "10", "100")["kind"] == "outside"
    assert "a" in ready.run("areas", "locate", "16.01", "107.01").stdout
    ready.run("areas", "locate", "91", "0", code=2)


def test_areas_of_others_say_who_serves_a_place_outside(ready, geojson):
    file = geojson(square("a", 107.0, 16.0), square("far", 109.0, 12.0, province_code="56", fullName="Xã Xa"))
    ready.run("areas", "import", file, "--province", "46", "--others")
    assert not codes(ready, "areas")["far"]["served"]
    found = ready.json("areas", "locate", "12.01", "109.01")
    assert (found["kind"], found["served_by"]) == ("outside", "Xã Xa")


def test_importing_again_changes_what_is_there(ready, geojson):
    ready.run("areas", "import", geojson(square("a", 107.0, 16.0)))
    again = ready.json("areas", "import", geojson(square("a", 107.0, 16.0, fullName="Phường Mới")))
    assert (again["added"], again["changed"]) == (0, 1)
    assert codes(ready, "areas")["a"]["vi"] == "Phường Mới"


@pytest.mark.parametrize(
    "feature",
    [
        {"type": "Feature", "properties": {"code": "a"}, "geometry": None},
        {
            "type": "Feature",
            "properties": {"code": "a", "name": "A"},
            "geometry": {"type": "Point", "coordinates": [0, 0]},
        },
        {
            "type": "Feature",
            "properties": {"code": "a", "name": "A"},
            "geometry": {"type": "Polygon", "coordinates": [[1]]},
        },
        {
            "type": "Feature",
            "properties": {"code": "a", "name": "A"},
            "geometry": {"type": "Polygon", "coordinates": []},
        },
        square("a", 500000.0, 16.0),
        "nothing",
    ],
)
def test_a_feature_that_is_no_area_changes_nothing(ready, geojson, feature):
    told = ready.run("areas", "import", geojson(square("ok", 107, 16), feature), code=1).stderr
    assert "tệp không dùng được" in told and "ok" not in codes(ready, "areas")


def test_a_file_that_is_no_geojson_and_a_province_that_is_not_in_it(ready, geojson, tmp_path):
    (tmp_path / "x.geojson").write_bytes(b"\x1f\x8bbroken")
    ready.run("areas", "import", str(tmp_path / "x.geojson"), code=1)
    assert "'99'" in ready.run("areas", "import", geojson(square("a", 107, 16)), "--province", "99", code=1).stderr
