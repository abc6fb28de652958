"""Addresses of pages: what was signed is read again, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pages.signing import BadTicket, SignedPages, TicketExpired

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


def pages(secret="s" * 32, clock=None):
    return SignedPages(lambda: secret, "https://example.vn/", (clock or Clock()).now)


def test_an_address_says_its_page_chat_and_case():
    signed = pages()
    address = signed.address("case", 12, 345)
    assert address is not None
    assert address.startswith("https://example.vn/w/")
    ticket = signed.read("case", address.rsplit("/", 1)[1])
    assert (ticket.page, ticket.chat_id, ticket.case_id) == ("case", 12, 345)
    assert (ticket.issued_at, ticket.expires_at) == (START, START + timedelta(days=7))


def test_a_map_needs_no_case_but_a_case_does():
    signed = pages()
    address = signed.address("map", 12, None)
    assert address is not None
    assert address.startswith("https://example.vn/m/")
    assert signed.read("map", address.rsplit("/", 1)[1]).case_id is None
    assert signed.address("case", 12, None) is None
    assert signed.address("else", 12, 1) is None


def test_a_map_is_bound_to_its_draft_and_lives_as_long_as_was_set():
    signed = SignedPages(lambda: "s", "https://example.vn", Clock().now, {"map": timedelta(hours=2)})
    address = signed.address("map", 12, None, 7)
    assert address is not None
    ticket = signed.read("map", address.rsplit("/", 1)[1])
    assert (ticket.chat_id, ticket.case_id, ticket.draft) == (12, None, 7)
    assert ticket.expires_at == START + timedelta(hours=2)


def test_a_token_of_one_page_opens_no_other():
    signed = pages()
    with pytest.raises(BadTicket):
        signed.read("case", signed.token("map", 12, 345))


def test_it_expires():
    clock = Clock()
    signed = pages(clock=clock)
    token = signed.token("case", 12, 345, timedelta(hours=1))
    clock.at += timedelta(minutes=59)
    assert signed.read("case", token).chat_id == 12
    clock.at += timedelta(minutes=1)
    with pytest.raises(TicketExpired):
        signed.read("case", token)


def test_another_secret_reads_nothing():
    with pytest.raises(BadTicket):
        pages("t" * 32).read("case", pages().token("case", 12, 345))


def test_the_secret_is_asked_for_once_and_late():
    asked = []
    signed = SignedPages(lambda: asked.append(1) or "secret", "http://x", Clock().now)
    assert asked == []
    signed.token("case", 1, 2)
    signed.token("case", 1, 2)
    assert asked == [1]


@given(st.data())
def test_no_changed_token_is_taken(data):
    signed = pages()
    token = signed.token("case", 12, 345)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda one: one != token[place]))
    with pytest.raises(BadTicket):
        signed.read("case", token[:place] + other + token[place + 1 :])


@given(st.text(max_size=80))
def test_nothing_typed_by_hand_is_taken(text):
    with pytest.raises(BadTicket):
        pages().read("case", text)
