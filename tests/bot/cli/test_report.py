"""`report figures`: what a province hands in, in numbers that add up, and that name nobody they must not."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import reduce

import pytest
from sqlalchemy import update

from bot.cli.report import LABELS
from storage.cases import CASES
from tests.bot.cli.conftest import report
from tests.workflows.case.story import LAW
from workflows.actions import Action
from workflows.case.decide import decide
from workflows.case.model import Act, Refusal, Role
from workflows.case.replay import apply
from workflows.figures import BY_CASE, BY_CYCLE, BY_INTERACTION, old_style

MONDAY = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
DAYS = ("report", "figures", "--from", "2025-03-01", "--to", "2025-03-04")


@pytest.fixture
def month(ready, world):
    """Two reports of a Monday: one of An Cựu, and one of Thuận Hòa that has its answer."""
    world.clock.at = MONDAY
    first, second = report(world), report(world, chat="minh", area="thuan-hoa")
    does(world, second, Action.CLAIM)
    does(world, second, Action.SUBMIT_RESULT, outcome="explained", words="w")
    world.clock.forward(days=7)  # figures end with the present at the latest
    return first, second


def does(world, code, action, **fields):
    """The officer of whoever holds the case."""
    with world.store.write() as uow:
        row = uow.cases.by_code(code)
        act = Act(action, frozenset({Role.OFFICER}), world.clock.now(), agency_id=row.case.agency_id, **fields)
        events = decide(row.case, act, LAW)
        assert not isinstance(events, Refusal), events
        uow.cases.append(row.id, events)
        uow.cases.save(row.id, reduce(apply, events, row.case))


def test_the_figures_of_some_days(ready, month):
    found = ready.json(*DAYS)
    total = found["by_case"]["total"]
    assert {cell: count for cell, count in total.items() if count} == {
        "received": 2, "distinct": 2, "accepted": 2, "processing": 1, "within_term": 1, "first_round": 1,
        "finished": 1, "on_time": 1, "unrated": 1,
    }  # fmt: skip
    assert found["by_cycle"]["total"]["explained"] == found["by_cycle"]["total"]["results"] == 1
    assert found["shares"]["on_time"] == {"part": 1, "of": 1, "percent": 100.0}
    assert [line["numbers"] for line in found["old_style"]["identities"]] == ["2 = 0 + 2 + 0", "2 = 1 + 0 + 1"]
    assert found["sensitive"] == "undivided"


def test_a_line_for_each_agency_and_one_agency_alone(ready, month):
    lines = ready.json(*DAYS, "--by", "agency")["by_case"]["lines"]
    assert {name: cells["finished"] for name, cells in lines.items()} == {"an-cuu": 0, "thuan-hoa": 1}
    alone = ready.json(*DAYS, "--agency", "thuan-hoa")
    assert alone["by_case"]["total"]["received"] == alone["by_case"]["total"]["finished"] == 1
    assert ready.json(*DAYS, "--area", "an-cuu")["by_case"]["total"]["processing"] == 1


def test_people_read_the_same_in_two_languages(ready, month):
    shown = ready.run(*DAYS, "--by", "area").stdout
    assert "Đúng hạn/On time" in shown and "thuan-hoa" in shown and "received = cancelled + accepted" in shown
    assert set(LABELS) >= {*BY_CASE, *BY_CYCLE, *BY_INTERACTION, *old_style(dict.fromkeys(BY_CASE, 0))}


def test_what_cannot_be_asked_is_said(ready, month):
    for words in (("--area", "nowhere"), ("--agency", "nobody"), ("--category", "nothing")):
        assert "there is no" in ready.run(*DAYS, *words, code=1).stderr
    ready.run("report", "figures", "--from", "2025-03-30", "--to", "2025-03-01", code=1)
    assert "future" in ready.run("report", "figures", "--from", "2099-01-01", "--to", "2099-01-02", code=1).stderr


def test_no_figure_with_a_name_on_it_counts_a_report_about_officials(ready, world, month):
    """R61: what is sensitive now is left out wherever it ever was, so that two figures tell no difference."""
    with world.store.write() as uow:
        uow.connection.execute(update(CASES).where(CASES.c.code == month[1]).values(sensitive=True))
        uow.connection.settle()
    assert ready.json(*DAYS)["by_case"]["total"]["received"] == 2
    for by in ("agency", "area", "category"):
        lines = ready.json(*DAYS, "--by", by)["by_case"]["lines"]
        assert lines["*"]["received"] == 1 and "thuan-hoa" not in lines
    for narrow in (("--agency", "thuan-hoa"), ("--area", "thuan-hoa")):
        alone = ready.json(*DAYS, *narrow, "--by", "category")
        assert alone["by_case"] | {"identities": []} == {
            "total": dict.fromkeys(BY_CASE, 0),
            "lines": {},
            "identities": [],
        }
        assert alone["sensitive"] == "left_out"
        assert alone["by_cycle"]["total"]["results"] == 0
    with world.store.read() as uow:
        category = uow.cases.by_code(month[1]).case.category
    named = ready.json(*DAYS, "--category", category)
    assert named["sensitive"] == "fewer_than_5"
    assert named["by_case"]["total"]["received"] == 1


def test_figures_that_do_not_add_up_are_refused_with_the_cases(ready, world, month):
    with world.store.write() as uow:
        uow.connection.execute(update(CASES).where(CASES.c.code == month[0]).values(state="nowhere"))
        uow.connection.settle()
    refused = ready.run(*DAYS, code=1).stderr
    assert "do not add up" in refused and month[0] in refused and month[1] not in refused


def test_missing_equipment_is_counted(ready, world):
    """R47: the reason is one of the list, and the figures know it."""
    world.link("nhom", "duc", "Đức", "an-cuu")
    code = report(world)
    ready.run("cases", "move", code, "request_transfer", "--agency", "thuan-hoa", "--reason", "lacks_equipment")
    world.clock.forward(hours=1)
    today = world.clock.now().date().isoformat()
    total = ready.json("report", "figures", "--from", "2020-01-01", "--to", today)["equipment"]["total"]
    assert (total["shortages"], total["passed_on"], total["more_time"]) == (1, 1, 0)
    assert "Missing equipment" in ready.run("report", "figures", "--from", "2020-01-01", "--to", today).stdout
