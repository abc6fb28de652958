"""What each refusal of Zalo means for a sender: later, never, window closed, quota spent, or nobody knows.

Numbers decide, never words (zalo.md, 6). What an administrator must put right makes messages wait, not vanish.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import requests

from bot.platforms.zalo.client.errors import ZaloException, ZaloHTTPException
from bot.platforms.zalo.client.tokens import RenewalFailed
from bot.platforms.zalo.client.transport import NotSent
from handlers.ports import QuotaSpent, SendLater, SendNever, SendUnknown, WindowClosed
from workflows.frozen import frozen

UNREACHABLE_SECONDS = 5.0
RATE_SECONDS = 20.0
HOUR = 3600.0
SET_UP_SECONDS = 300.0

ASSET_GONE = -100  # an upload that is known no longer
BROKEN = 500
BUSY = 429
OK = 200


class Fate(Enum):
    """What becomes of a message that was refused."""

    AGAIN = "again"  # soon
    WAIT = "wait"  # the whole account waits
    CALL = "call"  # this call waits until somebody has put something right
    SET_UP = "set_up"  # every call does
    WINDOW = "window"
    QUOTA = "quota"
    CHAT = "chat"  # this chat cannot be written to any more, until it writes to us
    NEVER = "never"


@frozen
class Meaning:
    """What a number means: what becomes of the message, a short name for it, and how long to wait (seconds)."""

    fate: Fate
    code: str
    seconds: float = 0.0


MEANINGS: Mapping[int, Meaning] = {
    -32: Meaning(Fate.WAIT, "too_many_requests", RATE_SECONDS),
    -100: Meaning(Fate.AGAIN, "asset_gone", UNREACHABLE_SECONDS),
    -124: Meaning(Fate.SET_UP, "token_refused", SET_UP_SECONDS),
    -200: Meaning(Fate.AGAIN, "not_sent", UNREACHABLE_SECONDS),
    -201: Meaning(Fate.NEVER, "wrong_parameter"),
    -202: Meaning(Fate.SET_UP, "wrong_mac", SET_UP_SECONDS),
    -204: Meaning(Fate.SET_UP, "oa_deleted", SET_UP_SECONDS),
    -205: Meaning(Fate.SET_UP, "no_such_oa", SET_UP_SECONDS),
    -207: Meaning(Fate.SET_UP, "oa_not_registered", SET_UP_SECONDS),
    -208: Meaning(Fate.SET_UP, "oa_without_secret", SET_UP_SECONDS),
    -209: Meaning(Fate.CALL, "call_not_supported", SET_UP_SECONDS),
    -210: Meaning(Fate.NEVER, "out_of_range"),
    -211: Meaning(Fate.QUOTA, "quota_spent", HOUR),
    -212: Meaning(Fate.CALL, "call_not_registered", SET_UP_SECONDS),
    -213: Meaning(Fate.CHAT, "does_not_follow"),
    -215: Meaning(Fate.SET_UP, "no_such_app", SET_UP_SECONDS),
    -216: Meaning(Fate.SET_UP, "token_refused", SET_UP_SECONDS),
    -217: Meaning(Fate.NEVER, "invitations_blocked"),
    -218: Meaning(Fate.QUOTA, "persons_quota_spent", HOUR),
    -219: Meaning(Fate.SET_UP, "app_removed", SET_UP_SECONDS),
    -220: Meaning(Fate.SET_UP, "token_refused", SET_UP_SECONDS),
    -221: Meaning(Fate.SET_UP, "oa_not_verified", SET_UP_SECONDS),
    -222: Meaning(Fate.CHAT, "account_asleep"),
    -223: Meaning(Fate.CALL, "call_not_authorised", SET_UP_SECONDS),
    -224: Meaning(Fate.CALL, "package_needed", SET_UP_SECONDS),
    -227: Meaning(Fate.CHAT, "account_asleep"),
    -230: Meaning(Fate.WINDOW, "silent_for_7_days"),
    -232: Meaning(Fate.WINDOW, "silent_for_too_long"),
    -233: Meaning(Fate.NEVER, "kind_not_supported"),
    -234: Meaning(Fate.AGAIN, "not_at_night", HOUR),
    -235: Meaning(Fate.CALL, "not_for_this_oa", SET_UP_SECONDS),
    -237: Meaning(Fate.CHAT, "group_lapsed"),
    -238: Meaning(Fate.CHAT, "group_package_in_use"),
    -240: Meaning(Fate.NEVER, "call_shut_down"),
    -241: Meaning(Fate.CHAT, "group_package_disabled"),
    -242: Meaning(Fate.SET_UP, "wrong_proof", SET_UP_SECONDS),
    -244: Meaning(Fate.NEVER, "restricted_by_person"),
    -248: Meaning(Fate.NEVER, "against_policy"),
    -249: Meaning(Fate.NEVER, "not_by_user_id"),
    -305: Meaning(Fate.WINDOW, "silent_for_48_hours"),
    -311: Meaning(Fate.WINDOW, "replies_spent"),
    -320: Meaning(Fate.CALL, "billing_not_linked", SET_UP_SECONDS),
    -321: Meaning(Fate.QUOTA, "no_balance", HOUR),
    -403: Meaning(Fate.CHAT, "not_in_group"),
    -1241: Meaning(Fate.SET_UP, "wrong_proof", SET_UP_SECONDS),
}


def sort(error: Exception) -> Exception:
    """The neutral exception for one of the client; tokens and texts stay behind."""
    match error:
        case RenewalFailed():
            return SendLater(SET_UP_SECONDS, "token_refused", whole_bot=True)
        case ZaloHTTPException():
            return _http(error.status)
        case ZaloException():
            meaning = MEANINGS.get(error.code)
            return SendNever(f"zalo_{error.code}") if meaning is None else _of(meaning)
        case NotSent():
            return SendLater(UNREACHABLE_SECONDS, "unreachable")
        case requests.Timeout():
            return SendUnknown("timed_out")
        case _:
            return SendUnknown("broken_off")


def is_grave(error: Exception) -> bool:
    """Whether only a person can put it right: it deserves an error in the log."""
    if not isinstance(error, ZaloException) or isinstance(error, ZaloHTTPException):
        return False
    meaning = MEANINGS.get(error.code)
    return meaning is None or meaning.fate in (Fate.SET_UP, Fate.CALL) or meaning.code == "against_policy"


def _of(meaning: Meaning) -> Exception:
    match meaning.fate:
        case Fate.AGAIN | Fate.CALL:
            return SendLater(meaning.seconds, meaning.code)
        case Fate.WAIT | Fate.SET_UP:
            return SendLater(meaning.seconds, meaning.code, whole_bot=True)
        case Fate.WINDOW:
            return WindowClosed(meaning.code)
        case Fate.QUOTA:
            return QuotaSpent(meaning.seconds, meaning.code)
        case Fate.CHAT:
            return SendNever(meaning.code, chat_lost=True)
        case Fate.NEVER:
            return SendNever(meaning.code)


def _http(status: int) -> Exception:
    """No answer of the API: a page of a proxy says nothing about whether the message went out."""
    if status == BUSY:
        return SendLater(RATE_SECONDS, "too_many_requests", whole_bot=True)
    if status == OK:
        return SendUnknown("strange_answer")
    return SendUnknown("server_error" if status >= BROKEN else f"http_{status}")
