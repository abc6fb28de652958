"""The map page `/m/<token>`: point at the place of a report; it is kept here, and decided in the chat."""

from __future__ import annotations

import gzip
import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, render_template, request
from sqlalchemy.exc import SQLAlchemyError

from bot.pages.signing import BadTicket, SignedPages, Ticket, TicketExpired
from bot.settings import Settings
from handlers import map_page as place
from handlers.map_page import MOST, Kept, Pointed, Standing
from handlers.tools import Tools
from workflows.conversation.facts import Located
from workflows.frozen import frozen
from workflows.maplinks import plausible
from workflows.messages import Value, names, number, text

log = structlog.get_logger()

STATIC = Path(__file__).parent / "static"
SHOWN = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
MAX_BODY = 16 * 1024  # an address and two numbers
KEEP_FILES = 7 * 86400  # seconds; a changed file has another address
KEEP_AREAS = 300
LANGUAGES = ("vi", "en")
IN_SCRIPT = ("zoom_in", "zoom_out", "map_label", "pin_label", "locating", "accuracy", "denied", "unavailable")
WARNINGS = ("outside", "nowhere")


class _Wrong(Exception):
    """What was sent is no place: the key of what is said about it, and what goes into it."""

    def __init__(self, key: str, **values: Value) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@frozen
class _Link:
    """A way on from a page of a few words."""

    address: str
    label: str
    main: bool = False


def map_page(tools: Tools, pages: SignedPages | None, settings: Settings) -> Blueprint:
    """The page, what it is made of, and what it asks while the pin is being moved."""
    blueprint = Blueprint("map", __name__, url_prefix="/m", template_folder="templates")
    page = _Page(tools, pages, settings)
    blueprint.before_request(_bounded)
    blueprint.after_request(page.harden)
    blueprint.add_url_rule("/<token>", view_func=page.show, methods=["GET"])
    blueprint.add_url_rule("/<token>", view_func=page.send, methods=["POST"])
    blueprint.add_url_rule("/<token>/spot", view_func=page.spot, methods=["POST"])
    blueprint.add_url_rule("/<token>/done", view_func=page.done, methods=["GET"])
    blueprint.add_url_rule("/areas.json", view_func=page.areas, methods=["GET"])
    blueprint.add_url_rule("/static/<path:name>", view_func=page.asset, methods=["GET"])
    return blueprint


def _bounded() -> None:
    request.max_content_length = MAX_BODY


class _Page:
    """The views. A token in the path opens them; there are no cookies and no sessions."""

    def __init__(self, tools: Tools, pages: SignedPages | None, settings: Settings) -> None:
        self._tools = tools
        self._pages = pages
        self._settings = settings
        self._tiles = settings.web.map_tiles or ""
        self._policy = _policy(self._tiles)

    # --- what is shown --------------------------------------------------------------------------------------------

    def show(self, token: str) -> Response:
        """The map, or why there is none."""
        ticket = self._ticket(token)
        if isinstance(ticket, Response):
            return ticket
        standing = place.standing(self._tools, ticket.chat_id, ticket.draft)
        if standing is None:
            return self._note("unknown", 404)
        if not standing.open:
            return self._note("over", 410, standing.language)
        return self._map(token, standing, {})

    def done(self, token: str) -> Response:
        """It is with us; everything else is said in the chat."""
        ticket = self._ticket(token)
        if isinstance(ticket, Response):
            return ticket
        standing = place.standing(self._tools, ticket.chat_id, ticket.draft)
        if standing is None:
            return self._note("unknown", 404)
        say = self._say(standing.language)
        home = self._home(standing.platform)
        links = [_Link(home, say("map.done.zalo"), main=True)] if home else []
        if standing.open:
            links.append(_Link(f"../{token}", say("map.done.again")))
        return self._note("done", 200, standing.language, links)

    def areas(self) -> Response:
        """The outlines of the areas we serve: what the map shows where there are no tiles."""
        return _packed(place.outlines(self._tools).encode(), "application/geo+json", KEEP_AREAS)

    def asset(self, name: str) -> Response:
        """A file of the page."""
        found = _assets().get(name)
        return _packed(*found, KEEP_FILES) if found else Response(status=404)

    # --- what is sent ---------------------------------------------------------------------------------------------

    def spot(self, token: str) -> Response | tuple[dict[str, Any], int]:
        """What a point lies in, while it is being chosen."""
        ticket = self._ticket(token)
        standing = None if isinstance(ticket, Response) else self._standing(ticket)
        point = _point(request.get_json(silent=True))
        if standing is None or point is None:
            return {}, 400
        located = place.where(self._tools, *point)
        words = self._located(standing.language, located)
        areas = [area.names.vi for area in located.areas]
        return {"text": words, "warn": located.kind in WARNINGS, "areas": areas}, 200

    def send(self, token: str) -> Response:
        """Keep the place. Sent twice it is kept once; on a link whose draft is over too, for the chat explains."""
        ticket = self._ticket(token)
        if isinstance(ticket, Response):
            return ticket
        standing = self._standing(ticket)
        if standing is None:
            return self._note("unknown", 404)
        try:
            pointed = _pointed(request.form, ticket.draft, self._tools.limits.max_address)
        except _Wrong as wrong:
            return self._again(token, standing, wrong.key, 400, **wrong.values)
        try:
            kept = place.keep(self._tools, ticket.chat_id, _number(request.form), pointed)
        except SQLAlchemyError as error:
            log.error("map.not_kept", kind=type(error).__name__)
            return self._again(token, standing, "busy", 503)
        if kept is Kept.TOO_MANY:
            return self._again(token, standing, "too_many", 429)
        if kept is Kept.GONE:
            return self._note("unknown", 404)
        # Relative, so that it holds behind any proxy. What follows is fetched, so that reloading it sends nothing.
        return Response(status=303, headers={"Location": f"{token}/done"})

    # --- parts ----------------------------------------------------------------------------------------------------

    def _ticket(self, token: str) -> Ticket | Response:
        if self._pages is None:
            return self._note("unknown", 404)
        try:
            return self._pages.read("map", token)
        except BadTicket:
            return self._note("unknown", 404)
        except TicketExpired:
            return self._note("expired", 410)

    def _standing(self, ticket: Ticket) -> Standing | None:
        return place.standing(self._tools, ticket.chat_id, ticket.draft)

    def _say(self, language: str) -> Callable[..., str]:
        return lambda key, **values: self._tools.words.text(language, key, values)

    def _again(self, token: str, standing: Standing, key: str, status: int, **values: Value) -> Response:
        """The map once more with what was given, and what was wrong with it."""
        wrong = self._say(standing.language)(f"map.wrong.{key}", **values)
        return self._map(token, standing, request.form, wrong, status)

    def _map(
        self, token: str, standing: Standing, given: Mapping[str, str], wrong: str = "", status: int = 200
    ) -> Response:
        say = self._say(standing.language)
        words = {name: say(f"map.{name}", meters=text("{meters}")) for name in IN_SCRIPT}
        page = render_template(
            "map.html",
            language=standing.language,
            static="static",
            mark=_mark(),
            check=f"{token}/spot",
            tiles=self._tiles,
            attribution=self._settings.web.map_attribution,
            say=say,
            words=words | {"unmapped": say("map.spot.unmapped")},
            number=standing.number or MOST,
            given={name: given.get(name, "") for name in ("lat", "lon", "address")},
            limit=self._tools.limits.max_address,
            wrong=wrong,
        )
        return Response(page, status)

    def _note(self, name: str, status: int, language: str = "", links: Sequence[_Link] = ()) -> Response:
        """A page of a few words; in both languages where nobody knows whose link it is."""
        notes = [
            {"language": one, "title": self._say(one)(f"map.{name}.title"), "text": self._say(one)(f"map.{name}.text")}
            for one in ([language] if language else LANGUAGES)
        ]
        static = "../static" if name == "done" else "static"
        page = render_template(
            "map_note.html",
            language=notes[0]["language"],
            static=static,
            mark=_mark(),
            notes=notes,
            links=links,
            sign="✅" if name == "done" else "🔗",
        )
        return Response(page, status)

    def _located(self, language: str, located: Located) -> str:
        say = self._say(language)
        if located.kind == "outside" and located.served_by is None:
            return say("map.spot.outside_unknown")
        kind = "unmapped" if located.kind == "inside" and not located.areas else located.kind
        values: dict[str, Value] = {}
        if kind == "inside":
            values["area"] = names(located.areas[0].names.vi, located.areas[0].names.en)
        if located.served_by:
            values["agency"] = names(located.served_by.vi, located.served_by.en)
        return say(f"map.spot.{kind}", **values)

    def _home(self, platform: str) -> str:
        """Where the chat can be opened, if a browser can do that; elsewhere closing the page leads back."""
        oa_id = self._settings.zalo_oa.oa_id
        return f"https://zalo.me/{oa_id}" if platform == "zalo" and oa_id else ""

    def harden(self, answer: Response) -> Response:
        """No scripts but ours, nobody's servers but those of the tiles, and no address of a page told to anybody."""
        answer.headers["Content-Security-Policy"] = self._policy
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Permissions-Policy"] = "geolocation=(self)"
        # Servers of tiles want to know which site asks; they get the host, never the path with its token.
        answer.headers["Referrer-Policy"] = "strict-origin" if self._tiles else "no-referrer"
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def _policy(tiles: str) -> str:
    parts = urlsplit(tiles.replace("{s}", "*"))
    pictures = f" {parts.scheme}://{parts.netloc}" if tiles else ""
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:{pictures}; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


# --- reading what a browser sends ---------------------------------------------------------------------------------


def _pointed(form: Mapping[str, str], draft: int, longest: int) -> Pointed:
    """The place in a form. Raises _Wrong."""
    address = " ".join(form.get("address", "").replace("\0", "").split())
    if len(address) > longest:
        raise _Wrong("too_long", length=number(len(address)), limit=number(longest))
    lat, lon = form.get("lat", "").strip(), form.get("lon", "").strip()
    if not (lat or lon):
        if not address:
            raise _Wrong("missing")
        return Pointed(draft, address=address)
    point = _point({"lat": lat, "lon": lon})
    if point is None or not plausible(*point):
        raise _Wrong("nowhere")
    return Pointed(draft, *point, address)


def _point(given: object) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, whatever they are worth; None when they are no numbers."""
    if not isinstance(given, dict):
        return None
    try:
        lat, lon = float(given.get("lat", "")), float(given.get("lon", ""))
    except (TypeError, ValueError):
        return None
    return (lat, lon) if math.isfinite(lat) and math.isfinite(lon) else None


def _number(form: Mapping[str, str]) -> int:
    """Which sending this is; a forged one counts as the last."""
    given = form.get("number", "")
    return min(max(int(given), 1), MOST) if given.isascii() and given.isdigit() and len(given) < 5 else MOST


# --- files --------------------------------------------------------------------------------------------------------


@cache
def _assets() -> Mapping[str, tuple[bytes, str]]:
    """Every file that pages are made of, and its kind."""
    files = [path for folder in ("map", "leaflet") for path in sorted((STATIC / folder).iterdir())]
    kinds = {path: SHOWN.get(path.suffix, "text/plain; charset=utf-8") for path in files}
    return {str(path.relative_to(STATIC)): (path.read_bytes(), kinds[path]) for path in files}


@cache
def _mark() -> str:
    """Changes with any of the files: part of their addresses, so that no page meets the script of another version."""
    whole = hashlib.sha256()
    for name, (body, _) in _assets().items():
        whole.update(f"{name} {len(body)} ".encode() + body)
    return whole.hexdigest()[:8]


def _packed(body: bytes, kind: str, seconds: int) -> Response:
    """An answer that may be kept for a while, small where the browser can unpack it."""
    small = request.accept_encodings["gzip"] > 0
    answer = Response(_gzipped(body) if small else body, content_type=kind)
    if small:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = f"public, max-age={seconds}"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@lru_cache(maxsize=16)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)
