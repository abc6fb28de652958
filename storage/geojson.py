"""Areas out of a GeoJSON file: one feature a commune, with a code, names, a point inside and an outline."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from storage.areas import AreaRow
from workflows.text import fold

POLYGONS = ("Polygon", "MultiPolygon")
GZIP_MARK = b"\x1f\x8b"


class BadArea(ValueError):
    """A feature that is no area; says which one and why."""


def features(path: Path) -> list[Mapping[str, Any]]:
    """The features of a ``.geojson`` file, plain or gzipped. Raises BadArea when it is not such a file."""
    content = path.read_bytes()
    try:
        data = json.loads(gzip.decompress(content) if content.startswith(GZIP_MARK) else content)
    except (ValueError, OSError, EOFError) as wrong:
        raise BadArea(f"{path.name}: not GeoJSON ({wrong})") from None
    found = data.get("features") if isinstance(data, dict) else None
    if not isinstance(found, list) or not found:
        raise BadArea(f"{path.name}: not a GeoJSON FeatureCollection with features")
    return found


def areas(found: list[Mapping[str, Any]], province: str = "", *, others: bool = False) -> Iterator[AreaRow]:
    """An area for each feature of ``province`` ("" takes all); with ``others`` the rest too, as not served by us.

    Raises BadArea for the first feature that is no area.
    """
    for number, feature in enumerate(found, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            raise BadArea(f"feature {number}: no properties")
        ours = not province or str(properties.get("province_code", "")) == province
        if ours or others:
            yield _area(number, properties, feature.get("geometry"), served=ours)


def _area(number: int, properties: Mapping[str, Any], geometry: Any, *, served: bool) -> AreaRow:
    code = str(properties.get("code") or "")
    vi = str(properties.get("fullName") or properties.get("name") or "")
    if not code or not vi:
        raise BadArea(f"feature {number}: needs properties 'code' and 'fullName' or 'name'")
    en = str(properties.get("fullNameEn") or properties.get("nameEn") or vi)
    outline = _outline(code, geometry)
    inside = shapely.point_on_surface(outline)
    lat, lon = properties.get("lat", inside.y), properties.get("lon", inside.x)
    return AreaRow(
        code=code,
        province=str(properties.get("province_code", "")),
        vi=vi,
        en=en,
        search=fold(f"{vi} {en}"),
        lat=float(lat),
        lon=float(lon),
        outline=shapely.to_wkb(outline),
        served=served,
        active=True,
    )


def _outline(code: str, geometry: Any) -> BaseGeometry:
    if not isinstance(geometry, dict) or geometry.get("type") not in POLYGONS:
        raise BadArea(f"{code}: the outline must be a Polygon or MultiPolygon")
    try:
        outline = shapely.make_valid(shape(geometry))
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, shapely.errors.ShapelyError):
        raise BadArea(f"{code}: the outline is broken") from None
    west, south, east, north = outline.bounds
    if outline.is_empty or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadArea(f"{code}: the outline is empty or not in degrees (longitude, latitude)")
    return outline
