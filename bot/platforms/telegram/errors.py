"""What each refusal of the Bot API means for a sender: later, never, moved, topic gone, or nobody knows."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from handlers.ports import ChatHasMoved, SendLater, SendNever, SendUnknown, TopicGone

UNREACHABLE_SECONDS = 5.0
BUSY_SECONDS = 1.0
TOKEN_SECONDS = 300.0
FLOOD = "too_many_requests"
TOKEN_REFUSED = "token_refused"  # noqa: S105 - a code, no secret
CONFLICT_SECONDS = 15.0

# Words of the reference server's 400 answers, in small letters, and what they tell us.
NOT_MODIFIED = "message is not modified"
LATE_PRESS = ("query is too old", "query id is invalid")
LOST_MESSAGE = ("message to edit not found", "message can't be edited", "message_id_invalid")
BAD_MARKUP = "can't parse entities"
BAD_HANDLE = ("wrong file", "wrong remote file", "invalid file_id", "type of file")
TOO_BIG = ("file is too big", "request entity too large")
_LOST_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_LOST_CHAT = ("chat not found", "peer_id_invalid", "user not found", "group is deactivated")
_FORBIDDEN_BUT_THERE = ("not enough rights", "chat_write_forbidden", "have no rights")

_BOT_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{8,}")
_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


class Refused(Exception):
    """A 400 that a caller can do something about itself; ``words`` are the server's, in small letters."""

    def __init__(self, words: str) -> None:
        super().__init__(code(words))
        self.words = words

    def says(self, *signs: str) -> bool:
        """Whether the refusal is one of these."""
        return any(sign in self.words for sign in signs)


def redact(text: str) -> str:
    """``text`` with every bot token in it blacked out, for logs and messages that may quote an address."""
    return _BOT_TOKEN.sub("<token>", text)


def code(words: str) -> str:
    """A short name for a refusal, without what the server quotes from our message."""
    kept = re.split(r"[:\"]", redact(words).removeprefix("bad request: ").removeprefix("forbidden: "))[0]
    return re.sub(r"[^a-z0-9]+", "_", kept.lower()).strip("_")[:60] or "refused"


def seconds(wait: int | float | timedelta) -> float:
    """Seconds of a waiting time, which the library gives as a number or, newer, as a timedelta."""
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def sort(error: TelegramError) -> Exception:
    """The neutral exception for an error of the library. Tokens and texts stay behind.

    A BadRequest becomes ``Refused``; ``never`` turns that into SendNever where nobody can do better.
    """
    match error:
        case RetryAfter():
            return SendLater(seconds(error.retry_after), FLOOD)
        case ChatMigrated():
            return ChatHasMoved(str(error.new_chat_id))
        case Forbidden():
            words = str(error).lower()
            lost = not any(sign in words for sign in _FORBIDDEN_BUT_THERE)
            return SendNever(code(words), chat_lost=lost)
        case InvalidToken():
            return SendLater(TOKEN_SECONDS, TOKEN_REFUSED, whole_bot=True)
        case Conflict():
            return SendLater(CONFLICT_SECONDS, "conflict")
        case BadRequest():  # a kind of NetworkError in the library, so it is asked first
            return _refused(str(error).lower())
        case NetworkError():
            return unsent_or_unknown(error.__cause__)
        case _:
            return SendUnknown("no_answer_we_know")


def never(refused: Refused) -> SendNever:
    """A refusal that nobody can mend."""
    return SendNever(code(refused.words), chat_lost=refused.says(*_LOST_CHAT))


def unsent_or_unknown(cause: BaseException | None) -> Exception:
    """Whether something left the machine: if not, it may be sent again without a doubt."""
    if isinstance(cause, httpx.PoolTimeout):
        return SendLater(BUSY_SECONDS, "busy")
    if isinstance(cause, _UNSENT):
        return SendLater(UNREACHABLE_SECONDS, "unreachable")
    if isinstance(cause, httpx.TimeoutException):
        return SendUnknown("timed_out")
    return SendUnknown("broken_off" if isinstance(cause, httpx.HTTPError) else "server_error")


def _refused(words: str) -> Exception:
    return TopicGone() if any(sign in words for sign in _LOST_TOPIC) else Refused(words)
