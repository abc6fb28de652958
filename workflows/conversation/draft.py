"""The life of a draft: begun, fed in any order, changed, sent or dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from workflows.conversation import flow, joint
from workflows.conversation.links import is_link
from workflows.conversation.state import Dialog, cleared
from workflows.conversation.step import Answer, Turn, line, refuse
from workflows.conversation.steps import confirm, contact, description, location, photo
from workflows.conversation.watch import flags, heed
from workflows.effects import Dropped, OpenCase, WakeAt
from workflows.events import MediaArrived, MediaSent, Place, TextEdited
from workflows.messages import Line, moment, number, text
from workflows.report import Report


def barred(turn: Turn, flags: tuple[str, ...]) -> Line | None:
    """Why this person may not report now: blocked for a while, or enough for one day. Danger always passes."""
    facts = turn.facts
    if "danger" in flags:
        return None
    if facts.blocked_until and facts.blocked_until > facts.at:
        until = moment(facts.blocked_until)
        if not facts.block_reason:
            return line("limits.blocked_plain", until=until)
        return line("limits.blocked", until=until, reason=text(facts.block_reason))
    if facts.sent_today >= facts.limits.reports_per_day:
        return line("limits.too_many", limit=number(facts.limits.reports_per_day))
    return None


def begin(turn: Turn, report: Report | None = None, *, warned: tuple[str, ...] = ()) -> Answer:
    """Start a draft with what was said already, if the person may report now."""
    report = report or Report()
    reason = barred(turn, report.flags)
    if reason:
        return Answer(turn.dialog, (reason,), stay=True)
    serial = turn.dialog.count + 1
    dialog = replace(
        cleared(turn.dialog),
        count=serial,
        serial=serial,
        watch=serial,
        report=replace(report, campaign=turn.dialog.campaign),
        campaign="",
        warned=warned,
        heard_at=turn.now,
    )
    wake = WakeAt(turn.facts.at + turn.facts.limits.reminder_after, "silence", serial)
    return Answer(flow.go_on(dialog, turn.facts), turn.facts.banners, (wake,))


def drop(dialog: Dialog, why: Literal["cancelled", "silent", "restarted"]) -> Answer:
    """End the draft without a case, and say so (T2; R102 keeps the step)."""
    return Answer(cleared(dialog), (line(f"misc.{why}"),), (Dropped(dialog.step, why),), menu=True)


def read(turn: Turn, words: str) -> Answer:
    """Words while a draft is open: the answer to the question on the table, or a map link at any question."""
    if is_link(words) and turn.dialog.step != location.NAME:
        return location.read(turn, words)
    return _heeded(turn, flow.QUESTIONS[turn.dialog.step].read(turn, words), words)


def take_mapped(turn: Turn, given: Place | str) -> Answer:
    """A point with what was typed beside it, or an address alone, from our map page, at any question."""
    if isinstance(given, str):
        return _heeded(turn, location.read(turn, given), given)
    return _heeded(turn, location.take(turn, given), given.address)


def _heeded(turn: Turn, answer: Answer, words: str) -> Answer:
    """Words of danger are heeded at any question, also where they are an address or a search; a description's later."""
    dialog = answer.dialog
    described = dialog.report.text != turn.dialog.report.text
    if described or not dialog.drafting or "danger" not in flags(words, turn.facts):
        return answer
    return replace(answer, dialog=heed(replace(dialog, heard=("danger",)), turn.facts))


def take_media(turn: Turn, sent: MediaSent) -> Answer:
    """A photo, video, voice note or file for the draft; the items of an album are gathered into one answer."""
    answer = photo.take(turn, sent)
    return photo.gather(turn, answer) if sent.album else answer


def choose(turn: Turn, value: str) -> Answer | None:
    """A button of the question on the table; None for one that is not there."""
    dialog, facts = turn.dialog, turn.facts
    question = flow.QUESTIONS[dialog.step]
    match value:
        case "cancel":
            return cancel(turn)
        case "back":
            return Answer(flow.back(dialog, facts), stay=True)
        case "keep" if question.done(dialog, facts):
            return Answer(replace(dialog, nearby=None))
        case "skip" if question.may_skip(dialog, facts):
            return Answer(replace(dialog, skipped=(*dialog.skipped, question.name)))
        case "send" if question is confirm.STEP:
            return send(turn)
    return question.choose(turn, value)


def cancel(turn: Turn) -> Answer:
    """Give the draft up: at once when it is empty, else after asking."""
    dialog = turn.dialog
    if is_empty(dialog):
        return drop(dialog, "cancelled")
    return Answer(replace(dialog, aside="cancel"), stay=True)


def is_empty(dialog: Dialog) -> bool:
    """Whether nothing has been said in the draft yet."""
    report = dialog.report
    return not (report.media or report.text or report.category or report.has_place or dialog.nearby)


def send(turn: Turn) -> Answer:
    """Make it a case: once, complete, and within the limits. The receipt is the case's own notice (T1)."""
    dialog = turn.dialog
    if not flow.complete(dialog, turn.facts):
        return Answer(dialog)
    reason = barred(turn, dialog.report.flags)
    if reason:
        return Answer(dialog, (reason, line("limits.draft_kept")), stay=True)
    if turn.facts.around is not None and not joint.compared(dialog):
        dialog = joint.compare(dialog, turn.facts)
    return Answer(dialog, stay=True) if dialog.aside else _sent(turn, dialog, joins=None)


def join(turn: Turn, case_id: int) -> Answer:
    """Report it together with others, or add it to one's own case; within the limits of any report."""
    reason = barred(turn, turn.dialog.report.flags)
    if reason:
        return Answer(turn.dialog, (reason, line("limits.draft_kept")), stay=True)
    return _sent(turn, turn.dialog, joins=case_id)


def _sent(turn: Turn, dialog: Dialog, *, joins: int | None) -> Answer:
    done = replace(cleared(dialog), sent=dialog.serial)
    report = contact.only_wanted(dialog, turn.facts)
    return Answer(done, (), (OpenCase(report, joins, dialog.alike, dialog.earlier),), quiet=True)


def edited(turn: Turn, change: TextEdited) -> Answer:
    """A message was changed after it was sent: while it is only in the draft, the draft follows."""
    dialog, message = turn.dialog, turn.envelope.message
    if dialog.drafting and message and message == dialog.described_by and change.text.strip():
        changed, note = description.put(dialog, change.text, message, turn.facts, add=False)
        kept = note.key != "text.too_long"
        return Answer(changed, (line("text.changed") if kept else note,), stay=True)
    if dialog.drafting and message and message == dialog.addressed_by:
        return _heeded(turn, location.read(turn, change.text), change.text)
    return refuse(turn, "misc.edit_not_followed")


def arrived(turn: Turn, news: MediaArrived) -> Answer:
    """A file's bytes are here, or never will be; what cannot be opened leaves the draft and that is said."""
    dialog = turn.dialog
    mine = any(item.attachment == news.attachment for item in dialog.report.media)
    if news.problem:
        return _lost(dialog, news, mine)
    if not mine or news.lat is None or news.lon is None:
        return Answer(dialog, quiet=True)
    offered = location.offer(turn, news.lat, news.lon)
    asked_now = offered.step == location.NAME and not (offered.aside or offered.album)
    return Answer(offered, stay=True, quiet=offered == dialog or not asked_now)


PROBLEMS = ("not_an_image", "too_large", "bomb", "gone")


def _lost(dialog: Dialog, news: MediaArrived, mine: bool) -> Answer:
    problem = news.problem if news.problem in PROBLEMS else "gone"
    if not mine:
        return Answer(dialog, (line("photo.problem.after"),), stay=True)
    kept = tuple(item for item in dialog.report.media if item.attachment != news.attachment)
    dialog = replace(dialog, report=replace(dialog.report, media=kept))
    return Answer(dialog, (line(f"photo.problem.{problem}"),))
