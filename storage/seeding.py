"""Shipped data into an empty store: categories always, and on wish a small sample of areas, agencies and routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from storage.broken import BadFile
from storage.categories import CategoryRow
from storage.db import writing
from storage.law import shipped_data
from storage.policies import PolicyRow
from storage.policy_file import SHIPPED, shipped
from storage.unit_of_work import UnitOfWork
from storage.yaml_text import read_yaml
from workflows.about_officials import OfficialWords
from workflows.case.calendar import VIETNAM
from workflows.conversation.evidence import Lesson
from workflows.frozen import field_names, frozen
from workflows.text import fold

if TYPE_CHECKING:
    from storage.geojson import AreaUnit

__all__ = ["Lookout", "Seeded", "prepare", "read_categories", "read_lookout", "sample_areas", "seed", "seed_sample"]

FOLDER = Path(__file__).parent / "seed"
CATEGORIES = FOLDER / "categories.yaml"
SENTENCES = FOLDER / "sentences.yaml"
LOOKOUT = FOLDER / "lookout.yaml"
SAMPLE = FOLDER / "sample.yaml"
SAMPLE_AREAS = FOLDER / "sample_areas.geojson"

TEXTS = ("code", "vi", "en", "emoji", "parent")
LISTS = ("examples", "words", "danger")
FLAGS = ("sensitive", "photo_required", "active")


class BadSeed(BadFile):
    """Data that is not in the agreed shape; says where."""


@frozen
class Lookout:
    """Words that the conversation listens for: of danger to life, of a formal complaint, of a state secret, of what
    officials do."""

    danger: tuple[str, ...] = ()
    formal: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    officials: OfficialWords = field(default_factory=OfficialWords)


@frozen
class Seeded:
    """How many of each were put into the store; 0 for what was there already."""

    categories: int = 0
    areas: int = 0
    agencies: int = 0
    routes: int = 0
    policies: int = 0
    sentences: int = 0


def prepare(engine: Engine, now: datetime, *, sample: bool) -> Seeded:
    """Shipped data into the empty tables of a database at the newest step. Safe to repeat."""
    with writing(engine) as connection:
        uow = UnitOfWork(connection)
        seeded = seed_sample(uow, now) if sample else seed(uow, now)
        uow.flush(now)
        return seeded


def read_lookout(path: Path = LOOKOUT) -> Lookout:
    """The words to look out for."""
    data = _yaml(path)
    officials = OfficialWords(*(tuple(data["officials"][name]) for name in ("phrases", "who", "what")))
    return Lookout(tuple(data["danger"]), tuple(data["formal"]), tuple(data["secret"]), officials)


def seed(uow: UnitOfWork, now: datetime) -> Seeded:
    """The shipped categories, sentences and policies, each if there are none yet."""
    policies = len(ship_policies(uow, now))
    rows = [] if uow.categories.count() else read_categories(_yaml(CATEGORIES))
    uow.categories.save(rows)
    return Seeded(categories=len(rows), policies=policies, sentences=_ship_sentences(uow))


def _ship_sentences(uow: UnitOfWork) -> int:
    """How people write about the shipped categories, for those of them that are in the store."""
    if uow.categories.sentences():
        return 0
    known = {row.code for row in uow.categories.all()}
    lessons = [lesson for lesson in read_sentences(_yaml(SENTENCES)) if lesson.category in known]
    uow.categories.add_sentences(lessons)
    return len(lessons)


def read_sentences(data: Mapping[str, list[str]]) -> list[Lesson]:
    """Sentences out of plain data: a list of them for the code of each category."""
    return [Lesson(code, sentence) for code, sentences in data.items() for sentence in sentences]


def ship_policies(uow: UnitOfWork, now: datetime) -> list[PolicyRow]:
    """The shipped policies as the first versions of theirs, if there are none yet; later ones are imported."""
    missing = [name for name in SHIPPED if not uow.policies.of(name)]
    return [uow.policies.add(name, shipped(name), f"{name}.yaml", _valid_from(name), now) for name in missing]


def _valid_from(name: str) -> datetime:
    return datetime.combine(shipped_data(name).valid_from, time(), VIETNAM).astimezone(UTC)


def seed_sample(uow: UnitOfWork, now: datetime) -> Seeded:
    """Sample areas, agencies and routes, each if there are none yet: enough to play a whole report."""
    first = seed(uow, now)
    sample = _yaml(SAMPLE)
    made_areas = _sample_areas(uow)
    made_agencies = _sample_agencies(uow, sample["agencies"], now)
    made_routes = _sample_routes(uow, sample["routes"]) if made_agencies else 0
    return replace(first, areas=made_areas, agencies=made_agencies, routes=made_routes)


def sample_areas() -> list[AreaUnit]:
    """The areas of the sample, as they are drawn."""
    from storage.geojson import areas, features  # numpy and shapely: not for the start of a store that is filled

    return list(areas(features(SAMPLE_AREAS)))


def read_categories(data: Any) -> list[CategoryRow]:
    """Categories out of plain data: a list, or a map with the list under ``categories``; groups before leaves.

    Each is ``{code, vi, en, emoji, examples, words, danger, sensitive, photo_required, children}``; what is left out
    is empty or false. Raises BadSeed for anything else, naming the category.
    """
    listed = data.get("categories") if isinstance(data, Mapping) else data
    if not isinstance(listed, list):
        raise BadSeed("cần một danh sách lĩnh vực", "a list of categories is wanted")
    rows = list(_categories(listed, None))
    rows = [_placed(row, number) for number, row in enumerate(rows, start=1)]
    codes = [row.code for row in rows]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        named = ", ".join(sorted(twice))
        raise BadSeed(f"có hai lần: {named}", f"twice: {named}")
    return sorted(rows, key=lambda row: (row.parent is not None, row.position))


def _categories(listed: list[Any], parent: str | None) -> Iterator[CategoryRow]:
    for item in listed:
        row = _category(item, parent)
        yield row
        children = item.get("children") or []
        if children and parent is not None:
            raise BadSeed(f"{row.code}: lĩnh vực chỉ có hai cấp", f"{row.code}: categories have two levels")
        yield from _categories(children, row.code)


def _category(item: Any, parent: str | None) -> CategoryRow:
    code = str(item.get("code") or "") if isinstance(item, Mapping) else ""
    if not code or not item.get("vi"):
        raise BadSeed(f"{code or item!r}: cần 'code' và 'vi'", f"{code or item!r}: needs 'code' and 'vi'")
    unknown = set(item) - {*TEXTS, *LISTS, *FLAGS, "children", "position"}
    if unknown:
        named = ", ".join(sorted(map(str, unknown)))
        raise BadSeed(f"{code}: không có mục {named}", f"{code}: unknown {named}")
    lists = {name: item.get(name) or [] for name in LISTS}
    if not all(isinstance(value, list) for value in lists.values()):
        raise BadSeed(f"{code}: {', '.join(LISTS)} là danh sách", f"{code}: {', '.join(LISTS)} are lists")
    if not isinstance(item.get("children") or [], list):
        raise BadSeed(f"{code}: children là danh sách", f"{code}: children are a list")
    position = item.get("position") or 0
    if type(position) is not int:
        raise BadSeed(f"{code}: position là số nguyên, không phải {position!r}",
                      f"{code}: position is a whole number, not {position!r}")  # fmt: skip
    return CategoryRow(
        code=code,
        parent=parent or item.get("parent") or None,
        vi=str(item["vi"]),
        en=str(item.get("en") or item["vi"]),
        emoji=str(item.get("emoji") or ""),
        examples=tuple(map(str, lists["examples"])),
        words=tuple(map(str, lists["words"])),
        danger=tuple(map(str, lists["danger"])),
        sensitive=bool(item.get("sensitive", False)),
        photo_required=bool(item.get("photo_required", False)),
        position=position,
        active=bool(item.get("active", True)),
    )


def _placed(row: CategoryRow, number: int) -> CategoryRow:
    """The order of the file, unless a position was given."""
    values = {name: getattr(row, name) for name in field_names(CategoryRow)}
    return CategoryRow(**values | {"position": row.position or number * 10})


def _sample_areas(uow: UnitOfWork) -> int:
    if uow.areas.count():
        return 0
    units = sample_areas()
    uow.areas.save([unit.row for unit in units])
    for unit in units:
        if unit.row.valid_until:
            uow.areas.succeed(unit.row.code, unit.row.valid_until, unit.successors)
    return len(units)


def _sample_agencies(uow: UnitOfWork, listed: list[dict[str, str]], now: datetime) -> int:
    if uow.agencies.count():
        return 0
    ids: dict[str, int] = {}
    for item in listed:
        code, vi, en = item["code"], item["vi"], item["en"]
        parent_id = ids.get(item.get("parent", ""))
        kind = item.get("kind", "agency")
        ids[code] = uow.agencies.add(code, vi, en, kind, parent_id, fold(f"{vi} {en} {code}"), now)
    return len(ids)


def _sample_routes(uow: UnitOfWork, listed: list[dict[str, str]]) -> int:
    ids = {row.code: row.id for row in uow.agencies.all()}
    for item in listed:
        uow.agencies.add_route(item.get("category"), item.get("area"), ids[item["agency"]])
    return len(listed)


def _yaml(path: Path) -> Any:
    return read_yaml(path.read_text(encoding="utf-8"))
