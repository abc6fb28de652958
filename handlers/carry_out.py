"""Effects become rows, inside the one transaction; nothing here touches the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import cases, duty_desk, joining, linking, naming, personal_data, spots, storming
from handlers.blocking import LONGEST_DAYS, impose
from handlers.callbacks import called
from handlers.cases import Mover, Outcome
from handlers.following import follow
from handlers.identity import group_lines, reveal
from handlers.inspection_line import knows
from handlers.intake import take_here
from handlers.opening import Entry, open_case
from handlers.rights import group_roles, looks, must_act, sees
from handlers.stance import stance
from handlers.tools import Tools
from handlers.turn import Turn
from handlers.views import has_no_chat, view_of
from storage.cases import CaseRow
from storage.chats import ChatRow
from storage.codec import dump
from storage.outbox import PRESS_LASTS
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.case import cards as case_cards
from workflows.case import explain
from workflows.case.model import Refusal, Role, State
from workflows.case.sealed import sealed, sealed_card
from workflows.effects import (
    Acknowledge,
    AddToCase,
    BlockPerson,
    CalledBack,
    ChangeDuty,
    Dropped,
    Effect,
    EraseMe,
    ExplainDue,
    FollowCase,
    GiveConsent,
    Here,
    KeepMedia,
    Lane,
    LeaveCase,
    LinkChat,
    LinkPerson,
    MoveCase,
    NameDuty,
    Note,
    OpenCase,
    Recipient,
    RevealReporter,
    Say,
    SetLanguage,
    ShowCard,
    ShowCase,
    ShowMyData,
    ShowSpot,
    SwitchStorm,
    TakeDown,
    ToAbove,
    ToAgency,
    ToReporter,
    WakeAt,
    Withdraw,
)
from workflows.events import ButtonPressed
from workflows.frozen import frozen
from workflows.messages import Value, moment, names, say, text, word


@frozen
class Body:
    """The body of a wake-up kept in the inbox."""

    about: str
    version: int
    case_id: int | None = None
    person_id: int | None = None


def carry_out(turn: Turn, effects: Iterable[Effect], mover: Mover) -> None:
    """Carry out effects in order; whatever they lead to is carried out as well. Cards come last, once each.

    Raises CaseBusy before anything is written that would have to be undone.
    """
    effects = tuple(effects)
    for effect in effects:
        if isinstance(effect, MoveCase | Note | AddToCase):
            turn.lock_case(effect.case_id)
        if isinstance(effect, MoveCase):
            _lock_other(turn, effect)
    for effect in effects:
        _DO[type(effect)](turn, effect, mover)


def _lock_other(turn: Turn, effect: MoveCase) -> None:
    """Merging and taking apart change two cases."""
    other = effect.other_id
    if effect.action is Action.UNMERGE:
        row = turn.uow.cases.get(effect.case_id)
        other = row.case.master_id if row else None
    if other is not None:
        turn.lock_case(other)


def show_cards(turn: Turn) -> None:
    """Bring the cards up to date that this step has changed: once each, as the case stands at the end."""
    for (case_id, chat_id), repost in turn.cards.items():
        row = turn.uow.cases.get(case_id)
        chat = turn.uow.chats.get([chat_id]).get(chat_id)
        if row is None or chat is None:
            continue
        _card(turn, row, chat, repost)
    turn.cards.clear()


def _card(turn: Turn, row: CaseRow, chat: ChatRow, repost: bool) -> None:
    shown = looks(turn.uow, chat, row.case)
    posted = turn.uow.posts.card(row.id, chat.id) is not None
    if not posted and not (must_act(chat, row.case) or (repost and shown)):
        return  # nothing to bring up to date, and no work of theirs
    checks = row.case.state is State.RESULT_SUBMITTED and chat.agency_id == row.case.supervisor_id
    put_card(turn.tools, turn.uow, row, chat, turn.now, repost=repost or (checks and not chat.operators))


def put_card(
    tools: Tools, uow: UnitOfWork, row: CaseRow, chat: ChatRow, now: datetime, *, repost: bool, key: str | None = None
) -> None:
    """A group's card of a case as it stands now; to a group that may not see the case, that it is gone."""
    shown = looks(uow, chat, row.case)
    view = view_of(tools, uow, row, now)
    if not shown and knows(chat, row.case):
        message = sealed_card(sealed(view), _open_to_group(tools, uow, row, chat, now))
    elif shown:
        actions = _open_to_group(tools, uow, row, chat, now)
        message = case_cards.card(view, actions, operators=chat.operators)
        if chat.operators and tools.operators_see_reporter:
            message = replace(message, lines=(*message.lines, *group_lines(uow, row.id)))
    else:
        message = case_cards.gone_card(view)
    purpose = "repost" if repost and (shown or knows(chat, row.case)) else "card"
    uow.outbox.put(chat.id, Lane.NOTICE, "card", dump(message), now, case_id=row.id, purpose=purpose, key=key)


def _open_to_group(tools: Tools, uow: UnitOfWork, row: CaseRow, chat: ChatRow, now: datetime) -> tuple[Action, ...]:
    roles = group_roles(uow, chat, row.case, now)
    law = tools.knowledge.law(uow, row.case)
    return tools.knowledge.open_here(uow, row.case, stance(uow, law, roles, chat.agency_id, row.case, now))


def recipients(turn: Turn, to: Recipient) -> list[ChatRow]:
    """The chats behind a recipient; an agency without a group that can be reached falls to the operators."""
    chats = turn.uow.chats
    if isinstance(to, Here):
        return [turn.chat]
    if isinstance(to, ToReporter):
        row = turn.uow.cases.get(to.case_id)
        home = chats.get(homes(turn.uow, row)) if row else {}
        # Also where the chat is lost: the person may have another, or it is written down that nobody was reached.
        return [chat for chat in home.values() if chat.person_id is not None]
    if isinstance(to, ToAgency):
        return chats.of_agency(to.agency_id) or chats.of_operators()
    if isinstance(to, ToAbove):
        groups = (chats.of_agency(one) for one in turn.uow.agencies.above(to.agency_id))
        return next((found for found in groups if found), [])
    return chats.of_operators()


def homes(uow: UnitOfWork, row: CaseRow) -> list[int]:
    """The chats of everybody who reported it, by one case or by several that were merged."""
    merged = (uow.cases.get(case_id) for case_id in row.case.merged_in)
    rows = [row, *(one for one in merged if one is not None)]
    return list(dict.fromkeys(one.home_chat_id for one in rows if one.case.reporter_id is not None))


# --- one function an effect ----------------------------------------------------------------------------------------


def _say(turn: Turn, effect: Say, mover: Mover) -> None:
    here = isinstance(effect.to, Here)
    for chat in recipients(turn, effect.to):
        if not here and chat.kind == "group" and _sealed_to(turn, chat, effect.case_id):
            continue  # an agency without a group falls to the operators, who may not read this
        envelope = turn.envelope
        press = turn.take_press() if here and not effect.message.media else None  # files take their time
        turn.uow.outbox.put(
            chat.id,
            effect.lane,
            "send",
            dump(effect.message),
            turn.now,
            case_id=effect.case_id,
            purpose=effect.purpose,
            edit=effect.edit,
            reply_to=effect.reply_to,
            thread=envelope.thread if here and envelope else None,
            press=press,
        )


def _sealed_to(turn: Turn, chat: ChatRow, case_id: int | None) -> bool:
    """Whether a case is about officials and not for this group's eyes."""
    row = turn.uow.cases.get(case_id) if case_id is not None else None
    return row is not None and row.case.sensitive and not sees(chat, row.case)


def _withdraw(turn: Turn, effect: Withdraw, mover: Mover) -> None:
    """Every group that may not see the case any more: what waits goes no more, what is there is deleted where that is
    possible, and the card says nothing but that the case is gone."""
    row = turn.uow.cases.get(effect.case_id)
    told = turn.uow.outbox.groups_told(effect.case_id) if row is not None else []
    for chat in turn.uow.chats.get(told).values():
        if row is None or chat.kind != "group" or sees(chat, row.case):
            continue
        messages = turn.uow.outbox.take_back(effect.case_id, chat.id)
        card = turn.uow.posts.card(effect.case_id, chat.id)
        if card is not None and not card.captioned:  # words are changed, a picture can only be deleted
            messages = [one for one in messages if one != card.message]
        else:
            turn.uow.posts.retire_cards(effect.case_id, chat.id)
        body = dump({"messages": messages})
        turn.uow.outbox.put(chat.id, Lane.NOTICE, "withdraw", body, turn.now, case_id=effect.case_id)
        put_card(turn.tools, turn.uow, row, chat, turn.now, repost=False)


def _show_card(turn: Turn, effect: ShowCard, mover: Mover) -> None:
    for chat in recipients(turn, effect.to):
        if chat.kind != "group":
            continue
        key = (effect.case_id, chat.id)
        # An agency without a group: its work must be seen by somebody, so the operators get the card.
        stands_in = isinstance(effect.to, ToAgency) and chat.operators
        unseen = stands_in and turn.uow.posts.card(effect.case_id, chat.id) is None
        turn.cards[key] = turn.cards.get(key, False) or effect.repost or unseen


def _acknowledge(turn: Turn, effect: Acknowledge, mover: Mover) -> None:
    """A short word goes by itself; without one, the message that answers the press acknowledges it as well."""
    if effect.toast is None:
        turn.press = effect.press
    else:
        _acknowledged(turn, effect)


def end_step(turn: Turn) -> None:
    """The cards that the step has changed, and its press if no message answers it."""
    show_cards(turn)
    if (press := turn.take_press()) is not None:
        _acknowledged(turn, Acknowledge(press))


def _acknowledged(turn: Turn, effect: Acknowledge) -> None:
    body = {"press": effect.press, "toast": effect.toast, "alert": effect.alert}
    turn.uow.outbox.put(turn.chat.id, Lane.ACK, "ack", dump(body), turn.now, expires_at=turn.now + PRESS_LASTS)


def _keep_media(turn: Turn, effect: KeepMedia, mover: Mover) -> None:
    media = effect.media
    turn.uow.attachments.add(effect.attachment, mover.person_id, turn.chat.id, media.kind, media.handle, turn.now)
    turn.uow.outbox.put(turn.chat.id, Lane.REPLY, "fetch", dump({"attachment": effect.attachment}), turn.now)


def _open_case(turn: Turn, effect: OpenCase, mover: Mover) -> None:
    if mover.person_id is None:
        raise ValueError("a report needs a reporter")
    opened = _opened(turn, effect, mover, mover.person_id)
    if opened.refusal:
        _refused(turn, opened.refusal)
        return
    turn.touched.add(opened.case_id)
    turn.batch.sent[mover.person_id] = turn.batch.sent.get(mover.person_id, 0) + 1  # counted before the last question
    carry_out(turn, opened.effects, mover)


def _opened(turn: Turn, effect: OpenCase, mover: Mover, person_id: int) -> Outcome:
    entry = Entry(effect.report, person_id, turn.chat.id, alike=effect.alike, earlier=effect.earlier)
    if effect.joins is not None:
        return joining.join(turn, entry, effect.joins, mover)
    return open_case(turn.tools, turn.uow, entry, turn.now)


def _leave_case(turn: Turn, effect: LeaveCase, mover: Mover) -> None:
    left = joining.leave(turn, effect.case_id, mover)
    if left.refusal:
        _refused(turn, left.refusal)
    carry_out(turn, left.effects, mover)


def _show_spot(turn: Turn, effect: ShowSpot, mover: Mover) -> None:
    turn.answer(spots.answer(turn.tools, turn.uow, turn.chat, effect, turn.now))


def _move_case(turn: Turn, effect: MoveCase, mover: Mover) -> None:
    turn.lock_case(effect.case_id)
    moved = cases.move(turn.tools, turn.uow, effect, mover, turn.now)
    if moved.goes_on_as is not None:
        _move_case(turn, replace(effect, case_id=moved.goes_on_as), mover)
        return
    if moved.refusal:
        if Role.TIMER not in mover.roles:  # a timer that came too late has nobody to tell
            _refused(turn, moved.refusal)
            if turn.chat.kind == "group":
                turn.cards[(effect.case_id, turn.chat.id)] = False
        return
    _spend_press(turn)
    carry_out(turn, moved.effects, mover)


def _spend_press(turn: Turn) -> None:
    """A citizen's press that moved a case is spent: its message loses its buttons (group cards are edited anyway)."""
    envelope = turn.envelope
    if turn.chat.kind == "private" and envelope and isinstance(envelope.event, ButtonPressed) and envelope.message:
        lasts = turn.now + PRESS_LASTS
        turn.uow.outbox.put(
            turn.chat.id,
            Lane.ACK,
            "spent",
            "{}",
            turn.now,
            edit=envelope.message,
            press=turn.take_press(),
            expires_at=lasts,
        )


def _note(turn: Turn, effect: Note, mover: Mover) -> None:
    _move_case(turn, MoveCase(effect.case_id, Action.NOTE, text=effect.text, media=effect.media), mover)


def _add(turn: Turn, effect: AddToCase, mover: Mover) -> None:
    _move_case(turn, MoveCase(effect.case_id, Action.ADD, text=effect.text, media=effect.media), mover)


def _wake_at(turn: Turn, effect: WakeAt, mover: Mover) -> None:
    chat = turn.chat
    if effect.case_id is not None:  # a case's own time runs in its reporter's chat, whoever moved it
        row = turn.uow.cases.get(effect.case_id)
        chat = turn.uow.chats.get([row.home_chat_id])[row.home_chat_id] if row else chat
    wake(
        turn.uow,
        chat,
        Body(effect.about, effect.version, effect.case_id, mover.person_id),
        turn.now,
        effect.at,
    )


def wake(uow: UnitOfWork, chat: ChatRow, body: Body, now: datetime, at: datetime) -> None:
    """Keep a wake-up for a chat."""
    key = f"{chat.id}:{body.person_id}:{body.about}:{body.case_id}:{body.version}:{at.isoformat()}"
    uow.inbox.wake(chat.platform, chat.external_id, key, dump(body), now, at)


def _set_language(turn: Turn, effect: SetLanguage, mover: Mover) -> None:
    if mover.person_id is not None:
        turn.uow.people.change(mover.person_id, language=effect.language)
    turn.uow.chats.change(turn.chat.id, language=effect.language)


def _give_consent(turn: Turn, effect: GiveConsent, mover: Mover) -> None:
    if mover.person_id is not None:
        turn.uow.people.consent(mover.person_id, effect.version, turn.now)


def _show_my_data(turn: Turn, effect: ShowMyData, mover: Mover) -> None:
    if mover.person_id is not None:
        for message in personal_data.shown(turn.tools, turn.uow, mover.person_id, turn.chat):
            turn.uow.outbox.put(turn.chat.id, Lane.REPLY, "send", dump(message), turn.now)


def _erase_me(turn: Turn, effect: EraseMe, mover: Mover) -> None:
    if mover.person_id is None:
        return
    for row in turn.uow.cases.of_reporter(mover.person_id, how_many=1000):
        turn.lock_case(row.id)
        if row.case.master_id is not None:  # joined: the others go on without this person
            left = joining.leave(turn, row.case.master_id, mover)
            carry_out(turn, [one for one in left.effects if isinstance(one, ShowCard)], mover)
            continue
        gone = cases.move(turn.tools, turn.uow, MoveCase(row.id, Action.WITHDRAW), mover, turn.now)
        if not gone.refusal:  # the agency must know; the reporter needs no notice of what they just asked for
            carry_out(turn, [one for one in gone.effects if isinstance(one, ShowCard)], mover)
    worked = turn.row.id if turn.row else None
    turn.chat, mine = personal_data.erase(turn.tools, turn.uow, mover.person_id, turn.chat, worked, turn.now)
    turn.person = None  # nothing of the dialog is kept after this
    for case_id in mine:  # cards repeat the words: they are shown anew without them
        for chat_id in turn.uow.posts.chats_with_card(case_id):
            turn.cards.setdefault((case_id, chat_id), False)
    turn.uow.outbox.put(turn.chat.id, Lane.REPLY, "send", dump(say("data.erased")), turn.now)


def _show_case(turn: Turn, effect: ShowCase, mover: Mover) -> None:
    row = turn.uow.cases.get(effect.case_id)
    if row is None or mover.person_id not in row.case.reporters:
        return
    joiner = row.case.reporter_id != mover.person_id
    message = case_cards.status(view_of(turn.tools, turn.uow, row, turn.now), joiner=joiner)
    turn.uow.outbox.put(turn.chat.id, Lane.REPLY, "send", dump(message), turn.now, case_id=row.id, purpose="status")


def _explain_due(turn: Turn, effect: ExplainDue, mover: Mover) -> None:
    row = turn.uow.cases.get(effect.case_id)
    if row is None:
        return
    own = mover.person_id is not None and mover.person_id in row.case.reporters
    if not (looks(turn.uow, turn.chat, row.case) if turn.chat.kind == "group" else own):
        return
    message = explain.explained(row.case, turn.tools.knowledge.law(turn.uow, row.case))
    group = turn.chat.kind == "group" and turn.envelope is not None
    turn.uow.outbox.put(
        turn.chat.id,
        Lane.REPLY,
        "send",
        dump(message),
        turn.now,
        case_id=row.id,
        purpose="notice" if group else "status",
        thread=turn.envelope.thread if turn.envelope else None,
    )


def _link_chat(turn: Turn, effect: LinkChat, mover: Mover) -> None:
    if turn.chat.kind != "group":
        return
    if mover.person_id is None:
        turn.answer(say("desk.gate.anonymous"))
        return
    if not turn.tools.platforms[turn.chat.platform].capabilities.groups:
        turn.answer(say("desk.link.no_groups"))
        return
    worked, agency_id = turn.uow.agencies.use_code(effect.code, turn.chat.id, turn.now)
    if not worked:
        turn.answer(say("desk.link.wrong_code"))
        return
    operators = agency_id is None
    turn.uow.chats.change(turn.chat.id, agency_id=agency_id, operators=operators, linked_at=turn.now, status="open")
    # Who holds the code was given it by an administrator: the first confirmed member of the group.
    duty = turn.uow.people.join_staff(mover.person_id, agency_id, turn.now)
    turn.uow.people.change_staff(duty.id, status="confirmed", confirmed_at=turn.now, confirmed_by="link code")
    turn.uow.registers.record(
        f"person:{mover.person_id}", "chat.linked", str(turn.chat.id), turn.now, agency_id=agency_id
    )
    agency = turn.uow.agencies.get(agency_id) if agency_id is not None else None
    linked = say("desk.link.agency", agency=names(agency.vi, agency.en)) if agency else say("desk.link.operators")
    turn.answer(linked)
    for row in turn.uow.cases.desk(agency_id, 20):  # what waited for this group to exist
        turn.cards[(row.id, turn.chat.id)] = True


def _link_person(turn: Turn, effect: LinkPerson, mover: Mover) -> None:
    if turn.chat.kind != "private":
        return
    if effect.code:
        linking.use(turn, effect.code)
    else:
        linking.offer(turn)


def _dropped(turn: Turn, effect: Dropped, mover: Mover) -> None:
    turn.uow.dialogs.dropped(effect.step, effect.why, turn.now)


def _block(turn: Turn, effect: BlockPerson, mover: Mover) -> None:
    row = turn.uow.cases.get(effect.case_id)
    if row is None or row.case.reporter_id is None or Role.OPERATOR not in mover.roles:
        turn.answer(say("refused.not_allowed"))
        return
    if has_no_chat(turn.uow, row):
        turn.answer(say("desk.block.no_chat"))
        return
    days, by = max(1, min(effect.days, LONGEST_DAYS)), f"person:{mover.person_id}"
    until = impose(turn.uow, row, row.case.reporter_id, days, effect.reason, by, turn.now)
    turn.answer(say("desk.block.done", until=moment(until)))


def _take_down(turn: Turn, effect: TakeDown, mover: Mover) -> None:
    effects, refusal = take_here(turn, effect.report, effect.channel, effect.number, mover)
    if refusal is not None:
        _refused(turn, refusal)
    carry_out(turn, effects, mover)


def _reveal(turn: Turn, effect: RevealReporter, mover: Mover) -> None:
    turn.answer(reveal(turn, effect, mover.person_id, mover.roles))


def _called(turn: Turn, effect: CalledBack, mover: Mover) -> None:
    said = called(turn, effect, f"person:{mover.person_id}", mover.roles)
    turn.answer(said or say("refused.not_allowed"))


def _follow(turn: Turn, effect: FollowCase, mover: Mover) -> None:
    case_id = follow(turn, effect)
    if case_id is not None and turn.person is not None:
        _show_case(turn, ShowCase(case_id), replace(mover, person_id=turn.person.id))


# --- refusals ------------------------------------------------------------------------------------------------------


def _refused(turn: Turn, refusal: Refusal) -> None:
    turn.answer(say(refusal.key, **values_of(refusal)))


def values_of(refusal: Refusal) -> dict[str, Value]:
    """What goes into the refusal's sentence."""
    return {name: _value(name, value) for name, value in refusal.values.items()}


def _value(name: str, value: str) -> Value:
    """Values of a refusal are plain data; how each is worded goes by its name."""
    if name == "state":
        return word(value)
    if name == "at" or name.endswith("_due"):
        return moment(datetime.fromisoformat(value))
    return text(value)


Do = Callable[[Turn, Any, Mover], None]
_DO: dict[type[Any], Do] = {
    Say: _say,
    ShowCard: _show_card,
    Withdraw: _withdraw,
    Acknowledge: _acknowledge,
    KeepMedia: _keep_media,
    OpenCase: _open_case,
    LeaveCase: _leave_case,
    ShowSpot: _show_spot,
    MoveCase: _move_case,
    Note: _note,
    AddToCase: _add,
    WakeAt: _wake_at,
    SetLanguage: _set_language,
    GiveConsent: _give_consent,
    ShowMyData: _show_my_data,
    EraseMe: _erase_me,
    ShowCase: _show_case,
    ExplainDue: _explain_due,
    LinkChat: _link_chat,
    LinkPerson: _link_person,
    ChangeDuty: duty_desk.change,
    SwitchStorm: storming.switch,
    NameDuty: naming.name_duty,
    Dropped: _dropped,
    BlockPerson: _block,
    TakeDown: _take_down,
    RevealReporter: _reveal,
    CalledBack: _called,
    FollowCase: _follow,
}
