"""Import of agencies (CSV) and categories (YAML): all or nothing, every problem with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path

import yaml

from handlers.administration import ACTOR, NewAgency, Refused, add_agency, change_agency, unknown
from storage.broken import BadFile, in_yaml, not_utf8
from storage.seeding import BadSeed, read_categories
from storage.unit_of_work import UnitOfWork
from storage.yaml_text import read_yaml
from workflows.frozen import frozen

AGENCY_COLUMNS = ("code", "vi", "en", "kind", "parent")
TOO_MANY = (
    "nhiều ô hơn số cột; chữ có dấu phẩy phải đặt trong dấu nháy kép",
    "more cells than columns; words with a comma stand in double quotes",
)
NO_CSV = (
    "từ đây không còn đúng cú pháp CSV; hãy sửa dấu nháy kép rồi chạy lại",
    "not CSV from here on; correct its double quotes and run it again",
)


@frozen
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
    wrong: list[tuple[int, Refused]] = []
    for line, row in csv_lines(path, AGENCY_COLUMNS, ("code", "vi")):
        given = {name: value for name, value in row.items() if value or name != "kind"}  # there is no empty kind
        known = uow.agencies.by_code(given["code"])
        try:
            if known is None:
                add_agency(uow, NewAgency(**given), now)
                added += 1
            else:
                change_agency(uow, known, given)
                changed += 1
        except Refused as one:
            wrong.append((line, one))
    if wrong:
        raise in_lines(path, wrong)
    uow.registers.record(ACTOR, "agencies.imported", path.name, now, added=added, changed=changed)
    return Imported(added, changed)


def text_of(path: Path) -> str:
    """What a file says. Raises Refused when it is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        wrong = not_utf8(path.name)
        raise Refused(wrong.vi, wrong.en) from None


def csv_lines(path: Path, columns: Sequence[str], needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file by the names in its first line, each with its line; a cell that is not there is empty.

    Raises Refused with file and line for other columns than these, or without the ``needed``, and for what is no CSV.
    """
    reader = csv.DictReader(StringIO(text_of(path), newline=""), restval="", strict=True)
    line = 0
    try:
        names = reader.fieldnames or ()
        if not set(needed) <= set(names) <= set(columns):
            raise in_lines(path, [(1, Refused(f"phải là {','.join(columns)}", f"must be {','.join(columns)}"))])
        for row in reader:
            line = reader.line_num
            if None in row:
                raise in_lines(path, [(line, Refused(*TOO_MANY))])
            yield line, {name: value.strip() for name, value in row.items()}
    except csv.Error as error:
        vi, en = NO_CSV
        raise in_lines(path, [(line + 1, Refused(vi, f"{en} ({error})"))]) from None


def in_lines(path: Path, wrong: Iterable[tuple[int, Refused]]) -> Refused:
    """Everything that is wrong with a file, line by line."""
    told = BadFile.in_lines(path.name, [(line, one.vi, one.en) for line, one in wrong])
    return Refused(told.vi, told.en)


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
