"""Media: files that people sent are fetched from the hosts we know and nowhere else; photos we send are made to fit.

Addresses of files come in with events and could point anywhere, at our own network too. A name is looked up once, each
of its addresses must be out in the world, and the connection goes to the very address that was looked at, so that a
name that changes its mind (DNS rebinding) leads nowhere. Redirects are looked at in the same way.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from typing import NoReturn
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import structlog

from handlers.ports import FileGone, SendLater, SendUnknown
from workflows.frozen import frozen

log = structlog.get_logger()

REDIRECTS = 3
CHUNK = 64 * 1024
DEADLINE = 60.0  # seconds for one file
BUSY_SECONDS = 5.0
PORTS = {"http": 80, "https": 443}
_MOVED = (301, 302, 303, 307, 308)
_GONE = (400, 401, 403, 404, 410)  # an address that was good for a while

Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@frozen
class Fetcher:
    """Fetches files. ``private``: addresses inside the own network and other ports are allowed (sandbox, tests)."""

    hosts: tuple[str, ...]
    private: bool = False
    connect_timeout: float = 3.05
    read_timeout: float = 10.0
    resolve: Resolve = resolve

    def fetch(self, address: str, limit: int) -> bytes:
        """A file's bytes, at most ``limit``. Raises FileGone, SendLater or SendUnknown; nothing quotes the address."""
        until = time.monotonic() + DEADLINE
        for _ in range(REDIRECTS + 1):
            url = self._allowed(address)
            connection = self._connect(url)
            try:
                with contextlib.closing(_ask(connection, url)) as answer:
                    if answer.status not in _MOVED:
                        return _read(answer, limit, until)
                    address = urljoin(address, answer.getheader("Location") or "")
            except TimeoutError:
                raise SendUnknown("timed_out") from None
            except (OSError, http.client.HTTPException):
                raise SendUnknown("broken_off") from None
            except ValueError:  # a redirect to what is no address
                return _refuse("no address")
            finally:
                connection.close()
        return _refuse("too many redirects")

    def _allowed(self, address: str) -> SplitResult:
        """The parts of an address that may be asked. Raises FileGone."""
        try:
            url = urlsplit(address)
            host, port = (url.hostname or "").rstrip("."), url.port
        except ValueError:
            return _refuse("no address")
        if (
            url.scheme not in PORTS
            or not host
            or not host.isascii()
            or url.username is not None
            or url.password is not None
        ):
            return _refuse("no address")
        if not any(host == known or host.endswith(f".{known}") for known in self.hosts):
            return _refuse("foreign host", host)  # if it is one of Zalo's it belongs into the setting media_hosts
        if port not in (None, PORTS[url.scheme]) and not self.private:
            return _refuse("odd port", host)
        return url

    def _connect(self, url: SplitResult) -> http.client.HTTPConnection:
        """A connection to an address that was looked at. Raises FileGone, SendLater or SendUnknown."""
        host = (url.hostname or "").rstrip(".")
        port = url.port or PORTS[url.scheme]
        try:
            addresses = self.resolve(host, port)
        except OSError:
            raise SendLater(BUSY_SECONDS, "unreachable") from None
        if not addresses or not (self.private or all(map(_is_outside, addresses))):
            _refuse("inside address", host)
        try:
            plain = socket.create_connection((addresses[0], port), self.connect_timeout)
        except OSError:
            raise SendLater(BUSY_SECONDS, "unreachable") from None
        plain.settimeout(self.read_timeout)
        connection = http.client.HTTPConnection(host, port, timeout=self.read_timeout)
        connection.sock = plain if url.scheme == "http" else _encrypted(plain, host)
        return connection


def _encrypted(plain: socket.socket, host: str) -> socket.socket:
    """The certificate must be the name's, whatever address it led to."""
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise SendLater(BUSY_SECONDS, "no_certificate") from None


def _ask(connection: http.client.HTTPConnection, url: SplitResult) -> http.client.HTTPResponse:
    path = quote(url._replace(scheme="", netloc="", fragment="").geturl(), safe="%/:=&?~+!$,;'@()*[]") or "/"
    connection.request("GET", path, headers={"Host": url.netloc, "Accept": "*/*", "Connection": "close"})
    return connection.getresponse()


def _read(answer: http.client.HTTPResponse, limit: int, until: float) -> bytes:
    """The body, given up as soon as it is longer, or takes longer, than it may."""
    if answer.status == 429:
        raise SendLater(BUSY_SECONDS, "too_many_requests")
    if answer.status in _GONE:
        raise FileGone("gone")
    if answer.status != 200:
        raise SendUnknown("server_error")
    if answer.length is not None and answer.length > limit:
        raise FileGone("too_large")
    content = bytearray()
    while chunk := answer.read(CHUNK):
        content += chunk
        if len(content) > limit:
            raise FileGone("too_large")
        if time.monotonic() > until:
            raise SendUnknown("timed_out")
    if answer.length:
        raise SendUnknown("broken_off")
    return bytes(content)


def _is_outside(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def _refuse(why: str, host: str = "") -> NoReturn:
    log.warning("zalo.file_refused", why=why, host=host[:100])
    raise FileGone("gone")


# --- photos that we send -------------------------------------------------------------------------------------------

PHOTO_LIMIT = 1024 * 1024  # bytes of an uploaded image (zalo.md, 4.3)
FILE_LIMIT = 5 * 1024 * 1024
PHOTO_TYPES = ("image/jpeg", "image/png")
FILE_TYPES = {
    "application/pdf": "pdf",
    "application/msword": "doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/csv": "csv",
}
_QUALITIES = (85, 75, 60)
_SMALLER = 0.7  # of each side, when no quality is enough
_LEAST_SIDE = 64


class CannotFit(Exception):
    """A picture that cannot be opened, or not be made small enough."""


def fitted(content: bytes, mime: str, limit: int = PHOTO_LIMIT) -> tuple[bytes, str]:
    """A picture and its type as Zalo takes them: untouched where it fits, else as a smaller JPEG. Raises CannotFit."""
    if len(content) <= limit and mime in PHOTO_TYPES:
        return content, mime
    from PIL import Image, ImageOps  # only for a process that sends a picture that is too large

    try:
        with Image.open(io.BytesIO(content)) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, Image.DecompressionBombError):
        raise CannotFit("not a picture") from None
    while True:
        for quality in _QUALITIES:
            made = io.BytesIO()
            image.save(made, "JPEG", quality=quality, optimize=True)
            if made.tell() <= limit:
                return made.getvalue(), "image/jpeg"
        if max(image.size) < _LEAST_SIDE:
            raise CannotFit("too large at any size")
        image = image.resize((max(1, int(image.width * _SMALLER)), max(1, int(image.height * _SMALLER))))
