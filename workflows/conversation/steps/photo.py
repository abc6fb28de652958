"""Photos or a video of what is wrong, voice notes and files beside them; or none, where the category allows."""

from __future__ import annotations

from dataclasses import replace

from workflows.conversation.facts import Facts, wanted
from workflows.conversation.state import Dialog
from workflows.conversation.step import Answer, Question, Turn, always, button, line, refuse
from workflows.conversation.steps import consent, description
from workflows.effects import Effect, KeepMedia, WakeAt
from workflows.events import MediaRef, MediaSent
from workflows.messages import Button, Line, Message, Value, number, photos_and_videos
from workflows.report import Report, ReportMedia


def is_picture(media: MediaRef) -> bool:
    """Whether one can look at it; a photo sent as a file keeps its quality and is as welcome."""
    return media.kind in ("photo", "video") or (media.mime or "").startswith(("image/", "video/"))


def pictures(report: Report) -> int:
    """How many photos and videos the report has."""
    return sum(is_picture(item.media) for item in report.media)


def told(report: Report) -> Value:
    """The same in words, photos and videos apart."""
    videos = sum(_is_video(item.media) for item in report.media)
    return photos_and_videos(pictures(report) - videos, videos)


def _is_video(media: MediaRef) -> bool:
    return media.kind == "video" or (media.mime or "").startswith("video/")


def required(dialog: Dialog, facts: Facts) -> bool:
    """Whether the chosen category, or the policy for it, cannot do without a photo."""
    leaf = facts.categories.leaf(dialog.report.category)
    return (leaf is not None and leaf.photo_required) or wanted("photo", dialog.report.category, facts)


def take(turn: Turn, sent: MediaSent) -> Answer:
    """Add one file to the draft, at whatever question it comes; its caption is the description."""
    dialog, effects = _add(turn, sent.media)
    notes: tuple[Line, ...] = ()
    if sent.caption.strip():
        dialog, note = description.put(dialog, sent.caption, turn.envelope.message, turn.facts, add=True)
        notes = (note,)
    return Answer(dialog, notes, effects)


def gather(turn: Turn, answer: Answer) -> Answer:
    """Wait for the rest of the album: one answer when it has been quiet for a moment."""
    dialog = replace(answer.dialog, album=True, version=answer.dialog.version + 1)
    wake = WakeAt(turn.facts.at + turn.facts.limits.album_quiet, "album", dialog.version)
    return replace(answer, dialog=dialog, effects=(*answer.effects, wake), quiet=True)


def _add(turn: Turn, media: MediaRef) -> tuple[Dialog, tuple[Effect, ...]]:
    dialog, report = turn.dialog, turn.dialog.report
    if any(item.media.unique == media.unique for item in report.media):
        return _counted(dialog, media), ()
    if _full(report, media, turn.facts):
        return replace(dialog, excess=dialog.excess + 1), ()
    item = ReportMedia(turn.facts.fresh, media)
    dialog = replace(
        _counted(dialog, media),
        report=replace(report, media=(*report.media, item)),
        skipped=tuple(name for name in dialog.skipped if name != NAME),
    )
    keep = (KeepMedia(item.attachment, media),) if consent.given(dialog, turn.facts) else ()
    return dialog, keep


def _counted(dialog: Dialog, media: MediaRef) -> Dialog:
    if is_picture(media):
        return replace(dialog, gathered=dialog.gathered + 1)
    return replace(dialog, others=dialog.others + 1)


def _full(report: Report, media: MediaRef, facts: Facts) -> bool:
    if is_picture(media):
        return pictures(report) >= facts.limits.max_media
    return len(report.media) - pictures(report) >= facts.limits.max_voice


def received(dialog: Dialog, facts: Facts) -> tuple[Line, ...]:
    """What to say about the files that came since our last answer."""
    notes: list[Line] = []
    if dialog.gathered and pictures(dialog.report):  # none is left when all of them could not be had
        notes.append(line("photo.got", pictures=told(dialog.report)))
    if dialog.others:
        notes.append(line("photo.got_other"))
    if dialog.excess:
        limits = facts.limits
        notes.append(
            line(
                "photo.too_many",
                count=number(dialog.excess),
                limit=number(limits.max_media),
                other=number(limits.max_voice),
            )
        )
    return tuple(notes)


def _done(dialog: Dialog, facts: Facts) -> bool:
    if pictures(dialog.report):
        return True
    return NAME in dialog.skipped and not required(dialog, facts)


def _ask(dialog: Dialog, facts: Facts) -> Message:
    limit = number(facts.limits.max_media)
    rows: tuple[tuple[Button, ...], ...] = ()
    if pictures(dialog.report):
        rows = (
            (button(dialog.serial, NAME, "keep", "done"),),
            (button(dialog.serial, NAME, "clear", "clear_photos"),),
        )
        return Message((line("photo.more", pictures=told(dialog.report), limit=limit),), rows)
    key = "photo.required" if required(dialog, facts) else "photo.ask"
    return Message((line(key, limit=limit),), rows)


def _choose(turn: Turn, value: str) -> Answer | None:
    dialog = turn.dialog
    if value != "clear" or not pictures(dialog.report):
        return None
    kept = tuple(item for item in dialog.report.media if not is_picture(item.media))
    dialog = replace(dialog, report=replace(dialog.report, media=kept), photo_spot=None)
    return Answer(dialog, (line("photo.cleared"),), stay=True)


def _read(turn: Turn, text: str) -> Answer:
    if not description.tells_something(text, turn.facts):
        return refuse(turn, "photo.not_a_photo")
    dialog, note = description.put(turn.dialog, text, turn.envelope.message, turn.facts, add=True)
    return Answer(dialog, (note,), stay=True)


def _may_skip(dialog: Dialog, facts: Facts) -> bool:
    return not pictures(dialog.report) and not required(dialog, facts)


NAME = "photo"
STEP = Question(NAME, _done, _ask, _choose, _read, _may_skip, listed=always)
