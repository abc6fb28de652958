"""Access to pages: tries that are counted exactly, codes that work once, sessions that end, and what is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.pages import PageStore

WINDOW = timedelta(minutes=15)


@pytest.fixture
def ids(store, at):
    """A person, their private chat, and a case."""
    with store.write() as uow:
        person = uow.people.meet("plain", "duc", "vi", at)
        uow.chats.ensure([("plain", "rieng")])
        chat = uow.chats.find("plain", "rieng")
        uow.chats.change(chat.id, kind="private", person_id=person.id)
    return person.id, chat.id


def test_tries_are_counted_within_their_window(store, at):
    with store.write() as uow:
        pages = PageStore(uow)
        assert [pages.count_try("a", at, WINDOW) for _ in range(3)] == [1, 2, 3]
        assert pages.count_try("b", at, WINDOW) == 1
        assert pages.count_try("a", at + timedelta(minutes=14), WINDOW) == 4
        assert pages.count_try("a", at + WINDOW, WINDOW) == 1
        pages.forgive("a")
        assert pages.count_try("a", at + WINDOW, WINDOW) == 1


def test_a_pin_is_set_changed_and_cleared(store, at, ids):
    person, _ = ids
    with store.write() as uow:
        pages = PageStore(uow)
        assert (pages.pin(person), pages.clear_pin(person)) == (None, False)
        pages.set_pin(person, "first", at)
        pages.set_pin(person, "second", at)
        assert pages.pin(person) == "second"
        assert pages.clear_pin(person)
        assert pages.pin(person) is None


def test_the_private_chat_is_found_while_it_is_open(store, at, ids):
    person, chat = ids
    with store.write() as uow:
        assert PageStore(uow).private_chat(person, "zalo") == chat
        uow.chats.change(chat, status="lost")
        assert PageStore(uow).private_chat(person, "plain") is None


def test_what_is_old_is_forgotten(store, at):
    with store.write() as uow:
        pages = PageStore(uow)
        pages.count_try("old", at - timedelta(days=2), WINDOW)
        pages.count_try("new", at, WINDOW)
        assert pages.forget_old(at - timedelta(days=1)) == 1
        assert pages.count_try("new", at, WINDOW) == 2
