"""A local far end for Zalo's clients: writes down what it hears, answers as it is told, and keeps a chain of tokens."""

import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

OAUTH = "/v4/oa/access_token"
SUCCESS = {"error": 0, "message": "Success", "data": {"message_id": "m1"}}


@dataclass(frozen=True)
class Heard:
    """One request as it arrived."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


@dataclass
class Reply:
    """What to answer; ``close`` breaks the connection instead."""

    body: Any = None
    status: int = 200
    close: bool = False
    kind: str = "application/json"


class Local:
    """The server. ``answers`` are taken first, in order; then the chain of tokens or plain success."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: list[Reply | Callable[[Heard], Reply]] = []
        self.oauth_answers: list[Reply | Callable[[Heard], Reply]] = []
        self.number = 1  # of the pair in force: access-1, refresh-1
        self.checks_tokens = False
        self.before_renewal: Callable[[], None] = lambda: None
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def calls(self, path: str | None = None) -> list[Heard]:
        return [one for one in self.heard if path in (None, one.path)]

    @property
    def renewals(self) -> list[Heard]:
        return self.calls(OAUTH)

    def answer(self, heard: Heard) -> Reply:
        with self._lock:
            self.heard.append(heard)
            prepared = self.oauth_answers if heard.path == OAUTH else self.answers
            if prepared:
                reply = prepared.pop(0)
                return reply(heard) if callable(reply) else reply
        return self.renew(heard) if heard.path == OAUTH else self.call(heard)

    def renew(self, heard: Heard) -> Reply:
        """A refresh token is good once: a repeat is refused."""
        with self._lock:
            if heard.form.get("refresh_token", f"refresh-{self.number}") != f"refresh-{self.number}":
                return Reply({"error": -14014, "error_name": "Invalid refresh token", "error_description": "spent"})
            self.number += 1
            pair = {"access_token": f"access-{self.number}", "refresh_token": f"refresh-{self.number}"}
        self.before_renewal()
        return Reply({**pair, "expires_in": "90000"})

    def call(self, heard: Heard) -> Reply:
        if self.checks_tokens and heard.headers.get("access_token") != f"access-{self.number}":
            return Reply({"error": -216, "message": "Access token is invalid"})
        return Reply(SUCCESS)


def _handler(local: Local) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = local.answer(Heard(self.command, parts.path, tuple(parse_qsl(parts.query)), headers, body))
            if reply.close:
                self.close_connection = True
                self.connection.close()
                return
            content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):  # a connection that was broken on purpose
                super().handle()

    return Handler
