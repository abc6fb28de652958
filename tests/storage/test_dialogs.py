"""Dialogs: one for each person and chat, written together, forgotten with the person."""

from __future__ import annotations


def test_saved_replaced_and_forgotten(store, chat, at):
    with store.write() as uow:
        one, other = (uow.people.meet("plain", user, "vi", at).id for user in ("u1", "u2"))
        for person, state in ((one, "{}"), (other, "[]"), (one, '{"step":"photo"}')):
            uow.dialogs.save(chat, person, state, at)
            uow.dialogs.flush()
    with store.write() as uow:
        assert uow.dialogs.of_chats([chat]) == {(chat, one): '{"step":"photo"}', (chat, other): "[]"}
        uow.dialogs.save(chat, one, "late", at)
        uow.dialogs.forget(one)
        uow.dialogs.flush()
        assert uow.dialogs.get(chat, one) is None
        assert uow.dialogs.get(chat, other) == "[]"


def test_a_dropped_draft_leaves_a_step_and_a_reason(store, at):
    with store.write() as uow:
        uow.dialogs.dropped("photo", "silent", at)
        found = uow.connection.plain.exec_driver_sql("select step, why from dropped_drafts").all()
    assert [tuple(row) for row in found] == [("photo", "silent")]
