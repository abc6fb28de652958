"""Notices on a channel with limits: windows, quotas, bundles, other channels, and what is written down."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from handlers.upkeep import sweep
from storage.codec import dump
from tests.handlers.channels import WINDOW, TwoWorlds
from tests.journeys.scene import Scene
from workflows.effects import Lane
from workflows.messages import Line as Paragraph
from workflows.messages import Message, choice, say, text


@pytest.fixture
def world(ready_url, tmp_path):
    world = TwoWorlds(ready_url, tmp_path)
    yield world
    world.close()


def news(number):
    return dump(say("greet.hello")) if number == 0 else dump(say("my.not_found", code=text(f"PA-000{number}-0000")))


def tell(world, chat, body, lane=Lane.NOTICE, purpose="notice", *, settle=True, **more):
    now = world.clock.now()
    chat_id = world.chat_id(chat)
    with world.store.write() as uow:
        uow.outbox.put(chat_id, lane, "send", body, now, purpose=purpose, **more)
        uow.flush(now)
    if settle:
        world.settle()


def later(world, **delta):
    """Time passes, and whatever falls due meanwhile is worked: half an hour at a time."""
    until = world.clock.now() + timedelta(**delta)
    while world.clock.now() < until:
        step = timedelta(minutes=30) if world.rows(status="held") else until - world.clock.now()
        world.clock.at = min(until, world.clock.now() + step)
        sweep(world.tools)
        world.settle()


def greet(world, chat="z-lan", user="u-lan"):
    world.line(chat, user, text="/trogiup")
    return len(world.said(chat))


def same_person(world, *chats):
    """As if these private chats were of one person."""
    with world.store.write() as uow:
        found = [uow.chats.find("limited" if chat.startswith("z-") else "plain", chat) for chat in chats]
        for chat in found:
            uow.chats.change(chat.id, person_id=found[0].person_id)


def test_within_the_free_window_everything_goes_at_once(world):
    before = greet(world)
    later(world, hours=47)
    tell(world, "z-lan", news(1))
    assert len(world.said("z-lan")) == before + 1
    assert world.rows(purpose="notice")[0].outcome == "sent"


def test_where_it_costs_news_wait_for_each_other_and_questions_do_not(world):
    before = greet(world)
    later(world, hours=60)
    tell(world, "z-lan", news(1))
    later(world, minutes=20)
    tell(world, "z-lan", news(2))
    tell(world, "z-lan", news(3), purpose="question")
    heard = world.said("z-lan")[before:]
    assert len(heard) == 1 and "PA-0003" in heard[0]
    later(world, minutes=30)
    heard = world.said("z-lan")[before:]
    assert len(heard) == 2 and "PA-0001" in heard[1] and "PA-0002" in heard[1]
    with_first = f"with {world.rows(purpose='notice')[0].id}"
    assert [row.outcome for row in world.rows(purpose="notice")] == ["paid 55 VND", with_first]
    assert [row.status for row in world.rows(purpose="notice")] == ["sent", "sent"]


def test_after_the_window_what_waits_goes_out_together_when_the_person_writes(world):
    before = greet(world)
    later(world, days=8)
    for number in (1, 2, 3):
        tell(world, "z-lan", news(number))
    assert len(world.said("z-lan")) == before
    assert {row.status for row in world.rows(purpose="notice")} == {"held"}
    assert {row.held_for for row in world.rows(purpose="notice")} == {"window"}
    later(world, hours=5)
    assert len(world.said("z-lan")) == before
    world.line("z-lan", "u-lan", text="/trogiup")
    answer, bundle = world.said("z-lan")[before:]
    assert "PA-" not in answer, "the answer to what was said comes first"
    assert all(f"PA-000{number}" in bundle for number in (1, 2, 3))
    assert [row.status for row in world.rows(purpose="notice")] == ["sent"] * 3


def test_messages_with_choices_go_out_one_by_one(world):
    before = greet(world)
    later(world, days=8)
    choices = dump(Message((Paragraph("greet.hello"),), ((choice("c:0:menu:report", "button.report"),),)))
    tell(world, "z-lan", choices, purpose="result")
    tell(world, "z-lan", news(1))
    tell(world, "z-lan", news(2))
    world.line("z-lan", "u-lan", text="/trogiup")
    assert len(world.said("z-lan")[before:]) == 3


def test_the_platform_knows_better(world):
    """It says that the window is closed although by our count it is open: that is believed until the person writes."""
    before = greet(world)
    world.second.closed.add("z-lan")
    tell(world, "z-lan", news(1))
    tell(world, "z-lan", news(2))
    assert world.second.refused == 1, "it is not asked again and again"
    assert {row.status for row in world.rows(purpose="notice")} == {"held"}
    world.second.closed.clear()
    world.line("z-lan", "u-lan", text="/trogiup")
    assert len(world.said("z-lan")[before:]) == 2


def test_an_answer_that_is_refused_is_given_up_and_written_down(world):
    greet(world)
    world.second.closed.add("z-lan")
    world.line("z-lan", "u-lan", text="/trogiup")
    row = world.rows()[-1]
    assert (row.status, row.outcome) == ("never", "not reached: window_closed")
    with world.store.read() as uow:
        assert uow.outbox.ledger(row.id)[-1]["outcome"] == "not_reached"


def test_a_spent_quota_waits_for_its_time_and_another_chat_is_not_held_up(world):
    before = greet(world)
    greet(world, "z-ba", "u-ba")
    world.second.spent.add("z-lan")
    tell(world, "z-lan", news(1))
    tell(world, "z-ba", news(2))
    assert "PA-0002" in world.said("z-ba")[-1]
    assert world.rows(held_for="quota")[0].status == "held"
    world.second.spent.clear()
    later(world, minutes=30)
    assert len(world.said("z-lan")) == before
    later(world, hours=1)
    assert "PA-0001" in world.said("z-lan")[-1]


def test_another_channel_of_the_same_person_is_used_where_it_is_better(world):
    greet(world)
    before = greet(world, "lan", "u-lan")
    same_person(world, "lan", "z-lan")
    tell(world, "z-lan", news(1))
    assert "PA-0001" in world.said("z-lan")[-1], "free is as good"
    later(world, hours=60)
    tell(world, "z-lan", news(2))
    assert "PA-0002" in world.said("lan")[-1], "free is better than paid"
    later(world, days=8)
    tell(world, "z-lan", news(3))
    assert "PA-0003" in world.said("lan")[-1] and len(world.said("lan")) == before + 2


def test_whoever_blocks_us_is_told_elsewhere_or_it_is_written_down(world):
    greet(world)
    greet(world, "z-ba", "u-ba")
    greet(world, "lan", "u-lan")
    same_person(world, "lan", "z-lan")
    world.second.far_end.lost |= {"z-lan", "z-ba"}
    tell(world, "z-lan", news(1))
    tell(world, "z-ba", news(2))
    assert "PA-0001" in world.said("lan")[-1]
    assert world.rows(purpose="notice")[1].outcome == "not reached: chat_lost"
    world.line("z-ba", "u-ba", text="/trogiup", settle=False)
    world.second.far_end.lost.clear()
    world.settle()
    tell(world, "z-ba", news(3))
    assert "PA-0003" in world.said("z-ba")[-1]


def test_what_nobody_fetches_is_given_up_after_a_month_with_the_reason(world):
    greet(world)
    later(world, days=8)
    tell(world, "z-lan", news(1))
    world.clock.forward(days=31)
    later(world, hours=1)
    assert (world.rows(purpose="notice")[0].status, world.rows(purpose="notice")[0].outcome) == (
        "never", "not reached: window_closed")  # fmt: skip


def test_broadcasts_never_cost_and_never_hold_up_an_answer(world):
    before = greet(world)
    later(world, hours=60)
    tell(world, "z-lan", news(1), lane=Lane.BROADCAST, purpose="")
    tell(world, "z-lan", news(2), lane=Lane.BROADCAST, purpose="")
    assert len(world.said("z-lan")) == before
    world.line("z-lan", "u-lan", text="/trogiup")
    answer, bundle = world.said("z-lan")[before:]
    assert "PA-" not in answer and "PA-0001" in bundle and "PA-0002" in bundle


def test_replies_are_counted_where_the_platform_counts_them(ready_url, tmp_path):
    world = TwoWorlds(ready_url, tmp_path, window=replace(WINDOW, free_replies=3))
    greet(world)
    tell(world, "z-lan", news(1), purpose="question")
    tell(world, "z-lan", news(2), purpose="question")
    tell(world, "z-lan", news(3), purpose="question")
    assert [row.outcome for row in world.rows(purpose="question")] == ["sent", "sent", "paid 55 VND"]
    greet(world)
    tell(world, "z-lan", news(4), purpose="question")
    assert world.rows(purpose="question")[-1].outcome == "sent"
    world.close()


def test_an_open_case_keeps_its_window_open_by_asking_once(world):
    scene = Scene(world)
    world.link("ops", "u-op", "Minh", None)
    lan = scene.citizen("lan")
    lan.chat = "z-lan"
    code = lan.reports()
    before = len(world.said("z-lan"))
    later(world, days=6, hours=6)
    assert len(world.said("z-lan")) == before
    later(world, hours=12)
    asked = world.said("z-lan")[before:]
    assert len(asked) == 1 and code in asked[0] and "Để tiếp tục nhận tin" in asked[0]
    later(world, days=2)
    assert len(world.said("z-lan")) == before + 1, "once"
    lan.says("1").hears(code)
    before = len(world.said("z-lan"))
    later(world, days=6, hours=18)
    assert len(world.said("z-lan")) == before + 1, "for each time they write"


def test_nobody_is_asked_whose_case_is_over_or_who_has_another_channel(world):
    scene = Scene(world)
    greet(world, "z-ba", "u-ba")
    lan = scene.citizen("lan")
    lan.chat = "z-lan"
    lan.reports()
    greet(world, "lan", "u-lan")
    same_person(world, "z-lan", "lan")
    before = len(world.said("z-lan")), len(world.said("z-ba"))
    later(world, days=7)
    assert (len(world.said("z-lan")), len(world.said("z-ba"))) == before


def test_a_question_out_of_reach_is_told_to_whoever_holds_the_case(world):
    scene = Scene(world)
    huong = scene.officer("hương", "nhom-van-hanh", None)
    lan = scene.citizen("lan")
    lan.chat = "z-lan"
    code = lan.reports()
    later(world, days=8)
    huong.listens()
    with world.store.read() as uow:
        case = uow.cases.by_code(code)
    tell(world, "z-lan", news(1), purpose="question", case_id=case.id)
    huong.hears("Chưa chuyển được tin", code).listens()
    later(world, hours=3)
    huong.does_not_hear("Chưa chuyển được tin")


def test_a_channel_without_limits_costs_no_statement_more(world):
    greet(world, "lan", "u-lan")
    seen = []
    event.listen(world.store.engine, "before_cursor_execute", lambda *args: seen.append(args[2].casefold()))
    world.line("lan", "u-lan", text="/trogiup", settle=False)
    worked = world.drain.batch(lease=True)
    world.sender.send_here(worked.born)
    assert seen and world.rows()[-1].status == "sent"
    assert not [statement for statement in seen if "'held'" in statement or "from channels" in statement]
    assert not [statement for statement in seen if statement.startswith("update chats")]
    seen.clear()
    world.line("z-lan", "u-lan", text="/trogiup")
    assert [statement for statement in seen if "'held'" in statement]


def test_what_is_held_is_erased_with_the_rest(world):
    greet(world)
    later(world, days=8)
    tell(world, "z-lan", news(1))
    before = len(world.said("z-lan"))
    with world.store.write() as uow:
        uow.outbox.forget_chat(world.chat_id("z-lan"))
    assert [(row.status, row.body) for row in world.rows(purpose="notice")] == [("never", None)]
    later(world, hours=2)
    assert len(world.said("z-lan")) == before
