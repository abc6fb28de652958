"""What an administrator does to stock replies, and what the desk is given of them (R43)."""

from __future__ import annotations

from datetime import datetime

from handlers.administration import ACTOR, Refused, agency
from handlers.ports import Words
from handlers.privacy import censor
from storage.replies import ReplyRow
from storage.unit_of_work import UnitOfWork
from workflows.desk.answers import MAX_TEXT
from workflows.desk.facts import CHOICES, Stock
from workflows.desk.flows import STOCK

LONGEST_TITLE = 20  # characters of a button


def add(uow: UnitOfWork, words: Words, code: str | None, verb: str, title: str, text: str, now: datetime) -> ReplyRow:
    """One more for a unit (None: the operators). Raises Refused for what could not be offered or sent."""
    title, text = " ".join(title.split()), text.strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise Refused(f"tên phải từ 1 đến {LONGEST_TITLE} ký tự, để vừa một nút",
                      f"the title has 1 to {LONGEST_TITLE} characters, as it must fit a button")  # fmt: skip
    if not 1 <= len(text) <= MAX_TEXT:
        raise Refused(f"lời phải từ 1 đến {MAX_TEXT} ký tự", f"the words have 1 to {MAX_TEXT} characters")
    if where := censor(words).where(text):
        raise Refused(f"lời mẫu còn thông tin cá nhân: “{where}”", f"there is personal data in the words: “{where}”")
    unit = agency(uow, code).id if code else None
    known = uow.replies.of(unit)
    if any(one.title.casefold() == title.casefold() and one.verb == verb for one in known):
        raise Refused(f"đã có lời mẫu tên {title!r}", f"there is a reply called {title!r} already")
    for one in STOCK if verb == "" else (verb,):
        if sum(row.verb in ("", one) for row in known) >= CHOICES:
            raise Refused(f"đã đủ {CHOICES} lời mẫu cho việc này; hãy bỏ bớt trước",
                          f"there are {CHOICES} replies for this already; remove one first")  # fmt: skip
    made = uow.replies.add(unit, verb, title, text)
    uow.registers.record(ACTOR, "reply.added", str(made), now, agency=code)
    return ReplyRow(made, code, verb, title, text)


def remove(uow: UnitOfWork, number: int, now: datetime) -> None:
    """Take one away; what was sent with it stays sent. Raises Refused when there is none."""
    if not uow.replies.remove(number):
        raise Refused(f"không có lời mẫu số {number}; xem agencies replies list",
                      f"there is no reply {number}; see agencies replies list")  # fmt: skip
    uow.registers.record(ACTOR, "reply.removed", str(number), now)


def offered(uow: UnitOfWork, agency_id: int | None, verb: str) -> tuple[Stock, ...]:
    """Those of a unit that fit what is being written."""
    return tuple(Stock(one.id, one.title, one.text) for one in uow.replies.of(agency_id) if one.verb in ("", verb))
