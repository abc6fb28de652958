"""An agency's page of one case: the same desk, the same table, the same record as in the group, shown on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import structlog

from handlers import cases, fetch, pairs
from handlers.agency import facts_of
from handlers.carry_out import carry_out, show_cards, values_of
from handlers.cases import Mover
from handlers.stance import stance
from handlers.tools import Tools
from handlers.turn import Batch, Turn
from handlers.views import agency_names, view_of
from handlers.web_access import Entered, WebLink, enter
from storage.attachments import AttachmentRow
from storage.codec import dump, load
from storage.media import MediaGone
from storage.pages import PageStore
from storage.unit_of_work import UnitOfWork
from workflows.actions import Action
from workflows.case import cards, explain, results
from workflows.case.view import Names
from workflows.desk import engine
from workflows.desk.answers import MAX_MEDIA
from workflows.desk.facts import Actor
from workflows.desk.flows import FLOWS
from workflows.desk.state import Desk
from workflows.desk.turn import ALBUM
from workflows.effects import Acknowledge, Effect, ExplainDue, Here, KeepMedia, Lane, MoveCase, Note, Say, WakeAt
from workflows.events import ButtonPressed, Envelope, Event, MediaRef, MediaSent, Sender, TextSent, TimerFired
from workflows.frozen import frozen
from workflows.messages import Line, Message, say, text

log = structlog.get_logger()

PAGE = "page"  # what words on the page answer: there is always a message on the table
WRITTEN = ("words", "date", "document", "body", "case", "decision", "fine")
SEARCHED = ("agency", "category", "area", "place", "reason")  # what words may choose, besides the buttons


@frozen
class Shown:
    """What the page shows. ``asks`` is what words on it would be: an answer, a search, a note, or nothing ("").

    ``said``: the messages since the last step, the last with the buttons on the table. ``photos``: whether photos
    belong to the answer.
    """

    officer: str
    agency: Names | None
    code: str
    card: Message
    result: Message  # the photos of the result, if there are any
    pair: str  # which of them is before and after in one
    said: tuple[Message, ...]
    busy: bool
    asks: str
    photos: bool
    language: str


@frozen
class Upload:
    """A photo that came with a form: what the attachment's columns become, or why it is not taken."""

    columns: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def look(tools: Tools, link: WebLink, token: str) -> Shown:
    """The page as it stands. Raises LinkClosed and SignedOut."""
    shown, wanted = _looked(tools, link, token)
    if pairs.make_all(tools, wanted):
        shown, _ = _looked(tools, link, token)
    return shown


def _looked(tools: Tools, link: WebLink, token: str) -> tuple[Shown, list[AttachmentRow]]:
    """The page, and pictures on it that are still to be made."""
    with tools.store.read() as uow:
        entered = enter(tools, uow, link, token)
        desk = load(entered.session.desk, Desk)
        said = load(entered.session.shown, tuple[Message, ...])
        shown = _shown(_turn(tools, uow, entered), entered, desk, said)
        ids = (entered.case.case.pair, *(one for message in said for one in message.media))
        return shown, pairs.to_make(uow, ids)


def press(tools: Tools, link: WebLink, token: str, data: str) -> None:
    """A button of the page. The data came through the officer's own browser and proves nothing. Raises as ``look``."""
    _step(tools, link, token, lambda desk: (ButtonPressed(data),))


def answer(tools: Tools, link: WebLink, token: str, words: str, uploads: Sequence[Upload]) -> None:
    """Words and photos: the answer to what the page asks, or an internal note. Raises as ``look``."""
    taken = [one for one in uploads if not one.problem][:MAX_MEDIA]
    refused = tuple(Message((Line(f"desk.media.{one.problem}"),)) for one in uploads if one.problem)
    _step(tools, link, token, lambda desk: _said(desk, words.strip(), len(taken)), taken, refused)


def keep(tools: Tools, content: bytes) -> Upload:
    """Look at a photo as at one that a platform brought, and keep original and copy; outside any transaction."""
    from storage.images import Refused  # Pillow and its codecs: only where a picture came

    try:
        columns, _ = fetch.keep(tools, content, "photo")
    except Refused as refused:
        return Upload(problem=refused.reason)
    return Upload(columns)


def photo(tools: Tools, link: WebLink, token: str, attachment: str) -> bytes | None:
    """The copy for showing of one of the photos on the page; None for any other. Raises as ``look``."""
    with tools.store.read() as uow:
        entered = enter(tools, uow, link, token)
        shown = _shown(_turn(tools, uow, entered), entered, load(entered.session.desk, Desk),
                       load(entered.session.shown, tuple[Message, ...]))  # fmt: skip
        known = {one for message in (shown.card, shown.result, *shown.said) for one in message.media}
        row = uow.attachments.get([attachment]).get(attachment) if attachment in known else None
    if row is None or row.status != "kept" or not row.shown:
        return None
    try:
        return tools.media.get(row.shown)
    except MediaGone:
        return None


# --- one step ------------------------------------------------------------------------------------------------------


def _step(
    tools: Tools,
    link: WebLink,
    token: str,
    events: Any,
    uploads: Sequence[Upload] = (),
    refused: tuple[Message, ...] = (),
) -> None:
    """Events of one form in one transaction, as an inbox row's step in a group."""
    with tools.store.write() as uow:
        entered = enter(tools, uow, link, token, lock=True)
        turn = _turn(tools, uow, entered)
        run = _Run(turn, entered, load(entered.session.desk, Desk), list(refused), _attached(turn, entered, uploads))
        for event in events(run.desk):
            run.work(event)
        if run.desk.draft and not (run.said and _is_question(run.said[-1])):
            run.work(TimerFired(ALBUM))  # what was said leaves the question open: it is put again
        show_cards(turn)
        pages, seen_at = PageStore(uow), tools.clock.now()
        pages.keep(entered.session.id, desk=dump(run.desk), shown=dump(tuple(run.said)), seen_at=seen_at)
        pages.keep(entered.first.id, seen_at=seen_at)
        uow.flush(turn.now)
    log.info(
        "web_link.step", chat_id=link.chat_id, case_id=link.case_id, person_id=entered.officer.person.id,
        moves=run.moves, refused=run.refused,
    )  # fmt: skip
    tools.bell.ring()


def _said(desk: Desk, words: str, photos: int) -> Iterable[Event]:
    """What a form says, as a chat would bring it: an album, then the words; without them the album just ends."""
    media = [MediaSent(MediaRef("photo", "", ""), album=PAGE if desk.draft else None) for _ in range(photos)]
    if desk.draft is None and media:
        media[0] = replace(media[0], caption=words)
        return media
    return (*media, TextSent(words)) if words else tuple(media)


@dataclass(slots=True)
class _Run:
    """The desk working through a form; what it would say in the group is gathered for the page."""

    turn: Turn
    entered: Entered
    desk: Desk
    said: list[Message]
    attached: list[str]
    moves: list[str] = field(default_factory=list)
    refused: str = ""

    def work(self, event: Event) -> None:
        """Let the desk judge one event, and do what it wants."""
        if isinstance(event, TimerFired) and self.desk.draft:
            event = replace(event, version=self.desk.draft.revision)
        envelope = replace(self._envelope(), event=event)
        needs = engine.needs(self.desk, envelope, self.turn.tools.case_prefix)
        facts = facts_of(self.turn, needs, _actor(self.entered), None, self.entered.case, False, ())
        fresh = self.attached.pop(0) if isinstance(event, MediaSent) and self.attached else facts.fresh
        # Every word on the page is meant for the desk, and none of them is the number of a button.
        facts = replace(facts, bound_purpose="prompt", replies=True, fresh=fresh)
        step = engine.decide(self.desk, envelope, facts)
        self.desk = step.state
        for effect in step.effects:
            self._carry(effect)

    def _envelope(self) -> Envelope:
        envelope = self.turn.envelope
        if envelope is None:
            raise ValueError("a step of a page has its envelope")
        return envelope

    def _carry(self, effect: Effect) -> None:
        match effect:
            case ExplainDue():
                case = self.entered.case.case
                law = self.turn.tools.knowledge.law(self.turn.uow, case)
                self.said.append(explain.explained(case, law))
            case Say(to=Here(), message=message):
                self.said.append(replace(message, lines=tuple(one for one in message.lines if not _of_chats(one))))
            case MoveCase():
                self._move(effect)
            case Note(case_id=case_id, text=words, media=media):
                self._note(MoveCase(case_id, Action.NOTE, text=words, media=media))
            case Acknowledge() | KeepMedia():
                pass  # the page has no presses to acknowledge, and its photos are kept already
            case WakeAt(case_id=None):
                pass  # the dialog ends with the session
            case _:
                carry_out(self.turn, (effect,), self._mover)

    @property
    def _mover(self) -> Mover:
        officer = self.entered.officer
        return Mover(officer.person.id, officer.roles, self.turn.chat.agency_id)

    def _move(self, wanted: MoveCase) -> None:
        """Try a move as in the group. Refused: what was said of its success is not shown, only why."""
        turn = self.turn
        turn.touched.add(wanted.case_id)
        moved = cases.move(turn.tools, turn.uow, wanted, self._mover, turn.now)
        if moved.refusal is not None:
            self.said = [say(moved.refusal.key, **values_of(moved.refusal))]
            self.refused = moved.refusal.key
            turn.cards[(wanted.case_id, turn.chat.id)] = False
            return
        self.moves += [event.action.value for event in moved.events]
        if wanted.action is Action.SUBMIT_RESULT and wanted.media:
            self._tell("web_link.result_photos", wanted)
        carry_out(turn, moved.effects, self._mover)
        self.entered = replace(self.entered, case=turn.uow.cases.get(wanted.case_id) or self.entered.case)

    def _note(self, wanted: MoveCase) -> None:
        """A note in a group is seen by everybody there; one of the page is told to them."""
        self._move(wanted)
        if self.refused:
            return
        self._tell("web_link.noted" if wanted.text else "web_link.noted_photos", wanted)

    def _tell(self, key: str, wanted: MoveCase) -> None:
        """What a group would have seen being sent, it is told of: words and photos of the page."""
        officer, case = self.entered.officer.person, self.entered.case.case
        values = {"officer": text(officer.name or ""), "code": text(case.code), "text": text(wanted.text)}
        self.turn.uow.outbox.put(
            self.turn.chat.id, Lane.NOTICE, "send", dump(Message((Line(key, values),), media=wanted.media)),
            self.turn.now, case_id=wanted.case_id, purpose="notice",
        )  # fmt: skip


def _is_question(message: Message) -> bool:
    """Whether it asks in full; what was wrong with an answer leaves the question to be put again."""
    return any(line.key == "desk.head" for line in message.lines) and bool(message.buttons)


def _of_chats(line: Line) -> bool:
    """How to answer in a chat; on the page there is a form."""
    return line.key.startswith("desk.how.")


def _attached(turn: Turn, entered: Entered, uploads: Sequence[Upload]) -> list[str]:
    """Rows for photos whose bytes are in the store already."""
    ids = []
    for upload in uploads:
        fresh = turn.tools.fresh()
        turn.uow.attachments.add(fresh, entered.officer.person.id, turn.chat.id, "photo", "", turn.now)
        turn.uow.attachments.change(fresh, **upload.columns)
        ids.append(fresh)
    return ids


# --- the page ------------------------------------------------------------------------------------------------------


def _turn(tools: Tools, uow: UnitOfWork, entered: Entered) -> Turn:
    chat, officer = entered.chat, entered.officer
    now: datetime = tools.clock.now()
    sender = Sender(officer.account, officer.person.name or "")
    envelope = Envelope(chat.platform, chat.external_id, True, sender, TextSent(""), now, reply_to=PAGE)
    return Turn(tools, uow, Batch(), now, chat, None, envelope, officer.person)


def _actor(entered: Entered) -> Actor:
    officer = entered.officer
    return Actor(officer.person.id, officer.person.name or "", officer.roles, "confirmed")


def _shown(turn: Turn, entered: Entered, desk: Desk, said: tuple[Message, ...]) -> Shown:
    tools, uow, row = turn.tools, turn.uow, entered.case
    view = view_of(tools, uow, row, turn.now)
    law = tools.knowledge.law(uow, row.case)
    stands = stance(uow, law, entered.officer.roles, entered.chat.agency_id, row.case, turn.now)
    actions = tools.knowledge.open_here(uow, row.case, stands)
    draft = desk.draft
    return Shown(
        officer=entered.officer.person.name or "",
        agency=agency_names(uow, turn.chat.agency_id),
        code=row.case.code,
        card=cards.card(view, actions, operators=turn.chat.operators),
        result=Message((), media=_ready(uow, results.pictures(view))),
        said=tuple(replace(message, media=_ready(uow, message.media)) for message in said),
        pair=row.case.pair,
        busy=draft is not None,
        asks=_asks(desk),
        photos=draft is not None and draft.ask in ("words", "document") and FLOWS[draft.verb].media,
        language=entered.officer.person.language,
    )


def _ready(uow: UnitOfWork, ids: Sequence[str]) -> tuple[str, ...]:
    """What a browser can be shown now: the two in one only when it is made, and not its parts again."""
    found = uow.attachments.get(ids)
    return tuple(one.id for one in pairs.to_send([found[one] for one in ids if one in found]))


def _asks(desk: Desk) -> str:
    if desk.draft is None:
        return "note"
    if desk.draft.ask in WRITTEN:
        return "words"
    return "search" if desk.draft.ask in SEARCHED else ""
