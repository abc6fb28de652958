"""The page with phones and the control API behind it: see the world, act as its people, make things fail.

All answers are JSON. Every POST needs the header `X-Sandbox: 1` (a foreign web page cannot send it without
being allowed to) and, where the browser names an `Origin`, that it is this server. A refused wish is answered
with 400 and `{"error": "what was wrong"}`. Times are ISO 8601 in UTC by the sandbox's clock.

GET /sandbox
    The page. Its parts lie under /sandbox/static/….

GET /sandbox/api/state?since=N[&chat=ID]…
    What changed after version N (0: everything), for all chats or the named ones:
    {version, now, offset_seconds,
     bot: {id, is_bot, first_name, username, webhook, pending, last_error,
           commands: [{command, description}]},
     people: [{id, name, deactivated}],
     chats: [{id, type: private|group|supergroup, title, is_forum, migrated_to, migrated_from,
              bot_status: member|administrator|left|kicked, started, blocked, typing,
              keyboard: reply keyboard as the bot sent it or null,
              members: [{person, name, status, anonymous}], topics: [{id, name, closed}]}],
     messages: [{chat, message_id, thread, date, version, deleted,
                 from: {id, name, is_bot}, anonymous, edited: time or null, text, entities, html (safe),
                 media: {kind: photo|video|document|voice|sticker, url, thumb, name, size,
                         width, height} or null,
                 group: id of the album or null, location: {latitude, longitude, live_period?} or null,
                 venue: {title, address, location} or null, contact: {phone_number, first_name} or null,
                 buttons: [[{text, callback_data? url? …}]], reply_to: {message_id, name, text, kind} or null,
                 service: {kind, value} or null, reaction, pinned, forwarded}],
                a deleted message has only the first line,
     toasts: [{id, chat, person, message_id, text, alert}]   answered presses, also those without words,
     faults: [as below], limits: {as below}}
    A person's private chat with the bot has the person's id. On Zalo the ids of people and chats are texts; such a
    chat has `platform: "zalo"` and also `alive`, `lapses` (groups), `follows`, `asleep`, `last_at` (people), its
    messages also `msg_id` (the id of the wire) and `request` ({title, subtitle} or null). `zalo` says how the
    account is: see bot.sandbox.zalo.control, which is the rest of this API.

POST /sandbox/api/act    {"act": NAME, "chat": ID, "person": ID, …}
    As JSON, or as multipart with the wish as JSON in the field `wish` and uploads in fields `file`.
    Gives {chat, message_ids: […]} (talking), {chat, callback_id} (press), {chat, thread} (create_topic),
    else {chat}.
    A chat that became a supergroup may still be named by its old id.
    talking, all with optional `reply_to` (message id) and `thread` (topic id):
      text {text} · start {payload?} · photo / document / video {samples: [NAME…] or uploads, caption?}, an
      album when there are several · voice {samples?} · sticker · location {lat, lon, accuracy?} ·
      live_location {lat, lon} · move_live {message, lat, lon} · venue {lat, lon, title, address} · contact
    one's own messages: edit {message, text} · delete {message}
    buttons: press {message, data, forge?}; with forge any data goes out for any message, by anyone
    groups: join · leave · kick · set_anonymous {on} (all for `person`) · add_bot · remove_bot · promote_bot ·
      demote_bot · upgrade (to a supergroup) · set_topics {on, promote?} · create_topic {name} ·
      change_topic {thread, closed?, name?, delete?}
    a person and the bot: block · unblock · deactivate (no `chat`)
    On Zalo, where `person` may be left out in a private chat: text · photo · document · video · voice · sticker ·
      gif · location {lat, lon, title?} · link {url, title?} · contact · press {message, data, forge?} ·
      follow (or start) · unfollow · block · unblock · sleep · wake (not used for 45 days, and again) · chat_now ·
      give_info {newer?} · react {message, icon?} · agent {text} (a human of the office writes) · in groups also
      join · leave · kick · disable_group · enable_group · disperse

POST /sandbox/api/people {"names": ["…", …]}                    → {people: [id, …]}, each with a private chat
POST /sandbox/api/chats  {"title", "type", "members": [id…], "bot": true}   → {chat: id}

GET  /sandbox/api/faults                                        → {faults: [FAULT…]}
POST /sandbox/api/faults {"kind", "method"?, "probability"?, "count"?, "value"?, "after"?, "seed"?}
                                                                → {fault: FAULT}
POST /sandbox/api/faults {"off": id or "all"}                   → {faults: […]}
    kind: slow (value: milliseconds), 429 (value: retry_after), 500, drop (the connection) for calls of the
    bot; duplicate (value: how often it is delivered), reorder (value: milliseconds held back) for updates.
    method: a method of the Bot API, `file` for downloads, a kind of update, or `*`. For Zalo the method begins
    with `zalo:`, then the path behind /oa/ (`zalo:message/cs`), `oauth`, `media`, an event (`zalo:user_send_text`)
    or `*`; there 429 is the code -32, and there are also html (a page instead of JSON), code (value: the error
    code) for calls and forge (a wrong signature) for events. probability 0–1
    (default 1). count: how often it strikes before it goes off (default: no end). after: the call is carried
    out and only its answer is spoilt (500, drop, 429). The same seed gives the same sequence.
    FAULT = {id, kind, method, probability, count, value, after, seed, drawn}

GET  /sandbox/api/limits                                        → {limits}
POST /sandbox/api/limits {name: value, …}                       → {limits}
    rates (false: no 429 at all), overall_per_second, chat_per_second, chat_burst, group_per_minute,
    callback_seconds, update_seconds, retry_base_seconds, retry_most_seconds

GET  /sandbox/api/clock                                         → {now, offset_seconds}
POST /sandbox/api/clock {"advance": "+3d"}                      → {now, offset_seconds}

GET  /sandbox/api/phones           → {phones: [chat, …]}   the chats that the page shows; more by /sandbox?phone=chat
GET  /sandbox/api/samples          → {files: [{name, kind, vi, en}], places: [{vi, en, lat, lon}]}
GET  /sandbox/api/samples/NAME     the sample itself
GET  /sandbox/api/media/FILE_ID    a file that was sent
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, send_from_directory
from werkzeug.exceptions import HTTPException

from bot.sandbox import acts, clock, faults, limits, media, samples, view, world
from bot.sandbox.call import Upload
from bot.sandbox.errors import ActError, ApiError
from bot.sandbox.store import Json, Store, Tx, is_utf8
from bot.sandbox.zalo import acts as zalo_acts
from bot.sandbox.zalo import control as zalo_control
from bot.sandbox.zalo import world as zalo_world
from bot.sandbox.zalo.account import account
from bot.sandbox.zalo.wire import base_of

STATIC = Path(__file__).parent / "static"
# The phones that the page shows, in this order: one citizen and one agency of each platform come first.
PHONES = (
    world.LAN,
    zalo_world.NAM,
    world.OPERATORS,
    world.AN_CUU,
    zalo_world.THUAN_HOA,
    world.CONSTRUCTION,
    world.MINH,
    world.INSPECTION,
)
BODY_BYTES = 128 * 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Kinds of files that a browser may show; everything else is only offered for saving.
SHOWABLE = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4", "audio/ogg")


def blueprint(store: Store, public_url: str | None) -> Blueprint:
    """The page and its API, under `/sandbox`; the page may also be opened under `public_url`.

    Addresses of files carry no host, so that the page works under whatever name it was opened.
    """
    pages = Blueprint("sandbox", __name__, url_prefix="/sandbox")
    public_host = urlsplit(public_url or "").netloc
    pages.before_request(lambda: _guard(public_host))
    pages.after_request(_harden)
    pages.register_error_handler(ActError, _refusal)
    pages.register_error_handler(HTTPException, _http_refusal)
    _add_page(pages)
    _add_reading(pages, store)
    _add_acting(pages, store)
    _add_switches(pages, store)
    zalo_control.add_routes(pages, store)
    return pages


def _guard(public_host: str) -> Response | None:
    """A page from elsewhere can send a form to loopback, but not this header nor its own origin."""
    request.max_content_length = BODY_BYTES
    if request.method in ("GET", "HEAD"):
        return None
    origin = request.headers.get("Origin")
    if request.headers.get("X-Sandbox") != "1" or (
        origin and urlsplit(origin).netloc not in (request.host, public_host)
    ):
        return _json({"error": "the header X-Sandbox: 1 is missing, or the request comes from elsewhere"}, 403)
    return None


def _harden(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _refusal(fault: ActError) -> Response:
    return _json({"error": str(fault)}, 400)


def _http_refusal(fault: HTTPException) -> Response:
    return _json({"error": fault.name}, fault.code or 500)


def _json(body: Json, status: int = 200) -> Response:
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")


def _body() -> Json:
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not is_utf8(body):
        raise ActError("a JSON object is expected")
    return body


def _add_page(pages: Blueprint) -> None:
    @pages.get("")
    def page() -> Response:
        return send_from_directory(STATIC, "index.html", max_age=0)

    @pages.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        return send_from_directory(STATIC, name, max_age=0)


def _add_reading(pages: Blueprint, store: Store) -> None:
    @pages.get("/api/state")
    def state() -> Response:
        since = request.args.get("since", 0, int)
        with store.read() as tx:
            return _json(view.state(tx, since, request.args.getlist("chat"), "/sandbox/api"))

    @pages.get("/api/media/<file_id>")
    def media_file(file_id: str) -> Response:
        with store.read() as tx:
            row = media.by_id(tx, file_id)
            if row is None:
                return _json({"error": "no such file"}, 404)
            return _send_file(tx.media_dir, row["digest"], row["mime"])

    @pages.get("/api/phones")
    def phones() -> Response:
        with store.read() as tx:
            made_later = [group for group in zalo_world.groups(tx) if group not in PHONES]
        return _json({"phones": [*PHONES, *made_later]})

    @pages.get("/api/samples")
    def sample_list() -> Response:
        return _json(samples.listed())

    @pages.get("/api/samples/<name>")
    def sample(name: str) -> Response:
        upload = samples.upload(name)
        return send_from_directory(samples.FOLDER, upload.name, mimetype=upload.mime, max_age=3600)


def _send_file(folder: Path, name: str, mime: str) -> Response:
    showable = mime in SHOWABLE
    return send_from_directory(
        folder,
        name,
        mimetype=mime if showable else "application/octet-stream",
        as_attachment=not showable,
        max_age=86400,
    )


def _add_acting(pages: Blueprint, store: Store) -> None:
    @pages.post("/api/act")
    def act() -> Response:
        wish, files = _wish()
        if wish.get("act") == "photo":
            _prepare(files)
        with store.write() as tx:
            if view.is_zalo(wish.get("chat", wish.get("person"))):
                return _json(zalo_acts.perform(tx, account(store.state_dir), base_of(tx), wish, files))
            return _json(acts.perform(tx, wish, files))

    @pages.post("/api/people")
    def people() -> Response:
        names = _body().get("names")
        if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
            raise ActError("names are a list of words")
        with store.write() as tx:
            return _json({"people": [world.add_person(tx, name) for name in names]})

    @pages.post("/api/chats")
    def chats() -> Response:
        body = _body()
        members = [int(member) for member in body.get("members", [])]
        with store.write() as tx:
            title, kind = str(body.get("title") or "Nhóm"), str(body.get("type", "group"))
            return _json({"chat": world.add_group(tx, title, kind, members, bot=bool(body.get("bot", True)))})


def _wish() -> tuple[Json, list[Upload]]:
    """The wish and its files: uploads in multipart, or samples by name."""
    if not request.mimetype.startswith("multipart/"):
        wish = _body()
        return wish, [samples.upload(str(name)) for name in wish.get("samples", [])]
    wish = _form_wish()
    files = [
        Upload(file.filename or "file", file.mimetype or "application/octet-stream", file.read())
        for file in request.files.getlist("file")
    ]
    return wish, files + [samples.upload(str(name)) for name in wish.get("samples", [])]


def _form_wish() -> Json:
    try:
        wish = json.loads(request.form.get("wish", ""))
    except ValueError as fault:
        raise ActError("the field wish is a JSON object") from fault
    if not isinstance(wish, dict) or not is_utf8(wish):
        raise ActError("the field wish is a JSON object")
    return wish


def _prepare(files: list[Upload]) -> None:
    """Scale photos before the transaction, which then finds them ready."""
    for upload in files:
        try:
            media.sizes(upload.data)
        except ApiError as refusal:
            raise ActError(refusal.description) from refusal


def _add_switches(pages: Blueprint, store: Store) -> None:
    @pages.route("/api/faults", methods=["GET", "POST"])
    def fault_switches() -> Response:
        if request.method == "GET":
            with store.read() as tx:
                return _json({"faults": faults.listed(tx)})
        return _change(store, _switch)

    @pages.route("/api/limits", methods=["GET", "POST"])
    def limit_values() -> Response:
        if request.method == "GET":
            with store.read() as tx:
                return _json({"limits": limits.read(tx)})
        return _change(store, lambda tx, body: {"limits": limits.change(tx, body)})

    @pages.route("/api/clock", methods=["GET", "POST"])
    def clock_value() -> Response:
        if request.method == "POST":
            try:
                clock.advance(store.state_dir, clock.parse_delta(str(_body().get("advance", ""))))
            except ValueError as fault:
                raise ActError(str(fault)) from fault
        now, offset = clock.now(store.state_dir), clock.read_offset(store.state_dir)
        return _json({"now": now.isoformat(timespec="seconds"), "offset_seconds": offset.total_seconds()})


def _change(store: Store, work: Callable[[Tx, Json], Json]) -> Response:
    body = _body()
    try:
        with store.write() as tx:
            return _json(work(tx, body))
    except (TypeError, ValueError) as fault:
        raise ActError(str(fault)) from fault


def _switch(tx: Tx, body: Json) -> Json:
    if "off" not in body:
        return {"fault": faults.switch_on(tx, body)}
    wanted = str(body["off"])
    if wanted != "all" and not re.fullmatch(r"\d+", wanted):
        raise ValueError("off names a fault's id, or all")
    faults.switch_off(tx, None if wanted == "all" else int(wanted))
    return {"faults": faults.listed(tx)}
