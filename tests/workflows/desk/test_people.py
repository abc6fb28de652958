"""The list of a unit's members: what is shown to whom, and what a press or a typed line asks for."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from workflows.case.model import Role
from workflows.desk import engine
from workflows.desk.facts import Actor, Colleague, DeskFacts, Term
from workflows.desk.state import Desk
from workflows.effects import NameDuty, Say
from workflows.events import ButtonPressed, CommandSent, Envelope, Sender, TextSent

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HEAD = frozenset({Role.HEAD, Role.FOCAL, Role.OFFICER})
PEOPLE = (
    Colleague(11, "Bình", "head", me=True),
    Colleague(12, "Đức", "member"),
    Colleague(13, "Mai", "pending"),
    Colleague(14, "Hoa", "focal", acts=Term(date(2026, 11, 25))),
    Colleague(15, "Lam", "focal", acts=Term(date(2026, 12, 5), first=date(2026, 12, 1))),
)


def facts(roles=HEAD, people=PEOPLE, linked="agency") -> DeskFacts:
    actor = Actor(1, "Bình", roles, "confirmed")
    return DeskFacts(
        at=AT, linked=linked, actor=actor, spell=lambda button: (button.label.value,), people=people, today=TODAY
    )


def does(event, given=None, desk=None):
    envelope = Envelope("plain", "g", True, Sender("u", "Bình"), event, AT, message="m1")
    return engine.decide(desk or Desk(), envelope, given or facts())


def asked(step) -> list[NameDuty]:
    return [effect for effect in step.effects if isinstance(effect, NameDuty)]


def keys(step) -> set[str]:
    return {line.key for effect in step.effects if isinstance(effect, Say) for line in effect.message.lines}


def offered(step) -> list[str]:
    said = [effect for effect in step.effects if isinstance(effect, Say)]
    return [button.data for effect in said for row in effect.message.buttons for button in row]


def test_what_is_looked_up():
    for event in (CommandSent("canbo", ""), ButtonPressed("n:12")):
        envelope = Envelope("plain", "g", True, Sender("u"), event, AT)
        assert engine.needs(Desk(), envelope, "PA").people
    listed = does(CommandSent("canbo", "")).state
    envelope = Envelope("plain", "g", True, Sender("u"), TextSent("2"), AT)
    assert engine.needs(listed, envelope, "PA").people


def test_the_head_gets_a_button_for_each_and_others_none():
    assert offered(does(CommandSent("canbo", ""))) == ["n:11", "n:12", "n:13", "n:14", "n:15"]
    step = does(CommandSent("canbo", ""), facts(frozenset({Role.OFFICER})))
    assert offered(step) == []
    assert "roles.how_member" in keys(step)


@pytest.mark.parametrize(
    ("number", "what"),
    [
        (11, ["leave"]),
        (12, ["focal", "delegate"]),
        (13, ["confirm"]),
        (14, ["not_focal", "end"]),
        (15, ["not_focal", "delegate", "end"]),
    ],
)
def test_what_may_be_named_depends_on_who_it_is(number, what):
    assert offered(does(ButtonPressed(f"n:{number}"))) == [f"n:{number}:{one}" for one in what]


@pytest.mark.parametrize(
    ("away", "offers"),
    [(Term(TODAY), ["n:11:back"]), (Term(date(2026, 12, 5), date(2026, 12, 1)), ["n:11:leave", "n:11:back"])],
)
def test_a_head_who_will_be_away_may_be_away_on_other_days_too(away, offers):
    people = (replace(PEOPLE[0], away=away), *PEOPLE[1:])
    assert offered(does(ButtonPressed("n:11"), facts(people=people))) == offers


def test_a_delegate_names_no_further_delegates():
    people = (replace(PEOPLE[0], me=False), replace(PEOPLE[1], me=True, acts=Term(TODAY)), *PEOPLE[2:])
    assert offered(does(ButtonPressed("n:14"), facts(people=people))) == ["n:14:not_focal"]
    assert offered(does(ButtonPressed("n:11"), facts(people=people))) == []


def test_the_operators_have_no_focal_officers():
    leader = frozenset({Role.OPERATOR, Role.LEADER})
    assert offered(does(ButtonPressed("n:12"), facts(leader, linked="operators"))) == ["n:12:delegate"]


def test_days_are_offered_from_today_on():
    assert len(offered(does(ButtonPressed("n:12:delegate")))) == 5
    [wish] = asked(does(ButtonPressed("n:12:delegate:3")))
    assert wish == NameDuty(12, "delegate", TODAY, date(2026, 11, 25))


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("12 1/12 5/12", NameDuty(12, "delegate", date(2026, 12, 1), date(2026, 12, 5))),
        ("12 1/12 - 5/12", NameDuty(12, "delegate", date(2026, 12, 1), date(2026, 12, 5))),
        ("12 1/12", NameDuty(12, "delegate", date(2026, 12, 1), date(2026, 12, 1))),
        ("11 24/11 đến 26/11", NameDuty(11, "leave", date(2026, 11, 24), date(2026, 11, 26))),
        ("11 ngày mai đến thứ năm", NameDuty(11, "leave", date(2026, 11, 24), date(2026, 11, 26))),
    ],
)
def test_days_may_be_typed(typed, wish):
    assert asked(does(CommandSent("canbo", typed))) == [wish]


@pytest.mark.parametrize("typed", ["99", "x", "12 để sau", "12 1/12 5/12 6/12", "12 31/2", "-1", "1" * 40])
def test_what_is_no_number_or_day_asks_for_nothing(typed):
    step = does(CommandSent("canbo", typed))
    assert asked(step) == []
    assert keys(step) <= {"roles.no_number", "roles.how"}


@pytest.mark.parametrize("data", ["n:", "n:99", "n:12:rule", "n:x:focal", "n:12:delegate:400"])
def test_a_forged_button_asks_for_nothing_but_what_is_offered(data):
    assert asked(does(ButtonPressed(data))) == []


def test_who_acts_as_no_head_is_told_so():
    step = does(ButtonPressed("n:12"), facts(frozenset({Role.OFFICER})))
    assert (keys(step), asked(step)) == ({"roles.head_only"}, [])
