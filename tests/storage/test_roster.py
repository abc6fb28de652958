"""Shifts, calls and storms in the store, on both databases; what is told once is claimed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage.calls import CallStore, Kept
from storage.roster import RosterStore, people_in
from storage.storms import StormStore
from tests.world import World
from workflows.duty.call_out import Call
from workflows.duty.shifts import Shift
from workflows.storm.mode import Storm

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def world(ready_url, tmp_path):
    world = World(ready_url, tmp_path)
    yield world
    world.close()


@pytest.fixture
def people(world):
    with world.store.write() as uow:
        return [uow.people.meet("plain", f"user-{number}", "vi", NOW).id for number in range(3)]


def shift(begins, hours=8, agency=None, person=None, **more):
    return Shift(0, agency, NOW + begins * HOUR, NOW + (begins + hours) * HOUR, person, **more)


def test_shifts_are_found_by_unit_and_time(world, people):
    with world.store.write() as uow:
        unit = uow.agencies.by_code("an-cuu").id
        roster = RosterStore(uow)
        old, running = roster.add(shift(-10, agency=unit)), roster.add(shift(-1, agency=unit, person=people[0]))
        soon, other = roster.add(shift(7, agency=unit, person=people[1])), roster.add(shift(-1))
        found = [one.id for one in roster.between(unit, NOW, NOW + 8 * HOUR)]
        assert found == [running, soon]
        assert {one.id for one in roster.all_between(NOW, NOW + HOUR)} == {running, other}
        assert roster.last_before(unit, NOW).id == old
        assert roster.last_before(None, NOW) is None
        assert roster.get(running).starts_at == NOW - HOUR
        assert people_in(roster.between(unit, NOW - 20 * HOUR, NOW + 20 * HOUR)) == sorted(people[:2])
        roster.remove(soon)
        assert roster.get(soon) is None


def test_what_begins_and_what_comes_is_told_once(world):
    with world.store.write() as uow:
        roster = RosterStore(uow)
        running, soon = roster.add(shift(-1)), roster.add(shift(7))
        roster.add(shift(-30))
        roster.add(shift(40))
        assert [one.id for one in roster.to_open(NOW)] == [running]
        assert [one.id for one in roster.to_come(NOW, NOW + 12 * HOUR)] == [soon]
        assert [roster.open_once(running, NOW), roster.open_once(running, NOW)] == [True, False]
        assert [roster.alert_once(soon, NOW), roster.alert_once(soon, NOW)] == [True, False]
        assert roster.to_open(NOW) == roster.to_come(NOW, NOW + 12 * HOUR) == []


def test_a_shift_passes_from_whom_it_was_seen_with(world, people):
    with world.store.write() as uow:
        roster = RosterStore(uow)
        seen = roster.get(roster.add(shift(-1, person=people[0], stand_in_id=people[1])))
        assert roster.pass_on(seen, people[1])
        assert not roster.pass_on(seen, people[2])  # seen before it changed hands
        assert roster.pass_on(roster.get(seen.id), people[2])
        assert roster.get(seen.id).has_it == people[2]


def test_whoever_turns_out_to_be_somebody_else_keeps_the_shifts(world, people):
    from storage.linking import LinkStore

    keep, gone, other = people
    with world.store.write() as uow:
        roster = RosterStore(uow)
        number = roster.add(shift(0, person=gone, stand_in_id=other, on_duty_id=gone))
        LinkStore(uow).give(gone, keep)
        found = roster.get(number)
        assert (found.person_id, found.stand_in_id, found.on_duty_id) == (keep, other, keep)


def test_calls_are_kept_and_changed(world):
    from tests.journeys.scene import Scene

    scene = Scene(world)
    code = scene.citizen("lan").reports()
    case_id = scene.case(code).id
    with world.store.write() as uow:
        calls = CallStore(uow)
        assert calls.get(case_id) == Kept()
        kept = Kept(Call(NOW, 2, NOW + HOUR), NOW)
        calls.keep(case_id, kept)
        assert calls.get(case_id) == kept
        calls.keep(case_id, replace(kept, call=None))
        assert calls.get(case_id) == Kept(None, NOW)
        assert calls.urgent() == []
        uow.cases.save(case_id, replace(uow.cases.get(case_id).case, urgent=True))
        assert [row.id for row in calls.urgent()] == [case_id]


def test_storms_stand_until_they_are_ended(world):
    with world.store.write() as uow:
        storms = StormStore(uow)
        first = storms.add(Storm(0, "an-cuu", "Bão", "Storm", NOW, NOW + HOUR))
        second = storms.add(Storm(0, "", "Lũ", "Flood", NOW))
        assert [one.id for one in storms.standing()] == [first, second]
        assert storms.standing()[0] == Storm(first, "an-cuu", "Bão", "Storm", NOW, NOW + HOUR)
        assert [storms.end(first, NOW), storms.end(first, NOW)] == [True, False]
        assert [one.id for one in storms.standing()] == [second]
        assert [one.id for one in storms.latest(5)] == [second, first]
