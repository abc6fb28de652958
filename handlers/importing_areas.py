"""Import of areas (GeoJSON) and of other names for them (CSV): all or nothing, every problem with where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from handlers.administration import ACTOR, Refused, unknown
from handlers.areas import spellings
from handlers.importing import Imported, csv_lines, in_lines
from storage.areas import AreaRow
from storage.broken import BadFile
from storage.geojson import AreaUnit, areas, features, provinces
from storage.unit_of_work import UnitOfWork
from workflows.text import words

AT_ONCE = 200
ALIAS_COLUMNS = ("name", "areas")
SAME = ("province", "vi", "en", "outline")  # what makes a version: other values are corrected in place


@dataclass(slots=True)
class _Plan:
    """What an import comes to: areas as they stand, what they were before, and what ended ones became."""

    now: dict[str, AreaRow] = field(default_factory=dict)
    before: list[tuple[AreaRow, datetime]] = field(default_factory=list)
    became: dict[tuple[str, datetime], tuple[str, ...]] = field(default_factory=dict)


def import_areas(
    uow: UnitOfWork,
    path: Path,
    now: datetime,
    *,
    province: str = "",
    others: bool = False,
    since: datetime | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Imported:
    """Areas from a GeoJSON file, of one ``province`` or all; with ``others`` the rest as served by others.

    A feature may say ``valid_from``, ``valid_until`` and ``successors``. ``since``: from when the names and outlines
    of this file hold where it does not say so; what an area was before is remembered then. Raises Refused.
    """
    units = _units(path, province, others, progress)
    known = {row.code: row for row in uow.areas.register()}
    plan = _planned(units, known, since)
    missing = {code for codes in plan.became.values() for code in codes} - known.keys() - plan.now.keys()
    if missing:
        named = ", ".join(sorted(missing))
        raise Refused(f"{path.name}: đơn vị kế tiếp chưa có: {named}", f"{path.name}: unknown successors: {named}")
    rows = list(plan.now.values())
    for start in range(0, len(rows), AT_ONCE):
        uow.areas.save(rows[start : start + AT_ONCE])
    uow.areas.keep_versions(plan.before)
    for (code, until), successors in plan.became.items():
        uow.areas.succeed(code, until, successors)
    uow.registers.record(ACTOR, "areas.imported", path.name, now, areas=len(rows), province=province)
    changed = sum(code in known for code in plan.now)
    return Imported(len(rows) - changed, changed)


def _units(path: Path, province: str, others: bool, progress: Callable[[int, int], None]) -> list[AreaUnit]:
    try:
        found = features(path)
        units: list[AreaUnit] = []
        for unit in areas(found, province, others=others):
            units.append(unit)
            progress(len(units), len(found))
    except BadFile as wrong:
        raise Refused(f"tệp không dùng được: {wrong.vi}", f"the file cannot be used: {wrong.en}") from None
    if not any(unit.row.served for unit in units):
        raise unknown("mã tỉnh", "province code", province, provinces(found), "areas import --help")
    return units


def _planned(units: Sequence[AreaUnit], known: Mapping[str, AreaRow], since: datetime | None) -> _Plan:
    """Version by version, the earliest first: each goes on from what the area was before it."""
    plan = _Plan()
    for unit in sorted(units, key=_begins):
        code = unit.row.code
        earlier = plan.now.get(code) or known.get(code)
        row = _dated(unit.row, earlier, since, again=code in plan.now)
        if earlier is not None and row.valid_until and earlier.valid_from and row.valid_until <= earlier.valid_from:
            plan.before.append((row, row.valid_until))  # an older version than the one in the store
        else:
            if earlier is not None and row.valid_from != earlier.valid_from:
                plan.before.append((earlier, _end_of(earlier, row)))
            plan.now[code] = row
        if row.valid_until:
            plan.became[code, row.valid_until] = unit.successors
    return plan


def _begins(unit: AreaUnit) -> float:
    return unit.row.valid_from.timestamp() if unit.row.valid_from else float("-inf")


def _dated(row: AreaRow, earlier: AreaRow | None, since: datetime | None, *, again: bool) -> AreaRow:
    """The dates of a version: its own, else those of the same version in the store, else the file's."""
    if earlier is None:
        return row if row.valid_from or row.valid_until else replace(row, valid_from=since)
    if again and row.valid_from in (None, earlier.valid_from):
        raise Refused(f"{row.code}: có hai lần trong tệp", f"{row.code}: twice in the file")
    if row.valid_from:
        return row
    if row.valid_until:
        goes_on = earlier.valid_from is not None and earlier.valid_from < row.valid_until
        return replace(row, valid_from=earlier.valid_from) if goes_on else row
    unchanged = all(getattr(row, name) == getattr(earlier, name) for name in SAME)
    if since is None or unchanged:
        return replace(row, valid_from=earlier.valid_from, valid_until=earlier.valid_until)
    return replace(row, valid_from=since)


def _end_of(earlier: AreaRow, row: AreaRow) -> datetime:
    """When the version before ended. Raises Refused where both would hold at once."""
    begins = row.valid_from
    if begins is None or (earlier.valid_from and begins < earlier.valid_from):
        raise Refused(f"{row.code}: bắt đầu trước phiên bản đang có", f"{row.code}: begins before the version there is")
    if earlier.valid_until and earlier.valid_until > begins:
        raise Refused(
            f"{row.code}: hai phiên bản trùng ngày {begins:%Y-%m-%d}",
            f"{row.code}: two versions overlap at {begins:%Y-%m-%d}",
        )
    return earlier.valid_until or begins


def import_aliases(uow: UnitOfWork, path: Path, now: datetime) -> Imported:
    """Other names from a CSV file with the columns ``name,areas``: what people say, and codes parted by ``;``.

    A name that is there, however it is spelled, means these areas from now on. Raises Refused with file, line and
    reason of all that is wrong; nothing is kept then.
    """
    codes = {row.code for row in uow.areas.register()}
    known = spellings(uow)
    wrong: list[tuple[int, Refused]] = []
    wanted: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    for line, name, meant in _alias_lines(path):
        earlier, _ = wanted.get(words(name), ("", ()))
        reason = _wrong_alias(name, meant, codes, earlier)
        if reason is None:
            wanted[words(name)] = name, meant
        else:
            wrong.append((line, reason))
    if wrong:
        raise in_lines(path, wrong)
    for said, (name, meant) in wanted.items():
        for spelled in known.get(said, ()):
            uow.areas.uncall(spelled)
        uow.areas.call(name, meant)
    changed = len(known.keys() & wanted.keys())
    uow.registers.record(ACTOR, "areas.aliases_imported", path.name, now, names=len(wanted))
    return Imported(len(wanted) - changed, changed)


def _alias_lines(path: Path) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    for line, row in csv_lines(path, ALIAS_COLUMNS, ALIAS_COLUMNS):
        codes = (code.strip() for code in row["areas"].split(";"))
        yield line, " ".join(row["name"].split()), tuple(dict.fromkeys(filter(None, codes)))


def _wrong_alias(name: str, meant: Sequence[str], codes: set[str], earlier: str) -> Refused | None:
    if not words(name):
        return Refused("thiếu tên", "the name is missing")
    if earlier:
        return Refused(
            f"tên {name!r} giống {earlier!r} ở dòng trên khi bỏ dấu; hãy gộp thành một dòng, các mã cách nhau bằng ;",
            f"the name {name!r} is the same as {earlier!r}, which stands in a line above; join them, codes parted by ;",
        )
    if not meant:
        return Refused(f"{name}: thiếu mã địa bàn", f"{name}: no codes of areas")
    wrong = next((code for code in meant if code not in codes), None)
    return unknown("địa bàn", "area", wrong, codes, "areas list, areas find") if wrong is not None else None
