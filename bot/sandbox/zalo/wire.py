"""The hosts of Zalo over HTTP: API, consent, business and files, faults included. Refusals have status 200."""

import html
import json
import socket
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlencode

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from bot.sandbox import faults
from bot.sandbox.call import Upload
from bot.sandbox.store import Json, Store, Tx, is_utf8
from bot.sandbox.zalo import limits, media, tokens
from bot.sandbox.zalo.account import API, BUSINESS, MEDIA, OA_NAME, OAUTH, PREFIX, Account, account
from bot.sandbox.zalo.call import Call
from bot.sandbox.zalo.calls import CALLS
from bot.sandbox.zalo.errors import OauthError, ZaloError

BODY_BYTES = 12 * 1024 * 1024
BASE_FACT = "zalo_base"
# What the real hosts say instead of JSON when something before the API answers.
TROUBLE_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
CONSENT_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Zalo</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<h1>{name}</h1><p>Ứng dụng {app} muốn gửi tin và quản lý người dùng thay cho OA này.</p>
<p><a href="{agree}">Cho phép</a></p></html>"""


def blueprint(store: Store) -> Blueprint:
    """The routes; the program's three addresses of Zalo hang under this server's address."""
    wire = Blueprint("sandbox_zalo", __name__, url_prefix=PREFIX)

    @wire.route(f"{API.removeprefix(PREFIX)}/<path:path>", methods=["GET", "POST"])
    def api(path: str) -> Response:
        return _faulty(store, path.partition("/oa/")[2] or path, lambda: _api(store, path))

    @wire.post(f"{OAUTH.removeprefix(PREFIX)}/v4/oa/access_token")
    def access_token() -> Response:
        return _faulty(store, "oauth", lambda: _token(store))

    @wire.get(f"{OAUTH.removeprefix(PREFIX)}/v4/oa/permission")
    def permission() -> Response:
        return _permission(store)

    @wire.post(f"{BUSINESS.removeprefix(PREFIX)}/message/template")
    def business() -> Response:
        return _faulty(store, "business", lambda: _business(store))

    @wire.get(f"{MEDIA.removeprefix(PREFIX)}/<name>")
    def file(name: str) -> Response:
        return _faulty(store, "media", lambda: _file(store, name))

    return wire


def base_of(tx: Tx) -> str:
    """The address that links to files begin with: what the program was told, else how it is being called."""
    return str(tx.fact(BASE_FACT) or request.host_url.rstrip("/"))


def _faulty(store: Store, method: str, work: Callable[[], Response]) -> Response:
    return faults.around(_struck(store, method), _spoil, work)


def _struck(store: Store, method: str) -> list[Json]:
    with store.read() as tx:
        if not faults.any_on(tx):
            return []
    with store.write() as tx:
        return faults.strike(tx, faults.ON_CALLS, method, faults.ZALO)


def _spoil(fault: Json) -> Response:
    match fault["kind"]:
        case "429":
            return _refused(-32)
        case "code":
            return _refused(int(fault["value"]))
        case "500":
            return Response("Internal Server Error", 500)
        case "html":
            return Response(TROUBLE_PAGE, 200, mimetype="text/html")
        case _:
            return _hang_up()


def _hang_up() -> Response:
    """Break the connection without an answer; where the server hides its socket, break off in mid-answer."""
    connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
    if connection is not None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    return Response(b"", headers={"Content-Length": "1", "Connection": "close"})


# --- the API -------------------------------------------------------------------------------------------------------


def _api(store: Store, path: str) -> Response:
    owner = account(store.state_dir)
    remain = 0
    try:
        body, file = _parameters()
        with store.write() as tx:
            tokens.check(tx, owner, request.headers.get("access_token"), request.headers.get("appsecret_proof"))
            most, remain = _count(tx)
            work = CALLS.get((request.method, path))
            if work is None:
                raise ZaloError(-209)
            data = work(Call(tx, owner, base_of(tx), body, dict(request.args.items()), file))
        answer = _json({"error": 0, "message": "Success", "data": data})
    except ZaloError as refusal:
        with store.read() as tx:
            most = int(limits.read(tx)["per_minute"])
        answer = _refused(refusal.code, str(refusal))
    except HTTPException as refusal:
        return Response(refusal.name, refusal.code or 400)
    answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remain"] = str(most), str(remain)
    return answer


def _count(tx: Tx) -> tuple[int, int]:
    """Calls of one app in one minute: how many may be made, and how many are left. Raises ZaloError -32."""
    most, minute = int(limits.read(tx)["per_minute"]), int(tx.real // 60)
    row = tx.one("SELECT level, at FROM buckets WHERE name = 'zalo'")
    made = 1 + (int(row["level"]) if row is not None and int(row["at"]) == minute else 0)
    if made > most:
        raise ZaloError(-32)
    tx.run(
        "INSERT INTO buckets VALUES ('zalo', ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET level = excluded.level, at = excluded.at",
        made,
        minute,
    )
    return most, most - made


def _parameters() -> tuple[Json, Upload | None]:
    """The JSON body, or the file of a multipart one. Raises ZaloError -201."""
    request.max_content_length = BODY_BYTES
    if request.method == "GET":
        return {}, None
    if request.mimetype == "multipart/form-data":
        sent = request.files.get("file")
        if sent is None:
            return {}, None
        return {}, Upload(sent.filename or "", sent.mimetype or "application/octet-stream", sent.read())
    try:
        body = json.loads(request.get_data())
    except (ValueError, RecursionError) as fault:
        raise ZaloError(-201, "Body is not a valid JSON") from fault
    if not request.is_json or not isinstance(body, dict) or not is_utf8(body):
        raise ZaloError(-201, "Body is not a valid JSON")
    return body, None


def _refused(code: int, message: str = "") -> Response:
    return _json({"error": code, "message": message or str(ZaloError(code))})


def _json(body: Json) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), 200, mimetype="application/json")


# --- the other hosts -----------------------------------------------------------------------------------------------


def _token(store: Store) -> Response:
    """A pair for a refresh token or for a code; parameters come as a form, the app's secret in a header."""
    owner, form = account(store.state_dir), request.form
    try:
        with store.write() as tx:
            _check_app(owner, form.get("app_id"))
            match form.get("grant_type"):
                case "refresh_token":
                    pair = tokens.refresh(tx, form.get("refresh_token", ""))
                case "authorization_code":
                    pair = tokens.exchange(tx, form.get("code", ""), form.get("code_verifier", ""))
                case _:
                    raise OauthError(-14005, "Invalid grant type", "grant_type is not supported")
    except OauthError as refusal:
        return _json(
            {
                "error": refusal.code,
                "error_name": refusal.name,
                "error_reason": refusal.reason,
                "error_description": refusal.reason,
                "ref_doc": "https://developers.zalo.example/docs/oa",
            }
        )
    return _json(pair)


def _check_app(owner: Account, app_id: str | None) -> None:
    if app_id != owner.app_id:
        raise OauthError(-14002, "Invalid app id", "The app does not exist or is not active")
    if request.headers.get("secret_key") != owner.app_secret:
        raise OauthError(-14004, "Invalid secret key", "The secret key of the app is wrong")


def _permission(store: Store) -> Response:
    """The page on which an administrator of the OA lets the app in; agreeing leads to the callback with a code."""
    owner, query = account(store.state_dir), request.args
    target = query.get("redirect_uri", "")
    if query.get("app_id") != owner.app_id or not target.startswith(("http://", "https://")):
        return Response("error -14003: redirect_uri or app_id is invalid", 200, mimetype="text/plain")
    if "agreed" not in query:
        agree = f"?{urlencode({**query, 'agreed': '1'})}"
        page = CONSENT_PAGE.format(name=html.escape(OA_NAME), app=owner.app_id, agree=html.escape(agree))
        return Response(page, mimetype="text/html")
    with store.write() as tx:
        code = tokens.make_code(tx, query.get("code_challenge", ""))
    answer = {"code": code, "oa_id": owner.oa_id, **({"state": query["state"]} if "state" in query else {})}
    return Response(status=302, headers={"Location": f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}"})


def _business(store: Store) -> Response:
    """Templates by phone number: this OA has none that was approved."""
    owner = account(store.state_dir)
    try:
        with store.read() as tx:
            tokens.check(tx, owner, request.headers.get("access_token"), request.headers.get("appsecret_proof"))
    except ZaloError as refusal:
        return _refused(-124 if refusal.code in (-216, -220) else refusal.code)
    return _refused(-1123, "Template does not exist")


def _file(store: Store, name: str) -> Response:
    """What people sent, for everybody who knows the link, until it dies."""
    with store.read() as tx:
        row = media.find(tx, name.partition(".")[0])
        if row is None or row["expires"] < tx.now:
            return Response("Not Found", 404)
        data = (tx.media_dir / row["digest"]).read_bytes()
    answer = Response(data, mimetype=row["mime"])
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
