"""`staff` and `agencies supervise`: focal officers, delegates with dates, days away, and who is told."""

from datetime import timedelta

import pytest

from tests.bot.cli.conftest import report


@pytest.fixture
def people(ready, world):
    """Three confirmed people of An Cựu ward, the first of them its head; their officer numbers."""
    now = world.clock.now()
    with world.store.write() as uow:
        ward = uow.agencies.by_code("an-cuu").id
        numbers = []
        for key in ("a", "b", "c"):
            person = uow.people.meet("plain", key, "vi", now)
            numbers.append(uow.people.join_staff(person.id, ward, now).id)
        for number in numbers:
            uow.people.change_staff(number, status="confirmed")
    ready.run("staff", "head", str(numbers[0]))
    return [str(number) for number in numbers]


DATES = ("--from", "2030-01-06", "--until", "2030-01-10")


def test_a_focal_officer_is_named_and_not_any_more(ready, people):
    assert "focal" in ready.run("staff", "focal", people[1]).stdout
    assert "member" in ready.run("staff", "focal", people[1], "--off").stdout
    assert "already" in ready.run("staff", "focal", people[0], code=1).stderr
    assert "there is no number" in ready.run("staff", "focal", "99", code=1).stderr


def test_a_delegation_is_kept_shown_and_ended(ready, people):
    ready.run("staff", "delegate", people[0], "--to", people[1], *DATES)
    [span] = ready.json("staff", "delegates")
    assert (span["what"], span["head"], span["to"], span["agency"]) == ("delegation", 1, 2, "an-cuu")
    assert "10/01/2030 23:59" in ready.run("staff", "delegates").stdout  # the last day, not the midnight after it
    assert span["ends_at"] > span["starts_at"]
    ready.run("staff", "end-delegation", str(span["id"]))
    assert ready.json("staff", "delegates") == []
    assert "no delegation" in ready.run("staff", "end-delegation", str(span["id"]), code=1).stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("delegate", "1", "--to", "1", *DATES), "a colleague of the same agency"),
        (("delegate", "2", "--to", "3", *DATES), "is no head"),
        (("delegate", "1", "--to", "2", "--from", "2030-01-10", "--until", "2030-01-06"), "not before the first"),
        (("delegate", "1", "--to", "2", "--from", "2020-01-01", "--until", "2020-01-06"), "these days are over"),
        (("delegate", "1", "--to", "2", "--from", "2030-01-01", "--until", "2032-01-06"), "at most 366 days"),
        (("delegate", "1", "--to", "99", *DATES), "there is no number"),
        (("leave", "2", *DATES), "is no head"),
        (("back", "1"), "nobody has kept them away"),
    ],
)
def test_what_is_no_delegation_or_leave_is_refused_with_its_reason(ready, people, words, why):
    assert why in ready.run("staff", *words, code=1).stderr
    assert ready.json("staff", "delegates") == []


def test_the_same_days_are_not_delegated_or_taken_twice(ready, people):
    for words in (("delegate", people[0], "--to", people[1], *DATES), ("leave", people[0], *DATES)):
        ready.run("staff", *words)
        assert "already" in ready.run("staff", *words, code=1).stderr


def test_a_head_who_is_away_is_warned_about_until_somebody_is_delegated_or_they_are_back(ready, people, clock):
    today = clock.now().date()
    span = ("--from", str(today - timedelta(days=1)), "--until", str(today + timedelta(days=2)))
    assert "Nobody is delegated" in ready.run("staff", "leave", people[0], *span).stdout
    assert warned(ready)
    ready.run("staff", "delegate", people[0], "--to", people[1], *span)
    assert not warned(ready)
    ready.run("staff", "end-delegation", "1")
    assert warned(ready)
    ready.run("staff", "back", people[0])
    assert not warned(ready)


def warned(ready) -> bool:
    return any("delegated nobody" in one["en"] for one in ready.json("check", code=1))


def test_who_checks_an_enterprises_results_is_named(ready, world):
    ready.run("agencies", "supervise", "moi-truong-do-thi", "--by", "so-xay-dung")
    with world.store.read() as uow:
        company = uow.agencies.by_code("moi-truong-do-thi").id
        assert uow.agencies.supervisor_of(company) == uow.agencies.by_code("so-xay-dung").id
    ready.run("agencies", "supervise", "moi-truong-do-thi")
    assert "is no enterprise" in ready.run("agencies", "supervise", "an-cuu", "--by", "so-xay-dung", code=1).stderr
    assert (
        "by an authority"
        in ready.run("agencies", "supervise", "moi-truong-do-thi", "--by", "moi-truong-do-thi", code=1).stderr
    )


def test_proposals_are_made_and_decided_by_command_too(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    reported = report(world)
    moved = ready.json("cases", "move", reported, "propose_cancel", "--reason", "outside", "--text", "Đường nội bộ")
    assert moved["moves"] == ["propose_cancel"]
    again = ready.run("cases", "move", reported, "propose_cancel", "--reason", "outside", "--text", "x", code=1)
    assert "already waiting" in again.stderr
    assert ready.json("cases", "move", reported, "refuse_proposal", "--text", "Của phường")["moves"] == [
        "refuse_proposal"
    ]
