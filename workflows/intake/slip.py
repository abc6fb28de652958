"""The slip: what is read out, or printed, for somebody whose report was taken down; nothing on it is personal."""

from __future__ import annotations

from workflows.case.cards import holder, promise, state_word
from workflows.case.model import OVER, State
from workflows.case.view import CaseView
from workflows.messages import Line, Message, Value, names, text


def slip(view: CaseView, channels: str, *, phone: bool, secret: str = "") -> Message:
    """Code, due dates, and how to follow it in a chat.

    ``channels``: the names of the platforms that we are on, "" for none. ``phone``: whether the reporter left a number,
    by which they can follow it; ``secret``: else the one that stands on this slip alone.
    """
    return Message(
        (
            Line("slip.code", {"code": text(view.case.code)}),
            *_what(view),
            *_dues(view),
            *_follow(view, channels, phone=phone, secret=secret),
        )
    )


def _what(view: CaseView) -> tuple[Line, ...]:
    if view.case.sealed:
        return ()  # only the inspection line reads on (R61)
    values: dict[str, Value] = {
        "category": names(view.category.vi, view.category.en),
        "state": state_word(view.case.state),
        "agency": holder(view),
    }
    return (Line("slip.what", values),)


def _dues(view: CaseView) -> tuple[Line, ...]:
    """By when it is passed on, and by when it is dealt with at the latest; of what is over, nothing."""
    case = view.case
    if case.state in OVER:
        return ()
    lines = []
    if case.state is State.RECEIVED and case.forward_due is not None:
        lines.append(Line("slip.forward_due", {"due": promise(case.forward_due)}))
    latest = case.resolve_due or case.promised_due
    if latest is not None:
        lines.append(Line("slip.resolve_due", {"due": promise(latest)}))
    return tuple(lines)


def _follow(view: CaseView, channels: str, *, phone: bool, secret: str) -> tuple[Line, ...]:
    values = {"code": text(view.case.code), "channels": text(channels), "secret": text(secret)}
    if channels and secret:
        return (Line("slip.follow_secret", values),)
    if channels and phone:
        return (Line("slip.follow_phone", values),)
    return (Line("slip.ask_office", values),)
