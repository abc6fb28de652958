"""Who reported a case: shown for a written reason to somebody who may ask, alone, and every look is written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.administration import ACTOR, Refused, case_by_code
from handlers.rights import sees
from handlers.turn import Turn
from storage.codec import dump
from storage.looks import LookStore
from storage.pages import PageStore
from storage.unit_of_work import UnitOfWork
from workflows.case.model import Role
from workflows.effects import Lane, RevealReporter
from workflows.frozen import frozen
from workflows.messages import Line, Message, say, text

KINDS = ("contact_name", "phone", "reporter_name")  # kinds of words that say who the reporter is
PURPOSE = "identity"  # of the one message that holds them: what was shown there is shown nowhere again
SHORTEST = 5  # characters of a reason
LONGEST = 500
PERSON = "person:"  # what an actor in a chat is called in logs


@frozen
class Contact:
    """What a reporter left; None: nothing, or it has been erased."""

    name: str | None
    phone: str | None
    organisation: str | None


def is_reason(reason: str) -> bool:
    """Whether these words could be a reason, rather than a full stop."""
    said = reason.strip()
    return SHORTEST <= len(said) <= LONGEST and sum(letter.isalpha() for letter in said) >= SHORTEST - 1


def look(uow: UnitOfWork, case_id: int, actor: str, role: str, reason: str, now: datetime) -> Contact:
    """What a reporter left, and that it was looked at. The caller has made sure of the right and the reason."""
    given = {one["kind"]: one["text"] for one in uow.cases.words_of_case(case_id) if one["kind"] in KINDS}
    LookStore(uow).add(case_id, actor, role, reason.strip(), now)
    return Contact(given.get("contact_name"), given.get("phone"), given.get("reporter_name"))


def by_command(uow: UnitOfWork, code: str, reason: str, now: datetime) -> Contact:
    """The same for an administrator at a shell. Raises Refused for an unknown code or without a reason."""
    row = case_by_code(uow, code)
    if not is_reason(reason):
        raise Refused(
            f"cần --reason bằng lời, từ {SHORTEST} đến {LONGEST} ký tự: vì sao cần liên hệ",
            f"--reason is wanted in words, {SHORTEST} to {LONGEST} characters: why they must be reached",
        )
    return look(uow, row.id, ACTOR, Role.ADMIN.value, reason, now)


def log(uow: UnitOfWork, code: str | None, how_many: int) -> list[dict[str, Any]]:
    """The newest looks, at one case or at any, with officers by name. Raises Refused for an unknown code."""
    looks = LookStore(uow).latest(how_many, case_by_code(uow, code).id if code else None)
    officers = uow.people.get([int(one.actor.removeprefix(PERSON)) for one in looks if one.actor.startswith(PERSON)])
    names = {f"{PERSON}{person.id}": person.name or f"#{person.id}" for person in officers.values()}
    return [
        {"at": one.at, "code": one.code, "by": names.get(one.actor, one.actor), "role": one.role, "reason": one.reason}
        for one in looks
    ]


def reveal(turn: Turn, effect: RevealReporter, person_id: int | None, roles: frozenset[Role]) -> Message:
    """Answer an operator who asked in the group: in their own chat with us, never here. What to say here."""
    uow = turn.uow
    row = uow.cases.get(effect.case_id)
    if row is None or person_id is None or Role.OPERATOR not in roles or not sees(turn.chat, row.case):
        return say("refused.not_allowed")
    code = text(row.case.code)
    if not is_reason(effect.reason):
        return say("identity.reason", code=code)
    private = PageStore(uow).private_chat(person_id, turn.chat.platform)
    if private is None:
        return say("identity.no_chat", code=code)
    found = look(uow, row.id, f"{PERSON}{person_id}", Role.OPERATOR.value, effect.reason, turn.now)
    message = dump(_shown(row.case.code, found))
    uow.outbox.put(private, Lane.REPLY, "send", message, turn.now, case_id=row.id, purpose=PURPOSE)
    return say("identity.sent", code=code)


def _shown(code: str, found: Contact) -> Message:
    given = (("name", found.name), ("phone", found.phone), ("organisation", found.organisation))
    lines = tuple(Line(f"identity.{name}", {name: text(value)}) for name, value in given if value)
    return Message((Line("identity.of", {"code": text(code)}), *(lines or (Line("identity.nothing"),))))


def group_lines(uow: UnitOfWork, case_id: int) -> tuple[Line, ...]:
    """For the operators' card, where the setting lets their group see who reported."""
    given = {one["kind"]: one["text"] for one in uow.cases.words_of_case(case_id) if one["kind"] in KINDS}
    contact = Contact(given.get("contact_name"), given.get("phone"), given.get("reporter_name"))
    shown = (("name", contact.name), ("phone", contact.phone), ("organisation", contact.organisation))
    return tuple(Line(f"identity.{name}", {name: text(value)}) for name, value in shown if value)
