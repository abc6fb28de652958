"""Transport: one HTTP session a thread, with timeouts; what goes wrong never quotes a header or an address."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

Timeout = tuple[float, float]  # seconds to connect, seconds to wait for the answer
TIMEOUT: Timeout = (3.05, 10)
UPLOAD_TIMEOUT: Timeout = (3.05, 60)

_UNSENT = (requests.ConnectTimeout, requests.exceptions.ProxyError, requests.exceptions.SSLError)
_BROKEN = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class NotSent(requests.ConnectionError):
    """Nothing has left this machine, so the request may be made again without fear."""


class Transport:
    """Makes requests. Raises `requests` exceptions whose texts say what happened and nothing else."""

    def __init__(self, session: Callable[[], requests.Session] = requests.Session) -> None:
        self._make = session
        self._here = threading.local()
        self._lock = threading.Lock()
        self._made: weakref.WeakSet[requests.Session] = weakref.WeakSet()  # those of ended threads end with them

    def send(self, method: str, url: str, **arguments: Any) -> requests.Response:
        """One request; redirects are not followed, since they would carry the token elsewhere."""
        try:
            return self._session().request(method, url, allow_redirects=False, **arguments)
        except requests.RequestException as wrong:
            kind = _kind(wrong)
        # Raised out here, so that the original is nowhere kept: it quotes addresses, and a wrong header with its token.
        raise kind(f"{method} failed")

    def close(self) -> None:
        """End every thread's connections; the next request opens new ones."""
        with self._lock:
            sessions = list(self._made)
            self._here = threading.local()
        for session in sessions:
            session.close()

    def _session(self) -> requests.Session:
        found: requests.Session | None = getattr(self._here, "session", None)
        if found is None:
            found = self._make()
            found.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # calls know nothing of each other
            with self._lock:
                self._made.add(found)
                self._here.session = found
        return found


def _kind(wrong: requests.RequestException) -> type[requests.RequestException]:
    reason = getattr(wrong.args[0], "reason", None) if wrong.args else None
    if isinstance(wrong, _UNSENT) or isinstance(reason, NewConnectionError):
        return NotSent
    return type(wrong) if isinstance(wrong, _BROKEN) else requests.RequestException


def answer_of(response: requests.Response) -> dict[str, Any] | None:
    """The JSON object in an answer; None when it holds something else."""
    try:
        found = response.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
