"""The page of one case at ``/w/<token>``: for one agency's officers, without a script, on any phone."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from markupsafe import Markup, escape
from werkzeug.exceptions import RequestEntityTooLarge

from bot.pages.signing import BadTicket, SignedPages, TicketExpired
from bot.platforms.text import MAP_URL
from bot.words.catalogue import Catalogue
from handlers import web_access, web_link
from handlers.tools import Tools
from handlers.web_access import LinkClosed, NotLetIn, SignedOut, WebLink
from workflows.desk.answers import MAX_MEDIA, MAX_TEXT
from workflows.messages import Message, Value, names, number, text

COOKIE = "officer"
EVERYWHERE = "/w"  # the path of a cookie that is good for every link of its officer
MOST_COOKIES = 4  # of one name that are looked at
SMALL_FORM = 64 * 1024  # bytes; what nobody has signed in for is not read beyond
LARGE_FORM = 48 * 1024 * 1024  # bytes of a form with photos
IN_MEMORY = 4 * SMALL_FORM  # of a form's words; well above the 64 KiB in which a photo is read, else it counts as words
READ_AWAY = 3 * LARGE_FORM  # a browser that is answered while it still sends shows an error of its own, not our page
NOTICES = {"pin": "web_link.pin_saved", "pin_rule": "web_link.pin_rule", "too_large": "web_link.too_large"}

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def case_page(tools: Tools, words: Catalogue, pages: SignedPages) -> Blueprint:
    """The blueprint. ``pages`` reads the tokens that it made."""
    blueprint = Blueprint(
        "case_page", __name__, template_folder="templates", static_folder="static/case", static_url_path="/w/static"
    )
    site = _Site(tools, words, pages)
    blueprint.add_url_rule("/w/<token>", "page", site.show, methods=["GET"])
    blueprint.add_url_rule("/w/<token>", "act", site.act, methods=["POST"])
    blueprint.add_url_rule("/w/<token>/photos/<attachment>", "photo", site.photo, methods=["GET"])
    blueprint.after_request(_guarded)
    for error, answer in ((BadTicket, site.unknown), (TicketExpired, site.closed), (LinkClosed, site.closed)):
        blueprint.register_error_handler(error, answer)
    blueprint.register_error_handler(RequestEntityTooLarge, site.too_large)
    return blueprint


def _guarded(response: Response) -> Response:
    """Nothing of a page is kept, framed, indexed or told to another site."""
    if request.endpoint and request.endpoint.endswith(".static"):
        return response
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


class _Site:
    """The three addresses of a page."""

    def __init__(self, tools: Tools, words: Catalogue, pages: SignedPages) -> None:
        self._tools = tools
        self._words = words
        self._pages = pages

    # --- GET -------------------------------------------------------------------------------------------------------

    def show(self, token: str) -> Response:
        """The case for whoever is signed in, else the door."""
        link = self._link(token)
        try:
            cookie = self._arrived(link)
            if not cookie:
                self._must_be_open(link)
                return self._door(token)
            shown = web_link.look(self._tools, link, cookie)
        except SignedOut as refused:
            self._must_be_open(link)
            return self._signed_out(token, refused.key)
        except NotLetIn as refused:
            return self._door(token, refused.key, 503)
        language = _language() or shown.language
        told = request.args.get("told", "")
        return make_response(
            render_template(
                "case.html",
                shown=shown,
                notice=NOTICES.get(told, ""),
                good=told == "pin",
                limit={"limit": number(MAX_MEDIA)},
                longest=MAX_TEXT,
                action=self._here(token),
                form_token=self._form_token(token, cookie),
                map_url=MAP_URL.format(lat=shown.card.pin[0], lon=shown.card.pin[1]) if shown.card.pin else "",
                **self._common(language),
            )
        )

    def photo(self, token: str, attachment: str) -> Response:
        """One of the page's photos, as it may be shown: without where and when it was taken."""
        link = self._link(token)
        for cookie in _cookies():
            try:
                content = web_link.photo(self._tools, link, cookie, attachment)
            except SignedOut:
                continue
            if content is not None:
                return Response(content, content_type="image/jpeg")
        return Response(status=404)

    # --- POST ------------------------------------------------------------------------------------------------------

    def act(self, token: str) -> Response:
        """One form. What was done is shown by the page itself, so that loading it anew does nothing twice."""
        link, cookie, problem = self._link(token), "", "web_link.signed_out"
        request.max_content_length = SMALL_FORM
        if _foreign(self._pages):
            return Response(status=403)
        try:
            cookie = self._arrived(link)
        except SignedOut as refused:
            problem = refused.key
        except NotLetIn as refused:
            return self._door(token, refused.key, 503)
        if cookie:
            request.max_content_length = LARGE_FORM
        request.max_form_memory_size = IN_MEMORY
        do = request.form.get("do", "")
        if do in ("enter", "send_code"):
            return self._at_the_door(link, token, do)
        if not cookie:
            self._must_be_open(link)
            return self._signed_out(token, problem)
        if not hmac.compare_digest(request.form.get("form", ""), self._form_token(token, cookie)):
            return self._door(token, "web_link.bad_form", 403)
        try:
            told = _FORMS[do](self, link, cookie) if do in _FORMS else ""
        except SignedOut as refused:
            return self._signed_out(token, refused.key)
        response = redirect(self._here(token, told), 303)
        if do == "sign_out":
            for path in (EVERYWHERE, f"/w/{token}"):
                response.delete_cookie(COOKIE, path=path)
        return self._as_flask(response)

    def _at_the_door(self, link: WebLink, token: str, do: str) -> Response:
        typed = request.form.get("number", "").strip()
        if not hmac.compare_digest(request.form.get("form", ""), self._form_token(token, "")):
            return self._door(token, "web_link.bad_form", 403)
        try:
            if do == "send_code":
                web_access.send_code(self._tools, link, typed)
                return self._door(token, "web_link.code_sent", typed=typed)
            session = web_access.sign_in(self._tools, link, typed, request.form.get("secret", "").strip()[:64])
        except NotLetIn as refused:
            status = 429 if refused.key == "web_link.too_many" else 403
            return self._door(token, refused.key, status, typed=typed)
        response = redirect(self._here(token), 303)
        path = f"/w/{token}"
        if web_access.good_everywhere(session):
            response.delete_cookie(COOKIE, path=path)  # an old one of a code would go before it
            path = EVERYWHERE
        # Lax, not Strict: the next link is opened from a chat platform's own site. It shows; nothing is done by a GET.
        response.set_cookie(
            COOKIE, session, path=path, secure=self._pages.secure, httponly=True, samesite="Lax",
            max_age=int(web_access.LONGEST.total_seconds()),
        )  # fmt: skip
        return self._as_flask(response)

    def _press(self, link: WebLink, cookie: str) -> str:
        web_link.press(self._tools, link, cookie, request.form.get("press", "")[:64])
        return ""

    def _say(self, link: WebLink, cookie: str) -> str:
        files = [file.read() for file in request.files.getlist("photos")[:MAX_MEDIA]]
        uploads = [web_link.keep(self._tools, content) for content in files if content]
        said = request.form.get("words", "").replace("\r\n", "\n").replace("\0", "")
        web_link.answer(self._tools, link, cookie, said, uploads)
        return ""

    def _pin(self, link: WebLink, cookie: str) -> str:
        try:
            web_access.change_pin(self._tools, link, cookie, request.form.get("pin", "").strip())
        except NotLetIn:
            return "pin_rule"
        return "pin"

    def _sign_out(self, link: WebLink, cookie: str) -> str:
        for one in {cookie, *_cookies()}:
            web_access.sign_out(self._tools, one)
        return ""

    # --- what goes wrong -------------------------------------------------------------------------------------------

    def unknown(self, _: Exception) -> Response:
        """Not a token of ours."""
        return self._closed_page("web_link.unknown", 404)

    def closed(self, _: Exception) -> Response:
        """It was ours, and is no longer good."""
        return self._closed_page("web_link.closed", 410)

    def too_large(self, _: Exception) -> Response:
        """More bytes than a form may have."""
        token = str((request.view_args or {}).get("token", ""))
        if request.max_content_length == LARGE_FORM:  # somebody is signed in
            _read_away()
            return self._as_flask(redirect(self._here(token, "too_large"), 303))
        return self._door(token, "web_link.signed_out" if _cookies() else "web_link.too_large", 413)

    def _signed_out(self, token: str, key: str) -> Response:
        """The door; what was good for this link alone is no longer sent along."""
        response = self._door(token, key)
        response.delete_cookie(COOKIE, path=f"/w/{token}")
        return response

    def _closed_page(self, key: str, status: int) -> Response:
        page = render_template("case_closed.html", key=key, **self._common(_language() or "vi"))
        return make_response(page, status)

    def _door(self, token: str, problem: str = "", status: int = 200, typed: str = "") -> Response:
        page = render_template(
            "case_door.html",
            problem=problem,
            good=problem == "web_link.code_sent",
            typed=typed,
            action=self._here(token),
            form_token=self._form_token(token, ""),
            **self._common(_language() or "vi"),
        )
        return make_response(page, status)

    # --- parts -----------------------------------------------------------------------------------------------------

    def _link(self, token: str) -> WebLink:
        ticket = self._pages.read("case", token)
        if ticket.case_id is None:
            raise BadTicket
        return WebLink(ticket.chat_id, ticket.case_id, ticket.issued_at)

    def _arrived(self, link: WebLink) -> str:
        """The cookie of whoever is signed in here; "" without any. Raises SignedOut when none is good, and NotLetIn."""
        problem = None
        for cookie in _cookies():
            try:
                web_access.arrive(self._tools, link, cookie)
            except SignedOut as refused:
                problem = refused
            else:
                return cookie
        if problem is not None:
            raise problem
        return ""

    def _must_be_open(self, link: WebLink) -> None:
        with self._tools.store.read() as uow:
            web_access.opened(uow, link)

    def _form_token(self, token: str, cookie: str) -> str:
        return self._pages.seal("form", f"{token} {cookie}")

    def _here(self, token: str, told: str = "") -> str:
        asked = [f"{name}={value}" for name, value in (("lang", _language()), ("told", told)) if value]
        return f"/w/{token}" + (f"?{'&'.join(asked)}" if asked else "")

    def _common(self, language: str) -> dict[str, Any]:
        other = "en" if language == "vi" else "vi"
        return {
            "language": language,
            "other_language": f"?lang={other}",
            "say": _sayer(self._words, language),
            "lines": lambda message: _paragraphs(self._words, language, message),
            "label": lambda value: self._words.label(language, value),
            "text": text,
            "names": lambda both: names(both.vi, both.en),
            "count": number,
        }

    @staticmethod
    def _as_flask(response: Any) -> Response:
        return make_response(response)


_FORMS: dict[str, Callable[[_Site, WebLink, str], str]] = {
    "press": _Site._press,
    "say": _Site._say,
    "pin": _Site._pin,
    "sign_out": _Site._sign_out,
}


def _cookies() -> list[str]:
    """What a browser holds for a page: of its own link, and for every one. Others could add to them without end."""
    return [one[:200] for one in request.cookies.getlist(COOKIE) if one][:MOST_COOKIES]


def _read_away() -> None:
    """Let a form that is too large come to its end; nothing of it was read yet, and nothing is kept."""
    left = request.content_length or 0
    if not LARGE_FORM < left <= READ_AWAY:
        return
    while left > 0 and (part := request.environ["wsgi.input"].read(min(left, SMALL_FORM))):
        left -= len(part)


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in ("vi", "en") else ""


def _foreign(pages: SignedPages) -> bool:
    """Whether another site sent the form. A browser that is told to give no referrer calls its origin "null"."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc not in (request.host, pages.host)


def _sayer(words: Catalogue, language: str) -> Callable[..., str]:
    def say(key: str, **values: Value) -> str:
        return words.text(language, key, values)

    return say


def _paragraphs(words: Catalogue, language: str, message: Message) -> Iterable[Markup]:
    """A message as on a chat platform; the only tags are the catalogue's own."""
    return [Markup(one) for one in words.paragraphs(language, message, lambda said: str(escape(said)))]  # noqa: S704 - escaped
