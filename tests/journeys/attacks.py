"""Every door by which somebody may try to get at a case that is not for them; a door built later adds itself here.

An attack is made by a person in a chat; whatever comes back, the secret may not be in it, and the case may not move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

from sqlalchemy import select

from handlers import absence
from handlers.call_out import call_out
from handlers.digests import send_digests
from handlers.reminding import remind
from handlers.shift_watch import watch_shifts
from storage.outbox import OUTBOX
from tests.journeys.scene import Scene, Someone
from workflows.actions import Action
from workflows.case.calendar import VIETNAM

SWEEPS = (remind, send_digests, call_out, watch_shifts, absence.watch)
VERBS = (*(action.value for action in Action), "card", "why", "block", "note", "page", "tell", "assign:0")
DIALOGS = ("tell", "page", "send", "set:1", "edit", "again", "stop")


@dataclass(frozen=True)
class Secret:
    """A case and what must not be told of it. ``reference``: its number in another system, if it has one."""

    code: str
    id: int
    words: tuple[str, ...]
    query: str
    address: str = "12 nguyễn huệ"
    reference: str = ""
    unit: str = ""


Door = Callable[[Scene, Someone, Secret], None]


def spoken(text: str) -> Door:
    """A line in the chat, with the secret's code and words put in."""

    def say(scene: Scene, one: Someone, secret: Secret) -> None:
        filled = text.format(code=secret.code, query=secret.query, address=secret.address, reference=secret.reference)
        one.says(filled)

    return say


def _buttons(scene: Scene, one: Someone, secret: Secret) -> None:
    """Data that the person's own client made up."""
    for verb in VERBS:
        one.presses(f"d:{secret.id}:{verb}")
        untold(scene, one, secret)
    for verb in DIALOGS:
        one.presses(f"p:1.1:{verb}")
    one.presses(f"u:{secret.id}")
    untold(scene, one, secret)
    for verb in ("show", "answer", "add", "rate:1", "dispute", "withdraw", "appeal"):
        one.presses(f"k:{secret.id}:{verb}")
        untold(scene, one, secret)


def _replies(scene: Scene, one: Someone, secret: Secret) -> None:
    """An answer to any message that the bot ever posted in this chat, the case's own old card among them."""
    with scene.world.store.read() as uow:
        found = uow.connection.plain.exec_driver_sql("select message from posts order by id desc limit 40")
        messages = [row[0] for row in found]
    for message in dict.fromkeys(messages):
        one.says("/viec", reply_to=message)
        untold(scene, one, secret)
        one.says("/han", reply_to=message)
        untold(scene, one, secret)


def _merge(scene: Scene, one: Someone, secret: Secret) -> None:
    """The code of the secret as the case into which one's own is to be merged."""
    for label in ("Gộp phản ánh", "Đề nghị gộp", "Gộp vào"):
        if any(f". {label}" in text for text in one.told[-8:]):
            one.picks(label).says(secret.code)
            untold(scene, one, secret)
            one.says("/huy")


DOORS: dict[str, Door] = {
    "list": spoken("/viec"),
    "members": spoken("/canbo"),
    "list by code": spoken("/viec {code}"),
    "search by code": spoken("/tim {code}"),
    "search by words": spoken("/tim {query}"),
    "search by address": spoken("/tim {address}"),
    "search by another system's number": spoken("/tim {reference}x"),
    "the code alone": spoken("{code}"),
    "the code in small letters": spoken("{code} ?"),
    "a choice by code": spoken("{code} 1"),
    "a note by code": spoken("{code} đã gọi điện"),
    "a result by code": spoken("{code} xong: đã xử lý"),
    "why due": spoken("/han {code}"),
    "block": spoken("/chan {code}"),
    "status": spoken("/tracuu {code}"),
    "help": spoken("/trogiup"),
    "who reported": spoken("/lienhe {code} cần gọi lại để hỏi thêm"),
    "who is to be called": spoken("/goilai"),
    "filing it again": spoken("/nhap {query}\n{address}\nsố: {reference}1"),
    "the shift": spoken("/truc"),
    "handing over": spoken("/bangiao {code}"),
    "the storm": spoken("/bao"),
    "the spot": spoken("/diem {code}"),
    "the spot at that address": spoken("/diem {address}"),
    "the people": spoken("/canbo"),
    "a proposal by code": spoken("{code} đề nghị gộp"),
    "a helper's answer by code": spoken("{code} phối hợp: đã đo"),
    "buttons": _buttons,
    "replies": _replies,
    "merge": _merge,
}


def attack(scene: Scene, one: Someone, secret: Secret) -> None:
    """Try every door; the case stays as it is and nothing of it is told, now or in what is still to be sent."""
    before = scene.case(secret.code)
    for door in DOORS.values():
        door(scene, one, secret)
        untold(scene, one, secret)
        one.says("/huy").listens()
    days_go_by(scene)
    untold(scene, one, secret)
    after = scene.case(secret.code)
    assert after.case.agency_id == before.case.agency_id
    assert after.case.sensitive
    with scene.world.store.read() as uow:
        moved = uow.cases.events(secret.id)[before.case.version :]
    assert all(event.person_id is None for event in moved), moved


def days_go_by(scene: Scene, days: int = 12) -> None:
    """Every sweep that says something of its own accord, every morning until long after the case is due."""
    world = scene.world
    for _ in range(days):
        tomorrow = world.clock.at.astimezone(VIETNAM) + timedelta(days=1)
        world.clock.at = tomorrow.replace(hour=8, minute=0).astimezone(UTC)
        for sweep in SWEEPS:
            sweep(world.tools)
            world.settle()


def untold(scene: Scene, one: Someone, secret: Secret) -> None:
    """Nothing of the secret was said to this chat since the person last listened."""
    one.does_not_hear(*secret.words)


def never_told(scene: Scene, chat: str, *parts: str) -> None:
    """Nothing of this was ever put out for a chat, sent or not."""
    with scene.world.store.read() as uow:
        found = uow.chats.find(scene.world.name, chat)
        assert found is not None
        bodies = uow.connection.plain.execute(
            select(OUTBOX.c.body, OUTBOX.c.rendered).where(OUTBOX.c.chat_id == found.id)
        )
        for body, rendered in bodies:
            for part in parts:
                assert part not in (body or ""), body
                assert part not in (rendered or ""), rendered
