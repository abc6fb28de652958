"""Linking: a person's accounts on several platforms become one person's, by a one-time code or by an administrator."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import structlog

from handlers.turn import Turn
from storage.chats import ChatRow
from storage.codec import dump
from storage.linking import LinkStore, Standing
from storage.pages import PageStore
from storage.unit_of_work import UnitOfWork
from workflows import codes
from workflows.case.replay import replay
from workflows.effects import Lane
from workflows.messages import Message, say, text

log = structlog.get_logger()

ABOUT = "linked"  # a wake-up some time after a link: what was under way meanwhile is given over as well
AGAIN = timedelta(minutes=2)
LASTS = timedelta(minutes=10)  # a code
TRIES = 5  # wrong codes of one person within an hour
HOUR = timedelta(hours=1)


class NotLinked(Exception):
    """Two people cannot become one: ``why`` is a key under ``link.``."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


# --- in a chat -----------------------------------------------------------------------------------------------------


def offer(turn: Turn) -> None:
    """Give the person a code to type in their other chat."""
    if turn.person is None:
        return
    code = "-".join("".join(secrets.choice(codes.ALPHABET) for _ in range(4)) for _ in range(2))
    store = LinkStore(turn.uow)
    store.forget_old(turn.now)
    store.keep_code(code, turn.person.id, turn.now + LASTS)
    turn.answer(say("link.code", code=text(code)))


def use(turn: Turn, code: str) -> None:
    """Somebody typed a code: of all that is wrong with it they learn only that it is."""
    uow, person = turn.uow, turn.person
    if person is None:
        return
    tries = f"link:{person.id}"
    if PageStore(uow).count_try(tries, turn.now, HOUR) > TRIES:
        turn.answer(say("link.too_many"))
        return
    other = LinkStore(uow).whose(code, turn.now)
    if other == person.id:
        turn.answer(say("link.own"))
        return
    if other is None:
        turn.answer(say("link.wrong"))
        return
    try:
        check(uow, other, person.id)
    except NotLinked as refused:
        turn.answer(say(f"link.{refused.why}"))
        return
    keep, gone = _order(uow, other, person.id)
    for case_id in LinkStore(uow).cases(gone):
        turn.lock_case(case_id)  # busy in this batch: the whole step waits for the next, nothing is written yet
    if not LinkStore(uow).spend(code):
        turn.answer(say("link.wrong"))
        return
    told = uow.chats.of_people([other])[other]
    PageStore(uow).forgive(tries)
    merge(uow, keep, gone, f"person:{person.id}", turn.now)
    _go_on_as(turn, keep, gone)
    turn.answer(say("link.done"))
    for chat in told:
        if chat.status == "open":
            _tell(uow, chat, say("link.told", channel=text(turn.chat.platform.title())), turn.now)


def join(turn: Turn, other: int) -> int:
    """The person of this turn and ``other`` have proved to be one. Returns who stays; raises NotLinked, CaseBusy."""
    if turn.person is None:
        raise NotLinked("wrong")
    uow, actor = turn.uow, f"person:{turn.person.id}"
    check(uow, other, turn.person.id)
    keep, gone = _order(uow, other, turn.person.id)
    for case_id in LinkStore(uow).cases(gone):
        turn.lock_case(case_id)  # busy in this batch: the whole step waits for the next, nothing is written yet
    merge(uow, keep, gone, actor, turn.now)
    _go_on_as(turn, keep, gone)
    return keep


def again(turn: Turn, gone: int) -> None:
    """What other steps wrote for the old person while the link was made is given over too."""
    if turn.person is None or turn.person.id == gone:
        return
    for case_id in LinkStore(turn.uow).cases(gone):
        turn.lock_case(case_id)
    _give(turn.uow, turn.person.id, gone)


def _go_on_as(turn: Turn, keep: int, gone: int) -> None:
    """The rest of this step, and of this batch, know one person only."""
    log.info("person.linked", person_id=keep, gone=gone)
    person = turn.uow.people.get([keep])[keep]
    turn.person = turn.batch.people[keep] = turn.batch.people[gone] = person
    for (chat_id, whose), state in list(turn.batch.dialogs.items()):
        if whose == gone:
            turn.batch.dialogs[(chat_id, keep)] = state


def _tell(uow: UnitOfWork, chat: ChatRow, message: Message, now: datetime) -> None:
    uow.outbox.put(chat.id, Lane.NOTICE, "send", dump(message), now, purpose="notice")


# --- two people are one --------------------------------------------------------------------------------------------


def check(uow: UnitOfWork, one: int, other: int) -> None:
    """Raises NotLinked where two people cannot be one."""
    if one == other:
        raise NotLinked("own")
    store = LinkStore(uow)
    if any(store.standing(person).erased_at for person in (one, other)):
        raise NotLinked("wrong")
    mine, theirs = ({platform for platform, _ in uow.people.accounts(person)} for person in (one, other))
    if mine & theirs:
        raise NotLinked("same_channel")


def merge(uow: UnitOfWork, keep: int, gone: int, actor: str, now: datetime) -> None:
    """Everything of ``gone`` is ``keep``'s from now on, cases, consents, blocks and duties included; it is logged."""
    store = LinkStore(uow)
    before = store.standing(keep), store.standing(gone)
    _give(uow, keep, gone)
    uow.people.change(keep, **_weighed(*before))
    uow.people.change(gone, name=None, consent_version=0, blocked_until=None, block_reason=None, erased_at=now)
    chats = uow.chats.of_people([keep])[keep]
    uow.outbox.release([chat.id for chat in chats], now)  # there is another way to them now
    for chat in chats[:1]:
        body = {"about": ABOUT, "version": gone, "case_id": None, "person_id": keep}
        uow.inbox.wake(chat.platform, chat.external_id, f"{ABOUT}:{keep}:{gone}", dump(body), now, now + AGAIN)
    uow.registers.record(actor, "person.linked", str(keep), now, gone=gone)


def _give(uow: UnitOfWork, keep: int, gone: int) -> None:
    """Rows and histories; safe to repeat. Cases are locked in ascending order, as every step does."""
    uow.dialogs.flush()
    uow.connection.settle()
    store = LinkStore(uow)
    case_ids = store.cases(gone)
    for case_id in case_ids:
        uow.cases.get(case_id, lock=True)
    store.give(gone, keep)
    if case_ids:
        store.rename_in(case_ids, gone, keep)
        for case_id, events in uow.cases.histories(case_ids).items():
            uow.cases.save(case_id, replay(events))
    uow.people.forget_known()
    uow.chats.forget_known()


def _weighed(keep: Standing, gone: Standing) -> dict[str, object]:
    """Consent as it was said last; a block of either holds for both, the longer one."""
    latest = max((one for one in (keep, gone) if one.consent_at), key=lambda one: str(one.consent_at), default=keep)
    blocked = max(
        (one for one in (keep, gone) if one.blocked_until), key=lambda one: str(one.blocked_until), default=None
    )
    return {
        "name": keep.name or gone.name,
        "consent_version": latest.consent_version,
        "consent_at": latest.consent_at,
        "blocked_until": blocked.blocked_until if blocked else None,
        "block_reason": blocked.block_reason if blocked else None,
    }


def _order(uow: UnitOfWork, one: int, other: int) -> tuple[int, int]:
    """(who stays, who goes): an officer stays, else who came first; fewest histories are touched."""
    ranked = sorted((one, other), key=lambda person: (not uow.people.duties(person), person))
    return ranked[0], ranked[1]


def link_reporters(uow: UnitOfWork, first: int, second: int, actor: str, now: datetime) -> int:
    """An administrator knows two reporters to be one person. Returns who stays. Raises NotLinked."""
    check(uow, first, second)
    keep, gone = _order(uow, first, second)
    merge(uow, keep, gone, actor, now)
    for chat in uow.chats.of_people([keep])[keep]:
        if chat.status == "open":
            _tell(uow, chat, say("link.by_office"), now)
    return keep
