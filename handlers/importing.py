"""Import of agencies (CSV) and categories (YAML): all or nothing, every problem with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

import yaml

from handlers.administration import ACTOR, NewAgency, Refused, add_agency, change_agency, unknown
from storage.broken import in_yaml, not_utf8
from storage.seeding import BadSeed, read_categories
from storage.unit_of_work import UnitOfWork
from storage.yaml_text import read_yaml

AGENCY_COLUMNS = ("code", "vi", "en", "kind", "parent")


@dataclass(frozen=True, slots=True)
class Imported:
    """How many were added and how many changed."""

    added: int
    changed: int


def import_agencies(uow: UnitOfWork, path: Path, now: datetime) -> Imported:
    """Agencies from a CSV file with the columns ``code,vi,en,kind,parent``; a code that is there is changed.

    Of one that is there only the columns of the file are changed. A parent stands above its units. Raises Refused with
    every line that is wrong; nothing is kept then.
    """
    added = changed = 0
    problems: list[Refused] = []
    for line, given in _agency_lines(text_of(path)):
        known = uow.agencies.by_code(given["code"])
        try:
            if known is None:
                add_agency(uow, NewAgency(**given), now)
                added += 1
            else:
                change_agency(uow, known, given)
                changed += 1
        except Refused as wrong:
            problems.append(Refused(f"dòng {line}: {wrong.vi}", f"line {line}: {wrong.en}"))
    if problems:
        raise Refused("\n".join(one.vi for one in problems), "\n".join(one.en for one in problems))
    uow.registers.record(ACTOR, "agencies.imported", path.name, now, added=added, changed=changed)
    return Imported(added, changed)


def text_of(path: Path) -> str:
    """What a file says. Raises Refused when it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        wrong = not_utf8(path.name)
        raise Refused(wrong.vi, wrong.en) from None


def _agency_lines(text: str) -> Iterable[tuple[int, dict[str, str]]]:
    """The number of each line and what it gives; a kind that is left empty is none given."""
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    missing = {"code", "vi"} - set(reader.fieldnames or ())
    unknown = set(reader.fieldnames or ()) - set(AGENCY_COLUMNS)
    if missing or unknown:
        names = ",".join(AGENCY_COLUMNS)
        raise Refused(f"dòng đầu phải là {names}", f"the first line must be {names}")
    for row in reader:
        given = {name: (row[name] or "").strip() for name in reader.fieldnames or ()}
        yield reader.line_num, {name: value for name, value in given.items() if value or name != "kind"}


def import_categories(uow: UnitOfWork, path: Path, now: datetime) -> Imported:
    """Categories from a YAML file shaped like ``storage/seed/categories.yaml``; a code that is there is changed."""
    text = text_of(path)
    try:
        rows = read_categories(read_yaml(text))
    except yaml.YAMLError as error:
        mistake = in_yaml(error, text).of(path.name)
        raise Refused(mistake.vi, mistake.en) from None
    except BadSeed as wrong:
        raise Refused(f"{path.name} không đúng mẫu: {wrong.vi}", f"{path.name} is not as agreed: {wrong.en}") from None
    known = {row.code for row in uow.categories.all()}
    codes = known | {row.code for row in rows}
    for row in rows:
        if row.parent and row.parent not in codes:
            raise unknown("nhóm lĩnh vực", "category", row.parent, codes, "categories list")
    uow.categories.save(rows)
    changed = sum(row.code in known for row in rows)
    uow.registers.record(ACTOR, "categories.imported", path.name, now, rows=len(rows))
    return Imported(len(rows) - changed, changed)
