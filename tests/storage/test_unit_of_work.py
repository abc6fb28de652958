"""A unit of work: what a failed step gathered is forgotten, the rest is written together."""

from __future__ import annotations


def test_back_to_a_mark_forgets_what_came_after(store, chat, at):
    with store.write() as uow:
        person = uow.people.meet("plain", "u1", "vi", at).id
        uow.outbox.put(chat, 1, "send", "kept", at)
        uow.inbox.wake("plain", "c1", "kept", "{}", at, at)
        mark = uow.mark()
        uow.outbox.put(chat, 1, "send", "undone", at)
        uow.inbox.wake("plain", "c1", "undone", "{}", at, at)
        uow.dialogs.save(chat, person, "{}", at)
        uow.back_to(mark)
        assert uow.flush(at) == []
    with store.read() as uow:
        found = uow.connection.plain.exec_driver_sql("select body from outbox union all select external_id from inbox")
        assert found.scalars().all() == ["kept", "timer:kept"]
        assert uow.dialogs.get(chat, person) is None


def test_nothing_gathered_is_nothing_written(store, at):
    with store.write() as uow:
        assert uow.flush(at) == []
        uow.outbox.note([], at)
        uow.inbox.done([], at)
