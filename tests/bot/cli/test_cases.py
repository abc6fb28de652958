"""`cases`, `people`, `queue`, `media`: what happened to a report, and what an administrator may do about it."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, update

from handlers.administration import Refused
from handlers.correcting import Second, correct
from storage.cases import CASES, EVENTS
from tests.bot.cli.conftest import ADDRESS, WORDS, report


def test_the_list_can_be_narrowed(ready, world):
    first, second = report(world), report(world, chat="minh", area="thuan-hoa")
    assert [row["code"] for row in ready.json("cases", "list")] == [first, second]
    assert [row["code"] for row in ready.json("cases", "list", "--agency", "thuan-hoa")] == [second]
    assert ready.json("cases", "list", "--state", "closed") == []
    assert ready.json("cases", "list", "--since", "2099-01-01") == []
    assert len(ready.json("cases", "list", "--open", "--limit", "1")) == 1
    assert first in ready.run("cases", "list").stdout
    ready.run("cases", "list", "--state", "nowhere", code=2)


def test_one_command_says_where_a_case_is_who_holds_it_why_due_and_who_was_told(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    code = report(world)
    found = ready.json("cases", "show", code.lower().replace("-", ""))
    assert (found["state"], found["agency"]) == ("assigned", "an-cuu")
    assert [event["action"] for event in found["events"]] == ["open", "assign"]
    assert found["why_due"][-1]["rule"] in ("due", "due_closing", "recorded")
    told = {line["to"]: line for line in found["told"]}
    assert set(told) == {"reporter", "an-cuu"}
    assert told["reporter"]["status"] == "sent" and code in told["reporter"]["text"]
    assert told["reporter"]["attempts"][0]["outcome"] == "sent"
    shown = ready.run("cases", "show", code).stdout
    assert "day zero" in shown and "an-cuu" in shown


def test_nothing_says_who_reported(ready, world):
    code = report(world, chat="nguoi-bao-tin")
    for words in (("cases", "show", code, "--json"), ("cases", "list", "--json"), ("cases", "export", "-")):
        assert "nguoi-bao-tin" not in ready.run(*words).stdout
    assert ready.json("cases", "show", code)["events"][0]["by"] == "reporter"


def test_a_mistyped_code_is_noticed_before_anything_is_asked(ready):
    assert "PA-7K3M-9QXC" in ready.run("cases", "show", "PA-AAAA-AAAX", code=1).stderr


def test_an_administrator_moves_a_case_and_people_hear_of_it(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    code = report(world)
    tried = ready.json("cases", "move", code, "cancel", "--reason", "test_or_spam", "--text", "Thử", "--dry-run")
    assert tried["dry_run"] and ready.json("cases", "show", code)["state"] == "assigned"
    refused = ready.run("cases", "move", code, "assign", "--agency", "khong", code=1).stderr
    assert "khong" in refused
    told = ready.run("cases", "move", code, "accept_result", code=1).stderr
    assert len(told.strip().splitlines()) >= 2, "the table's refusal, in both languages"
    ready.run("cases", "move", code, "note", "--text", "Đã gọi điện cho phường")
    events = ready.json("cases", "show", code)["events"]
    assert (events[-1]["action"], events[-1]["role"]) == ("note", "admin")
    assert ready.json("cases", "verify")["wrong"] == []


def test_words_with_personal_data_are_not_sent_by_command_either(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    code = report(world)
    wish = ("cases", "move", code, "cancel", "--reason", "outside", "--text")
    told = ready.run(*wish, "Việc này do anh Ba lo, gọi 0912 345 678 nhé", code=1).stderr
    assert "do anh Ba lo, gọi 【091…】 nhé" in told and "345 678" not in told
    assert ready.json("cases", "show", code)["state"] == "assigned"
    ready.run(*wish, "Mời gọi Sở Xây dựng, (0234) 3822 123")
    world.settle()
    assert "(0234) 3822 123" in world.heard("lan")


def test_what_a_sanction_lacks_is_said_by_command(ready, world):
    code = report(world)
    wish = ("cases", "move", code, "submit_result", "--outcome", "sanctioned", "--text", "Đã phạt")
    assert "QĐ-XPHC" in ready.run(*wish, "--document", "hôm qua", code=1).stderr
    assert "1,5 triệu" in ready.run(*wish, "--document", "12/QĐ-XPHC", "--fine", "nhiều", code=1).stderr


def test_a_correction_is_looked_at_first_and_made_by_two_where_it_is_public(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    code = report(world)
    ready.run("cases", "move", code, "cancel", "--reason", "test_or_spam", "--text", "Thử")
    seq = ready.json("cases", "show", code)["events"][-1]["seq"]
    wish = ("cases", "correct", code, "--before", str(seq), "--reason", "Hủy nhầm")
    seen = ready.json(*wish, "--dry-run")
    assert (seen["fields"]["state"], seen["seen"]) == ("assigned", seq)
    assert ready.json("cases", "show", code)["state"] == "cancelled"
    assert "--dry-run" in ready.run(*wish, code=1).stderr
    assert "--second" in ready.run(*wish, "--seen", str(seq), code=1).stderr
    ready.run("cases", "correct", code, "--before", "1", "--reason", "x", "--dry-run", code=1)
    nobody = ready.run(*wish, "--seen", str(seq), "--second", "99", code=1)
    assert "99; see staff list" in nobody.stderr and "PIN" not in nobody.stderr
    number = ready.json("staff", "list")[0]["id"]
    pin = ready.json("staff", "pin", str(number))["pin"]
    with pytest.raises(Refused, match="PIN"):
        correct(world.tools, code, seq, "Hủy nhầm", seen=seq, second=Second(number, "000"), dry_run=False)
    correct(world.tools, code, seq, "Hủy nhầm", seen=seq, second=Second(number, pin), dry_run=False)
    world.settle()
    shown = ready.json("cases", "show", code)
    assert shown["state"] == "assigned" and shown["events"][-1]["move"] == "T33"
    assert len(shown["events"]) == seq + 1
    assert "được đính chính" in world.heard("lan") and "Hủy nhầm" in world.heard("lan")
    assert ready.json("cases", "verify")["wrong"] == []


def test_export_as_csv_and_json(ready, world, tmp_path):
    codes = [report(world), report(world, chat="minh")]
    rows = list(csv.DictReader(io.StringIO(ready.run("cases", "export", "-").stdout)))
    assert [row["code"] for row in rows] == codes
    file = tmp_path / "cases.json"
    ready.run("cases", "export", str(file), "--format", "json")
    assert [row["code"] for row in json.loads(file.read_text(encoding="utf-8"))] == codes
    ready.run("cases", "export", str(file), "--format", "json", "--state", "closed")
    assert json.loads(file.read_text(encoding="utf-8")) == []
    assert ADDRESS not in ready.run("cases", "export", "-").stdout
    assert WORDS not in ready.run("cases", "export", "-").stdout


def test_verify_finds_a_row_that_says_something_else_than_its_events(ready, world):
    code = report(world)
    assert ready.json("cases", "verify") == {"cases": 1, "wrong": []}
    with world.store.write() as uow:
        spoilt = func.replace(CASES.c.facts, '"hops":0', '"hops":7')
        uow.connection.execute(update(CASES).values(facts=spoilt))
    assert ready.json("cases", "verify", code=1) == {"cases": 1, "wrong": [{"code": code, "differs": ["hops"]}]}


def test_verify_finds_a_column_a_hole_in_the_history_and_a_lost_promise(ready, world):
    codes = [report(world) for _ in range(3)]
    by_code = {row["code"]: row for row in ready.json("cases", "list")}
    assert set(by_code) == set(codes)
    with world.store.write() as uow:
        ids = [uow.cases.by_code(code).id for code in codes]
        uow.connection.execute(update(CASES).where(CASES.c.id == ids[0]).values(due_at=None))
        uow.connection.execute(delete(EVENTS).where(EVENTS.c.case_id == ids[1], EVENTS.c.seq == 1))
        spoilt = func.replace(func.replace(EVENTS.c.data, '"resolve_due"', '"x"'), '"forward_due"', '"y"')
        uow.connection.execute(update(EVENTS).where(EVENTS.c.case_id == ids[2]).values(data=spoilt))
    wrong = {one["code"]: one["differs"] for one in ready.json("cases", "verify", code=1)["wrong"]}
    assert wrong[codes[0]] == ["column due_at"]
    assert wrong[codes[1]] == ["history"]
    assert {"resolve_due", "forward_due"} <= set(wrong[codes[2]])


def test_a_block_is_told_shown_and_lifted(ready, world):
    code = report(world)
    ready.run("people", "block", code, "--days", "3", "--reason", "Gửi quảng cáo")
    world.settle()
    (row,) = ready.json("people", "show-blocks")
    assert row["reason"] == "Gửi quảng cáo" and "Gửi quảng cáo" in world.heard("lan")
    ready.run("people", "unblock", code)
    assert ready.json("people", "show-blocks") == []
    ready.run("people", "block", code, "--days", "0", "--reason", "x", code=1)


def test_the_queue_shows_what_was_given_up_and_tries_again(ready, world):
    with world.store.write() as uow:
        uow.inbox.keep("plain", "in-1", "lan", "{}", world.clock.now())
        uow.inbox.failed(1, "KeyError", dead=True)
    assert ready.json("queue", "status")["inbox"] == {"dead": 1}
    assert [row["error"] for row in ready.json("queue", "dead")["inbox"]] == ["KeyError"]
    ready.run("queue", "retry", "inbox", code=2)
    assert ready.json("queue", "retry", "inbox", "--all", "--dry-run")["rows"] == 1
    assert ready.json("queue", "status")["inbox"] == {"dead": 1}
    assert "queue dead" in ready.run("queue", "retry", "inbox", "99").stdout
    assert "queue dead" in ready.run("queue", "retry", "outbox", "--all").stdout
    assert [row for row in ready.json("records") if "revived" in row["what"]] == []
    assert ready.json("queue", "retry", "inbox", "1")["rows"] == 1
    assert ready.json("queue", "status")["inbox"] == {"new": 1}
    assert "new 1" in ready.run("queue", "status").stdout


def test_media_that_are_missing_or_damaged_are_found(ready, world):
    keys = [world.tools.media.put(content) for content in (b"sound", b"lost", b"spoilt")]
    with world.store.write() as uow:
        uow.chats.ensure([("plain", "lan")])
        chat = uow.chats.find("plain", "lan")
        for key in keys:
            uow.attachments.add(key[:8], None, chat.id, "photo", "", world.clock.now() - timedelta(days=1))
            uow.attachments.change(key[:8], original=key, status="kept")
    assert ready.json("media", "check") == {"files": 3, "missing": [], "damaged": []}
    world.tools.media.delete(keys[1])
    next(world.tools.media.folder.rglob(f"*{keys[2][-20:]}*")).write_bytes(b"other")
    assert (
        "BOT_MEDIA__URL"
        in ready.run("media", "check", code=1, BOT_MEDIA__URL="s3://x?endpoint=http://127.0.0.1:1").stderr
    )
    assert ready.json("media", "check", code=1) == {"files": 3, "missing": [keys[1]], "damaged": [keys[2]]}
