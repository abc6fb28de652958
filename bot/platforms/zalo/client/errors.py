"""Errors: what Zalo refuses, by its own numbers; none of their texts holds a token."""

from __future__ import annotations

from typing import ClassVar

NO_NUMBER = -1  # an answer without what it must hold, or an error that is no number

# Numbers after which the access token is renewed and the call made once more.
TOKEN_CODES = frozenset({-216, -220, -124})
RATE_LIMIT = -32


class ZaloException(Exception):
    """A refusal; ``code`` is Zalo's number."""

    def __init__(self, code: int, custom_message: str | None = None) -> None:
        self._code = code
        self._custom_message = custom_message
        self._msg = self._sentence()
        super().__init__(self._msg)

    @property
    def code(self) -> int:
        """Zalo's number; branch on it, never on the words."""
        return self._code

    @property
    def custom_message(self) -> str | None:
        """What Zalo said, without anything secret."""
        return self._custom_message

    def _sentence(self) -> str:
        return _with_words(f"Zalo error ({self._code})", self._custom_message)

    def __str__(self) -> str:
        return self._msg

    def __reduce__(self) -> tuple[type[ZaloException], tuple[int, str | None]]:
        return type(self), (self._code, self._custom_message)


class ZaloOAException(ZaloException):
    """A refusal of the Official Account API."""

    ERROR_CODE_TO_STR: ClassVar[dict[int, str]] = {
        0: "Done",
        -32: "Too many requests",
        -100: "Uploaded file unknown or expired",
        -124: "Access token not valid",
        -200: "Not sent",
        -201: "Wrong parameter",
        -202: "Wrong mac",
        -204: "OA deleted",
        -205: "No such OA",
        -207: "OA is not registered as a third party",
        -208: "OA has no secret key",
        -209: "Call not supported, or app not active",
        -210: "Parameter out of range",
        -211: "Quota used up",
        -212: "Call not registered for this app and OA",
        -213: "Person does not follow the OA",
        -214: "Article still in work",
        -215: "No such app",
        -216: "Access token not valid",
        -217: "Person blocked invitations",
        -218: "Person's quota used up",
        -219: "App removed or disabled",
        -220: "Access token expired or removed",
        -221: "OA not verified",
        -222: "Person's account blocked or asleep",
        -223: "OA has not authorised this call",
        -224: "OA needs a service package",
        -227: "Person's account blocked or asleep",
        -230: "Person silent for 7 days",
        -232: "Person never wrote, or too long ago",
        -233: "Kind of message not supported",
        -234: "Not at night",
        -235: "Not for this kind of OA",
        -237: "Group disabled or expired",
        -238: "Group package in use",
        -240: "Call shut down",
        -241: "Group package disabled",
        -242: "Wrong appsecret_proof",
        -244: "Person restricted this kind of message",
        -248: "Against Zalo's policy",
        -249: "Template cannot go to a person's id",
        -305: "Person silent for 48 hours",
        -311: "Replies to this message used up",
        -320: "App needs a linked billing account",
        -321: "Billing account cannot pay",
        -403: "OA is not in the group",
    }

    def _sentence(self) -> str:
        return _with_words(f"Zalo OA error ({self._code}) [{self.errCodeToStr()}]", self._custom_message)

    def errCodeToStr(self) -> str:
        """The number in words."""
        return self.ERROR_CODE_TO_STR.get(self._code, "Unknown error")


class ZaloOAAuthTokenExpiredException(ZaloOAException):
    """The access token is no longer good: renew it."""


class ZaloOAuthException(ZaloOAException):
    """A refusal of the OAuth server: of a code or of a refresh token. Its numbers are a family of their own."""

    ERROR_CODE_TO_STR: ClassVar[dict[int, str]] = {
        -32: "Too many requests",
        -14002: "App not active",
        -14003: "Callback address is not the registered one",
        -14029: "App not approved",
    }

    def _sentence(self) -> str:
        return _with_words(f"Zalo OAuth error ({self._code}) [{self.errCodeToStr()}]", self._custom_message)


class ZaloHTTPException(ZaloException):
    """Not an answer of the API at all: another status than 200, or a body that is no JSON object."""

    def __init__(self, code: int, custom_message: str | None = None) -> None:
        super().__init__(code, custom_message)

    @property
    def status(self) -> int:
        """The HTTP status; 200 when the body was no JSON."""
        return self._code

    def _sentence(self) -> str:
        return _with_words(f"Zalo HTTP status {self._code}", self._custom_message)


def _with_words(start: str, words: str | None) -> str:
    return start if words is None else f"{start}: {words}"
