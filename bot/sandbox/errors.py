"""Refusals of the wire, with the codes and the words of the Bot API."""


class ApiError(Exception):
    """A refused call: `code` is the HTTP status, `parameters` what the caller may act on."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


class ActError(Exception):
    """Something a person in the sandbox cannot do, in words for whoever drives the page or the API."""


def bad(words: str, **parameters: int) -> ApiError:
    """The caller's mistake (400)."""
    return ApiError(400, f"Bad Request: {words}", **parameters)


def forbidden(words: str) -> ApiError:
    """The person or the group does not want the bot (403)."""
    return ApiError(403, f"Forbidden: {words}")


def too_many(seconds: int) -> ApiError:
    """Flood control (429): wait that many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
