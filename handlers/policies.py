"""Policies by command: imported whole or refused whole, tried on their own examples, compared, asked for due dates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import Any

from handlers.administration import ACTOR, Refused, unknown
from handlers.importing import text_of
from handlers.ports import Words
from storage.broken import BadFile
from storage.holidays import Override
from storage.law import law_of, read_version
from storage.policies import PolicyRow, digest
from storage.policy_file import lines_of_tests, plain_rules, read_text
from storage.seeding import ship_policies
from storage.unit_of_work import UnitOfWork
from workflows.case.clocks import reminders
from workflows.case.explain import Explained, all_clocks, said, told
from workflows.case.law import Law
from workflows.case.policy_data import PolicyData, Regulation, Vector
from workflows.frozen import frozen


@frozen
class Around:
    """What a policy needs beside its own file: where days begin, decreed days, each field's group."""

    zone: tzinfo
    entered: tuple[Override, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)


@frozen
class Imported:
    """The version that holds the file now; ``new`` says whether it was added by this import."""

    row: PolicyRow
    new: bool


@frozen
class Tried:
    """One example of a policy: what it wants, what comes out, and its line in the file."""

    clock: str
    sent: datetime
    wanted: date | datetime
    found: datetime
    line: int
    ok: bool


def import_policy(uow: UnitOfWork, path: Path, zone: tzinfo, now: datetime) -> Imported:
    """One more version of a policy, from a file. The first version of a name holds from the date in the file on, a
    later one from then too but never before it was imported. The same text again adds nothing.

    Raises Refused with file, line and reason; the version in force stays in force.
    """
    ship_policies(uow, now)  # what old cases went by is version 1, whatever comes now
    text = text_of(path)
    data = _data(text, path.name, {row.code for row in uow.categories.all()})
    versions = uow.policies.of(data.policy.name)
    if versions and versions[-1].digest == digest(text):
        return Imported(versions[-1], False)
    _examples_hold(text, path.name, data, Around(zone, uow.days.all(), groups_of(uow)))
    begins = datetime.combine(data.valid_from, time(), zone).astimezone(UTC)
    in_force_at = max(begins, now) if versions else begins
    same = next((row for row in versions if row.in_force_at == in_force_at), None)
    if same is not None:
        raise Refused(
            f"{path.name}, dòng {_line_of(text, 'valid_from')}: chồng lấn: phiên bản {same.version} cũng từ ngày đó",
            f"{path.name}, line {_line_of(text, 'valid_from')}: overlap: version {same.version} begins then too",
        )
    row = uow.policies.add(data.policy.name, text, path.name, in_force_at, now)
    uow.registers.record(ACTOR, "policy.imported", row.key, now, digest=row.digest, file=path.name)
    return Imported(row, True)


def version(uow: UnitOfWork, asked: str, at: datetime) -> PolicyRow:
    """``hue/2`` (or ``hue@2``): that version; ``hue``: the one for a case of ``at``. Raises Refused."""
    name, _, number = asked.replace("@", "/").partition("/")
    row = uow.policies.find(name, int(number)) if number.isdigit() else None
    if not number:
        row = uow.policies.in_force(name, at)
    if row is None:
        raise unknown("quy định", "policy", asked, [row.key for row in uow.policies.all()], "policy list")
    return row


def source(uow: UnitOfWork, asked: str, at: datetime) -> tuple[str, str]:
    """Text and name of a stored policy, or of a file. Raises Refused."""
    path = Path(asked)
    if path.is_file():
        return text_of(path), path.name
    row = version(uow, asked, at)
    return row.text, row.key


def compare(one: str, other: str) -> list[dict[str, Any]]:
    """What two readable policies say differently: key, the value of each (None: not said)."""
    left, right = plain_rules(one), plain_rules(other)
    keys = list(dict.fromkeys((*left, *right)))
    return [
        {"key": key, "from": left.get(key), "to": right.get(key)} for key in keys if left.get(key) != right.get(key)
    ]


def try_out(text: str, name: str, around: Around) -> list[Tried]:
    """A policy's own examples, one after the other. Raises Refused for a text that is no policy."""
    data = _data(text, name, None)
    lines = lines_of_tests(text)
    return [_tried(data, vector, lines[vector.line], around) for vector in data.vectors]


def due(law: Law, sent: datetime, assigned: datetime | None, category: str, *, urgent: bool) -> dict[str, Explained]:
    """Every clock of a report. Raises Refused when it would be assigned before it was sent."""
    if assigned is not None and assigned < sent:
        raise Refused("--assigned không được trước --sent", "--assigned may not be before --sent")
    return all_clocks(law, sent, assigned=assigned, category=category, urgent=urgent)


def law_between(data: PolicyData, key: str, around: Around, *instants: datetime) -> Law:
    """The law of one policy for what happens between these instants."""
    return law_of(
        data, key, min(instants), max(instants), zone=around.zone, entered=around.entered, groups=around.groups
    )


def law_of_row(row: PolicyRow, around: Around, *instants: datetime) -> Law:
    """The law of one stored version for what happens between these instants."""
    return law_between(read_version(row.text, row.key), row.key, around, *instants)


def regulation_of(row: PolicyRow) -> Regulation:
    """The regulation behind a version."""
    return read_version(row.text, row.key).regulation


def rules_of(row: PolicyRow) -> dict[str, Any]:
    """What a version says, key by key."""
    return plain_rules(row.text)


def why(explained: Explained, words: Words) -> list[str]:
    """The way to a due date: each line with its day, in Vietnamese and English."""
    lines = [(line.day, said(line, explained.due)) for line in told(explained.lines)]
    return [
        f"{day.isoformat()} · {words.text('vi', line.key, line.values)} / {words.text('en', line.key, line.values)}"
        for day, line in lines
    ]


def ladder(law: Law, due_at: datetime, category: str, *, urgent: bool) -> list[dict[str, Any]]:
    """The reminders about a due instant: who hears of it, and when."""
    law = law.of(category, urgent=urgent)
    zone = law.calendar.zone
    steps = reminders(due_at, law.policy, law.calendar)
    return [{"to": step.to, "at": when.astimezone(zone).isoformat()} for step, when in steps]


def groups_of(uow: UnitOfWork) -> dict[str, str]:
    """Each field's group."""
    return {row.code: row.parent for row in uow.categories.all() if row.parent}


def _tried(data: PolicyData, vector: Vector, line: int, around: Around) -> Tried:
    law = law_between(data, "", around, vector.sent, vector.assigned or vector.sent)
    explained = all_clocks(law, vector.sent, assigned=vector.assigned, category=vector.category, urgent=vector.urgent)
    found = explained[vector.clock].due
    wanted = vector.due
    exact = found == wanted if isinstance(wanted, datetime) else found == law.calendar.end_of(wanted)
    return Tried(vector.clock, vector.sent, wanted, found, line, exact)


def _examples_hold(text: str, file: str, data: PolicyData, around: Around) -> None:
    lines, zone = lines_of_tests(text), around.zone
    tried = [_tried(data, vector, lines[vector.line], around) for vector in data.vectors]
    wrong = [one for one in tried if not one.ok]
    if wrong:
        raise Refused(
            "\n".join(f"{file}, dòng {one.line}: {_differs(one, zone, 'cần', 'tính ra')}" for one in wrong),
            "\n".join(f"{file}, line {one.line}: {_differs(one, zone, 'wanted', 'found')}" for one in wrong),
        )


def _differs(one: Tried, zone: tzinfo, wanted: str, found: str) -> str:
    return f"{one.clock}: {wanted} {one.wanted.isoformat()}, {found} {one.found.astimezone(zone).isoformat()}"


def _data(text: str, file: str, categories: Collection[str] | None) -> PolicyData:
    try:
        return read_text(text, file, categories)
    except BadFile as bad:
        raise Refused(bad.vi, bad.en) from None


def _line_of(text: str, key: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(f"{key}:"))
