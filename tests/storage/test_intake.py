"""Sources, looks, call-backs and homes in the store, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.callbacks import CallbackStore
from storage.codec import dump
from storage.looks import LookStore
from storage.outbox import Note
from storage.sources import SourceStore
from tests.storage.test_cases import add, case
from workflows.effects import Lane
from workflows.intake.sources import number_key
from workflows.messages import say
from workflows.notifier.channels import CALL

NUMBER = "1022-2026-00123"
KEY = number_key(NUMBER)


@pytest.fixture
def two(store, chat, office, at):
    """Ids of two cases of one reporter."""
    with store.write() as uow:
        return add(uow, chat, *(case(at, number, reporter_id=office["person"]) for number in (1, 2)))


def test_a_case_is_found_by_its_number_in_its_channel(store, two):
    first, second = two
    with store.write() as uow:
        SourceStore(uow).add(first, "hotline", NUMBER, KEY)
        SourceStore(uow).add(second, "portal", NUMBER, KEY)
    with store.read() as uow:
        sources = SourceStore(uow)
        assert sources.with_number(KEY) == [second, first]
        assert sources.with_number(KEY, "hotline") == [first] and sources.with_number("X1") == []
        assert (sources.of_case(first).number, sources.of_case(99)) == (NUMBER, None)
        assert [row.id for row in uow.cases.listing(number=KEY, channel="portal")] == [second]
        assert uow.cases.listing(channel="letter") == []


def test_a_number_is_filed_once_in_a_channel_and_none_any_number_of_times(store, chat, office, two, at):
    first, second = two
    with store.write() as uow:
        SourceStore(uow).add(first, "hotline", NUMBER, KEY)
    with pytest.raises(IntegrityError), store.write() as uow:
        SourceStore(uow).add(second, "hotline", "1022 2026 00123", KEY)
    with store.write() as uow:
        [third] = add(uow, chat, case(at, 3))
        SourceStore(uow).add(second, "walk_in", "", "")
        SourceStore(uow).add(third, "walk_in", "", "")
        assert SourceStore(uow).of_case(third).number == ""


def test_a_secret_is_good_once_and_for_its_time(store, two, at):
    first, second = two
    later = at + timedelta(days=30)
    with store.write() as uow:
        sources = SourceStore(uow)
        sources.add(first, "walk_in", "", "")
        sources.set_secret(first, "ABCD-EFGH", later)
        assert not sources.spend_secret(first, "ABCD-EFGX", at)
        assert not sources.spend_secret(second, "ABCD-EFGH", at)
        assert not sources.spend_secret(first, "ABCD-EFGH", later)
        assert sources.spend_secret(first, "ABCD-EFGH", at) and not sources.spend_secret(first, "ABCD-EFGH", at)
        sources.set_secret(first, "ABCD-EFGH", later)
        assert "ABCD" not in str(sources.of_case(first))


def test_what_leads_to_the_person_is_erased_and_that_it_came_stays(store, two, at):
    with store.write() as uow:
        sources, looks = SourceStore(uow), LookStore(uow)
        sources.add(two[0], "hotline", NUMBER, KEY)
        sources.set_secret(two[0], "ABCD-EFGH", at + timedelta(days=1))
        looks.add(two[0], "cli", "admin", "gọi lại bà Lan", at)
        sources.forget(two)
        looks.forget(two)
        assert sources.of_case(two[0]).channel == "hotline" and sources.of_case(two[0]).number == ""
        assert sources.with_number(KEY) == [] and not sources.spend_secret(two[0], "ABCD-EFGH", at)
        assert [one.reason for one in looks.latest(5)] == [None]


def test_looks_are_listed_newest_first_by_case_and_by_reporter(store, office, two, at):
    with store.write() as uow:
        looks = LookStore(uow)
        looks.add(two[0], "cli", "admin", "hỏi vị trí", at)
        looks.add(two[1], "person:5", "operator", "báo tin", at)
        assert [one.actor for one in looks.latest(5)] == ["person:5", "cli"]
        assert [one.code for one in looks.latest(5, two[0])] == ["PA-0000-0001"]
        assert len(looks.at_reporter(office["person"])) == 2 and looks.at_reporter(99) == []


def test_a_callback_waits_until_somebody_has_told_it(store, chat, two, at):
    with store.write() as uow:
        uow.outbox.put(chat, Lane.NOTICE, "send", dump(say("x")), at, case_id=two[0], purpose="question")
        uow.outbox.put(chat, Lane.NOTICE, "send", dump(say("y")), at, case_id=two[1])
        uow.flush(at)
        rows = uow.outbox.claim(at, 1, timedelta(minutes=1))
        uow.outbox.note([Note(rows[0], "held", "held", CALL, counts=False, held_for=CALL)], at)
    with store.write() as uow:
        calls = CallbackStore(uow)
        [call] = calls.waiting(5)
        assert (call.code, call.purpose) == ("PA-0000-0001", "question") and calls.waiting(5, two[1]) == []
        calls.not_answered(call.id, "cli", at)
        assert len(calls.waiting(5)) == 1
        assert calls.told(call.id, "cli", "Đã đọc", at) and not calls.told(call.id, "cli", "Đã đọc", at)
        assert calls.waiting(5) == []
        [told] = [one for one in uow.outbox.of_case(two[0])]
        assert (told["status"], told["rendered"], told["sent_at"]) == ("sent", "Đã đọc", at)
        assert [one["outcome"] for one in uow.outbox.ledger(call.id)] == ["held", "not_answered", "told"]


def test_a_case_moves_home_and_a_person_may_have_no_account(store, chat, two, at):
    with store.write() as uow:
        uow.chats.ensure([("plain", "c2")])
        other = uow.chats.find("plain", "c2").id
        uow.cases.move_home(two[0], other)
        assert uow.cases.get(two[0]).home_chat_id == other
        made = uow.people.make("vi", at)
    with store.read() as uow:
        assert uow.cases.get(two[0]).home_chat_id == other and uow.cases.get(two[1]).home_chat_id == chat
        assert uow.people.accounts(made.id) == [] and uow.people.get([made.id])[made.id].language == "vi"
