"""The foundation of both clients: headers, requests, refusals, tokens, under the names of PyPI zalo-sdk 0.3.0."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypedDict, TypeVar, Unpack
from urllib.parse import urlencode

import requests

from bot.platforms.zalo.client.errors import (
    NO_NUMBER,
    RATE_LIMIT,
    TOKEN_CODES,
    ZaloException,
    ZaloHTTPException,
    ZaloOAAuthTokenExpiredException,
    ZaloOAException,
    ZaloOAuthException,
)
from bot.platforms.zalo.client.tokens import RenewalFailed, TokenKeeper, TokenPair
from bot.platforms.zalo.client.transport import TIMEOUT, UPLOAD_TIMEOUT, NotSent, Timeout, Transport, answer_of

OAUTH = "https://oauth.zaloapp.com"
HIDDEN = "<hidden>"
OK = 200
NO_TOKEN = -216  # our own word for it is Zalo's
BUSY = 429
BROKEN = 500
WORDS_KEPT = 300  # characters of what a refusal says

Answer = dict[str, Any]
Asked = TypeVar("Asked")


class Options(TypedDict, total=False):
    """What may be given by name; anything else is ignored, as the model does."""

    expire_at: int | str  # epoch seconds; 0: unknown
    endpoint_prefix: str
    oauth_prefix: str
    timeout: Timeout
    upload_timeout: Timeout
    tokens: TokenKeeper | None  # keeps the pair for all processes; without one the pair lives in this object
    appsecret_proof: bool
    buttons_template_type: str  # "" is the documented form; "list" the disputed one
    waits: tuple[float, ...]  # seconds before each further try of a request that certainly did nothing
    now: Callable[[], float]  # epoch seconds
    sleep: Callable[[float], None]
    session: Callable[[], requests.Session]


class BaseClient:
    """One app and one OA. May be used by several threads."""

    def __init__(
        self,
        access_token: str = "",
        refresh_token: str = "",
        app_id: str = "",
        secret_key: str = "",
        **kwargs: Unpack[Options],
    ) -> None:
        self._pair = TokenPair(access_token, refresh_token, int(kwargs.get("expire_at", 0)))
        self._refused = ""  # the last access token that was refused: answers may still quote it
        self._app_id = app_id
        self._secret_key = secret_key
        self._keeper = kwargs.get("tokens")
        self._oauth = kwargs.get("oauth_prefix", OAUTH).rstrip("/")
        self._timeout = kwargs.get("timeout", TIMEOUT)
        self._upload_timeout = kwargs.get("upload_timeout", UPLOAD_TIMEOUT)
        self._proof = kwargs.get("appsecret_proof", False)
        self._waits = kwargs.get("waits", (0.5, 1.5))
        self._now = kwargs.get("now", time.time)
        self._sleep = kwargs.get("sleep", time.sleep)
        self._transport = Transport(kwargs.get("session", requests.Session))

    # The pair.

    @property
    def refresh_token(self) -> str:
        """The refresh token in force."""
        return self._in_force().refresh_token

    @refresh_token.setter
    def refresh_token(self, token: str) -> None:
        self._pair = TokenPair(self._pair.access_token, token, self._pair.expire_at)

    @property
    def access_token(self) -> str:
        """The access token in force."""
        return self._in_force().access_token

    @access_token.setter
    def access_token(self, token: str) -> None:
        self._pair = TokenPair(token, self._pair.refresh_token, self._pair.expire_at)

    def isAccessTokenExpired(self) -> bool:
        """Whether its time is over; no when nobody knows when that is."""
        expire_at = self._in_force().expire_at
        return expire_at != 0 and expire_at < self._now()

    def check_and_set_token(self, zalo_response: Mapping[str, Any]) -> None:
        """Take the pair out of an answer of the OAuth server. Raises ZaloException when it is not whole."""
        self._pair = self._pair_in(zalo_response)

    # Requests.

    def create_request_header(
        self, method: str, xtra_headers: Mapping[str, str] | None = None, type: str = ""
    ) -> dict[str, str]:
        """The headers of a call; ``type`` "file" leaves the kind of content to the upload. Raises ValueError."""
        return self._headers(self.access_token, method, type) | dict(xtra_headers or {})

    def send_request(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> requests.Response:
        """One request; the body of a GET becomes its parameter ``data``, as JSON text.

        Raises ValueError for another method, NotSent and other exceptions of `requests`.
        """
        if method == "GET":
            asked = dict(params or {}) | ({} if body is None else {"data": json.dumps(body)})
            return self._transport.send("GET", url, params=asked, headers=headers, timeout=self._timeout)
        if method != "POST":
            raise ValueError(f"unknown method {method!r}")
        if files:
            # The upload says itself what it is; a JSON body has no place beside it.
            plain = {name: value for name, value in (headers or {}).items() if name.lower() != "content-type"}
            return self._transport.send("POST", url, files=files, headers=plain, timeout=self._upload_timeout)
        return self._transport.send(
            "POST", url, json={} if body is None else dict(body), headers=headers, timeout=self._timeout
        )

    def check_http_error(self, response: requests.Response) -> None:
        """Raises ZaloHTTPException unless the status is 200."""
        if response.status_code != OK:
            raise ZaloHTTPException(response.status_code)

    def check_zalo_oa_error(self, response: Mapping[str, Any]) -> None:
        """Raises the OA's refusal in an answer, if it is one."""
        self._refuse_if(response, ZaloOAException)

    def check_zalo_zns_error(self, response: Mapping[str, Any]) -> None:
        """Raises the refusal of the template service in an answer, if it is one."""
        self._refuse_if(response, ZaloException)

    # Authorising.

    def request_authoriation_code_url(
        self, callback_url: str, code_challenge: str | None = None, state: str | None = None
    ) -> str:
        """Where an administrator of the OA gives consent. The spelling is the model's."""
        asked = {"app_id": self._app_id, "redirect_uri": callback_url}
        if code_challenge is not None:
            asked["code_challenge"] = code_challenge
        if state is not None:
            asked["state"] = state
        return f"{self._oauth}/v4/oa/permission?{urlencode(asked)}"

    request_authorization_code_url = request_authoriation_code_url

    def get_access_token_from_authorization_code(
        self, authorization_code: str, code_verifier: str
    ) -> tuple[str, str, int]:
        """Access token, refresh token, end (epoch seconds) for a code of the callback. Raises like every call."""
        self._pair = self._oauth_pair(
            {
                "code": authorization_code,
                "app_id": self._app_id,
                "grant_type": "authorization_code",
                "code_verifier": code_verifier,
            }
        )
        return self._pair.access_token, self._pair.refresh_token, self._pair.expire_at

    def refresh_acccess_token(self) -> tuple[str, str, int]:
        """Spend the refresh token on a new pair: access token, refresh token, end. The spelling is the model's.

        With a keeper it happens once for all processes; raises RenewalFailed then.
        """
        if self._keeper is not None:
            self._pair = self._keeper.renew(None, self.ask_for_pair)
        else:
            self._pair = self.ask_for_pair(self._pair)
        return self._pair.access_token, self._pair.refresh_token, self._pair.expire_at

    refresh_access_token = refresh_acccess_token

    def ask_for_pair(self, spent: TokenPair) -> TokenPair:
        """The pair that replaces this one, straight from the OAuth server; nothing is kept here."""
        return self._oauth_pair(
            {"refresh_token": spent.refresh_token, "app_id": self._app_id, "grant_type": "refresh_token"}
        )

    def close(self) -> None:
        """End the connections; the next call opens new ones."""
        self._transport.close()

    # Calls, for the clients above.

    def _call(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The whole answer of a call; a token that is refused is renewed and the call made once more."""

        def once(token: str) -> Answer:
            headers = self._headers(token, method, "file" if files else "")
            response = self.send_request(method, url, body, params, headers, files)
            return self._checked(response)

        used = self.access_token
        try:
            return self._patiently(method, lambda: once(used))
        except ZaloOAAuthTokenExpiredException:
            renewed = self._renewed(used)
            if renewed is None:
                raise
        return self._patiently(method, lambda: once(renewed))

    def _check(self, answer: Answer) -> None:
        """What counts as a refusal here."""
        self.check_zalo_oa_error(answer)

    def _checked(self, response: requests.Response) -> Answer:
        self.check_http_error(response)
        answer = _object_in(response)
        self._check(answer)
        return answer

    def _patiently(self, method: str, once: Callable[[], Asked]) -> Asked:
        """Try again after a while what certainly did nothing; a GET also when nobody knows."""
        for wait in self._waits:
            try:
                return once()
            except (requests.RequestException, ZaloException) as wrong:
                if not _worth_another(method, wrong):
                    raise
            self._sleep(wait)
        return once()

    def _renewed(self, used: str) -> str | None:
        """Another access token than the one that was refused; None when there is none to be had."""
        self._refused = used
        if self._keeper is None and not self._pair.refresh_token:
            return None
        try:
            if self._keeper is not None:
                self._pair = self._keeper.renew(used, self.ask_for_pair)
            elif self._pair.access_token == used:
                self._pair = self.ask_for_pair(self._pair)
        except (RenewalFailed, ZaloException, requests.RequestException):
            return None
        return self._pair.access_token

    # Inside.

    def _in_force(self) -> TokenPair:
        if self._keeper is None:
            return self._pair
        try:
            self._pair = self._keeper.load() or self._pair
        except RenewalFailed as failed:
            raise ZaloOAAuthTokenExpiredException(NO_TOKEN, f"no token to be had: {failed.code}") from None
        return self._pair

    def _headers(self, token: str, method: str, type: str) -> dict[str, str]:
        if method not in {"GET", "POST"}:
            raise ValueError(f"unknown method {method!r}")
        kind = {"Content-Type": "application/json"} if method == "POST" and type != "file" else {}
        proof = {"appsecret_proof": appsecret_proof(self._secret_key, token)} if self._proof else {}
        return {**kind, "access_token": token, **proof}

    def _oauth_pair(self, form: Mapping[str, str]) -> TokenPair:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "secret_key": self._secret_key}
        response = self._transport.send(
            "POST", f"{self._oauth}/v4/oa/access_token", data=dict(form), headers=headers, timeout=self._timeout
        )
        self.check_http_error(response)
        answer = _object_in(response)
        # A pair that came is taken whatever else the answer says: the old one is spent.
        if not answer.get("access_token"):
            self._refuse_if(answer, ZaloOAuthException, secrets=tuple(form.values()))
        return self._pair_in(answer)

    def _pair_in(self, answer: Mapping[str, Any]) -> TokenPair:
        for name in ("refresh_token", "access_token"):
            if not answer.get(name):
                raise ZaloException(NO_NUMBER, f"there is no {name} in the answer")
        end = int(self._now()) + _seconds(answer.get("expires_in", 0))
        return TokenPair(str(answer["access_token"]), str(answer["refresh_token"]), end)

    def _refuse_if(self, answer: Mapping[str, Any], kind: type[ZaloException], secrets: tuple[str, ...] = ()) -> None:
        code = _number(answer.get("error", 0))
        if code == 0:
            return
        words = next((answer[key] for key in ("message", "error_description", "error_name") if answer.get(key)), None)
        _refuse(code, kind, None if words is None else self._without_secrets(str(words), secrets))

    def _without_secrets(self, words: str, more: tuple[str, ...]) -> str:
        pair = self._pair
        for secret in (pair.access_token, pair.refresh_token, self._refused, self._secret_key, *more):
            if secret:
                words = words.replace(secret, HIDDEN)
        return words[:WORDS_KEPT]


def appsecret_proof(secret_key: str, access_token: str) -> str:
    """HMAC-SHA256 of the token under the app's secret, in small hex letters (php-sdk, java-sdk)."""
    return hmac.new(secret_key.encode(), access_token.encode(), hashlib.sha256).hexdigest()


def _refuse(code: int, kind: type[ZaloException], words: str | None) -> NoReturn:
    if code in TOKEN_CODES and kind is not ZaloOAuthException:
        raise ZaloOAAuthTokenExpiredException(code, words)
    raise kind(code, words)


def _object_in(response: requests.Response) -> Answer:
    answer = answer_of(response)
    if answer is None:
        raise ZaloHTTPException(response.status_code, "no JSON object")
    return answer


def _number(error: object) -> int:
    """Zalo's number; NO_NUMBER for words instead of one."""
    try:
        return int(str(error or 0))
    except ValueError:
        return NO_NUMBER


def _seconds(value: object) -> int:
    """``expires_in``, which comes as text. What cannot be read counts as nothing: the pair itself must not be lost."""
    try:
        return int(str(value))
    except ValueError:
        return 0


def _worth_another(method: str, wrong: Exception) -> bool:
    if isinstance(wrong, ZaloHTTPException):
        return wrong.status == BUSY or (method == "GET" and wrong.status >= BROKEN)
    if isinstance(wrong, ZaloException):
        return wrong.code == RATE_LIMIT
    return isinstance(wrong, NotSent) or (method == "GET" and isinstance(wrong, requests.ConnectionError))
