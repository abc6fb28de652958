"""One piece of work on a case, from the tapped button to the move: what is taken in at each point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from workflows.case.model import Action, Role
from workflows.case.moves import ROWS
from workflows.case.view import CaseView
from workflows.conversation import links
from workflows.desk import screens
from workflows.desk.flows import BLOCK, FLOWS, OWN_WORDS, REASONS, next_ask
from workflows.desk.state import Desk, Draft, Remark
from workflows.desk.turn import (
    ALBUM,
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
from workflows.effects import BlockPerson, Effect, Here, KeepMedia, MoveCase, ShowCard, WakeAt
from workflows.events import MediaRef, MediaSent, Place
from workflows.messages import Line, Message, Value, number, say, text

ALBUM_QUIET = timedelta(seconds=2)  # items of an album come one by one
MAX_TEXT = 1500  # characters; fits under a photo's caption when split once
MAX_MEDIA = 5


# --- beginning ------------------------------------------------------------------------------------


def begin(turn: Turn, desk: Desk, pressed: CardData) -> Answer:
    """A button of a card was pressed, or typed: do it at once, or begin to collect what it takes."""
    flow, view = FLOWS.get(pressed.verb), turn.facts.view
    if flow is None or view is None:
        return Answer(desk, toast="desk.toast.old_button")
    if not flow.asks:
        return Answer(desk, _at_once(turn, view, Action(pressed.verb)))
    if not _open(turn, pressed.verb):
        return _not_open(turn, desk, pressed.verb)
    if pressed.verb == Action.ASSIGN and view.case.sensitive:
        return Answer(desk, (MoveCase(view.id, Action.ASSIGN),))  # the operators keep it (R61)
    return _new(turn, desk, view, pressed.verb)


def tell(turn: Turn, desk: Desk, remark: Remark) -> Answer:
    """An internal note is to go to the citizen after all: as a question, and through the preview like any."""
    view = turn.facts.view
    if view is None or not _open(turn, Action.ASK):
        return stale(turn, desk)
    return _new(turn, desk, view, Action.ASK, remark.text)


def _new(turn: Turn, desk: Desk, view: CaseView, verb: str, words: str = "") -> Answer:
    desk = replace(desk, serial=desk.serial + 1)
    draft = Draft(
        serial=f"{turn.facts.actor.person_id}.{desk.serial}",
        verb=verb,
        case_id=view.id,
        code=view.case.code,
        ask="",
        touched=turn.facts.at.isoformat(),
        text=words,
    )
    left = _left_behind(turn, desk.draft)
    shown = show(turn, desk, draft)
    return replace(shown, effects=(*left, *shown.effects))


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
    draft = _changed(turn, desk, draft)
    shown = message or screens.screen(turn, draft)
    draft = replace(draft, offered=screens.offered(shown))
    said = here(turn, shown, case_id=draft.case_id, purpose="prompt", edit=edit and not draft.media)
    forget = WakeAt(turn.facts.at + FORGET_AFTER, FORGET, draft.revision)
    return Answer(replace(desk, draft=draft, listed=()), (said, forget))


def _changed(turn: Turn, desk: Desk, draft: Draft) -> Draft:
    """The draft as of this event: what was shown before cannot be confirmed any more."""
    return replace(
        draft,
        ask=next_ask(draft) or "",
        revision=desk.version,
        touched=turn.facts.at.isoformat(),
        hinted=False,
        offered=(),
    )


def _advance(turn: Turn, desk: Desk, draft: Draft, chosen: Value | None = None) -> Answer:
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
    edit = turn.pressed and not draft.media
    return Answer(replace(desk, draft=None), (here(turn, said, case_id=draft.case_id, purpose="notice", edit=edit),))


def _stop(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return stop(turn, desk, draft)


def _send(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return finish(turn, desk, draft, screens.confirmed(turn, draft))


def _edit(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    """The words are given again; a reason that was a code alone is chosen again."""
    emptied = replace(draft, text="")
    return show(turn, desk, replace(emptied, reason="") if next_ask(emptied) == "preview" else emptied, edit=True)


def _again(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return show(turn, desk, replace(draft, agency_id=None, agency=None, outcome="", reason="", days=0), edit=True)


def _no_photos(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return show(turn, desk, replace(draft, media=()))


def _all(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return show(turn, desk, replace(draft, group=""), edit=True)


def _pick_area(turn: Turn, desk: Desk, draft: Draft, _: str, __: Value) -> Answer:
    return show(turn, desk, replace(draft, area_only=True), edit=True)


def _keep_area(turn: Turn, desk: Desk, draft: Draft, _: str, label: Value) -> Answer:
    return _advance(turn, desk, replace(draft, area_known=True), label)


def _set(turn: Turn, desk: Desk, draft: Draft, value: str, label: Value) -> Answer:
    if draft.ask == "category" and turn.facts.categories.leaf(value) is None:
        return show(turn, desk, replace(draft, group=value), edit=True)
    return _advance(turn, desk, _SETS[draft.ask](draft, value, label), label)


_CHOICES: dict[str, Callable[[Turn, Desk, Draft, str, Value], Answer]] = {
    "stop": _stop,
    "send": _send,
    "edit": _edit,
    "again": _again,
    "no_photos": _no_photos,
    "all": _all,
    "pick_area": _pick_area,
    "keep_area": _keep_area,
    "set": _set,
}
_SETS: dict[str, Callable[[Draft, str, Value], Draft]] = {
    "agency": lambda draft, value, label: replace(draft, agency_id=int(value), agency=label),
    "outcome": lambda draft, value, label: replace(draft, outcome=value),
    "reason": lambda draft, value, label: replace(draft, reason=value),
    "days": lambda draft, value, label: replace(draft, days=int(value)),
    "category": lambda draft, value, label: replace(draft, category=value),
    "area": lambda draft, value, label: replace(draft, area=value, area_known=True),
}


# --- words, media and places ----------------------------------------------------------------------


def hear(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """Words as the answer to what is awaited."""
    if len(words) > MAX_TEXT:
        return too_long(turn, desk, words)
    if not words:
        return Answer(desk)
    return _HEARERS[draft.ask](turn, desk, draft, words)


def too_long(turn: Turn, desk: Desk, words: str) -> Answer:
    """Say how long it may be."""
    return _refuse(turn, desk, "desk.too_long", count=number(len(words)), limit=number(MAX_TEXT))


def _refuse(turn: Turn, desk: Desk, key: str, /, **values: Value) -> Answer:
    """Say what was wrong and what to send instead; answering this message is answering the question."""
    view = turn.facts.view
    if view is None:
        return Answer(desk, (here(turn, say(key, **values)),))
    return Answer(desk, (here(turn, say(key, **values), case_id=view.id, purpose="prompt"),))


def _hint(turn: Turn, desk: Desk, draft: Draft, _: str) -> Answer:
    """Where people cannot answer a certain message, other talk is likely: the hint is given once only."""
    if draft.hinted and not turn.facts.replies:
        return Answer(desk)
    return _refuse(turn, replace(desk, draft=replace(draft, hinted=True)), "desk.hint.choose")


def _hear_words(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    joined = f"{draft.text}\n{words}" if draft.text else words
    if len(joined) > MAX_TEXT:
        return too_long(turn, desk, joined)
    return show(turn, desk, replace(draft, text=joined))


def _hear_again(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """An answer to the preview that is no button: better words. Without replies it may be mere talk."""
    if not turn.facts.replies:
        return _hint(turn, desk, draft, words)
    return show(turn, desk, replace(draft, text=words))


def _hear_reason(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """A reason in one's own words, where the list has room for that."""
    if OWN_WORDS not in REASONS[draft.verb]:
        return _hint(turn, desk, draft, words)
    return show(turn, desk, replace(draft, reason=OWN_WORDS, text=words))


def _hear_category(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    found = turn.facts.categories.search(words)
    if not found:
        return _refuse(turn, desk, "desk.category.none", words=text(words[:60]))
    return show(turn, desk, draft, message=screens.found(turn, draft, found))


def _hear_search(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """The handler has searched by these words already; what was found is shown, or that nothing was."""
    found = turn.facts.agencies if draft.ask == "agency" else turn.facts.areas
    if not found:
        return _refuse(turn, desk, f"desk.{draft.ask}.not_found", words=text(words[:60]))
    return show(turn, desk, draft)


def _hear_address(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """An address, or a pasted map link with its position in it."""
    if links.is_short(words):
        return _refuse(turn, desk, "desk.place.short_link")
    place = links.place_in(words)
    if place is not None:
        return point(turn, desk, draft, place)
    return show(turn, desk, replace(draft, text=words))


_HEARERS: dict[str, Callable[[Turn, Desk, Draft, str], Answer]] = {
    "agency": _hear_search,
    "area": _hear_search,
    "outcome": _hint,
    "reason": _hear_reason,
    "days": _hint,
    "category": _hear_category,
    "place": _hear_address,
    "words": _hear_words,
    "preview": _hear_again,
}


def see(turn: Turn, desk: Desk, draft: Draft, event: MediaSent) -> Answer:
    """A photo or video, with or without words; parts of an album are gathered before anything is said."""
    if not FLOWS[draft.verb].media:
        return hear(turn, desk, draft, event.caption.strip()) if event.caption else _no_media(turn, desk)
    if not _shows_something(event.media):
        return _refuse(turn, desk, "desk.hint.photo_or_video")
    if len(draft.media) >= MAX_MEDIA:
        return _refuse(turn, desk, "desk.hint.enough_photos", limit=number(MAX_MEDIA))
    joined = "\n".join(words for words in (draft.text, event.caption.strip()) if words)
    if len(joined) > MAX_TEXT:
        return too_long(turn, desk, joined)
    keep = KeepMedia(turn.facts.fresh, event.media)
    draft = replace(draft, text=joined, media=(*draft.media, turn.facts.fresh))
    answer = _gather(turn, desk, draft) if event.album else show(turn, desk, draft)
    return replace(answer, effects=(keep, *answer.effects))


def _no_media(turn: Turn, desk: Desk) -> Answer:
    return _refuse(turn, desk, "desk.hint.words_only")


def _shows_something(media: MediaRef) -> bool:
    as_file = media.kind == "document" and (media.mime or "").startswith(("image/", "video/"))
    return media.kind in ("photo", "video") or as_file


def _gather(turn: Turn, desk: Desk, draft: Draft) -> Answer:
    draft = _changed(turn, desk, draft)
    wake = WakeAt(turn.facts.at + ALBUM_QUIET, ALBUM, draft.revision)
    return Answer(replace(desk, draft=draft, listed=()), (wake,))


def point(turn: Turn, desk: Desk, draft: Draft, place: Place) -> Answer:
    """A pin or a venue, where a place is wanted."""
    if draft.verb != Action.CORRECT_PLACE:
        return _refuse(turn, desk, "desk.hint.no_place")
    located = turn.facts.located
    if located is not None and located.kind in ("outside", "nowhere"):
        return _refuse(turn, desk, f"desk.place.{located.kind}")
    near = located is not None and located.kind == "near" and bool(located.areas)
    inside = located is not None and located.kind == "inside" and bool(located.areas)
    area = located.areas[0].code if inside and located is not None else ""
    draft = replace(draft, place=place, area=area, area_known=not near, area_only=False, text="")
    return _advance(turn, desk, draft)


def arrived(turn: Turn, desk: Desk, draft: Draft, attachment: str, problem: str) -> Answer:
    """A file of the draft cannot be used: it is taken out, and the person is told which way to try again."""
    if not problem or attachment not in draft.media:
        return Answer(desk)
    draft = replace(draft, media=tuple(one for one in draft.media if one != attachment))
    shown = show(turn, desk, draft)
    told = here(turn, Message((Line(f"desk.media.{problem}"),)), case_id=draft.case_id, purpose="prompt")
    return replace(shown, effects=(told, *shown.effects))


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
    if turn.pressed and not draft.media:
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
    )
