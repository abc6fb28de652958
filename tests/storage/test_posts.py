"""Posts: which case a message of ours is about, and which card is kept up to date."""

from __future__ import annotations

from datetime import timedelta

from tests.storage.test_cases import add, case


def post(chat, message, case_id, at, **more):
    plain = {"chat_id": chat, "message": message, "case_id": case_id, "purpose": "card", "offered": None,
             "captioned": False, "thread": None, "current": True, "at": at}  # fmt: skip
    return plain | more


def test_cards_are_found_replaced_and_left_behind(store, chat, office, at):
    with store.write() as uow:
        [number] = add(uow, chat, case(at, 1))
        uow.posts.save([])
        uow.posts.save([post(chat, "1", number, at)])
        assert uow.posts.card(number, chat).message == "1"
        uow.posts.retire_cards(number, chat)
        uow.posts.save([post(chat, "2", number, at, captioned=True), post(chat, "3", number, at, purpose="question")])
        assert uow.posts.card(number, chat).message == "2"
        assert uow.posts.find(chat, "1").case_id == number
        assert uow.posts.find(chat, "9") is None
        assert uow.posts.chats_with_card(number) == [chat]
        uow.posts.save([post(chat, "2", number, at, purpose="gone")])
        assert uow.posts.find(chat, "2").purpose == "gone"
        uow.posts.forget_messages(chat)
        assert uow.posts.card(number, chat) is None


def test_the_last_message_with_choices(store, chat, office, at):
    with store.write() as uow:
        assert uow.posts.last_offer(chat) is None
        early, late = at, at + timedelta(seconds=2)
        uow.posts.save([post(chat, "1", None, late, offered="[1]"), post(chat, "2", None, early, offered="[2]")])
        uow.posts.save([post(chat, "3", None, at + timedelta(days=1))])
        assert uow.posts.last_offer(chat).message == "1"
