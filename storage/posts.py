"""Messages of ours that people may answer or press: which case they are about and what they offered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from storage.bulk import Family, insert_rows
from storage.models import Post, table_of
from storage.writer import Writer
from workflows.frozen import frozen

POSTS = table_of(Post)


@frozen
class PostRow:
    """One message of ours."""

    chat_id: int
    message: str
    case_id: int | None
    purpose: str
    offered: str | None
    captioned: bool
    thread: str | None
    at: datetime


COLUMNS = [
    POSTS.c.chat_id,
    POSTS.c.message,
    POSTS.c.case_id,
    POSTS.c.purpose,
    POSTS.c.offered,
    POSTS.c.captioned,
    POSTS.c.thread,
    POSTS.c.at,
]

_GET = select(*COLUMNS).where(POSTS.c.chat_id == bindparam("chat"), POSTS.c.message == bindparam("message"))
_CARD = (
    select(*COLUMNS)
    .where(
        POSTS.c.case_id == bindparam("case"),
        POSTS.c.chat_id == bindparam("chat"),
        POSTS.c.purpose == "card",
        POSTS.c.current,
    )
    .order_by(POSTS.c.id.desc())
    .limit(1)
)
_LAST_OFFER = (
    select(*COLUMNS)
    .where(POSTS.c.chat_id == bindparam("chat"), POSTS.c.offered.is_not(None))
    .order_by(POSTS.c.at.desc(), POSTS.c.id.desc())
    .limit(1)
)
_CHATS_WITH_CARD = (
    select(POSTS.c.chat_id).where(POSTS.c.case_id == bindparam("case"), POSTS.c.purpose == "card").distinct()
)
_CHANGED = ["case_id", "purpose", "offered", "captioned", "thread", "current", "at"]
_SAVE = insert_rows(
    POSTS, ["chat_id", "message", *_CHANGED], keys=["chat_id", "message"], changed=_CHANGED, family=Family.NOTE
)


class PostStore:
    """Posts inside one transaction."""

    def __init__(self, connection: Writer) -> None:
        self.connection = connection

    def find(self, chat_id: int, message: str) -> PostRow | None:
        """The post behind a message id."""
        row = self.connection.look(_GET, {"chat": chat_id, "message": message}, POSTS).first()
        return PostRow(*row) if row else None

    def card(self, case_id: int, chat_id: int) -> PostRow | None:
        """The card that is kept up to date for a case in a group."""
        row = self.connection.look(_CARD, {"case": case_id, "chat": chat_id}, POSTS).first()
        return PostRow(*row) if row else None

    def last_offer(self, chat_id: int) -> PostRow | None:
        """The last message of a chat that had choices."""
        row = self.connection.look(_LAST_OFFER, {"chat": chat_id}, POSTS).first()
        return PostRow(*row) if row else None

    def chats_with_card(self, case_id: int) -> list[int]:
        """Every group that has ever been shown a case."""
        return list(self.connection.scalars(_CHATS_WITH_CARD, {"case": case_id}))

    def save(self, posts: Sequence[dict[str, Any]]) -> None:
        """Remember posts: chat_id, message, case_id, purpose, offered, captioned, thread, current, at."""
        for post in posts:
            self.connection.later(_SAVE, post)

    def retire_cards(self, case_id: int, chat_id: int) -> None:
        """The card was posted anew: older ones are no longer kept up to date."""
        self.connection.execute(
            update(POSTS)
            .where(POSTS.c.case_id == case_id, POSTS.c.chat_id == chat_id, POSTS.c.purpose == "card")
            .values(current=False)
        )

    def forget_messages(self, chat_id: int) -> None:
        """A group got a new id: its old messages cannot be edited any more, cards will be posted anew."""
        self.connection.execute(update(POSTS).where(POSTS.c.chat_id == chat_id).values(current=False))
