"""The log: one line per fact on standard error; chats by our own row ids, and a last net for secrets."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any, TextIO

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor, WrappedLogger

QUIET = (
    "alembic",
    "httpx",
    "httpcore",
    "telegram",
    "urllib3",
    "rq.worker",
    "PIL",
)  # they log addresses with tokens, or chatter

_SECRETS = re.compile(
    r"(?<!\d)\d{6,20}:[A-Za-z0-9_-]{30,}"  # a bot token, also inside an address
    r"|(?<![\w-])[A-Za-z0-9_-]{80,}(?![\w-])"  # a token of Zalo: no word and no id of ours is so long
    r"|(?<=://)[^\s/:@]*:[^\s/@]+(?=@)"  # user and password of an address
    r"|(?<![\w-])(?:\+?84|0)(?:[ .-]?\d){8,10}(?![\w-])"  # what looks like a telephone number
)
HIDDEN = "[hidden]"


def redact(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Hide tokens, passwords and telephone numbers that should never have come this far."""
    return {key: _clean(value) for key, value in event.items()}


def set_up(format: str = "auto", level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's loggers the same way. May be called again.

    ``format``: ``json``, ``console``, or ``auto`` (console on a terminal).
    """
    stream = stream or sys.stderr
    on_terminal = format == "console" or (format == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last(on_terminal)))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _last(on_terminal: bool) -> list[Processor]:
    # Tracebacks become text before the net, so that nothing slips through inside them.
    ends: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        redact,
    ]
    if on_terminal:
        return [*ends, structlog.dev.ConsoleRenderer(colors=False)]
    return [
        *ends,
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _SECRETS.sub(HIDDEN, value)
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return value if isinstance(value, bool | int | float | None) else _SECRETS.sub(HIDDEN, str(value))
