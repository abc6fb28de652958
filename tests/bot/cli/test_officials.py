"""Cases about officials by command line: the inspection line, what lists and exports tell, and looking for a reason."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from tests.bot.cli.conftest import ADDRESS, WORDS, report

TELLING = ("official-conduct", "an-cuu", ADDRESS, WORDS, "16.45")


@pytest.fixture
def line(ready, world):
    """The inspection line with its group."""
    ready.run("agencies", "add", "thanh-tra", "--vi", "Thanh tra thành phố", "--kind", "inspection")
    world.link("nhom-van-hanh", "huong", "Hương", None)
    world.link("nhom-an-cuu", "duc", "Đức", "an-cuu")
    world.link("nhom-thanh-tra", "thu", "Thu", "thanh-tra")
    return "thanh-tra"


@pytest.fixture
def code(world, line):
    return report(world, category="official-conduct")


def warned(shell, *words):
    found = shell.json("check", *words)
    return [one["vi"] for one in found if one["where"] == "officials"]


def test_the_line_is_made_and_linked_like_any_other_agency(ready, world, line, code):
    assert ready.json("cases", "list")[0]["agency"] == "thanh-tra"
    assert any(WORDS in text for text in world.said("nhom-thanh-tra"))
    assert not any(WORDS in text for text in (*world.said("nhom-an-cuu"), *world.said("nhom-van-hanh")))


def test_check_says_when_there_is_no_line(ready, world):
    world.link("nhom-van-hanh", "huong", "Hương", None)
    assert any("--kind inspection" in one for one in warned(ready))


def test_check_names_who_works_in_two_places(ready, world, line):
    assert warned(ready) == []
    with world.store.write() as uow:
        person = uow.people.find("plain", "thu")
        duty = uow.people.join_staff(person.id, uow.agencies.by_code("an-cuu").id, world.clock.now())
        uow.people.change_staff(duty.id, status="confirmed")
    (found,) = warned(ready)
    assert "an-cuu" in found


def test_a_sensitive_field_is_routed_to_the_line_and_to_nobody_else(ready, line):
    ready.run("agencies", "routes", "add", "thanh-tra", "--category", "official-delay")
    assert (
        "thanh tra" in ready.run("agencies", "routes", "add", "cong-an", "--category", "official-delay", code=1).stderr
    )
    assert not [one for one in ready.json("check") if one["where"].startswith("route ")]


def test_lists_and_exports_tell_neither_field_nor_place(ready, code, tmp_path):
    (row,) = ready.json("cases", "list")
    assert (row["code"], row["category"], row["area"], row["sensitive"]) == (code, "*", None, True)
    assert not any(row[name] for name in ("outcome", "channel", "rating", "cancel_reason"))
    ready.run("cases", "export", str(tmp_path / "cases.csv"))
    ready.run("cases", "export", str(tmp_path / "cases.json"), "--format", "json")
    for file in ("cases.csv", "cases.json"):
        told = (tmp_path / file).read_text(encoding="utf-8")
        assert code in told
        assert not [one for one in TELLING if one in told]
    (row,) = csv.DictReader(StringIO((tmp_path / "cases.csv").read_text(encoding="utf-8")))
    assert row["category"] == "*"


def test_the_whole_case_is_shown_for_a_reason_that_is_kept(ready, world, code):
    refused = ready.run("cases", "show", code, code=1)
    assert "--reason" in refused.stderr
    assert not [one for one in TELLING if one in refused.output]
    assert "--reason" in ready.run("cases", "show", code, "--reason", "  ", code=1).stderr
    found = ready.json("cases", "show", code, "--reason", "Kiểm tra khiếu nại về thời hạn")
    assert found["category"] == "official-conduct"
    with world.store.read() as uow:
        (kept,) = uow.registers.records("case.sensitive_seen", 5)
    assert kept["subject"] == code


def test_an_ordinary_case_needs_no_reason(ready, world, line):
    ready.run("cases", "show", report(world))


def test_figures_count_it_in_no_unit_and_no_field(ready, world, code):
    world.forward(hours=1)  # figures end before now
    period = ("--from", "2026-11-01", "--to", "2026-11-30")
    assert '"received": 1' in ready.run("report", "figures", *period, "--json").stdout
    for named in (("--agency", "an-cuu"), ("--agency", "thanh-tra"), ("--category", "official-conduct"),
                  ("--area", "an-cuu")):  # fmt: skip
        told = ready.run("report", "figures", *period, *named, "--json").stdout
        assert '"received": 1' not in told, named
    for way in ("agency", "area", "category"):
        told = ready.run("report", "figures", *period, "--by", way, "--json").stdout
        assert not [one for one in ("thanh-tra", "official-conduct") if one in told], way


def test_no_move_by_command_gives_it_to_a_unit(ready, world, code):
    for action in ("delegate", "assign", "transfer"):
        assert ready.run("cases", "move", code, action, "--agency", "an-cuu", code=1).stderr
    with world.store.read() as uow:
        assert uow.cases.by_code(code).case.agency_id == uow.agencies.by_code("thanh-tra").id


def test_it_is_marked_by_command_at_any_time_and_leaves_the_group(ready, world, line):
    code = report(world)
    assert any(WORDS in text for text in world.said("nhom-an-cuu"))
    ready.run("cases", "move", code, "set_sensitive")
    world.settle()
    assert "không còn do đơn vị xử lý" in world.heard("nhom-an-cuu")
    assert any(code in text and WORDS in text for text in world.said("nhom-thanh-tra"))
    ready.run("cases", "move", code, "name_unit", "--agency", "an-cuu")
    with world.store.read() as uow:
        assert uow.cases.by_code(code).case.concerned_id == uow.agencies.by_code("an-cuu").id


def test_a_correction_gives_it_back_to_nobody(ready, world, line):
    code = report(world)
    ready.run("cases", "move", code, "set_sensitive")
    looked = ready.run("cases", "correct", code, "--before", "2", "--reason", "Nhầm", "--dry-run").stdout
    assert "agency_id" not in looked
    assert "sensitive" not in looked


def test_the_line_is_not_retired_while_it_holds_cases(ready, code):
    assert ready.run("agencies", "retire", "thanh-tra", code=1).stderr


def test_an_unknown_kind_is_refused(ready):
    ready.run("agencies", "add", "x", "--vi", "X", "--kind", "spies", code=2)


def test_the_store_replays(ready, code):
    assert "0 lệch" in ready.run("cases", "verify").stdout
