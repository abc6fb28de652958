"""Areas out of a GeoJSON file: one feature a commune, with a code, names, a point inside, an outline and dates."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from storage.areas import AreaRow
from storage.broken import BadFile, in_json, not_utf8
from workflows.case.calendar import VIETNAM
from workflows.frozen import frozen
from workflows.text import fold

POLYGONS = ("Polygon", "MultiPolygon")
GZIP_MARK = b"\x1f\x8b"


@frozen
class AreaUnit:
    """What one feature says: the area, and the codes of what it became."""

    row: AreaRow
    successors: tuple[str, ...] = ()


class BadArea(BadFile):
    """A feature that is no area; says which one and why."""


def features(path: Path) -> list[Mapping[str, Any]]:
    """The features of a ``.geojson`` file, plain or gzipped. Raises BadFile when it is not such a file."""
    content = path.read_bytes()
    try:
        data = json.loads(gzip.decompress(content) if content.startswith(GZIP_MARK) else content)
    except json.JSONDecodeError as wrong:
        raise in_json(wrong).of(path.name) from None
    except UnicodeDecodeError:
        raise not_utf8(path.name) from None
    except (OSError, EOFError, zlib.error):
        raise BadArea(
            f"{path.name}: tệp gzip hỏng hoặc thiếu phần cuối; hãy tải lại",
            f"{path.name}: the gzip file is broken or its end is missing; download it again",
        ) from None
    found = data.get("features") if isinstance(data, dict) else None
    if not isinstance(found, list) or not found:
        raise BadArea(
            f"{path.name}: cần một FeatureCollection của GeoJSON có features",
            f"{path.name}: not a GeoJSON FeatureCollection with features",
        )
    return found


def provinces(found: list[Mapping[str, Any]]) -> list[str]:
    """The province codes of readable features, each once."""
    return sorted({str(feature["properties"].get("province_code", "")) for feature in found})


def areas(found: list[Mapping[str, Any]], province: str = "", *, others: bool = False) -> Iterator[AreaUnit]:
    """An area for each feature of ``province`` ("" takes all); with ``others`` the rest too, as not served by us.

    Raises BadArea for the first feature that is no area.
    """
    for number, feature in enumerate(found, start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            raise BadArea(f"feature {number}: thiếu properties", f"feature {number}: no properties")
        ours = not province or str(properties.get("province_code", "")) == province
        if ours or others:
            row = _area(number, properties, feature.get("geometry"), served=ours)
            yield AreaUnit(row, _successors(row.code, properties.get("successors")))


def _area(number: int, properties: Mapping[str, Any], geometry: Any, *, served: bool) -> AreaRow:
    code = str(properties.get("code") or "")
    vi = str(properties.get("fullName") or properties.get("name") or "")
    if not code or not vi:
        raise BadArea(
            f"feature {number}: cần 'code' và 'fullName' hoặc 'name' trong properties",
            f"feature {number}: needs properties 'code' and 'fullName' or 'name'",
        )
    en = str(properties.get("fullNameEn") or properties.get("nameEn") or vi)
    outline = _outline(code, geometry)
    lat, lon = _inside(code, properties, outline)
    begun, ended = (_day(code, name, properties.get(name)) for name in ("valid_from", "valid_until"))
    if begun and ended and begun >= ended:
        raise BadArea(f"{code}: valid_until phải sau valid_from", f"{code}: valid_until must be after valid_from")
    return AreaRow(
        code=code,
        province=str(properties.get("province_code", "")),
        vi=vi,
        en=en,
        search=fold(f"{vi} {en}"),
        lat=lat,
        lon=lon,
        outline=shapely.to_wkb(outline) if outline is not None else None,
        served=served,
        valid_from=begun,
        valid_until=ended,
    )


def _inside(code: str, properties: Mapping[str, Any], outline: BaseGeometry | None) -> tuple[float, float]:
    """A point inside, as given, or some point of the outline: latitude and longitude."""
    lat, lon = properties.get("lat"), properties.get("lon")
    if outline is not None and (lat is None or lon is None):
        inside = shapely.point_on_surface(outline)
        return float(inside.y), float(inside.x)
    try:
        lat, lon = float(lat), float(lon)  # type: ignore[arg-type]  # None is caught below
    except (TypeError, ValueError):
        raise BadArea(
            f"{code}: cần ranh giới, hoặc 'lat' và 'lon' của một điểm bên trong",
            f"{code}: needs an outline, or 'lat' and 'lon' of a point inside",
        ) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadArea(f"{code}: 'lat' và 'lon' phải tính bằng độ", f"{code}: 'lat' and 'lon' are not in degrees")
    return lat, lon


def _day(code: str, name: str, given: Any) -> datetime | None:
    """The beginning of a day in Vietnam."""
    if given in (None, ""):
        return None
    try:
        return datetime.combine(date.fromisoformat(str(given)), time(), VIETNAM).astimezone(UTC)
    except ValueError:
        raise BadArea(
            f"{code}: {name} {given!r} không phải ngày như 2025-07-01",
            f"{code}: {name} {given!r} is not a date like 2025-07-01",
        ) from None


def _successors(code: str, given: Any) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or not all(isinstance(one, str | int) and str(one) for one in given):
        raise BadArea(f"{code}: successors phải là danh sách mã", f"{code}: successors must be a list of codes")
    return tuple(dict.fromkeys(map(str, given)))


def _outline(code: str, geometry: Any) -> BaseGeometry | None:
    """The outline; none where there is no geometry: then the point inside must do."""
    if geometry is None:
        return None
    if not isinstance(geometry, dict) or geometry.get("type") not in POLYGONS:
        raise BadArea(
            f"{code}: ranh giới phải là Polygon hoặc MultiPolygon",
            f"{code}: the outline must be a Polygon or MultiPolygon",
        )
    try:
        outline = shapely.make_valid(shape(geometry))
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, shapely.errors.ShapelyError):
        raise BadArea(f"{code}: ranh giới hỏng", f"{code}: the outline is broken") from None
    west, south, east, north = outline.bounds
    if outline.is_empty or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadArea(
            f"{code}: ranh giới trống hoặc không tính bằng độ (kinh độ, vĩ độ)",
            f"{code}: the outline is empty or not in degrees (longitude, latitude)",
        )
    return outline
