"""What people say, show and point at in answer to a question of the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from workflows.actions import Action
from workflows.conversation import links
from workflows.desk import dates, drafts, sanctions, screens
from workflows.desk.codes import leading_code
from workflows.desk.flows import FLOWS, OWN_WORDS, REASONS
from workflows.desk.state import Desk, Draft
from workflows.desk.turn import ALBUM, Answer, Turn, here, today_here
from workflows.effects import KeepMedia, WakeAt
from workflows.events import MediaRef, MediaSent, Place
from workflows.messages import Line, Message, Value, date, day, number, say, text

ALBUM_QUIET = timedelta(seconds=2)  # items of an album come one by one
MAX_TEXT = 1500  # characters of one answer
MAX_REFERENCE = 200  # characters of a document's number or a body's name
MAX_MEDIA = 5


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
    view, draft = turn.facts.view, desk.draft
    if view is None:
        return Answer(desk, (here(turn, say(key, **values)),))
    about = draft is not None and draft.case_id == view.id
    message = screens.refused(turn, draft, Line(key, values)) if draft and about else say(key, **values)
    return Answer(desk, (here(turn, message, case_id=view.id, purpose="prompt"),))


def _hint(turn: Turn, desk: Desk, draft: Draft, _: str) -> Answer:
    """Where people cannot answer a certain message, other talk is likely: the hint is given once only."""
    if draft.hinted and not turn.facts.replies:
        return Answer(desk)
    return _refuse(turn, replace(desk, draft=replace(draft, hinted=True)), "desk.hint.choose")


def _hear_words(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    joined = f"{draft.text}\n{words}" if draft.text else words
    if len(joined) > MAX_TEXT:
        return too_long(turn, desk, joined)
    return drafts.show(turn, desk, replace(draft, text=joined))


def _hear_again(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """An answer to the preview that is no button: better words. Without replies it may be mere talk."""
    if not turn.facts.replies:
        return _hint(turn, desk, draft, words)
    return drafts.show(turn, desk, replace(draft, text=words))


def _hear_reason(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """A reason in one's own words, where the list has room for that."""
    if OWN_WORDS not in REASONS[draft.verb]:
        return _hint(turn, desk, draft, words)
    return drafts.show(turn, desk, replace(draft, reason=OWN_WORDS, text=words))


def _hear_category(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    found = turn.facts.categories.search(words)
    if not found:
        return _refuse(turn, desk, "desk.category.none", words=text(words[:60]))
    return drafts.show(turn, desk, draft, message=screens.found(turn, draft, found))


def _hear_search(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """The handler has searched by these words already; what was found is shown, or that nothing was."""
    found = turn.facts.agencies if draft.ask == "agency" else turn.facts.areas
    if not found:
        return _refuse(turn, desk, f"desk.{draft.ask}.not_found", words=text(words[:60]))
    return drafts.show(turn, desk, draft)


def _hear_address(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """An address, which may name its area, or a pasted map link with its position in it."""
    if links.is_short(words):
        return _refuse(turn, desk, "desk.place.short_link")
    place = links.place_in(words)
    if place is not None:
        return point(turn, desk, draft, place)
    draft = replace(draft, text=words)
    if len(turn.facts.named) != 1:
        return drafts.show(turn, desk, draft)
    return drafts.advance(turn, desk, replace(draft, area=turn.facts.named[0].code, area_known=True))


def _hear_date(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """A day in figures or in words; the year may be left out."""
    today, view = today_here(turn), turn.facts.view
    found = dates.read(words, today)
    if found is None:
        wrong = "impossible" if dates.is_impossible(words, today) else "unclear"
        return _refuse(turn, desk, f"desk.date.{wrong}", words=text(words[:60]))
    until = turn.facts.ends(found)
    if FLOWS[draft.verb].ahead:
        if until <= turn.facts.at:
            return _refuse(turn, desk, "desk.date.past", day=day(found))
    elif view is not None and view.case.resolve_due is not None and until <= view.case.resolve_due:
        return _refuse(turn, desk, "desk.date.not_later", day=day(found), due=date(view.case.resolve_due))
    return drafts.show(turn, desk, replace(draft, until=until.isoformat()))


def _hear_reference(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """A document's number, or the name of a body."""
    if len(words) > MAX_REFERENCE:
        return _refuse(turn, desk, "desk.too_long", count=number(len(words)), limit=number(MAX_REFERENCE))
    return drafts.show(turn, desk, replace(draft, reference=words))


def _hear_decision(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """The number of a decision, as offices write it (R52)."""
    number_of = sanctions.decision_in(words)
    if number_of is None:
        return _refuse(turn, desk, "desk.decision.unclear")
    return drafts.show(turn, desk, replace(draft, reference=number_of))


def _hear_fine(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """The amount of a sanction in đồng, or that it is a warning."""
    amount = sanctions.fine_in(words)
    if amount is None:
        return _refuse(turn, desk, "desk.fine.unclear")
    return drafts.show(turn, desk, replace(draft, fine=amount))


def _hear_case(turn: Turn, desk: Desk, draft: Draft, words: str) -> Answer:
    """The code of the case that goes on; looked up already."""
    code, _ = leading_code(words, turn.facts.case_prefix)
    if not code:
        return _refuse(turn, desk, "desk.case.no_code")
    other = turn.facts.other
    if other is None:
        return _refuse(turn, desk, "desk.case.unknown", code=text(code))
    if other.id == draft.case_id:
        return _refuse(turn, desk, "desk.case.same")
    return drafts.show(turn, desk, replace(draft, other_id=other.id, other=other.case.code))


_HEARERS: dict[str, Callable[[Turn, Desk, Draft, str], Answer]] = {
    "agency": _hear_search,
    "area": _hear_search,
    "outcome": _hint,
    "tick": _hint,
    "decision": _hear_decision,
    "fine": _hear_fine,
    "reason": _hear_reason,
    "days": _hint,
    "helper": _hint,
    "category": _hear_category,
    "place": _hear_address,
    "date": _hear_date,
    "document": _hear_reference,
    "body": _hear_reference,
    "case": _hear_case,
    "words": _hear_words,
    "preview": _hear_again,
}


def see(turn: Turn, desk: Desk, draft: Draft, event: MediaSent) -> Answer:
    """A photo or video, with or without words; parts of an album are gathered before anything is said."""
    if not FLOWS[draft.verb].media:
        return hear(turn, desk, draft, event.caption.strip()) if event.caption else _no_media(turn, desk)
    if not shows_something(event.media):
        return _refuse(turn, desk, "desk.hint.photo_or_video")
    if len(draft.media) >= MAX_MEDIA:
        return _refuse(turn, desk, "desk.hint.enough_photos", limit=number(MAX_MEDIA))
    keep = KeepMedia(turn.facts.fresh, event.media)
    if draft.ask == "document":
        draft = replace(draft, reference=event.caption.strip()[:MAX_REFERENCE])
    else:
        joined = "\n".join(words for words in (draft.text, event.caption.strip()) if words)
        if len(joined) > MAX_TEXT:
            return too_long(turn, desk, joined)
        draft = replace(draft, text=joined)
    draft = replace(draft, media=(*draft.media, turn.facts.fresh))
    answer = _gather(turn, desk, draft) if event.album else drafts.show(turn, desk, draft)
    return replace(answer, effects=(keep, *answer.effects))


def _no_media(turn: Turn, desk: Desk) -> Answer:
    return _refuse(turn, desk, "desk.hint.words_only")


def shows_something(media: MediaRef) -> bool:
    """Whether it is a picture or a video, as such or sent as a file."""
    as_file = media.kind == "document" and (media.mime or "").startswith(("image/", "video/"))
    return media.kind in ("photo", "video") or as_file


def _gather(turn: Turn, desk: Desk, draft: Draft) -> Answer:
    draft = drafts.changed(turn, desk, draft)
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
    return drafts.advance(turn, desk, draft)


def arrived(turn: Turn, desk: Desk, draft: Draft, attachment: str, problem: str) -> Answer:
    """A file of the draft cannot be used: it is taken out, and the person is told which way to try again."""
    if not problem or attachment not in draft.media:
        return Answer(desk)
    draft = replace(draft, media=tuple(one for one in draft.media if one != attachment))
    shown = drafts.show(turn, desk, draft)
    told = here(turn, Message((Line(f"desk.media.{problem}"),)), case_id=draft.case_id, purpose="prompt")
    return replace(shown, effects=(told, *shown.effects))
