"""Client: calls of the Zalo Bot API. The token is part of every address, so no error may quote one."""

from __future__ import annotations

import threading
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from bot.platforms.outside import is_outside
from bot.platforms.zalo import shape
from handlers.ports import QuotaSpent, SendLater, SendNever, SendUnknown

UNREACHABLE_SECONDS = 5.0
QUOTA_SECONDS = 600.0  # no Retry-After was ever seen (zalo.md, 7.4)
TOKEN_SECONDS = 300.0
_UNSENT = (requests.ConnectTimeout, requests.exceptions.ProxyError, requests.exceptions.SSLError)


class NothingNew(Exception):
    """Waited, and nothing came."""


class BotClient:
    """One bot. May be used by several threads. Every call raises SendLater, SendNever or SendUnknown."""

    def __init__(self, token: str, api_url: str, timeout: tuple[float, float]) -> None:
        self._base = f"{api_url.rstrip('/')}/bot{token}"
        self._timeout = timeout
        self._outside = is_outside(api_url)
        self._here = threading.local()

    def call(self, method: str, patience: float = 0, **parameters: Any) -> Any:
        """The ``result`` of one call; ``patience`` seconds more than usual to wait. Also raises NothingNew."""
        connect, read = self._timeout
        try:
            answer = self._session().post(
                f"{self._base}/{method}", json=parameters, timeout=(connect, read + patience), allow_redirects=False
            )
        except requests.RequestException as wrong:
            raise _unsent_or_unknown(wrong) from None
        body = shape.read(answer.content)
        if body is None:
            raise SendUnknown("strange_answer" if answer.ok else f"http_{answer.status_code}")
        if body.get("ok") is True:
            return body.get("result")
        said = shape.words(body, "error_code")
        raise _refusal(int(said) if said.isascii() and said.isdigit() else answer.status_code)

    def close(self) -> None:
        """End this thread's connections; the next call opens new ones."""
        session, self._here = getattr(self._here, "session", None), threading.local()
        if session is not None:
            session.close()

    def _session(self) -> requests.Session:
        found: requests.Session | None = getattr(self._here, "session", None)
        if found is None:
            found = self._here.session = requests.Session()
            found.trust_env = self._outside
        return found


def _refusal(code: int) -> Exception:
    """What the API's codes mean (zalo.md, 7.4); unknown ones are for good."""
    match code:
        case 408:
            return NothingNew()
        case 401:
            return SendLater(TOKEN_SECONDS, "token_refused", whole_bot=True)
        case 403:
            return SendNever("forbidden", chat_lost=True)
        case 429:
            return QuotaSpent(QUOTA_SECONDS, "quota_spent", whole_bot=True)
        case _ if code >= 500:
            return SendUnknown("server_error")
        case _:
            return SendNever(f"refused_{code}")


def _unsent_or_unknown(wrong: requests.RequestException) -> Exception:
    reason = getattr(wrong.args[0], "reason", None) if wrong.args else None
    if isinstance(wrong, _UNSENT) or isinstance(reason, NewConnectionError):
        return SendLater(UNREACHABLE_SECONDS, "unreachable")
    return SendUnknown("timed_out" if isinstance(wrong, requests.Timeout) else "broken_off")
