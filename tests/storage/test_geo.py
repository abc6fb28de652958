"""Finding the area of a position: inside, on a border, a little outside, far outside, and without outlines."""

import json
import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from storage.areas import AreaRow
from storage.geo import AreaHit, AreaIndex
from storage.geojson import areas, features
from storage.seeding import SAMPLE_AREAS

SAMPLE = tuple(unit.row for unit in areas(features(SAMPLE_AREAS)) if unit.row.valid_until is None)
INDEX = AreaIndex(SAMPLE)


def area(code, lon, lat, *, size=0.02, outline=True, served=True):
    """A square of about two kilometres with its middle at a position."""
    half = size / 2
    box = shapely.to_wkb(shapely.box(lon - half, lat - half, lon + half, lat + half))
    return AreaRow(code, "", code, code, code, lat, lon, box if outline else None, served, True)


@pytest.mark.parametrize("row", SAMPLE, ids=lambda row: row.code)
def test_every_sample_area_holds_its_own_middle(row):
    assert INDEX.locate(row.lat, row.lon) == AreaHit("inside", (row.code,))


def test_the_middle_of_hue_is_in_the_sample():
    assert INDEX.locate(16.4637, 107.5909) == AreaHit("inside", ("thuan-hoa",))


def test_the_sample_is_one_coverage_without_gaps_or_overlaps():
    outlines = [shapely.from_wkb(row.outline) for row in SAMPLE]
    assert shapely.coverage_is_valid(outlines)
    assert shapely.union_all(outlines).geom_type == "Polygon"
    assert len(SAMPLE) == 6


def test_the_sample_says_what_it_is():
    data = json.loads(SAMPLE_AREAS.read_text(encoding="utf-8"))
    assert "no legal force" in data["description"]
    assert {row.vi for row in SAMPLE} >= {"Phường Thuận Hóa", "Phường Phú Xuân", "Phường An Cựu"}


@given(st.floats(16.40, 16.52), st.floats(107.52, 107.66))
def test_around_the_sample_every_answer_makes_sense(lat, lon):
    hit = INDEX.locate(lat, lon)
    assert hit.kind in ("inside", "near", "outside")
    assert len(hit.codes) == {"inside": 1, "near": len(hit.codes), "outside": 0}[hit.kind]
    assert len(set(hit.codes)) == len(hit.codes) <= 3


def test_on_a_border_both_sides_are_offered():
    index = AreaIndex([area("west", 107.00, 16.00), area("east", 107.02, 16.00)])
    hit = index.locate(16.0, 107.01)
    assert (hit.kind, set(hit.codes)) == ("near", {"west", "east"})


@pytest.mark.parametrize(("metres", "found"), [(40, ("west", "east")), (60, ("west",)), (-40, ("east", "west"))])
def test_close_to_a_border_the_other_side_is_offered_too(metres, found):
    index = AreaIndex([area("west", 107.00, 16.00), area("east", 107.02, 16.00)], border_km=0.05)
    hit = index.locate(16.0, 107.01 - metres / 1000 / (111.32 * math.cos(math.radians(16.0))))
    assert hit == AreaHit("near" if len(found) > 1 else "inside", found)


def test_just_across_our_border_ours_is_offered_and_further_on_not():
    rows = [area("ours", 107.00, 16.00), area("theirs", 107.02, 16.00, served=False)]
    index = AreaIndex(rows, border_km=0.05)
    assert index.locate(16.0, 107.0103) == AreaHit("near", ("ours",))
    assert index.locate(16.0, 107.015) == AreaHit("outside", ("theirs",))
    assert index.locate(16.0, 107.0098) == AreaHit("inside", ("ours",))


def test_a_little_outside_the_outline_first_then_the_nearest_middles():
    large = area("large", 107.00, 16.00, size=0.4)
    small = [area(f"small-{number}", 107.21 + number / 50, 16.25) for number in range(1, 5)]
    hit = AreaIndex([*small, large]).locate(16.205, 107.19)
    assert hit == AreaHit("near", ("large", "small-1", "small-2"))


@pytest.mark.parametrize(
    ("lat", "lon"), [(16.4637, 107.80), (21.03, 105.85), (16.30, 107.59), (-33.86, 151.2), (89.9, 179.9)]
)
def test_far_away_is_outside(lat, lon):
    assert INDEX.locate(lat, lon) == AreaHit("outside")


@pytest.mark.parametrize(("km", "kind"), [(0.9, "near"), (1.1, "outside")])
def test_near_ends_after_a_kilometre(km, kind):
    index = AreaIndex([area("only", 107.0, 16.0)])
    assert index.locate(16.01 + km / 111.32, 107.0).kind == kind


def test_who_serves_a_place_outside_is_known_when_it_was_imported():
    index = AreaIndex([area("ours", 107.00, 16.00), area("theirs", 107.02, 16.00, served=False)])
    assert index.locate(16.0, 107.015) == AreaHit("outside", ("theirs",))
    assert index.locate(16.0, 107.01) == AreaHit("inside", ("ours",))


def test_without_outlines_the_three_nearest_middles_are_offered():
    index = AreaIndex([area(f"area-{number}", 107 + number / 50, 16.0, outline=False) for number in range(6)])
    assert index.locate(16.0, 107.05) == AreaHit("near", ("area-2", "area-3", "area-1"))
    assert index.locate(18.0, 107.05) == AreaHit("outside")


@pytest.mark.parametrize(("lat", "lon"), [(0.0, 0.0), (91.0, 107.0), (16.0, 200.0), (float("nan"), 107.0)])
def test_what_is_no_position_is_nowhere(lat, lon):
    assert INDEX.locate(lat, lon) == AreaHit("nowhere")


def test_without_areas_nothing_is_outside():
    assert AreaIndex([]).locate(16.0, 107.0) == AreaHit("unmapped")


def test_a_hole_belongs_to_whom_it_is_cut_out_for():
    ring = shapely.box(107.0, 16.0, 107.1, 16.1).difference(shapely.box(107.04, 16.04, 107.06, 16.06))
    around = AreaRow("around", "", "", "", "", 16.02, 107.02, shapely.to_wkb(ring), True, True)
    index = AreaIndex([around, area("island", 107.05, 16.05)])
    assert index.locate(16.05, 107.05) == AreaHit("inside", ("island",))
