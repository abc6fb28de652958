"""Addresses of our own pages: signed, bound to one chat and one case or draft, good for a while."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from workflows.frozen import frozen

PATHS = {"case": "w", "map": "m"}  # page -> the first part of its path
LIVES = {"case": timedelta(days=7), "map": timedelta(days=1)}
_MARKS = {"case": 1, "map": 2}  # what stands for the page inside a token
_FORM = struct.Struct(">BQQQI")  # page, chat, case or draft (0: none), issued (Unix milliseconds), life (seconds)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_SEAL = 16  # bytes of HMAC-SHA256 kept: 128 bits


class BadTicket(Exception):
    """The token is not ours, was changed, or is of another page."""


class TicketExpired(Exception):
    """The token was ours, but its time is over."""


@frozen
class Ticket:
    """What a token says. It proves that we made it, never who holds it."""

    page: str
    chat_id: int
    case_id: int | None
    issued_at: datetime  # UTC, whole milliseconds
    expires_at: datetime
    draft: int = 0  # of a map: the serial of the draft whose place is wanted


class SignedPages:
    """Makes and reads the tokens in addresses; implements ``handlers.ports.Pages``.

    ``secret`` is asked for once, when it is first needed. ``base_url`` has no slash at its end. ``lives`` says how
    long the addresses of each page are good.
    """

    def __init__(
        self,
        secret: Callable[[], str],
        base_url: str,
        now: Callable[[], datetime],
        lives: Mapping[str, timedelta] = LIVES,
    ) -> None:
        self._ask = secret
        self._key = b""
        self._base = base_url.rstrip("/")
        self._now = now
        self._lives = lives

    @property
    def secure(self) -> bool:
        """Whether people come by HTTPS, so that cookies need not go any other way."""
        return self._base.startswith("https:")

    @property
    def host(self) -> str:
        """The host (and port) of our addresses."""
        return urlsplit(self._base).netloc

    def address(self, page: str, chat_id: int, case_id: int | None, draft: int = 0) -> str | None:
        """The address of ``page`` for this chat and case, or draft; None for a page not ours or without its case."""
        if page not in PATHS or (page == "case" and case_id is None):
            return None
        return f"{self._base}/{PATHS[page]}/{self.token(page, chat_id, draft if page == 'map' else case_id)}"

    def case_address(self, chat_id: int, case_id: int, life: timedelta) -> str:
        """The address of a case's page for a group, good for as long as somebody wishes."""
        return f"{self._base}/{PATHS['case']}/{self.token('case', chat_id, case_id, life)}"

    def token(self, page: str, chat_id: int, about: int | None, life: timedelta | None = None) -> str:
        """The last part of an address; ``about`` a case, or of a map the draft; ``life`` instead of the page's own."""
        seconds = int((life or self._lives[page]).total_seconds())
        issued = (self._now() - _EPOCH) // _MILLISECOND
        said = _FORM.pack(_MARKS[page], chat_id, about or 0, issued, seconds)
        return base64.urlsafe_b64encode(said + self._seal(said)).decode("ascii").rstrip("=")

    def read(self, page: str, token: str) -> Ticket:
        """What ``token`` says. Raises BadTicket and TicketExpired."""
        said, seal = _parts(token)
        if not hmac.compare_digest(seal, self._seal(said)):
            raise BadTicket
        mark, chat_id, about, issued, seconds = _FORM.unpack(said)
        if mark != _MARKS[page]:
            raise BadTicket
        issued_at = _EPOCH + issued * _MILLISECOND
        case_id, draft = (None, about) if page == "map" else (about or None, 0)
        ticket = Ticket(page, chat_id, case_id, issued_at, issued_at + timedelta(seconds=seconds), draft)
        if self._now() >= ticket.expires_at:
            raise TicketExpired
        return ticket

    def seal(self, purpose: str, text: str) -> str:
        """A keyed hash for something else that only we may make (a cookie, a form's token); hexadecimal."""
        return hmac.new(self._secret(), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()

    def _seal(self, said: bytes) -> bytes:
        return hmac.new(self._secret(), b"page:" + said, hashlib.sha256).digest()[:_SEAL]

    def _secret(self) -> bytes:
        if not self._key:
            self._key = self._ask().encode()
        return self._key


def _parts(token: str) -> tuple[bytes, bytes]:
    """Payload and seal. Only one spelling of a token is taken."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise BadTicket from None
    if len(raw) != _FORM.size + _SEAL or base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=") != token:
        raise BadTicket
    return raw[: _FORM.size], raw[_FORM.size :]
