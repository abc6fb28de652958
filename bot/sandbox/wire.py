"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`, faults included."""

import contextlib
import hmac
import json
import socket
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from bot.sandbox import faults, limits, media, methods, polling, world
from bot.sandbox.call import Call, Upload
from bot.sandbox.errors import ApiError, bad
from bot.sandbox.store import Json, Store, is_utf8

PREFIX = "/sandbox/telegram"
# A request may carry ten files, but the platform takes 50 MB in all; the rest is multipart around them.
BODY_BYTES = limits.FILE_BYTES + 1024 * 1024
FORM_BYTES = 2 * 1024 * 1024


def blueprint(store: Store) -> Blueprint:
    """The routes; `BOT_TELEGRAM__API_URL` is this server's address followed by `/sandbox/telegram`."""
    wire = Blueprint("sandbox_telegram", __name__, url_prefix=PREFIX)

    @wire.route("/bot<token>/<method>", methods=["GET", "POST"])
    def call(token: str, method: str) -> Response:
        return _faulty(store, token, method)

    @wire.get("/file/bot<token>/<path:path>")
    def file(token: str, path: str) -> Response:
        return _file(store, token, path)

    return wire


def _faulty(store: Store, token: str, method: str) -> Response:
    if not _token_is_right(store, token):
        return _refusal(ApiError(401, "Unauthorized"))
    return faults.around(_struck(store, method), _spoil, lambda: _answer(store, method))


def _token_is_right(store: Store, token: str) -> bool:
    return hmac.compare_digest(token.encode(), world.bot_token(store.state_dir).encode())


def _struck(store: Store, method: str) -> list[Json]:
    with store.read() as tx:
        if not faults.any_on(tx):
            return []
    with store.write() as tx:
        return faults.strike(tx, faults.ON_CALLS, method)


def _spoil(fault: Json) -> Response:
    match fault["kind"]:
        case "429":
            seconds = max(1, fault["value"])
            words = f"Too Many Requests: retry after {seconds}"
            return _refusal(ApiError(429, words, retry_after=seconds))
        case "500":
            return _refusal(ApiError(500, "Internal Server Error"))
        case _:
            return _hang_up()


def _hang_up() -> Response:
    """Break the connection without an answer; where the server hides its socket, break off in mid-answer."""
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response(b"", headers={"Content-Length": "1", "Connection": "close"})


def _answer(store: Store, method: str) -> Response:
    try:
        params, files = _parameters()
        return _json({"ok": True, "result": _result(store, method, params, files)}, 200)
    except ApiError as refusal:
        return _refusal(refusal)
    except HTTPException as refusal:
        return _refusal(ApiError(refusal.code or 400, refusal.name))


def _result(store: Store, method: str, params: Json, files: dict[str, Upload]) -> Any:
    if method.lower() == "getupdates":
        return polling.get_updates(store, params)
    work = methods.BY_LOWER_NAME.get(method.lower())
    if work is None:
        raise ApiError(404, "Not Found: method not found")
    _prepare_photos(method, files)
    with store.write() as tx:
        return work(Call(tx, params, files))


def _prepare_photos(method: str, files: dict[str, Upload]) -> None:
    """Scale photos before the transaction, which then finds them ready; a refusal comes again inside it."""
    if method.lower() in ("sendphoto", "sendmediagroup", "editmessagemedia"):
        for upload in files.values():
            if upload.mime.startswith("image/"):
                with contextlib.suppress(ApiError):
                    media.sizes(upload.data)


def _parameters() -> tuple[Json, dict[str, Upload]]:
    """Everything the call carries: query, form, JSON body and files. Raises ApiError 400 or 413."""
    request.max_content_length = BODY_BYTES
    request.max_form_memory_size = FORM_BYTES
    params: Json = dict(request.args.items())
    if request.is_json:
        try:
            body = json.loads(request.get_data())
        except (ValueError, RecursionError) as fault:
            raise bad("can't parse request body as JSON") from fault
        if not isinstance(body, dict):
            raise bad("object expected as request body")
        if not is_utf8(body):
            raise bad("strings must be encoded in UTF-8")
        return params | body, {}
    params |= dict(request.form.items())
    files = {
        name: Upload(file.filename or name, file.mimetype or "application/octet-stream", file.read())
        for name, file in request.files.items()
    }
    return params, files


def _refusal(refusal: ApiError) -> Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    answer = _json(body, refusal.code)
    if "retry_after" in refusal.parameters:
        answer.headers["Retry-After"] = str(refusal.parameters["retry_after"])
    return answer


def _json(body: Json, status: int) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")


def _file(store: Store, token: str, path: str) -> Response:
    if not _token_is_right(store, token):
        return _refusal(ApiError(401, "Unauthorized"))
    struck = [fault for fault in _struck(store, "file") if fault["kind"] != "slow"]
    if struck:
        return _spoil(struck[0])
    with store.read() as tx:
        row = media.by_path(tx, path)
        if row is None or row["size"] > limits.DOWNLOAD_BYTES:
            return _refusal(ApiError(404, "Not Found"))
        data = (tx.media_dir / row["digest"]).read_bytes()
    return Response(data, mimetype=row["mime"])
