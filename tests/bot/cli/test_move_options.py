"""`cases move`: what goes with a move by command — a date, a document, a body outside, another case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers import cases
from handlers.cases import Mover
from tests.bot.cli.conftest import report
from workflows.actions import Action
from workflows.case.model import Role
from workflows.effects import MoveCase


def state_of(ready, code):
    return ready.json("cases", "show", code)["state"]


def officer_does(world, code, wanted):
    """As an officer of the unit that holds it, by the desk."""
    now = world.clock.now()
    with world.store.write() as uow:
        row = uow.cases.by_code(code)
        officer = uow.people.meet("plain", "duc", "vi", now)
        mover = Mover(officer.id, frozenset({Role.OFFICER}), row.case.agency_id)
        moved = cases.move(world.tools, uow, replace(wanted, case_id=row.id), mover, now)
        assert moved.refusal is None
        uow.flush(now)


@pytest.fixture
def claimed(world, ready):
    """A case that an officer works on."""
    code = report(world)
    officer_does(world, code, MoveCase(0, Action.CLAIM))
    return code


def submit(world, code):
    officer_does(world, code, MoveCase(0, Action.SUBMIT_RESULT, outcome="explained", text="Đèn tắt theo lịch"))


def test_more_time_by_command_needs_a_later_day_and_a_document(world, ready, claimed):
    due = ready.json("cases", "show", claimed)["due_at"]
    later = (world.clock.now() + timedelta(days=40)).date().isoformat()
    ask = ("cases", "move", claimed, "request_extension", "--text", "Chờ vật tư, xin thông cảm")
    assert "văn bản" in ready.run(*ask, "--until", later, code=1).stderr
    assert "Ngày mới" in ready.run(*ask, "--until", "2020-01-01", "--document", "12/BC", code=1).stderr
    ready.run(*ask, "--until", "hôm nào", "--document", "12/BC", code=2)
    assert ready.json("cases", "show", claimed)["due_at"] == due
    ready.run(*ask, "--until", later, "--document", "12/BC-UBND")
    ready.run("cases", "move", claimed, "grant_extension")
    shown = ready.json("cases", "show", claimed)
    assert (shown["state"], shown["due_at"][:10]) == ("scheduled", later)


def test_outside_by_command_needs_a_body_and_a_listed_reason(world, ready):
    code = report(world, category="other")
    if state_of(ready, code) != "received":
        ready.run("cases", "move", code, "request_transfer", "--agency", "thuan-hoa", "--reason", "other_owner")
    move = ("cases", "move", code, "refer_out", "--text", "Mời theo dõi tại công ty")
    assert ready.run(*move, "--reason", "company", code=1).stderr
    assert ready.run(*move, "--reason", "vì thế", "--body", "Công ty Điện lực", code=1).stderr
    ready.run(*move, "--reason", "company", "--body", "Công ty Điện lực")
    assert state_of(ready, code) == "referred_out"
    ready.run("cases", "move", code, "take_back", "--text", "Công ty trả lại")
    assert state_of(ready, code) == "received"


def test_merging_by_command_needs_another_case_that_goes_on(world, ready):
    master, code = report(world), report(world, chat="minh")
    merge = ("cases", "move", code, "merge")
    assert ready.run(*merge, code=1).stderr
    assert ready.run(*merge, "--into", code, code=1).stderr
    assert ready.run(*merge, "--into", "PA-AAAA-AAAX", code=1).stderr
    ready.run(*merge, "--into", master.lower().replace("-", ""))
    assert state_of(ready, code) == "merged"
    assert ready.run(*merge, "--into", master, code=1).stderr
    ready.run("cases", "move", code, "unmerge", "--text", "Hai cột đèn khác nhau")
    assert state_of(ready, code) == "received"


def test_who_only_telephones_withdraws_by_command(world, ready):
    code = report(world)
    ready.run("cases", "move", code, "withdraw")
    assert state_of(ready, code) == "cancelled"
    assert ready.json("cases", "show", code)["events"][-1]["role"] == "admin"
    assert ready.run("cases", "move", code, "withdraw", code=1).stderr


def test_who_only_telephones_disputes_a_result_once_by_command(world, ready, claimed):
    submit(world, claimed)
    assert ready.run("cases", "move", claimed, "dispute", code=1).stderr  # without a word of what is wrong
    ready.run("cases", "move", claimed, "dispute", "--text", "Đèn vẫn tối, dân gọi điện báo lại")
    assert state_of(ready, claimed) == "review_requested"
    ready.run("cases", "move", claimed, "uphold", "--text", "Đã kiểm tra, đèn sáng")
    assert ready.run("cases", "move", claimed, "dispute", "--text", "Vẫn tối", code=1).stderr
    ready.run("cases", "move", claimed, "appeal", "--text", "Đề nghị lãnh đạo xem")
    assert state_of(ready, claimed) == "review_requested"


def test_help_by_command_is_asked_answered_and_waived(world, ready, claimed):
    ask = ("cases", "move", claimed, "ask_support", "--text", "Nhờ cắt cành cây")
    assert ready.run(*ask, code=1).stderr
    ready.run(*ask, "--agency", "so-xay-dung")
    assert ready.run(*ask, "--agency", "so-xay-dung", code=1).stderr
    ready.run(*ask, "--agency", "thuan-hoa", "--until", "2099-01-01")
    assert ready.run("cases", "move", claimed, "answer_support", "--text", "Đã cắt", code=1).stderr  # whose?
    ready.run("cases", "move", claimed, "answer_support", "--agency", "so-xay-dung", "--text", "Đã cắt")
    ready.run("cases", "move", claimed, "waive_support", "--text", "Không cần nữa")
    assert ready.json("cases", "verify")["wrong"] == []
