"""A person's own data: show all of it, and erase it so that the cases still replay."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from handlers.tools import Tools
from storage.chats import ChatRow
from storage.codec import dump
from storage.linking import LinkStore
from storage.looks import LookRow, LookStore
from storage.pages import PageStore
from storage.sources import SourceStore
from storage.unit_of_work import UnitOfWork
from workflows.desk import intake
from workflows.desk.turn import FORGET_AFTER
from workflows.effects import Lane
from workflows.messages import Line, Message, moment, number, text, word

LINES = 20  # a message


def shown(tools: Tools, uow: UnitOfWork, person_id: int, chat: ChatRow) -> list[Message]:
    """Everything we hold about somebody, in messages of readable length (law 91/2025: the right to see)."""
    person = uow.people.get([person_id])[person_id]
    mine = uow.cases.of_reporter(person_id, how_many=1000)
    files = uow.attachments.of_person(person_id)
    channels = sorted({platform.title() for platform, _ in uow.people.accounts(person_id)})
    lines = [
        Line("data.account", {"channels": text(", ".join(channels))}),
        Line("data.language", {"language": word(f"lang.{person.language}")}),
        Line("data.consent", {"version": number(person.consent_version)}),
        Line("data.counts", {"cases": number(len(mine)), "files": number(len(files))}),
    ]
    if person.blocked_until:
        lines.append(Line("data.blocked", {"until": moment(person.blocked_until)}))
    for row in mine:
        place = uow.cases.position(row.case.position)
        where = place.address or (f"{place.lat:.5f}, {place.lon:.5f}" if place.lat is not None else "")
        said = uow.cases.words([row.case.words]).get(row.case.words, "")
        values = {
            "code": text(row.case.code),
            "at": moment(row.case.opened_at),
            "place": text(where),
            "text": text(said),
        }
        lines.append(Line("data.case", values))
    for written in uow.cases.words_of(person_id):
        if written["kind"] != "report":
            lines.append(Line("data.words", {"at": moment(written["at"]), "text": text(written["text"])}))
    lines += [_looked(one) for one in LookStore(uow).at_reporter(person_id)]
    lines.append(Line("data.how_to_erase"))
    return [Message(tuple(lines[start : start + LINES])) for start in range(0, len(lines), LINES)]


def _looked(look: LookRow) -> Line:
    """Who was shown the name and number that somebody left, by office and not by name, when and why."""
    who = word("identity.by_admin" if look.actor == "cli" else "identity.by_operator")
    values = {"at": moment(look.at), "who": who, "code": text(look.code), "reason": text(look.reason or "")}
    return Line("identity.looked" if look.reason else "identity.looked_erased", values)


def erase(
    tools: Tools, uow: UnitOfWork, person_id: int, chat: ChatRow, worked: int | None, now: datetime
) -> tuple[ChatRow, list[int]]:
    """Erase words, names, positions, media, accounts, dialogs and what was said; what happened to cases stays.

    Cases keep pointing to the old row of the chat, which no longer says whose it was; the fresh row and the ids of
    the person's cases are given. ``worked``: the inbox row under work. The bytes of photos that nobody else sent are
    deleted by a row of the outbox, after this transaction is kept.
    """
    files = uow.attachments.of_person(person_id)
    keys = {key for file in files for key in (file.original, file.shown) if key}
    uow.attachments.erase([file.id for file in files], now)
    case_ids = uow.cases.forget_person(person_id, now)
    _forget_taken_down(uow, case_ids)
    SourceStore(uow).forget(case_ids)
    LookStore(uow).forget(case_ids)
    tools.knowledge.forget_words()
    uow.outbox.forget_cases(case_ids)
    uow.outbox.forget_chat(chat.id)
    uow.inbox.forget_chat(chat.platform, chat.external_id, worked)
    for other in uow.chats.of_people([person_id])[person_id]:  # on other platforms
        if other.id != chat.id:
            uow.outbox.forget_chat(other.id)
            uow.inbox.forget_chat(other.platform, other.external_id, worked)
            uow.chats.bury(other, tools.fresh(), now)
    uow.dialogs.forget(person_id)
    LinkStore(uow).forget(person_id)
    PageStore(uow).forget(person_id)
    uow.people.consent(person_id, 0, now, given=False)
    uow.people.forget_accounts(person_id)
    uow.people.change(person_id, name=None, block_reason=None, erased_at=now)
    fresh = uow.chats.bury(chat, tools.fresh(), now)
    uow.outbox.readdress(chat.id, fresh.id)
    uow.registers.record(f"person:{person_id}", "person.erased", str(person_id), now, cases=len(case_ids))
    unused = sorted(key for key in keys if uow.attachments.uses(key) == 0)
    if unused:
        uow.outbox.put(fresh.id, Lane.NOTICE, "forget", dump({"keys": unused}), now)
    return fresh, case_ids


def _forget_taken_down(uow: UnitOfWork, case_ids: Collection[int]) -> None:
    """Of reports that an operator took down: what was typed and asked in the operators' groups while they did, and
    what was typed there later, which may be the reporter's words as well (law 91/2025: the right to erasure).
    Deliveries do not say which case they meant.
    """
    for case_id in SourceStore(uow).of_cases(case_ids):
        row = uow.cases.get(case_id)
        if row is not None:
            since, until = row.case.opened_at - 2 * FORGET_AFTER, row.case.opened_at
            for group in _groups_of_intake(uow, since):
                uow.inbox.forget_worked(group.platform, group.external_id, since)
                uow.outbox.forget_asides(group.id, intake.PURPOSE, since, until)


def _groups_of_intake(uow: UnitOfWork, since: datetime) -> Collection[ChatRow]:
    """The operators' groups, and those in which reports were taken down since then and that are lost or moved now."""
    asked = uow.chats.get(uow.outbox.groups_asked(intake.PURPOSE, since))
    return ({group.id: group for group in uow.chats.of_operators()} | asked).values()
