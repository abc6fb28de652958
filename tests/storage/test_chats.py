"""Chats: made once, locked by one, linked, lost, parted from their history; who is a member."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text


def test_a_chat_is_made_once_and_learnt_later(store, at):
    with store.write() as uow:
        for _ in range(2):
            uow.chats.ensure([("plain", "c1"), ("plain", "c2")])
        chats = uow.chats.lock("plain", ["c1", "c2", "c3"], at)
    assert [(chat.external_id, chat.kind, chat.linked) for chat in chats] == [
        ("c1", "new", False), ("c2", "new", False),
    ]  # fmt: skip


def test_on_postgresql_who_works_on_a_chat_has_it_alone(postgres_url, at):
    from storage import migrate
    from storage.db import open_engine
    from storage.unit_of_work import Store

    engine = open_engine(postgres_url)
    migrate.upgrade(engine)
    store = Store(engine)
    with store.write() as uow:
        uow.chats.ensure([("plain", "c1"), ("plain", "c2")])
    with store.write() as one, store.write() as other:
        assert [chat.external_id for chat in one.chats.lock("plain", ["c1"], at)] == ["c1"]
        assert [chat.external_id for chat in other.chats.lock("plain", ["c1", "c2"], at)] == ["c2"]
        # Rows that only point to a locked chat do not wait for it: two steps may write to each other's chats.
        other.outbox.put(one.chats.find("plain", "c1").id, 1, "send", "{}", at)
        other.flush(at)
    engine.dispose()


def test_a_chat_that_somebody_is_making_is_left_to_them(store, at):
    if store.engine.dialect.name == "sqlite":  # writes one after the other: nobody else is making anything
        with store.write() as uow:
            uow.chats.ensure_free([("plain", "c1"), ("plain", "c2")])
            assert len(uow.chats.lock("plain", ["c1", "c2"], at)) == 2
        return
    with store.write() as one, store.write() as other:
        one.chats.ensure_free([("plain", "c1")])
        other.connection.execute(text("set local lock_timeout = '5s'"))  # ends a wait that must not be
        other.chats.ensure_free([("plain", "c1"), ("plain", "c2")])
        assert [chat.external_id for chat in other.chats.lock("plain", ["c1", "c2"], at)] == ["c2"]
    with store.write() as uow:
        assert len(uow.chats.lock("plain", ["c1", "c2"], at)) == 2


def test_a_held_chat_is_not_locked_before_its_time(store, chat, at):
    with store.write() as uow:
        uow.chats.change(chat, held_until=at + timedelta(seconds=2))
        assert uow.chats.lock("plain", ["c1"], at) == []
        assert len(uow.chats.lock("plain", ["c1"], at + timedelta(seconds=2))) == 1


def test_groups_of_an_agency_and_of_the_operators(store, at):
    with store.write() as uow:
        agency = uow.agencies.add("an-cuu", "An Cựu", "An Cuu", "agency", None, "an cuu", at)
        uow.chats.ensure([("plain", name) for name in ("g1", "g2", "ops")])
        for name, columns in (("g1", {"agency_id": agency}), ("g2", {"agency_id": agency, "status": "lost"}),
                              ("ops", {"operators": True})):  # fmt: skip
            uow.chats.change(uow.chats.find("plain", name).id, kind="group", **columns)
        assert [chat.external_id for chat in uow.chats.of_agency(agency)] == ["g1"]
        assert [chat.external_id for chat in uow.chats.of_operators()] == ["ops"]
        assert [chat.external_id for chat in uow.chats.linked_to(agency)] == ["g1", "g2"]


def test_membership_is_known_for_a_while(store, chat, at):
    with store.write() as uow:
        assert uow.chats.member(chat, "u1", at) is None
        uow.chats.know_member(chat, "u1", True, at)
        uow.chats.know_member(chat, "u1", False, at)
        assert uow.chats.member(chat, "u1", at) is False
        assert uow.chats.member(chat, "u1", at + timedelta(seconds=1)) is None


def test_a_buried_chat_says_no_more_whose_it_was(store, chat, at):
    with store.write() as uow:
        uow.chats.change(chat, language="en")
        fresh = uow.chats.bury(uow.chats.get([chat])[chat], "7f", at)
        old = uow.chats.get([chat])[chat]
    assert (fresh.external_id, fresh.kind, fresh.language, fresh.status) == ("c1", "private", "en", "open")
    assert (old.external_id, old.person_id, old.status) == ("erased:7f", None, "lost")
