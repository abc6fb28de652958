"""The far end of Zalo as its callers see it: plain requests with an access token, and a webhook that listens."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

from bot.sandbox.zalo.account import API, OAUTH, account


class Caller:
    """Calls the API as any program would; `access` is the token that it sends."""

    def __init__(self, address: str, state_dir: Path) -> None:
        self.address, self.owner = address, account(state_dir)
        self.access = self.owner.access_token

    def post(self, path: str, body: Any = None, **more: Any) -> requests.Response:
        headers = {"access_token": self.access, **more.pop("headers", {})}
        return requests.post(f"{self.address}{API}/{path}", json=body, headers=headers, timeout=20, **more)

    def get(self, path: str, **query: Any) -> dict:
        headers = {"access_token": self.access}
        return requests.get(f"{self.address}{API}/{path}", params=query, headers=headers, timeout=20).json()

    def ask(self, path: str, **data: Any) -> dict:
        """A call of the older kind, with everything in one parameter."""
        return self.get(path, data=json.dumps(data))

    def message(self, user: str, message: dict, path: str = "v3.0/oa/message/cs") -> dict:
        return self.post(path, {"recipient": {"user_id": user}, "message": message}).json()

    def text(self, user: str, text: str) -> dict:
        return self.message(user, {"text": text})

    def in_group(self, group: str, message: dict) -> dict:
        return self.post("v3.0/oa/group/message", {"recipient": {"group_id": group}, "message": message}).json()

    def upload(self, kind: str, name: str, data: bytes, mime: str) -> dict:
        return self.post(f"v2.0/oa/upload/{kind}", files={"file": (name, data, mime)}).json()

    def oauth(self, secret: str | None = None, **form: str) -> dict:
        headers = {"secret_key": secret or self.owner.app_secret}
        form = {"app_id": self.owner.app_id, **form}
        return requests.post(f"{self.address}{OAUTH}/v4/oa/access_token", data=form, headers=headers, timeout=20).json()

    def refresh(self, token: str) -> dict:
        return self.oauth(grant_type="refresh_token", refresh_token=token)


class Listener:
    """A webhook on loopback: what came, in order, and what it is answered."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = listener.answers.pop(0) if listener.answers else 200
                listener.heard.append((dict(self.headers.items()), body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks/zalo"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def events(self) -> list[dict]:
        """What was told, without the probe."""
        return [json.loads(body) for _, body in self.heard if body != b"{}"]

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
