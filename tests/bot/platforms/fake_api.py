"""A Bot API server that answers what it is told to: for the errors and odd moments a real one shows rarely."""

import itertools
import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

TOKEN = "123456:a-made-up-token-of-the-tests"


@dataclass
class Heard:
    """One call as it arrived."""

    method: str
    params: dict[str, Any]
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)


def refusal(status, description, **parameters):
    """What the Bot API answers when it does not want to."""
    body = {"ok": False, "error_code": status, "description": description}
    return Response(json.dumps(body | ({"parameters": parameters} if parameters else {})), status)


class Silent(WSGIRequestHandler):
    """The server's own log would hold every address, and tests look for tokens in the log."""

    def log(self, *_):
        pass


class FakeApi:
    """Answers like Telegram; ``next`` holds prepared answers by method, taken in order before the usual one."""

    def __init__(self):
        self.heard = []
        self.next = defaultdict(list)
        self.files = {}
        self._ids = itertools.count(101)
        self._server = make_server("127.0.0.1", 0, self._serve, threaded=True, request_handler=Silent)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def calls(self, method=None):
        return [call for call in self.heard if method in (None, call.method)]

    def said(self):
        """(method, text or caption) of everything sent, in order."""
        return [(call.method, call.params.get("text", call.params.get("caption"))) for call in self.heard]

    def _serve(self, environ, start_response):
        return self._answer(Request(environ))(environ, start_response)

    def _answer(self, request):
        if request.path.startswith(f"/file/bot{TOKEN}/"):
            prepared = self.next["download"]
            content = self.files.get(request.path.rsplit("/", 1)[1])
            if prepared:
                return prepared.pop(0)
            return Response(status=404) if content is None else Response(content)
        method = request.path.removeprefix(f"/bot{TOKEN}/")
        call = Heard(method, _params(request), _uploads(request))
        self.heard.append(call)
        prepared = self.next[method]
        answer = prepared.pop(0) if prepared else self._usual(call)
        if callable(answer) and not isinstance(answer, Response):
            answer = answer()
        return answer if isinstance(answer, Response) else Response(json.dumps({"ok": True, "result": answer}))

    def _usual(self, call):
        match call.method:
            case "sendMediaGroup":
                return [self._message(call, item["type"]) for item in call.params["media"]]
            case "getMe":
                return {"id": 123456, "is_bot": True, "first_name": "x", "username": "PhanAnhBot"}
            case "getFile":
                name = call.params["file_id"]
                size = {"file_size": len(self.files[name])} if name in self.files else {}
                return {"file_id": name, "file_unique_id": "u", "file_path": f"photos/{name}", **size}
            case "createForumTopic":
                return {"message_thread_id": 77, "name": call.params["name"], "icon_color": 7322096}
            case "getUpdates":
                return []
            case "getWebhookInfo":
                return {"url": "", "has_custom_certificate": False, "pending_update_count": 3}
            case _ if call.method.startswith(("send", "edit")):
                return self._message(call, call.method.removeprefix("send").lower())
            case _:
                return True

    def _message(self, call, kind):
        chat = call.params["chat_id"]
        number = call.params.get("message_id") or next(self._ids)
        message = {"message_id": number, "date": 1795330800, "chat": {"id": chat, "type": "private"}}
        if kind == "photo":
            return message | {"photo": [_photo(number, "small", 90), _photo(number, "large", 900)]}
        if kind == "document":
            return message | {"document": {"file_id": f"doc{number}", "file_unique_id": "u"}}
        return message


def _photo(number, size, width):
    return {"file_id": f"{size}{number}", "file_unique_id": "u", "width": width, "height": width}


def _params(request):
    if request.is_json:
        return dict(request.get_json())
    return {name: _plain(value) for name, value in request.form.items()}


def _plain(value):
    try:
        return json.loads(value)
    except ValueError:
        return value


def _uploads(request):
    parts = {}
    for name, part in request.files.items():
        parts[name] = (part.filename, part.read())
        part.close()
    return parts
