"""`areas` over time: units that end, what they became, what they were called, and what people call them."""

import json
from datetime import timedelta

import pytest

from tests.bot.cli.conftest import report
from tests.bot.cli.test_knowledge import codes, square

COLUMNS = "name,areas\n"


@pytest.fixture
def file(tmp_path):
    def write(content, name="ten.csv"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def geojson(file):
    return lambda *features: file({"type": "FeatureCollection", "features": features}, "areas.geojson")


def found(shell, *words):
    return [(row["code"], row["formerly"]) for row in shell.json("areas", "find", *words)]


def pointed(code, **where):
    """An area without an outline."""
    properties = {"code": code, "province_code": "46", "fullName": f"Phường {code}", **where}
    return {"type": "Feature", "properties": properties, "geometry": None}


def versions(shell, code):
    return [
        (row["vi"], (row["valid_from"] or "")[:10], (row["valid_until"] or "")[:10])
        for row in shell.json("areas", "list", "--all")
        if row["code"] == code
    ]


def test_the_sample_has_wards_that_are_no_more(ready):
    assert "xuan-phu" not in codes(ready, "areas")
    assert codes(ready, "areas", "--all")["xuan-phu"]["successors"] == ["vy-da", "an-cuu"]
    assert found(ready, "5 Bà Triệu, p. xuan phu") == [("vy-da", "Phường Xuân Phú"), ("an-cuu", "Phường Xuân Phú")]
    assert found(ready, "phuong", "vy", "da") == [("vy-da", None)]
    assert ready.json("areas", "find", "đà lạt") == []


# --- a file with dates ---------------------------------------------------------------------------------------------


def test_a_feature_may_say_until_when_and_what_it_became(ready, geojson):
    old = square("a", 107.0, 16.0, valid_until="2025-07-01", successors=["b", "c"])
    new = (square("b", 107.0, 16.0, valid_from="2025-07-01"), square("c", 107.01, 16.0, valid_from="2025-07-01"))
    assert ready.json("areas", "import", geojson(old, *new))["added"] == 3
    assert {"b", "c"} <= set(codes(ready, "areas")) and "a" not in codes(ready, "areas")
    assert found(ready, "phường a") == [("b", "Phường a"), ("c", "Phường a")]


def test_a_code_that_was_given_to_a_new_unit_comes_as_two_features(ready, geojson):
    old = square("a", 107.0, 16.0, fullName="Xã Cũ", valid_until="2025-07-01", successors=["a"])
    new = square("a", 107.0, 16.0, fullName="Phường Mới", valid_from="2025-07-01")
    ready.run("areas", "import", geojson(new, old))
    assert versions(ready, "a") == [("Xã Cũ", "", "2025-06-30"), ("Phường Mới", "2025-06-30", "")]  # midnight, in UTC
    assert found(ready, "xã cũ") == [("a", "Xã Cũ")]


def test_a_new_file_from_a_day_on_remembers_what_was_and_leaves_what_is_the_same(ready, geojson):
    ready.run("areas", "import", geojson(square("a", 107.0, 16.0, fullName="Xã Cũ"), square("b", 107.02, 16.0)))
    file = geojson(square("a", 107.0, 16.0, fullName="Phường Mới"), square("b", 107.02, 16.0))
    ready.run("areas", "import", file, "--from", "2026-04-30", "--dry-run")
    assert versions(ready, "a") == [("Xã Cũ", "", "")]
    for _ in range(2):  # the same file again changes nothing
        ready.run("areas", "import", file, "--from", "2026-04-30")
        assert versions(ready, "a") == [("Xã Cũ", "", "2026-04-29"), ("Phường Mới", "2026-04-29", "")]
        assert versions(ready, "b") == [("Phường b", "", "")]
    ready.run("areas", "import", geojson(square("a", 107.0, 16.0, fullName="Phường Mới Tinh")))  # a slip, corrected
    assert versions(ready, "a")[1] == ("Phường Mới Tinh", "2026-04-29", "")


def test_an_older_version_can_be_told_later(ready, geojson):
    ready.run("areas", "import", geojson(square("a", 107.0, 16.0, valid_from="2025-07-01")))
    ready.run("areas", "import", geojson(square("a", 107.0, 16.0, fullName="Xã Cũ", valid_until="2025-07-01")))
    assert [name for name, *_ in versions(ready, "a")] == ["Xã Cũ", "Phường a"]
    assert found(ready, "xã cũ") == [("a", "Xã Cũ")]


def test_areas_without_outlines_are_offered_by_what_is_nearest(ready, geojson):
    def middle(code, lon):
        return pointed(code, lon=lon, lat=17.0)

    ready.run("areas", "import", geojson(*(middle(f"m{number}", 107.0 + number / 50) for number in range(5))))
    assert ready.json("areas", "locate", "17.0", "107.021")["areas"] == ["m1", "m2", "m0"]


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        ({"valid_from": "31/07/2025"}, "2025-07-01"),
        ({"valid_from": "2025-07-01", "valid_until": "2025-07-01"}, "after valid_from"),
        ({"successors": "b"}, "list of codes"),
        ({"valid_until": "2025-07-01", "successors": ["nowhere"]}, "nowhere"),
    ],
)
def test_dates_and_successors_that_make_no_sense_are_refused(ready, geojson, feature, reason):
    assert reason in ready.run("areas", "import", geojson(square("a", 107.0, 16.0, **feature)), code=1).stderr
    assert "a" not in codes(ready, "areas", "--all")


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({}, {}, "twice"),
        ({"valid_from": "2025-07-01"}, {"valid_from": "2025-07-01"}, "twice"),
        ({"valid_until": "2025-08-01"}, {"valid_from": "2025-07-01"}, "overlap"),
    ],
)
def test_one_code_cannot_be_two_areas_at_once(ready, geojson, first, second, reason):
    file = geojson(square("a", 107.0, 16.0, **first), square("a", 107.0, 16.0, **second))
    assert reason in ready.run("areas", "import", file, code=1).stderr


def test_neither_outline_nor_a_point_inside_is_refused(ready, geojson):
    for wrong in ({}, {"lat": 16}, {"lat": "x", "lon": 1}, {"lat": 100, "lon": 107}):
        ready.run("areas", "import", geojson(pointed("a", **wrong)), code=1)


# --- real areas beside the sample ----------------------------------------------------------------------------------


def overlaps(shell):
    return [one["vi"] for one in shell.json("check", code=1) if "areas retire-sample" in one["vi"]]


def test_the_sample_makes_room_for_imported_areas(ready, geojson):
    assert overlaps(ready) == []
    alike, around = square("19815", 107.61, 16.44, fullName="Phường An Cựu"), square("19777", 107.61, 16.47)
    file = geojson(alike, around)
    assert "6 areas of the sample still stand" in ready.run("areas", "import", file, "--dry-run").stdout
    assert ready.json("areas", "import", file)["sample"] == 6
    assert len(overlaps(ready)) == 1 and "vy-da" in overlaps(ready)[0]
    told = ready.run("areas", "retire-sample", "--dry-run").stdout
    assert "Routes to be changed: 1, 2" in told and len(overlaps(ready)) == 1
    assert ready.json("areas", "retire-sample")["routes"] == [1, 2]
    assert set(codes(ready, "areas")) == {"19815", "19777"}
    assert ready.json("areas", "locate", "16.45", "107.62")["areas"] == ["19815"]
    assert found(ready, "phường An Cựu") == [("19815", None)]  # called alike
    assert found(ready, "phường Vỹ Dạ") == [("19777", "Phường Vỹ Dạ")]  # its middle lies there
    assert found(ready, "phường Kim Long") == []
    assert found(ready, "phường Xuân Phú") == []  # what became of it was invented
    assert not [one for one in ready.json("check", code=1) if one["where"].startswith("area")]
    assert "areas import" in ready.run("areas", "retire-sample", code=1).stderr
    assert ready.json("areas", "import", file)["sample"] == 0


def test_what_became_of_an_area_of_the_sample_stays_where_an_administrator_said_it(ready, geojson):
    ready.run("areas", "import", geojson(square("19815", 107.61, 16.44), square("19777", 107.61, 16.47)))
    ready.run("areas", "retire", "vy-da", "--on", "2025-01-01", "--successor", "19815")
    ready.run("areas", "retire-sample")
    assert found(ready, "phường Vỹ Dạ") == [("19815", "Phường Vỹ Dạ")]
    assert codes(ready, "areas", "--all")["vy-da"]["served"] is True
    assert codes(ready, "areas", "--all")["xuan-phu"]["successors"] == []


def test_the_sample_alone_stays_and_is_no_longer_one_once_it_was_imported_anew(ready, geojson):
    assert "areas import" in ready.run("areas", "retire-sample", code=1).stderr
    ready.run("areas", "import", geojson(square("vy-da", 107.61, 16.47), square("b", 107.0, 16.0)))
    assert "vy-da" not in ready.json("areas", "retire-sample")["retired"]
    assert set(codes(ready, "areas")) == {"vy-da", "b"}


# --- one area ------------------------------------------------------------------------------------------------------


def test_an_area_ends_and_the_routes_that_name_it_are_told(ready):
    told = ready.run("areas", "retire", "an-cuu", "--on", "2020-01-01", "--successor", "vy-da", "--dry-run").stdout
    assert "Routes to be changed: 1." in told and "an-cuu" in codes(ready, "areas")
    ready.run("areas", "retire", "an-cuu", "--on", "2020-01-01", "--successor", "vy-da")
    assert found(ready, "phường An Cựu") == [("vy-da", "Phường An Cựu")]
    assert found(ready, "phường An Đông") == [("vy-da", "Phường An Đông")]  # through two mergers
    gaps = ready.json("agencies", "routes", "gaps", code=1)
    assert [(row["problem"], row["area"], row["agencies"]) for row in gaps] == [("ended_area", "an-cuu", ["an-cuu"])]
    assert any("địa bàn đã hết hiệu lực" in one["vi"] for one in ready.json("check", code=1))


def test_what_an_area_became_must_be_known(ready):
    ready.run("areas", "retire", "an-cuu", "--on", "2020-01-01")
    assert any(one["where"] == "area an-cuu" for one in ready.json("check", code=1))
    ready.run("areas", "retire", "an-cuu", "--on", "2020-01-01", "--successor", "vy-da")
    assert not any(one["where"] == "area an-cuu" for one in ready.json("check", code=1))


@pytest.mark.parametrize(
    "words",
    [("nowhere", "--on", "2020-01-01"), ("vy-da", "--on", "2020-01-01", "--successor", "nowhere"),
     ("vy-da", "--on", "2020-01-01", "--successor", "vy-da")],
)  # fmt: skip
def test_an_area_that_cannot_end_so(ready, words):
    ready.run("areas", "retire", *words, code=1)
    assert "vy-da" in codes(ready, "areas")


def test_an_area_cannot_end_before_it_begins(ready, geojson):
    ready.run("areas", "import", geojson(square("a", 107.0, 16.0, valid_from="2025-07-01")))
    ready.run("areas", "retire", "a", "--on", "2025-01-01", code=1)
    ready.run("areas", "retire", "a", "--on", "hom nay", code=2)


def test_a_case_is_shown_where_it_was_on_its_day_and_what_that_is_now(ready, world):
    code = report(world)
    assert ready.json("cases", "show", code)["place"]["area_now"] == []
    ready.run("areas", "retire", "an-cuu", "--on", "2020-01-01", "--successor", "vy-da")
    shown = ready.run("cases", "show", code).stdout
    assert "Phường An Cựu (nay/now: Phường Vỹ Dạ), 12 Nguyễn Huệ, 16.45000, 107.60000" in shown


# --- other names ---------------------------------------------------------------------------------------------------


def test_other_names_from_a_file(ready, file):
    wanted = file(f"{COLUMNS}Phường Trường An,thuan-hoa;an-cuu\nĐập  Đá,vy-da\n")
    assert ready.json("areas", "aliases", "import", wanted, "--dry-run") == {"added": 2, "changed": 0, "dry_run": True}
    assert ready.json("areas", "aliases", "list") == []
    ready.run("areas", "aliases", "import", wanted)
    assert found(ready, "gần dap da") == [("vy-da", "Đập Đá")]
    assert [code for code, _ in found(ready, "phường Trường An")] == ["thuan-hoa", "an-cuu"]
    again = file(f"{COLUMNS}Phường Trường An,thuan-hoa\n")
    assert ready.json("areas", "aliases", "import", again)["changed"] == 1
    assert [code for code, _ in found(ready, "phường Trường An")] == ["thuan-hoa"]
    spelled = file(f"{COLUMNS}đập đá,vy-da;an-cuu\n")
    assert ready.json("areas", "aliases", "import", spelled)["changed"] == 1  # the same name, spelled in another way
    assert found(ready, "gần dap da") == [("vy-da", "đập đá"), ("an-cuu", "đập đá")]
    ready.run("areas", "aliases", "drop", "Đập Đá")
    assert ready.json("areas", "aliases", "list") == [{"name": "Phường Trường An", "areas": ["thuan-hoa"]}]
    ready.run("areas", "aliases", "drop", "Đập Đá", code=1)


def test_every_line_that_is_wrong_is_named_with_its_reason_and_nothing_is_kept(ready, file):
    lines = ["Tốt,vy-da", ",vy-da", "Không mã,", "Lạ,nowhere;vy-da", "Tốt,an-cuu", "---,vy-da", "Thiếu", "TỐT,an-cuu"]
    told = ready.run("areas", "aliases", "import", file(COLUMNS + "\n".join(lines)), code=1).stderr
    for line, reason in ((3, "the name is missing"), (4, "no codes"), (5, "there is no area 'nowhere'"),
                         (6, "stands in a line above"), (7, "the name is missing"), (8, "no codes"),
                         (9, "'TỐT' is the same as 'Tốt'")):  # fmt: skip
        assert any(one.startswith(f"ten.csv, line {line}: ") and reason in one for one in told.splitlines()), told
    assert "ten.csv, dòng 3: thiếu tên" in told
    assert ready.json("areas", "aliases", "list") == []


@pytest.mark.parametrize("content", ["ma,ten\n1,2\n", "", "name,areas,x\nTên,vy-da,\n"])
def test_a_file_with_other_columns_is_refused(ready, file, content):
    assert "line 1: must be name,areas" in ready.run("areas", "aliases", "import", file(content), code=1).stderr


# --- agencies that end ---------------------------------------------------------------------------------------------


def agencies(shell):
    return {row["code"]: row for row in shell.json("agencies", "list", "--all")}


def test_an_agency_is_retired_onto_its_successor(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    world.line("nhom", "duc", group=True, name="Đức", text="/viec")
    ready.run("agencies", "add", "to-dan-pho", "--vi", "Tổ dân phố", "--kind", "team", "--parent", "an-cuu")
    done = ready.json("agencies", "retire", "an-cuu", "--successor", "thuan-hoa")
    assert [done[name] for name in ("routes", "groups", "staff", "units")] == [1, 1, 1, 1]
    row = agencies(ready)["an-cuu"]
    assert (row["active"], row["successors"], row["groups"]) == (False, ["thuan-hoa"], [])
    assert len(agencies(ready)["thuan-hoa"]["groups"]) == 1 and agencies(ready)["to-dan-pho"]["parent"] == "thuan-hoa"
    assert [line["name"] for line in ready.json("staff", "list", "--agency", "thuan-hoa")] == ["Đức"]
    assert ready.json("agencies", "routes", "gaps") == []


def test_it_is_refused_with_the_list_while_cases_are_open(ready, world):
    first, second = report(world), report(world, chat="minh")
    told = ready.run("agencies", "retire", "an-cuu", "--successor", "thuan-hoa", code=1).stderr
    assert first in told and second in told and "2 phản ánh chưa xong" in told
    assert agencies(ready)["an-cuu"]["active"] and agencies(ready)["an-cuu"]["successors"] == []


def test_with_several_successors_all_that_it_had_is_named(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    world.line("nhom", "duc", group=True, name="Đức", text="/viec")
    words = ("agencies", "retire", "an-cuu", "--successor", "thuan-hoa", "--successor", "cong-an")
    told = ready.run(*words).stdout
    assert "* × an-cuu" in told and "Đức" in told and "1 groups unlinked" in told
    assert agencies(ready)["an-cuu"]["successors"] == ["thuan-hoa", "cong-an"]
    assert {row["status"] for row in ready.json("staff", "list", "--agency", "an-cuu")} == {"removed"}


def test_a_day_ahead_is_written_down_first(ready, world):
    report(world)
    done = ready.json("agencies", "retire", "an-cuu", "--successor", "thuan-hoa", "--on", "2099-01-01")
    assert done["planned"] and agencies(ready)["an-cuu"]["active"]
    assert agencies(ready)["an-cuu"]["valid_until"].startswith("2098-12-31T17:00")
    assert ready.json("agencies", "routes", "gaps") == []


def test_the_route_of_an_agency_that_has_ended_is_told_until_it_is_changed(ready, world):
    with world.store.write() as uow:
        uow.agencies.change(uow.agencies.by_code("an-cuu").id, valid_until=world.clock.now() - timedelta(days=9))
    problems = {row["problem"] for row in ready.json("agencies", "routes", "gaps", code=1)}
    assert problems == {"ended_agency"}
    ready.run("agencies", "retire", "an-cuu", "--successor", "thuan-hoa")
    assert ready.json("agencies", "routes", "gaps") == []


@pytest.mark.parametrize("successor", ["an-cuu", "nowhere", "to-dan-pho", "thanh-tra", "da-ngung"])
def test_who_cannot_take_over(ready, successor):
    ready.run("agencies", "add", "to-dan-pho", "--vi", "Tổ dân phố", "--kind", "team", "--parent", "an-cuu")
    ready.run("agencies", "add", "thanh-tra", "--vi", "Thanh tra", "--kind", "inspection")
    ready.run("agencies", "add", "da-ngung", "--vi", "Đã ngừng")
    ready.run("agencies", "retire", "da-ngung")
    ready.run("agencies", "retire", "an-cuu", "--successor", successor, code=1)
    assert agencies(ready)["an-cuu"]["active"]


def test_an_agency_that_begins_later_takes_nothing_before(ready):
    ready.run("agencies", "add", "phuong-moi", "--vi", "Phường Mới", "--from", "2099-01-01")
    ready.run("agencies", "routes", "add", "phuong-moi", "--category", "trees", "--area", "vy-da")
    assert [row["problem"] for row in ready.json("agencies", "routes", "gaps", code=1)] == ["ended_agency"]
    ready.run("agencies", "retire", "phuong-moi", "--on", "2098-01-01", code=1)
