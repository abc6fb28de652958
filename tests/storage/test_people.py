"""People: met once, consenting, blocked, forgotten; staff pending until confirmed."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.at_once import at_once


def test_of_two_meetings_at_once_one_finds_the_other_when_redone(store, at):
    redone = []

    def meet():
        while True:
            try:
                with store.write() as uow:
                    person = uow.people.meet("plain", "u1", "vi", at)
            except IntegrityError:
                redone.append(True)
                continue
            return person.id

    met = at_once(*[meet] * 4)
    with store.read() as uow:
        assert uow.connection.scalar(text("select count(*) from people")) == 1
    assert len(set(met)) == 1
    assert len(redone) < 4


def test_consent_is_kept_with_its_history(store, at):
    with store.write() as uow:
        person = uow.people.meet("plain", "u1", "en", at)
        uow.people.consent(person.id, 2, at)
        assert uow.people.find("plain", "u1").consent_version == 2
        uow.people.consent(person.id, 2, at, given=False)
        assert uow.people.find("plain", "u1").consent_version == 0
        assert uow.connection.scalar(text("select count(*) from consents")) == 2


def test_blocks_end_by_themselves(store, at):
    with store.write() as uow:
        person = uow.people.meet("plain", "u1", "vi", at)
        uow.people.change(person.id, blocked_until=at + timedelta(days=1), block_reason="spam")
        assert [one.id for one in uow.people.blocked(at)] == [person.id]
        assert uow.people.blocked(at + timedelta(days=1)) == []


def test_without_its_accounts_a_person_is_nobody(store, at):
    with store.write() as uow:
        person = uow.people.meet("plain", "u1", "vi", at)
        assert uow.people.accounts(person.id) == [("plain", "u1")]
        uow.people.forget_accounts(person.id)
        assert uow.people.accounts(person.id) == []
        assert uow.people.meet("plain", "u1", "vi", at).id != person.id
        assert uow.people.get([person.id])[person.id].erased_at is None


def test_staff_join_once_and_are_pending(store, at):
    with store.write() as uow:
        agency = uow.agencies.add("a", "A", "A", "agency", None, "a", at)
        person = uow.people.meet("plain", "u1", "vi", at)
        duties = [uow.people.join_staff(person.id, whose, at) for whose in (agency, agency, None, None)]
        assert len({duty.id for duty in duties}) == 2
        assert {duty.status for duty in duties} == {"pending"}
        assert uow.people.change_staff(duties[0].id, status="confirmed", role="head") == 1
        assert uow.people.change_staff(999, status="confirmed") == 0
        assert [(row["agency"], row["role"]) for row in uow.people.staff(agency)] == [("a", "head")]
        assert [row["agency"] for row in uow.people.staff(None)] == [None]
        assert len(uow.people.staff(everyone=True)) == 2
