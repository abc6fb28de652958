"""Cases and their history: added to, folded, listed, searched, and forgotten so that they still replay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from storage.cases import CaseRow, PositionRow, due_of
from workflows.actions import Action
from workflows.case.model import Case, CaseEvent, Role, State


def case(at, number, **more):
    plain = {"state": State.ASSIGNED, "version": 1, "opened_at": at, "reporter_id": None, "reporter_type": "person",
             "category": "lamp"}  # fmt: skip
    return Case(code=f"PA-0000-{number:04}", **plain | more)


def add(uow, chat, *cases):
    return [uow.cases.add(one, chat) for one in cases]


def test_a_case_and_its_history_come_back_as_they_were(store, chat, office, at):
    one = case(at, 1, reporter_id=office["person"], agency_id=office["ward"], resolve_due=at, media=("m",))
    event = CaseEvent(
        1, at, Action.OPEN, "T1", None, State.RECEIVED, Role.CITIZEN, office["person"], None, {"a": ["b"]}
    )
    with store.write() as uow:
        [number] = add(uow, chat, one)
        uow.cases.append(number, [event, replace(event, seq=2, before=State.RECEIVED)])
    with store.read() as uow:
        assert uow.cases.get(number) == uow.cases.by_code(one.code) == CaseRow(number, chat, one)
        assert uow.cases.events(number)[0] == event
        assert [len(events) for events in uow.cases.histories([number, 99]).values()] == [2, 0]
        assert uow.cases.get(99) is None
    with pytest.raises(IntegrityError), store.write() as uow:
        uow.cases.append(number, [event])  # the same place in the history twice


def test_saved_anew_it_is_found_by_what_it_has_become(store, chat, office, at):
    with store.write() as uow:
        [number] = add(uow, chat, case(at, 1))
        uow.cases.save(number, case(at, 1, state=State.CLOSED, version=5))
        assert uow.cases.get(number, lock=True).case.version == 5
        assert uow.cases.counts() == {"closed": 1}


def test_the_desk_has_open_cases_the_oldest_due_first(store, chat, office, at):
    ward = office["ward"]
    with store.write() as uow:
        late, soon, _closed, _secret, waiting, asked = add(
            uow, chat,
            case(at, 1, agency_id=ward, resolve_due=at + timedelta(days=2)),
            case(at, 2, agency_id=ward, resolve_due=at + timedelta(days=1)),
            case(at, 3, agency_id=ward, state=State.CLOSED),
            case(at, 4, agency_id=ward, sensitive=True, resolve_due=at),
            case(at, 5, state=State.RECEIVED, forward_due=at),
            case(at, 6, agency_id=ward, state=State.TRANSFER_REQUESTED, resolve_due=at + timedelta(days=3)),
        )  # fmt: skip
        assert [row.id for row in uow.cases.desk(ward, 10)] == [soon, late, asked]
        assert [row.id for row in uow.cases.desk(ward, 1, 1)] == [late]
        assert [row.id for row in uow.cases.desk(None, 10)] == [waiting, asked]
        assert uow.cases.open_of_agency(ward) == 4


def test_an_agency_finds_only_its_own_and_what_is_sensitive_only_the_line_that_has_it(store, chat, office, at):
    """R61; the operators find it while nobody has it, and which of these they may read is not asked of the store."""
    ward = office["ward"]
    with store.write() as uow:
        line = uow.agencies.add("thanh-tra", "Thanh tra", "Inspectorate", "inspection", None, "thanh tra", at)
        mine, others, wrong, kept, secret = added = add(
            uow, chat, case(at, 1, agency_id=ward), case(at, 2, agency_id=office["company"]),
            case(at, 3, agency_id=ward, sensitive=True), case(at, 4, sensitive=True),
            case(at, 5, agency_id=line, sensitive=True),
        )  # fmt: skip
        for number in added:
            uow.cases.add_terms(number, {"den", "hong"})
            uow.cases.add_terms(number, {"den"})
        assert [row.id for row in uow.cases.search(["den", "hong"], ward, 10)] == [mine]
        assert [row.id for row in uow.cases.search(["den"], line, 10)] == [secret]
        assert [row.id for row in uow.cases.search(["den"], None, 10)] == [kept, others, mine]
        assert wrong not in [row.id for row in uow.cases.desk(ward, 10)]
        assert [row.id for row in uow.cases.desk(line, 10)] == [secret]
        assert uow.cases.search(["den", "cay"], None, 10) == uow.cases.search([], None, 10) == []


def test_a_persons_cases_newest_first_and_how_many_lately(store, chat, office, at):
    person = office["person"]
    with store.write() as uow:
        old, new = add(uow, chat, case(at, 1, reporter_id=person),
                       case(at + timedelta(days=2), 2, reporter_id=person))  # fmt: skip
        assert [row.id for row in uow.cases.of_reporter(person)] == [new, old]
        assert [uow.cases.sent_since([person, 99], at + timedelta(days=days)) for days in (0, 1, 3)] == [
            {person: 2},
            {person: 1},
            {},
        ]


def test_listing_page_by_page(store, chat, office, at):
    with store.write() as uow:
        ids = add(uow, chat, *(case(at + timedelta(days=number), number) for number in range(5)))
        assert [row.id for row in uow.cases.listing(how_many=2, after_id=ids[1])] == ids[2:4]
        assert [row.id for row in uow.cases.listing(since=at + timedelta(days=3))] == ids[3:]
        assert [row.id for row in uow.cases.listing(until=at + timedelta(days=1))] == ids[:1]
        assert uow.cases.listing(state="closed") == uow.cases.listing(agency_id=office["ward"]) == []
        assert len(uow.cases.listing(open_only=True, state="assigned")) == 5


def test_what_somebody_said_is_emptied_and_its_place_stays(store, chat, office, at):
    person = office["person"]
    with store.write() as uow:
        [number] = add(uow, chat, case(at, 1, reporter_id=person))
        uow.cases.add_words("w1", number, person, "report", "nhà ông Bảy", at)
        uow.cases.add_words("w2", number, None, "note", "của cán bộ", at)
        uow.cases.add_position("p1", number, person, 16.4, 107.6, "12 Nguyễn Huệ", at)
        uow.cases.add_terms(number, {"bay"})
        assert uow.cases.words(["w1", "w2", "", "none"]) == {"w1": "nhà ông Bảy", "w2": "của cán bộ"}
        assert uow.cases.position("p1") == PositionRow(16.4, 107.6, "12 Nguyễn Huệ")
        assert uow.cases.forget_person(person, at) == [number]
        assert uow.cases.words(["w1", "w2"]) == {"w1": "", "w2": "của cán bộ"}
        assert uow.cases.words_of(person) == []
        assert [row["text"] for row in uow.cases.words_of_case(number)] == [None, "của cán bộ"]
        assert uow.cases.position("p1") == uow.cases.position("") == PositionRow(None, None, "")
        assert uow.cases.search(["bay"], None, 10) == []


def test_the_date_that_the_next_doer_must_keep(at):
    later = at + timedelta(days=1)
    assert due_of(case(at, 1, forward_due=at)) == at
    assert due_of(case(at, 1, agency_id=1, forward_due=at, resolve_due=later)) == later
    assert due_of(case(at, 1, state=State.REVIEW_REQUESTED, resolve_due=at, interaction_due=later)) == later
    assert due_of(case(at, 1, state=State.CLOSED, resolve_due=at)) is None
