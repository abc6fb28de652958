"""Positions in what people paste: map links, geo: addresses, and coordinates written out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from urllib.parse import unquote_plus

Position = tuple[float, float]  # latitude, longitude in degrees (WGS 84)

_LONGEST = 4000  # characters looked at; links of map services are far shorter
_NUMBER = r"([+-]?\d{1,3}(?:\.\d{1,20})?)"
_PRECISE = r"([+-]?\d{1,3}[.,]\d{3,20})"  # outside a link only this looks like a coordinate
_PAIR = rf"{_NUMBER}\s*[,;~]\s*{_NUMBER}"

# Links, the most exact reading first: the place itself before the view of the map that happened to be open.
_LINKS = (
    re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"),  # Google, a place
    re.compile(rf"\bmlat={_NUMBER}&mlon={_NUMBER}"),  # OpenStreetMap, a marker
    re.compile(rf"\b(?:q|query|ll|daddr|destination|coordinate|center|cp|loc)=(?:loc:)?\s*{_PAIR}"),
    re.compile(rf"/(?:place|search|dir(?:/[^/]{{0,200}})?)/{_PAIR}"),
    re.compile(rf"@{_NUMBER},{_NUMBER}"),  # Google, the view
    re.compile(rf"#map=\d{{1,2}}(?:\.\d{{1,6}})?/{_NUMBER}/{_NUMBER}"),  # OpenStreetMap, the view
    re.compile(rf"\bgeo:{_NUMBER},{_NUMBER}"),
)

_DEGREES = (
    r"(\d{1,3})\s*[°º]\s*"
    r"(?:(\d{1,2}(?:[.,]\d{1,10})?)\s*['′’]\s*)?"
    r"(?:(\d{1,2}(?:[.,]\d{1,10})?)\s*(?:[\"″”]|''|′′|’’)\s*)?"
)
# North, south, east, west in English; bắc, nam, đông, tây in Vietnamese, where N is south.
_DMS = re.compile(rf"{_DEGREES}([NSB])\b[\s,;]*{_DEGREES}([EWĐDT])\b", re.IGNORECASE)
_HEMISPHERES = re.compile(rf"{_PRECISE}\s*[°º]?\s*([NSB])\b[\s,;]*{_PRECISE}\s*[°º]?\s*([EWĐDT])\b", re.IGNORECASE)
_BETWEEN = r"(?:\s*[,;]\s*|\s+)(?:(?:kinh độ|kinh do|longitude|long|lng|lon)\s*[:=]?\s*)?"
_PLAIN = re.compile(rf"(?<![\d.,]){_PRECISE}{_BETWEEN}{_PRECISE}(?![\d.,]\d)", re.IGNORECASE)

_SHORT_LINKS = re.compile(r"\b(?:goo\.gl/|g\.co/|maps\.apple/|osm\.org/go/|openstreetmap\.org/go/)\w", re.IGNORECASE)


def plausible(lat: float, lon: float) -> bool:
    """Whether somebody can have meant this position: in range, and not 0,0, which a lost phone says."""
    if not (math.isfinite(lat) and math.isfinite(lon)):
        return False
    return abs(lat) <= 90 and abs(lon) <= 180 and not (abs(lat) < 0.01 and abs(lon) < 0.01)


def read(text: str) -> Position | None:
    """The latitude and longitude that ``text`` gives, in degrees; None when it gives none that is plausible.

    Reads links of Google Maps, Apple Maps, OpenStreetMap and their like, ``geo:`` addresses, degrees with
    minutes and seconds, and two decimal numbers of at least three decimals.
    """
    plain = unquote_plus(text[:_LONGEST])
    return next((found for reader in _READERS if (found := reader(plain))), None)


def is_short_link(text: str) -> bool:
    """Whether ``text`` has a shortened map link, whose position only the service that made it knows."""
    return bool(_SHORT_LINKS.search(text[:_LONGEST]))


def _linked(text: str) -> Position | None:
    for pattern in _LINKS:
        for lat, lon in pattern.findall(text):
            if position := _position(float(lat), float(lon)):
                return position
    return None


def _degrees_minutes_seconds(text: str) -> Position | None:
    found = _DMS.search(text)
    if not found:
        return None
    lat, lon = _angle(*found.groups()[:3]), _angle(*found.groups()[4:7])
    return _position(*_signed(lat, found[4], lon, found[8]))


def _with_hemispheres(text: str) -> Position | None:
    found = _HEMISPHERES.search(text)
    if not found:
        return None
    return _position(*_signed(_decimal(found[1]), found[2], _decimal(found[3]), found[4]))


def _written_out(text: str) -> Position | None:
    for lat, lon in _PLAIN.findall(text):
        if position := _position(_decimal(lat), _decimal(lon)):
            return position
    return None


_READERS: tuple[Callable[[str], Position | None], ...] = (
    _linked,
    _degrees_minutes_seconds,
    _with_hemispheres,
    _written_out,
)


def _position(lat: float, lon: float) -> Position | None:
    return (lat, lon) if plausible(lat, lon) else None


def _signed(lat: float, north: str, lon: float, east: str) -> Position:
    vietnamese = east.upper() in "ĐDT"
    south = north.upper() == ("N" if vietnamese else "S")
    return (-lat if south else lat), (-lon if east.upper() in "WT" else lon)


def _angle(degrees: str, minutes: str | None, seconds: str | None) -> float:
    return float(degrees) + _decimal(minutes or "0") / 60 + _decimal(seconds or "0") / 3600


def _decimal(number: str) -> float:
    """A number as written in Vietnam or elsewhere: 16,4637 and 16.4637 are the same."""
    return float(number.replace(",", "."))
