"""One piece of work on a case: how it begins, what its buttons do, and the move at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from workflows.actions import Action
from workflows.case.model import Role
from workflows.case.moves import ROWS
from workflows.case.urgency import PROPOSED, is_proposed
from workflows.case.view import CaseView
from workflows.desk import screens
from workflows.desk.flows import BLOCK, FLOWS, MEANWHILE, next_ask
from workflows.desk.state import Desk, Draft, Remark
from workflows.desk.turn import (
    FORGET,
    FORGET_AFTER,
    Answer,
    CardData,
    DraftData,
    Turn,
    here,
    officer,
    own,
    stale,
)
from workflows.effects import BlockPerson, Effect, Here, MoveCase, ShowCard, WakeAt
from workflows.messages import Message, Value, names, say, text
from workflows.privacy import CHECKED

# --- beginning ------------------------------------------------------------------------------------


def begin(turn: Turn, desk: Desk, pressed: CardData, words: str = "", media: tuple[str, ...] = ()) -> Answer:
    """A button of a card was pressed, or typed: do it at once, or begin to collect what it takes."""
    flow, view = FLOWS.get(pressed.verb), turn.facts.view
    if flow is None or view is None:
        return Answer(desk, toast="desk.toast.old_button")
    if not flow.asks:
        return Answer(desk, _at_once(turn, view, Action(pressed.verb)))
    if not _open(turn, pressed.verb):
        return _not_open(turn, desk, pressed.verb)
    if pressed.verb == BLOCK and view.no_chat:
        return Answer(desk, toast="desk.block.no_chat")
    if pressed.verb == Action.MERGE and pressed.arg:
        return _merged(desk, view, pressed.arg)
    if pressed.verb == Action.ASSIGN and view.case.sensitive and not view.case.sealed:
        return Answer(desk, (MoveCase(view.id, Action.ASSIGN),))  # the operators keep it (R61)
    if pressed.verb == Action.SET_URGENT and is_proposed(view.case) and not words:
        return Answer(
            desk, (MoveCase(view.id, Action.SET_URGENT, reason=PROPOSED),)
        )  # one tap accepts what is proposed
    return _new(turn, desk, view, pressed.verb, words, media)


def _merged(desk: Desk, view: CaseView, into: str) -> Answer:
    """One tap on what the card says may be the same matter; the merge can be undone (T29)."""
    twin = next((one for one in view.alike if str(one.id) == into), None)
    if twin is None:
        return Answer(desk, toast="desk.toast.old_button")
    return Answer(desk, (MoveCase(view.id, Action.MERGE, other_id=twin.id),))


def tell(turn: Turn, desk: Desk, remark: Remark) -> Answer:
    """An internal note is to go to the citizen after all: as a question, and through the preview like any."""
    view = turn.facts.view
    if view is None or not _open(turn, Action.ASK):
        return stale(turn, desk)
    return _new(turn, desk, view, Action.ASK, remark.text)


def _new(turn: Turn, desk: Desk, view: CaseView, verb: str, words: str = "", media: tuple[str, ...] = ()) -> Answer:
    desk = replace(desk, serial=desk.serial + 1)
    draft = Draft(
        serial=f"{turn.facts.actor.person_id}.{desk.serial}",
        verb=verb,
        case_id=view.id,
        code=view.case.code,
        ask="",
        touched=turn.facts.at.isoformat(),
        text=words,
        media=media,
    )
    draft = _as_proposed(_only_helper(draft, view), view)
    left = _left_behind(turn, desk.draft)
    shown = show(turn, desk, draft)
    return replace(shown, effects=(*left, *shown.effects))


def _as_proposed(draft: Draft, view: CaseView) -> Draft:
    """What the holder proposed is there already when the operators take it up; they may still word it otherwise."""
    case = view.case
    if draft.verb == Action.CANCEL and case.proposal == "cancel":
        return replace(draft, reason=case.proposal_reason, text=draft.text or view.proposal_text)
    if draft.verb == Action.MERGE and case.proposal == "merge":
        return replace(draft, other_id=case.proposal_case_id, other=view.proposal_code)
    return draft


def _only_helper(draft: Draft, view: CaseView) -> Draft:
    """Where one unit alone was asked for help, it need not be chosen."""
    waiting = [task for task in view.tasks if task.state == "open"]
    if FLOWS[draft.verb].asks[0] != "helper" or len(waiting) != 1:
        return draft
    return replace(draft, agency_id=waiting[0].agency_id, agency=names(waiting[0].agency.vi, waiting[0].agency.en))


def _left_behind(turn: Turn, old: Draft | None) -> tuple[Effect, ...]:
    """One piece of work at a time; who begins another is told which was left, if anything was in it."""
    if old is None or not (old.text or old.media):
        return ()
    return (here(turn, say("desk.left_behind", code=text(old.code)), case_id=old.case_id, purpose="notice"),)


def _at_once(turn: Turn, view: CaseView, action: Action) -> tuple[Effect, ...]:
    """The table says who was faster, if somebody was; then the card is brought up to date."""
    late = () if action in turn.facts.actions else (ShowCard(Here(), view.id),)
    return (MoveCase(view.id, action), *late)


def _open(turn: Turn, verb: str) -> bool:
    if verb == BLOCK:
        return Role.OPERATOR in turn.facts.actor.roles
    return verb in turn.facts.actions


def _not_open(turn: Turn, desk: Desk, verb: str) -> Answer:
    """Too late, or open only to somebody in another role: not the same news."""
    view = turn.facts.view
    for_others = verb == BLOCK or (view is not None and (view.case.state, Action(verb)) in ROWS)
    return Answer(desk, toast="desk.toast.not_your_role") if for_others else stale(turn, desk)


# --- showing --------------------------------------------------------------------------------------


def show(turn: Turn, desk: Desk, draft: Draft, *, message: Message | None = None, edit: bool = False) -> Answer:
    """Put the question on the table, or the preview, and come back in a day to forget it."""
    draft = changed(turn, desk, draft)
    shown = message or screens.screen(turn, draft)
    draft = replace(draft, offered=screens.offered(shown))
    said = here(turn, shown, case_id=draft.case_id, purpose="prompt", edit=edit and not draft.media)
    forget = WakeAt(turn.facts.at + FORGET_AFTER, FORGET, draft.revision)
    return Answer(replace(desk, draft=draft, listed=()), (said, forget))


def changed(turn: Turn, desk: Desk, draft: Draft) -> Draft:
    """The draft as of this event: what was shown before cannot be confirmed any more."""
    return replace(
        draft,
        ask=next_ask(draft) or "",
        revision=desk.version,
        touched=turn.facts.at.isoformat(),
        hinted=False,
        offered=(),
    )


def advance(turn: Turn, desk: Desk, draft: Draft, chosen: Value | None = None) -> Answer:
    """Ask for what is still missing, or try the move when nothing is. ``chosen``: what the last tap meant."""
    if next_ask(draft) is not None:
        return show(turn, desk, draft, edit=True)
    return finish(turn, desk, draft, screens.chosen(turn, draft, chosen))


# --- buttons of the dialog ------------------------------------------------------------------------


def choose(turn: Turn, desk: Desk, pressed: DraftData, data: str) -> Answer:
    """A button of the dialog, pressed or typed. Only this person's counts, and only of those shown last."""
    if not own(turn, pressed.serial):
        return Answer(desk, toast="desk.toast.not_yours")
    draft = desk.draft
    if draft is None or draft.serial != pressed.serial:
        return Answer(desk, toast="desk.toast.finished")
    if data not in (button.data for button in draft.offered):
        return replace(show(turn, desk, draft), toast="desk.toast.old_preview")
    label = next(button.label for button in draft.offered if button.data == data)
    return _CHOICES[pressed.verb](turn, desk, draft, pressed.arg, label)


def stop(turn: Turn, desk: Desk, draft: Draft) -> Answer:
    """Throw the work away; the case is as it was."""
    said = say("desk.stopped", code=text(draft.code), officer=officer(turn))
    edit = turn.pressed
    return Answer(replace(desk, draft=None), (here(turn, said, case_id=draft.case_id, purpose="notice", edit=edit),))


def _stop(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return stop(turn, desk, draft)


def _send(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return finish(turn, desk, draft, screens.confirmed(turn, draft))


def _edit(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    """The words are given again; a reason that was a code alone is chosen again."""
    emptied = replace(draft, text="", other_id=None, other="")
    return show(turn, desk, replace(emptied, reason="") if next_ask(emptied) == "preview" else emptied, edit=True)


def _tick(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    """The checker has read question and answer; what the citizen will get is shown before it goes."""
    return show(turn, desk, replace(draft, ticked=True), edit=True)


def _hide(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    """The words without personal data, shown again before they go anywhere."""
    kinds, censor = CHECKED[Action(draft.verb)], turn.facts.censor
    clean = replace(draft, text=censor.masked(draft.text, kinds), reference=censor.masked(draft.reference, kinds))
    return show(turn, desk, clean, edit=True)


def _again(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return show(
        turn,
        desk,
        replace(
            draft,
            agency_id=None,
            agency=None,
            instrument="",
            outcome="",
            reason="",
            days=0,
            until="",
            reference="",
            fine=None,
        ),
        edit=True,
    )


def _no_photos(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return show(turn, desk, replace(draft, media=()))


def _all(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return show(turn, desk, replace(draft, group=""), edit=True)


def _pick_area(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return show(turn, desk, replace(draft, area_only=True), edit=True)


def _say(turn: Turn, desk: Desk, draft: Draft, which: str, _: Value) -> Answer:
    """Ready words; they are previewed like any others."""
    said = turn.facts.meanwhile[MEANWHILE.index(which)]
    return show(turn, desk, replace(draft, text=said), edit=True)


def _stock(turn: Turn, desk: Desk, draft: Draft, which: str, _: Value) -> Answer:
    """One of the unit's stock replies; it is previewed like any words."""
    said = next((one.text for one in turn.facts.stock if str(one.id) == which), None)
    if said is None:
        return replace(show(turn, desk, draft), toast="desk.toast.no_stock")
    return show(turn, desk, replace(draft, text=said), edit=True)


def _keep_area(turn: Turn, desk: Desk, draft: Draft, _: str, label: Value) -> Answer:
    return advance(turn, desk, replace(draft, area_known=True), label)


def _set(turn: Turn, desk: Desk, draft: Draft, value: str, label: Value) -> Answer:
    if draft.ask == "category" and turn.facts.categories.leaf(value) is None:
        return show(turn, desk, replace(draft, group=value), edit=True)
    return advance(turn, desk, _SETS[draft.ask](draft, value, label), label)


def _to_agency(draft: Draft, value: str, label: Value) -> Draft:
    unit, _, instrument = value.partition(".")
    return replace(draft, agency_id=int(unit), agency=label, instrument=instrument)


_CHOICES: dict[str, Callable[[Turn, Desk, Draft, str, Value], Answer]] = {
    "stop": _stop,
    "send": _send,
    "edit": _edit,
    "hide": _hide,
    "tick": _tick,
    "again": _again,
    "no_photos": _no_photos,
    "all": _all,
    "pick_area": _pick_area,
    "keep_area": _keep_area,
    "say": _say,
    "stock": _stock,
    "set": _set,
}
_SETS: dict[str, Callable[[Draft, str, Value], Draft]] = {
    "agency": lambda draft, value, label: _to_agency(draft, value, label),
    "helper": lambda draft, value, label: replace(draft, agency_id=int(value), agency=label),
    "outcome": lambda draft, value, label: replace(draft, outcome=value),
    "reason": lambda draft, value, label: replace(draft, reason=value),
    "days": lambda draft, value, label: replace(draft, days=int(value)),
    "fine": lambda draft, value, label: replace(draft, fine=int(value)),
    "category": lambda draft, value, label: replace(draft, category=value),
    "date": lambda draft, value, label: replace(draft, until=value),
    "area": lambda draft, value, label: replace(draft, area=value, area_known=True),
}


# --- the end --------------------------------------------------------------------------------------


def finish(turn: Turn, desk: Desk, draft: Draft, ended: Message) -> Answer:
    """Everything is there and confirmed: try the move. If it is no longer open, nothing leaves the group.

    ``ended`` takes the place of the pressed message, so that nobody presses it again.
    """
    desk = replace(desk, draft=None)
    if turn.facts.view is None:
        return Answer(desk, toast="desk.toast.other_group")
    if not _open(turn, draft.verb):
        late = stale(turn, desk)
        unsent = here(turn, say("desk.not_sent"), case_id=draft.case_id, purpose="notice")
        return replace(late, effects=(unsent, *late.effects))
    closed: tuple[Effect, ...] = ()
    if turn.pressed:
        closed = (here(turn, ended, case_id=draft.case_id, purpose="notice", edit=True),)
    return Answer(desk, (*closed, _move(draft)))


def _move(draft: Draft) -> Effect:
    if draft.verb == BLOCK:
        return BlockPerson(draft.case_id, draft.days, draft.text)
    return MoveCase(
        draft.case_id,
        Action(draft.verb),
        text=draft.text,
        reason=draft.reason,
        agency_id=draft.agency_id,
        category=draft.category,
        place=draft.place,
        area=draft.area,
        outcome=draft.outcome,
        media=draft.media,
        until=datetime.fromisoformat(draft.until) if draft.until else None,
        reference=draft.reference,
        fine=draft.fine,
        ticked=draft.ticked,
        other_id=draft.other_id,
        instrument=draft.instrument,
    )
