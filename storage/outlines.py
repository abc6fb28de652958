"""Outlines of the areas we serve as GeoJSON, light enough for a phone on a slow line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import shapely

from storage.areas import AreaRow

TOLERANCE = 0.0002  # degrees, some 20 m: less than a finger covers
DECIMALS = 5  # a metre


def outlines(rows: Iterable[AreaRow]) -> str:
    """A FeatureCollection of the served areas that have an outline; each knows its names, ``vi`` and ``en``."""
    shown = [_feature(row, row.outline) for row in rows if row.served and row.outline is not None]
    return json.dumps({"type": "FeatureCollection", "features": shown}, ensure_ascii=False, separators=(",", ":"))


def _feature(row: AreaRow, outline: bytes) -> dict[str, Any]:
    simple = shapely.simplify(shapely.from_wkb(outline), TOLERANCE)
    rounded = shapely.transform(simple, lambda degrees: degrees.round(DECIMALS))
    names = {"vi": row.vi, "en": row.en}
    return {"type": "Feature", "properties": names, "geometry": json.loads(shapely.to_geojson(rounded))}
