"""One table: what kind of notice matters how much, how long it is news, and what it may go out with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import IntEnum

from workflows.effects import Lane
from workflows.frozen import frozen

DAY = timedelta(days=1)
CALL = "call"  # the purpose of calling somebody to an urgent case: at any hour, and old news within one
REOPEN = "reopen"  # the purpose of asking somebody to write, so that we may go on writing to them


class Importance(IntEnum):
    """How much depends on a notice; a higher one goes where a lower one would wait."""

    LOW = 1  # good to know
    NORMAL = 2  # news of one's own case
    HIGH = 3  # somebody waits for what follows from it
    REPLY = 4  # to what was said just now


@frozen
class Rule:
    """What holds for one kind of notice.

    ``lasts``: how long it is worth telling; None: until it is told. ``bundle``: notices with the same key may be told
    in one message. ``elsewhere``: it may be told on another channel of the same person. ``pays``: it may cost money.
    ``urgent``: whoever holds the case hears that it did not arrive.
    """

    importance: Importance
    lasts: timedelta | None = None
    bundle: str = ""
    elsewhere: bool = False
    pays: bool = True
    urgent: bool = False


NEWS = Rule(Importance.NORMAL, 30 * DAY, bundle="news", elsewhere=True)
WANTED = Rule(Importance.HIGH, 30 * DAY, elsewhere=True, urgent=True)
PROGRESS = Rule(Importance.NORMAL, 7 * DAY, bundle="news", elsewhere=True)  # what they would else have to ask for
GROUP = Rule(Importance.NORMAL)  # for a group of colleagues: the case waits there, whatever the time

RULES: Mapping[tuple[Lane, str], Rule] = {
    (Lane.ACK, ""): Rule(Importance.REPLY, DAY),
    (Lane.REPLY, ""): Rule(Importance.REPLY, 7 * DAY),
    (Lane.NOTICE, ""): NEWS,
    (Lane.NOTICE, "notice"): NEWS,
    (Lane.NOTICE, "question"): WANTED,
    (Lane.NOTICE, "result"): WANTED,
    (Lane.NOTICE, "urgent"): Rule(Importance.HIGH, DAY, elsewhere=True, urgent=True),
    (Lane.NOTICE, CALL): Rule(Importance.HIGH, timedelta(hours=1), elsewhere=True),
    (Lane.NOTICE, "progress"): PROGRESS,
    (Lane.NOTICE, REOPEN): Rule(Importance.HIGH, 7 * DAY),
    (Lane.NOTICE, "alert"): Rule(Importance.HIGH, DAY),
    (Lane.BROADCAST, ""): Rule(Importance.LOW, 7 * DAY, bundle="broadcast", pays=False),
}


def rule_of(lane: int, purpose: str, *, group: bool = False) -> Rule:
    """The rule for a row of the outbox; a purpose that the table does not name is like its lane's others."""
    known = RULES.get((Lane(lane), purpose))
    if group:
        return known if known and purpose == "alert" else GROUP
    return known or RULES[(Lane(lane), "")]


def ends_at(rule: Rule, created_at: datetime, expires_at: datetime | None) -> datetime | None:
    """When a notice is no longer worth telling; None: never."""
    by_rule = created_at + rule.lasts if rule.lasts else None
    return min((at for at in (by_rule, expires_at) if at), default=None)
