"""Zalo's two servers on loopback: they keep the platform's limits, remember what people see, and err when told to."""

import itertools
import json
import socket
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.bot.platforms.fake_api import Silent

ACCESS, BOT_TOKEN = "access-token-of-the-tests", "123456:bot-token-of-the-tests"
TEXT_LIMIT, BUTTONS, PHOTO_LIMIT = 2000, 5, 1024 * 1024
TOKEN_HEADER = "HTTP_ACCESS_TOKEN"
CS, GROUP, OLD = "/v3.0/oa/message/cs", "/v3.0/oa/group/message", "/v2.0/oa/message"


@dataclass
class Shown:
    """One message as a person sees it."""

    chat: str
    text: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    quote: str = ""
    photo: bytes = b""


@dataclass
class Heard:
    """One call as it arrived."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)


def error(code, message="refused"):
    """How Zalo refuses: with status 200."""
    return Response(json.dumps({"error": code, "message": message}))


def bot_error(code, status=None):
    """How the Bot API refuses."""
    body = {"ok": False, "error_code": code, "description": "refused"}
    return Response(json.dumps(body), status or code)


def hang_up(heard):
    """Break the connection without an answer."""
    raise ConnectionResetError


class Underscores(Silent):
    """Zalo's token travels in a header with an underscore, which this server leaves out by itself."""

    def make_environ(self):
        environ = super().make_environ()
        if "access_token" in self.headers:
            environ[TOKEN_HEADER] = self.headers["access_token"]
        return environ


class FakeZalo:
    """``next`` holds prepared answers by path, taken in order before the usual one."""

    def __init__(self):
        self.heard: list[Heard] = []
        self.shown: list[Shown] = []
        self.next = defaultdict(list)
        self.assets: dict[str, bytes] = {}
        self.files: dict[str, bytes] = {}  # by path, what people sent
        self.members: dict[str, list[str]] = {}
        self.lost: dict[str, int] = {}  # chat -> the code that it is refused with
        self.updates: list[dict[str, Any]] = []
        self.hook: dict[str, Any] | None = None
        self._ids = itertools.count(1)
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True, request_handler=Underscores)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def texts(self, chat):
        return [one.text for one in self.shown if one.chat == chat and one.text]

    def calls(self, path):
        return [one for one in self.heard if one.path == path]

    def _serve(self, environ, start_response):
        try:
            return self._answer(Request(environ))(environ, start_response)
        except ConnectionResetError:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise

    def _answer(self, request):
        heard = _heard(request)
        self.heard.append(heard)
        if self.next[heard.path]:
            prepared = self.next[heard.path].pop(0)
            return prepared(heard) if callable(prepared) and not isinstance(prepared, Response) else prepared
        if heard.path.startswith("/media/"):
            content = self.files.get(heard.path)
            return Response(status=404) if content is None else Response(content)
        if heard.path.startswith("/bot"):
            return self._bot(heard)
        if heard.headers.get("access_token") != ACCESS:
            return error(-216, "access_token is invalid")
        answer = self._oa(heard)
        if isinstance(answer, Response):
            return answer
        return Response(json.dumps({"error": 0, "message": "Success", "data": answer}))

    def _oa(self, heard):
        match heard.path:
            case "/v3.0/oa/message/cs":
                return self._said(heard.body["recipient"]["user_id"], heard.body["message"])
            case "/v3.0/oa/group/message":
                return self._said(heard.body["recipient"]["group_id"], heard.body["message"], group=True)
            case "/v2.0/oa/message":
                who = heard.body["recipient"]
                return self._said(f"{who['anonymous_id']}@{who['conversation_id']}", heard.body["message"])
            case "/v2.0/oa/upload/image":
                _, mime, content = heard.files["file"]
                if len(content) > PHOTO_LIMIT or mime not in ("image/jpeg", "image/png"):
                    return error(-210)
                asset = f"asset-{next(self._ids)}"
                self.assets[asset] = content
                return {"attachment_id": asset}
            case "/v2.0/oa/upload/file":
                token = f"file-{next(self._ids)}"
                self.assets[token] = heard.files["file"][2]
                return {"token": token}
            case "/v3.0/oa/group/listmember":
                people = self.members.get(heard.query["group_id"])
                if people is None:
                    return error(-403)
                start = int(heard.query["offset"])
                page = people[start : start + int(heard.query["count"])]
                return {"members": [{"oa_id": "1", "name": "OA"}, *({"user_id": one, "name": "x"} for one in page)]}
            case "/v2.0/oa/getoa":
                return {"oaid": "1", "name": "Phản Ánh", "is_verified": True}
        return error(-209)

    def _said(self, chat, message, group=False):
        if chat in self.lost:
            return error(self.lost[chat])
        text, attachment = message.get("text") or "", message.get("attachment") or {}
        payload = attachment.get("payload") or {}
        buttons = tuple((one["title"], one["payload"]) for one in payload.get("buttons", ()))
        if len(text.encode("utf-16-le")) // 2 > TEXT_LIMIT or len(buttons) > BUTTONS:
            return error(-210)
        if group and buttons:
            return error(-233)
        shown = Shown(chat, text, buttons, message.get("quote_message_id") or "")
        if attachment.get("type") == "file":
            shown.photo = self.assets[payload["token"]]
        for element in payload.get("elements", ()):
            if element["attachment_id"] not in self.assets:
                return error(-100)
            shown.photo = self.assets[element["attachment_id"]]
        if not (text or shown.photo):
            return error(-201)
        self.shown.append(shown)
        return {"message_id": f"m{next(self._ids)}", "user_id": chat}

    def _bot(self, heard):
        token, _, method = heard.path.removeprefix("/bot").partition("/")
        if token != BOT_TOKEN:
            return bot_error(401)
        result: Any = True
        match method:
            case "getMe":
                result = {"id": "b1", "account_name": "bot.phananh", "account_type": "BASIC"}
            case "getUpdates" if not self.updates:
                return bot_error(408)
            case "getUpdates":
                result = self.updates.pop(0)
            case "setWebhook":
                self.hook = heard.body
                result = {"url": heard.body["url"], "updated_at": 1767225600000}
            case "deleteWebhook":
                self.hook = None
                result = {"url": "", "updated_at": 1767225600000}
            case "getWebhookInfo" if self.hook is None:
                return bot_error(404)
            case "getWebhookInfo":
                result = {"url": self.hook["url"]}
            case "sendMessage":
                chat, text = heard.body["chat_id"], heard.body["text"]
                if chat in self.lost:
                    return bot_error(self.lost[chat])
                if not 1 <= len(text.encode("utf-16-le")) // 2 <= TEXT_LIMIT:
                    return bot_error(400)
                self.shown.append(Shown(chat, text))
                result = {"message_id": f"m{next(self._ids)}", "date": 1767225600000}
            case _:
                return bot_error(404)
        return Response(json.dumps({"ok": True, "result": result}))


def _heard(request):
    body = json.loads(request.get_data() or b"{}") if request.is_json else {}
    files = {}
    if not request.is_json:
        for name, part in request.files.items():
            files[name] = (part.filename, part.mimetype, part.read())
            part.close()
    token = {"access_token": request.environ.get(TOKEN_HEADER)} if TOKEN_HEADER in request.environ else {}
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Heard(request.path, body, headers | token, dict(request.args), files)
