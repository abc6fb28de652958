"""Figures: every partition adds up, whatever happened to the cases, and equals what a slow count of histories says."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from storage import figures
from storage.db import writing
from storage.models import Agency, Area, Person, table_of
from storage.unit_of_work import Store
from tests import warm
from tests.often import tries
from tests.storage.conftest import category
from tests.workflows.case.story import CHECKED, COMPLETE, LAW, MONDAY, OF_AGENCY, PEOPLE, Story
from workflows import fines, shortage
from workflows.actions import Action
from workflows.case.decide import decide, open_actions
from workflows.case.model import OUTCOMES, RATINGS, Act, Refusal, Role, State
from workflows.case.replay import apply, replay
from workflows.figures import (
    BUCKETS,
    BY_CASE,
    BY_CYCLE,
    BY_INTERACTION,
    BY_PROMISE,
    CASE_IDENTITIES,
    CYCLE_IDENTITIES,
    INTERACTION_IDENTITIES,
    OLD_IDENTITIES,
    PROMISE_IDENTITIES,
    Period,
    Scope,
    add_up,
    broken,
    old_style,
)

AREAS = ("an-cuu", "phu-hoi", "thuan-hoa")
AGENCIES = (7, 8, 70)

# What takes a case onward, each more often than all that can be said beside it.
ROAD = [
    (Role.OPERATOR, Action.ASSIGN),
    (Role.OFFICER, Action.CLAIM),
    (Role.OFFICER, Action.SUBMIT_RESULT),
    (Role.HEAD, Action.ACCEPT_RESULT),
    (Role.CITIZEN, Action.RATE),
    (Role.CITIZEN, Action.DISPUTE),
    (Role.HEAD, Action.REWORK),
    (Role.HEAD, Action.REQUEST_EXTENSION),
    (Role.OPERATOR, Action.GRANT_EXTENSION),
    (Role.CITIZEN, Action.ADD),
    (Role.OFFICER, Action.REPLY),
    (Role.OFFICER, Action.KEEP_PROMISE),
    (Role.TIMER, Action.CLOSE_UNRATED),
]
RARE = [
    (Role.OPERATOR, Action.REFER_OUT),
    (Role.OPERATOR, Action.MERGE),
    (Role.OPERATOR, Action.CANCEL),
    (Role.OPERATOR, Action.CORRECT_CATEGORY),
]
GIVEN = {
    "target_agency_id": AGENCIES,
    "category": ("lamp", "road"),
    "sensitive": (False, False, True),
    "area": AREAS,
    "outcome": OUTCOMES,
    "rating": (1, 2, 3, 4, 5),
    "until": [MONDAY + timedelta(days=count) for count in (20, 60)],
    "restored": [
        (("area", "phu-hoi"), ("resolve_due", None)),
        (("state", "closed"), ("rating", 3)),
        (("state", "cancelled"), ("thread_due", None)),
        (("finished_at", None), ("first_due", "2026-11-30T23:59:59.999999+07:00"), ("cycle", 2)),
    ],
}
PAUSES = (0.25, 0.25, 3, 26, 26, 70)  # hours
LEAP = timedelta(microseconds=1)
days = st.integers(-2, 40).map(lambda count: MONDAY + timedelta(days=count))


@cache
def lived(seed):
    """The same case for the same seed, whichever database it then goes into."""
    return tuple(history(Random(seed)))


def history(dice):
    """One case from its first event to wherever it got, by moves of the table only."""
    law = dice.choice([LAW, CHECKED])
    at = MONDAY + timedelta(days=dice.randint(0, 12))
    given_ = COMPLETE[Action.OPEN] | {"area": dice.choice(AREAS), "sensitive": dice.random() < 0.1}
    events = [*decide(None, Act(Action.OPEN, frozenset({Role.CITIZEN}), at, person_id=1, **given_), law)]
    road = [*ROAD, *dice.choice([[], [], RARE])]
    never = set(dice.sample([step[1] for step in ROAD[4:]], 3))  # or every long life would have a bit of everything
    for _ in range(dice.randint(0, 25)):
        case = replay(events)
        at = later(dice, case, at)
        role, action = what_next(dice, case, law, road, never)
        fields = {"person_id": PEOPLE[role], "agency_id": case.agency_id if role in OF_AGENCY else None}
        fields |= COMPLETE.get(action, {})
        fields |= {name: dice.choice(values) for name, values in GIVEN.items() if name in fields or dice.random() < 0.3}
        fields["target_agency_id"] = None if case.sensitive else fields.get("target_agency_id", 7)
        made = decide(case, Act(action, frozenset({role}), at, **fields), law)
        events += () if isinstance(made, Refusal) else made
    return events


def later(dice, case, at):
    """Some hours later, or right at the edge of a due date."""
    dues = [due for due in (case.resolve_due, case.thread_due, case.rating_until) if due and due > at]
    if dues and dice.random() < 0.15:
        return min(dues) + dice.choice([timedelta(0), LEAP])
    return at + timedelta(hours=dice.choice(PAUSES))


def what_next(dice, case, law, road, never):
    """Mostly a step of the road, else anything that is open to anybody."""
    offers = [(role, action) for role in Role for action in open_actions(case, frozenset({role}), law)]
    offers = [step for step in offers if step[1] not in never]
    road = [step for step in road if step in offers]
    return dice.choice(road if road and dice.random() < 0.85 else offers)


@dataclass(frozen=True)
class Asked:
    """A period, whose cases, and how the table is divided."""

    period: Period
    scope: Scope


@st.composite
def questions(draw):
    start, end = sorted([draw(days), draw(days)])
    scope = Scope(
        area=draw(st.sampled_from(["", "", *AREAS])),
        agencies=draw(st.sampled_from([None, None, frozenset({7}), frozenset({8, 70})])),
        categories=draw(st.sampled_from([None, None, frozenset({"lamp"}), frozenset({"road", "none"})])),
        split=draw(st.sampled_from(["", "area", "agency", "category", "channel"])),
    )
    return Asked(Period(start, end), scope)


@pytest.fixture
def engine(tables_url):
    """A store with the people, agencies, areas and categories of the story."""
    engine = warm.open_engine(tables_url)
    with Store(engine).write() as uow:
        uow.categories.save([category("lamp"), category("road")])
        uow.chats.ensure([("plain", "c1")])
    with writing(engine) as connection:
        for person in {1, 2, 33, *PEOPLE.values()} - {None}:
            connection.execute(table_of(Person).insert(), {"id": person, "created_at": MONDAY})
        for agency in AGENCIES:
            row = {"id": agency, "code": f"a{agency}", "vi": "a", "en": "a", "created_at": MONDAY}
            connection.execute(table_of(Agency).insert(), row)
        for area in AREAS:
            connection.execute(table_of(Area).insert(), {"code": area, "vi": area, "en": area, "lat": 0, "lon": 0})
    yield engine
    engine.dispose()


def keep(uow, cases):
    """The histories in the store, as the program would have written them."""
    chat = uow.chats.find("plain", "c1").id
    for number, events in enumerate(cases):
        opened = events[0]
        opened.data["code"] = f"PA-0000-{number:04}"
        case_id = uow.cases.add(replay(events), chat)
        uow.cases.append(case_id, events)


def tables(uow, asked):
    """The tables as the store counts them."""
    args = (uow.cases, asked.period, asked.scope)
    return (
        add_up(figures.standings(*args), BY_CASE),
        add_up(figures.results(*args), BY_CYCLE),
        add_up(figures.interactions(*args), BY_INTERACTION),
        add_up(figures.promises(*args), BY_PROMISE),
    )


# --- the slow way, in words of its own ---

FINISHED = {"resolved", "answered", "review_requested", "closed"}
ELSEWHERE = {"cancelled": "cancelled", "merged": "merged", "referred_out": "referred"}


def counts_here(scope, case, secret):
    if scope.area and case.area != scope.area:
        return False
    if scope.agencies is not None and case.agency_id not in scope.agencies:
        return False
    if scope.categories is not None and case.category not in scope.categories:
        return False
    return not (secret and (scope.area or scope.agencies is not None))


def line(scope, case, secret):
    if scope.split and secret:
        return "*"
    lines = {"": "", "area": case.area, "agency": str(case.agency_id or ""), "category": case.category}
    return (lines | {"channel": "chat"})[scope.split]


def at_the_end(events, end):
    """The case as it was just before ``end``."""
    return stages(event for event in events if event.at < end)[-1]


def stages(events):
    """The case after each event."""
    found = []
    for event in events:
        found.append(apply(found[-1] if found else None, event))
    return found


def speed(case, now):
    due = case.resolve_due if case.resolve_due is not None else case.forward_due
    ended = next((when for when in (case.finished_at, case.closed_at) if when is not None), now)
    if due is not None and ended > due:
        return "late"
    return "extended" if due is not None and case.first_due is not None and ended > case.first_due else "on_time"


def slow_cells(case, now):
    """The cells of the first table in which a case counts."""
    state = case.state.value
    if state == "need_info":
        state = case.return_state.value if case.return_state else "received"
    found = {"received", *([] if state == "merged" else ["distinct"]), *(["reopened"] if case.cycle >= 2 else [])}
    late = speed(case, now) == "late"
    if state in ELSEWHERE:
        found |= {ELSEWHERE[state]} | ({"cancelled_late"} if late and state == "cancelled" else set())
    elif state == "received":
        found |= {"waiting"} | ({"waiting_past_term"} if late else set())
    elif state in FINISHED:
        found |= {"accepted", "finished", speed(case, now)}
        fixed = case.outcome == "fixed"
        found |= {"claimed_solved"} if fixed else set()
        found |= {"confirmed_solved"} if fixed and case.rating in (3, 4, 5) else set()
        found |= {"contested"} if state == "review_requested" else set()
        silent = case.rating is None and state == "closed" and not case.disputed
        found |= {f"rated_{case.rating}" if case.rating else "silent" if silent else "unrated"}
    else:
        found |= {"accepted", "processing", "past_term" if late else "within_term"}
        found |= {"back_in_processing" if case.cycle >= 2 else "first_round"}
    return found


def slow_by_case(cases, period, scope):
    lines = {}
    for events in cases:
        if period.start <= events[0].at < period.end:
            case = at_the_end(events, period.end)
            secret = replay(events).sensitive or case.sensitive
            if counts_here(scope, case, secret):
                lines.setdefault(line(scope, case, secret), Counter()).update(slow_cells(case, period.end))
    return lines


def slow_by_cycle(cases, period, scope):
    lines = {}
    for events in cases:
        for number, event in enumerate(events):
            if event.action is Action.ACCEPT_RESULT and period.start <= event.at < period.end:
                case = replay(events[: number + 1])
                secret = replay(events).sensitive or case.sensitive
                if counts_here(scope, case, secret):
                    cells = {"results", speed(case, event.at), case.outcome}
                    cells |= {"reworked_results" if case.cycle >= 2 else "first_results"}
                    lines.setdefault(line(scope, case, secret), Counter()).update(cells)
    return lines


def slow_by_interaction(cases, period, scope):
    lines = {}
    for events in cases:
        known = stages(event for event in events if event.at < period.end)
        for number, case in enumerate(known):
            began = case.thread_due is not None and (number == 0 or known[number - 1].thread_due is None)
            if not began or not period.start <= events[number].at:
                continue
            secret = replay(events).sensitive or case.sensitive
            if not counts_here(scope, case, secret):
                continue
            ended = next((events[n].at for n in range(number, len(known)) if known[n].thread_due is None), None)
            in_time = (ended or period.end) <= case.thread_due
            word = "answered" if ended else "unanswered"
            cell = word + {("answered", True): "_in_time", ("unanswered", True): ""}.get((word, in_time), "_late")
            lines.setdefault(line(scope, case, secret), Counter()).update({"messages", cell})
    return lines


def slow_by_promise(cases, period, scope):
    lines = {}
    for events in cases:
        known = stages(event for event in events if event.at < period.end)
        for number, case in enumerate(known):
            if events[number].action is not Action.ACCEPT_RESULT or case.outcome != "promised":
                continue
            secret = replay(events).sensitive or case.sensitive
            if events[number].at < period.start or not counts_here(scope, case, secret):
                continue
            after = events[number + 1 : len(known)]
            kept = next((one.at for one in after if one.action is Action.KEEP_PROMISE), None)
            again = next((one.at for one in after if one.action is Action.REWORK), None)
            due = case.pledged_until
            if kept and not (again and again < kept):
                cell = "promises_kept" if kept <= due else "promises_kept_late"
            elif (again or period.end) > due:
                cell = "promises_broken"
            else:
                cell = "promises_replaced" if again else "promises_open"
            lines.setdefault(line(scope, case, secret), Counter()).update({"promises", cell})
    return lines


def same(table, lines):
    """Whether a table says what the slow way counted, line by line and in total."""
    assert {name: +Counter(cells) for name, cells in table.lines.items()} == lines
    assert +Counter(table.total) == sum(lines.values(), Counter())


def test_the_page_defines_every_cell():
    """docs/figures.md names each cell and each identity, as they are in the tables."""
    page = (Path(__file__).parents[2] / "docs" / "figures.md").read_text(encoding="utf-8")
    named = {name for row in page.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)`", row)}
    named |= {f"rated_{level}" for level in RATINGS}
    assert named == {*BY_CASE, *BY_CYCLE, *BY_INTERACTION, *BY_PROMISE, *fines.CELLS, *shortage.CELLS}
    told = {" ".join(line.split()) for line in page.splitlines() if line.startswith("    ")}
    identities = (*CASE_IDENTITIES, *CYCLE_IDENTITIES, *INTERACTION_IDENTITIES, *PROMISE_IDENTITIES)
    identities += (*fines.IDENTITIES, *shortage.IDENTITIES)
    assert told == {f"{one.total} = {' + '.join(one.parts)}" for one in identities}


def test_every_state_has_a_bucket():
    assert {*BUCKETS, "need_info"} == set(State)


seeds = st.lists(st.integers(0, 2**32), min_size=1, max_size=6)


@tries(1, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seeds=seeds, asked=st.lists(questions(), min_size=1, max_size=4))
def test_every_partition_adds_up_and_equals_the_slow_count(engine, seeds, asked):
    check(engine, [lived(seed) for seed in seeds], asked)


def test_many_cases_fill_every_cell(engine):
    """The same with so many cases that no cell stays empty: what is never counted is never checked."""
    extended = Story().scheduled().later(days=30).does(Role.OFFICER, Action.SUBMIT_RESULT)
    referred = Story().opened().does(Role.OPERATOR, Action.REFER_OUT)
    merged = Story().opened().does(Role.OPERATOR, Action.MERGE)
    kept_late = Story().promised().later(days=90).does(Role.OFFICER, Action.KEEP_PROMISE)
    cases = [
        *(one.events for one in (extended, referred, merged, kept_late)),
        *(lived(seed) for seed in range(300)),
    ]
    periods = [Period(MONDAY, MONDAY + timedelta(days=count)) for count in (12, 400)]
    asked = [Asked(period, Scope(split="agency")) for period in periods]
    asked += [Asked(periods[0], Scope(area="an-cuu"))]
    counted = check(engine, cases, asked)
    some = {"rated": sum(counted[f"rated_{level}"] for level in RATINGS)} | {
        cell: counted[cell]
        for cell in (*BY_CASE, *BY_CYCLE, *BY_INTERACTION, *BY_PROMISE)
        if not cell.startswith("rated_")
    }
    assert [cell for cell, count in some.items() if not count] == []


def check(engine, cases, asked):
    """Keep the cases and ask; how often each cell was counted in all the tables."""
    counted = Counter()
    with Store(engine).write() as uow:
        keep(uow, cases)
        for one in asked:
            by_case, by_cycle, messages, promised = tables(uow, one)
            assert broken(by_case, CASE_IDENTITIES) == []
            assert broken(by_cycle, CYCLE_IDENTITIES) == []
            assert broken(messages, INTERACTION_IDENTITIES) == []
            assert broken(promised, PROMISE_IDENTITIES) == []
            same(by_case, slow_by_case(cases, one.period, one.scope))
            same(by_cycle, slow_by_cycle(cases, one.period, one.scope))
            same(messages, slow_by_interaction(cases, one.period, one.scope))
            same(promised, slow_by_promise(cases, one.period, one.scope))
            old = old_style(by_case.total)
            assert all(old[i.total] == sum(old[part] for part in i.parts) for i in OLD_IDENTITIES)
            if one.scope == Scope(split=one.scope.split):
                assert figures.received(uow.cases, one.period) == by_case.total["received"]
            counted += Counter(by_case.total) + Counter(by_cycle.total)
            counted += Counter(messages.total) + Counter(promised.total)
        uow.connection.settle()
        uow.connection.plain.rollback()
    return counted
