"""Which area a position lies in: by imported outlines, near them by three choices, beyond them not at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from storage.areas import AreaRow
from workflows.frozen import frozen
from workflows.maplinks import plausible

CHOICES = 3  # nearest true centroid finds the commune in 77 of 100 cases, the first three in 98
NEAR_KM = 1.0  # outlines are simplified, and reports come from piers and beaches
CENTROID_KM = 30.0  # how far an area without an outline may reach
KM_PER_DEGREE = 111.32  # of latitude

Hit = Literal["inside", "near", "outside", "unmapped", "nowhere"]


@frozen
class AreaHit:
    """Where a position falls, with codes of areas.

    ``inside``: in the one area of ``codes``. ``near``: close to a border or outside, ``codes`` are at most three
    candidates, likeliest first. ``outside``: not ours; ``codes`` holds the area of others that it lies in, if that
    was imported. ``unmapped``: no areas at all. ``nowhere``: out of range, or 0,0.
    """

    kind: Hit
    codes: tuple[str, ...] = ()


@frozen
class _Shapes:
    """Outlines that can be asked by position, and whose they are."""

    codes: tuple[str, ...]
    tree: shapely.STRtree

    def containing(self, point: BaseGeometry) -> tuple[str, ...]:
        """Areas that the point is in or on the border of."""
        return self._named(self.tree.query(point, predicate="intersects"))

    def within(self, point: BaseGeometry, km: float) -> tuple[str, ...]:
        """Areas whose outline is at most so far away, nearest first."""
        found = self.tree.query(point, predicate="dwithin", distance=km)
        distances = shapely.distance(self.tree.geometries[found], point)
        return self._named(found[np.argsort(distances, kind="stable")])

    def _named(self, places: NDArray[np.int64]) -> tuple[str, ...]:
        return tuple(self.codes[place] for place in places)


class AreaIndex:
    """Areas ready to be asked. Never changes; made anew when areas change. Safe for many threads.

    Distances are taken on a plane with one scale, that of the mean latitude: over the length of Vietnam they are off
    by at most a twelfth, which only matters to what counts as near. ``border_km``: so close to a border the area on
    its other side is offered too.
    """

    def __init__(self, rows: Iterable[AreaRow], border_km: float = 0.0) -> None:
        areas = tuple(rows)
        self._border_km = border_km
        served = tuple(area for area in areas if area.served)
        mean = math.fsum(area.lat for area in areas) / len(areas) if areas else 0.0
        self._scale = (KM_PER_DEGREE * math.cos(math.radians(mean)), KM_PER_DEGREE)
        self._empty = not areas
        self._ours = self._shapes(served)
        self._others = self._shapes(tuple(area for area in areas if not area.served))
        self._middles = {area.code: self._plane(area.lat, area.lon) for area in served}
        self._unshaped = tuple(area.code for area in served if area.outline is None)

    def locate(self, lat: float, lon: float) -> AreaHit:
        """The area at a position in degrees. Never raises."""
        if not plausible(lat, lon):
            return AreaHit("nowhere")
        if self._empty:
            return AreaHit("unmapped")
        point = shapely.Point(self._plane(lat, lon))
        containing = self._ours.containing(point)
        close = self._ours.within(point, self._border_km) if self._border_km else ()
        if containing:
            found = tuple(dict.fromkeys((*containing, *close)))
            return AreaHit("inside" if len(found) == 1 else "near", found[:CHOICES])
        others = self._others.containing(point)
        if others:
            return AreaHit("near", close[:CHOICES]) if close else AreaHit("outside", others[:1])
        return self._beside(point, self._plane(lat, lon))

    def _beside(self, point: BaseGeometry, place: tuple[float, float]) -> AreaHit:
        """In no outline: near ours, near the middle of an area without outline, or outside."""
        close = self._ours.within(point, NEAR_KM)
        reached = any(math.dist(place, self._middles[code]) <= CENTROID_KM for code in self._unshaped)
        if not close and not reached:
            return AreaHit("outside")
        by_middle = sorted(self._middles, key=lambda code: math.dist(place, self._middles[code]))
        return AreaHit("near", tuple(dict.fromkeys(chain(close, by_middle)))[:CHOICES])

    def _shapes(self, areas: Sequence[AreaRow]) -> _Shapes:
        shaped = [area for area in areas if area.outline is not None]
        outlines = shapely.from_wkb([area.outline for area in shaped])
        scaled = shapely.transform(outlines, lambda degrees: degrees * self._scale)
        shapely.prepare(scaled)
        return _Shapes(tuple(area.code for area in shaped), shapely.STRtree(scaled))

    def _plane(self, lat: float, lon: float) -> tuple[float, float]:
        """Kilometres east and north."""
        return lon * self._scale[0], lat * self._scale[1]
