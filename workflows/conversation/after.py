"""After sending: answers, ratings, complaints, additions and withdrawals, each filed under the right case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from workflows.about_officials import suspected
from workflows.actions import Action
from workflows.case.model import ENDED, State
from workflows.conversation import choices, draft, watch
from workflows.conversation.facts import CaseLine, Facts
from workflows.conversation.state import Dialog, Expect
from workflows.conversation.step import Answer, Turn, button, line, refuse
from workflows.conversation.steps import consent, description, location
from workflows.effects import (
    AddToCase,
    Dropped,
    Effect,
    EraseMe,
    ExplainDue,
    KeepMedia,
    LeaveCase,
    MoveCase,
    ShowCase,
    WakeAt,
)
from workflows.events import MediaSent, Place, PlaceSent, TextSent
from workflows.frozen import frozen
from workflows.messages import Button, Line, Message, names, number, text, word
from workflows.report import Report, ReportMedia

GONE = (State.CANCELLED, State.MERGED, State.REFERRED_OUT)  # nothing can be written to these
WITHDRAWABLE = (State.RECEIVED, State.NEED_INFO, State.ASSIGNED, State.IN_PROGRESS)  # T31
LOW = (1, 2)  # the two levels that ask for a reason (T23, T23b)

Said = TextSent | MediaSent | PlaceSent


# --- words and media that belong to a case --------------------------------------------------------------------


def said_to(turn: Turn, case: CaseLine, said: Said) -> Answer:
    """What was said belongs to this case: an answer, the reason of a low rating (T23), or an addition."""
    low = case.rating_open and case.rating in LOW
    kind = "answer" if case.question_open else "reason" if low else "revival" if case.revival_open else "add"
    kept = turn.dialog.expect
    if not kept.holds_something:
        return pour(turn, _expect(turn, kind, case), said)
    if isinstance(said, MediaSent) and said.album:
        answer = refuse(turn, "answer.this_first")
        return replace(answer, notes=(*answer.notes, line("limits.nothing_kept")))
    answer = pour(turn, _expect(turn, kind, case), said)
    return replace(answer, dialog=replace(answer.dialog, expect=kept))


def pour(turn: Turn, expect: Expect, said: Said) -> Answer:
    """Take words, a file or a place as the answer to what is expected; an album is gathered first."""
    collected, effects = _collect(turn, expect, said)
    if len(collected.text) > turn.facts.limits.max_text:
        return _too_long(turn, collected.text)
    if isinstance(said, MediaSent) and said.album:
        return _gather(turn, collected, effects)
    answer = finish(turn, collected)
    return replace(answer, effects=(*effects, *answer.effects))


def _too_long(turn: Turn, said: str) -> Answer:
    limit = number(turn.facts.limits.max_text)
    return refuse(turn, "text.too_long", limit=limit, length=number(len(said)))


def _collect(turn: Turn, expect: Expect, said: Said) -> tuple[Expect, tuple[Effect, ...]]:
    match said:
        case TextSent(text=words):
            return _with_words(expect, words), ()
        case PlaceSent(place=place):
            shown = f"{place.lat:.5f}, {place.lon:.5f}"
            words = f"{place.address} ({shown})" if place.address else shown
            if expect.kind == "which":
                return replace(expect, lat=place.lat, lon=place.lon), ()
            return replace(_with_words(expect, words), lat=place.lat, lon=place.lon), ()
        case MediaSent(media=media, caption=caption):
            item = ReportMedia(turn.facts.fresh, media)
            more = replace(_with_words(expect, caption), media=(*expect.media, item))
            return more, () if _too_early(turn, expect) else (KeepMedia(item.attachment, media),)


def _too_early(turn: Turn, expect: Expect) -> bool:
    """Whether files have to wait: they may become a new report, and its consent is not given yet and keeps them."""
    return expect.kind == "which" and not consent.given(turn.dialog, turn.facts)


def _with_words(expect: Expect, words: str) -> Expect:
    said = "\n".join(part for part in (expect.text, words.strip()) if part)
    return replace(expect, text=said)


def _gather(turn: Turn, expect: Expect, effects: tuple[Effect, ...]) -> Answer:
    version = turn.dialog.version + 1
    dialog = replace(turn.dialog, expect=expect, album=True, version=version)
    wake = WakeAt(turn.facts.at + turn.facts.limits.album_quiet, "album", version)
    return Answer(dialog, (), (*effects, wake), quiet=True)


def finish(turn: Turn, expect: Expect) -> Answer:
    """File what was collected. Which case it went to is said by the case's own notice."""
    notes = (*_danger(turn, expect), *_apart(turn, expect))
    if expect.kind not in FILED:
        return Answer(replace(turn.dialog, expect=expect), notes, stay=True)
    dialog = replace(
        turn.dialog,
        expect=Expect(),
        filed_case=expect.case_id,
        filed_code=expect.code,
        filed_at=turn.now,
    )
    return Answer(dialog, notes, (_filed(expect),), stay=True, quiet=not (notes or dialog.drafting))


def _apart(turn: Turn, expect: Expect) -> tuple[Line, ...]:
    """Words about what officials do go to whoever has the case: how to tell of it so that the unit does not see it."""
    reason = not expect.about_officials and suspected(expect.text, turn.facts.official_words)
    return (line("officials.apart"),) if reason and expect.kind in FILED else ()


def _danger(turn: Turn, expect: Expect) -> tuple[Line, ...]:
    """The emergency numbers, when these words are the first of danger (danger first)."""
    known = "danger" in watch.flags(turn.dialog.expect.text, turn.facts)
    found = "danger" in watch.flags(expect.text, turn.facts)
    return (line("danger.numbers"),) if found and not known else ()


def _filed(expect: Expect) -> Effect:
    media = tuple(item.attachment for item in expect.media)
    action = FILED[expect.kind]
    if action is Action.ADD:
        return AddToCase(expect.case_id, expect.text, media)
    place = Place(expect.lat, expect.lon) if expect.lat is not None and expect.lon is not None else None
    return MoveCase(expect.case_id, action, text=expect.text, media=media, place=place)


FILED: Mapping[str, Action] = {
    "answer": Action.ANSWER,
    "add": Action.ADD,
    "dispute": Action.DISPUTE,
    "reason": Action.DISPUTE,
    "appeal": Action.APPEAL,
    "revival": Action.ASK_REVIVAL,
}


def is_gathering(dialog: Dialog) -> bool:
    """Whether the items of an album for a case are still coming in."""
    return dialog.expect.kind in FILED and dialog.expect.holds_something


TAKES = frozenset({*FILED, "which"})  # questions that words, files and places answer


def _expect(turn: Turn, kind: str, case: CaseLine | None = None) -> Expect:
    serial = turn.dialog.count + 1
    if case is None:
        return Expect(kind, serial, turn.now)
    return Expect(kind, serial, turn.now, case.id, case.code, about_officials=case.about_officials)


# --- nothing is on the table: whose words are these? ------------------------------------------------------------


def idle_words(turn: Turn, said: TextSent) -> Answer:
    """Words without a draft: a rating, an answer to the one open question, or asked once where they belong."""
    rated = rating_in(turn, said.text)
    if rated:
        return rated
    polite = PLEASANTRIES.get(choices.plain(said.text[:40]))
    if polite:
        return Answer(turn.dialog, (line(polite),), menu=True)
    waiting = _waiting(turn.facts)
    if len(waiting) == 1:
        return said_to(turn, waiting[0], said)
    missed = None if waiting else _off_the_list(turn, said.text)
    if missed:
        return missed
    danger = "danger" in watch.flags(said.text, turn.facts)
    if not (waiting or danger or description.tells_something(said.text, turn.facts)):
        return Answer(turn.dialog, (line("misc.lost"),), menu=True)
    return ask_where(turn, said)


# Whole messages that are no matter to be reported and no answer to an agency.
PLEASANTRIES: Mapping[str, str] = {
    **dict.fromkeys(("xin chao", "chao", "chao ban", "alo", "hello", "hi", "good morning"), "greet.hello"),
    **dict.fromkeys(("cam on", "xin cam on", "cam on nhieu", "thanks", "thank you"), "greet.thanks"),
}


def idle_thing(turn: Turn, said: MediaSent | PlaceSent) -> Answer | None:
    """A photo or place without a draft: for the one open question, asked about, or None: a new report."""
    waiting = _waiting(turn.facts)
    if len(waiting) == 1:
        return said_to(turn, waiting[0], said)
    if waiting or _just_filed(turn):
        return ask_where(turn, said)
    return None


def ask_where(turn: Turn, said: Said) -> Answer:
    """Keep what was said, and ask which case it belongs to or whether it is a new report."""
    expect = _expect(turn, "which")
    turn = replace(turn, dialog=replace(turn.dialog, count=expect.serial))
    return pour(turn, expect, said)


def _waiting(facts: Facts) -> tuple[CaseLine, ...]:
    return tuple(case for case in facts.cases if case.question_open)


def _just_filed(turn: Turn) -> bool:
    """Whether something was sent or filed a moment ago, so that a photo may be more of the same."""
    limit = turn.facts.limits.same_matter.total_seconds()
    last = max((case.opened_at.timestamp() for case in turn.facts.cases), default=0.0)
    return turn.now - max(last, turn.dialog.filed_at) <= limit and bool(turn.facts.cases)


def candidates(facts: Facts) -> tuple[CaseLine, ...]:
    """The cases that words without an address may belong to: with an open question, else the newest open ones."""
    open_cases = tuple(case for case in facts.cases if case.state not in ENDED)
    return (_waiting(facts) or open_cases)[:4]


def rating_in(turn: Turn, words: str) -> Answer | None:
    """A rating said in words or as its number, for the case replied to or the only one that waits for it."""
    case = _rateable(turn)
    chosen = choices.read(words, rating_choices(case), turn.facts.spell) if case else None
    if case is None or chosen is None:
        return None
    _, _, verb, *rest = chosen.data.split(":")
    return VERBS[verb](turn, case, rest[0] if rest else "")


def _rateable(turn: Turn) -> CaseLine | None:
    """The one case that a rating without a code can be of."""
    bound = turn.facts.bound.case if turn.facts.bound else None
    rateable = tuple(case for case in ((bound,) if bound else turn.facts.cases) if case.rating_open)
    return rateable[0] if len(rateable) == 1 else None


def _off_the_list(turn: Turn, words: str) -> Answer | None:
    """A number that is not on the list shown last: said, and the choices shown again."""
    case = _rateable(turn)
    offered = max(rating_choices(case) if case else (), turn.dialog.offered, key=len)
    missed = choices.off_the_list(words, offered)
    rows = tuple((button,) for button in offered)
    return Answer(turn.dialog, message=Message((missed,), rows)) if missed else None


def rating_choices(case: CaseLine) -> tuple[Button, ...]:
    """What may be answered to a result, in the order in which the notice shows it (R107, T23, T25b)."""
    levels = (Button(f"k:{case.id}:rate:{level}", word(f"rating.{level}")) for level in case.levels)
    return (*levels, _tap(case, "appeal" if case.appeal_open else "dispute"))


def _tap(case: CaseLine, verb: str) -> Button:
    return Button(f"k:{case.id}:{verb}", word(f"card_button.{verb}"))


# --- buttons about a case ---------------------------------------------------------------------------------------


def pressed(turn: Turn, case_id: int | None, verb: str, argument: str) -> Answer:
    """A button about a case; it proves nothing, so the case must be the person's own and still allow it."""
    case = _own(turn.facts, case_id)
    if verb not in VERBS:
        return refuse(turn, "misc.stale")
    if case is None:
        return refuse(turn, "my.not_yours")
    return VERBS[verb](turn, case, argument)


def _own(facts: Facts, case_id: int | None) -> CaseLine | None:
    """The person's case with this id, wherever the facts have it (a number typed may stand for a button)."""
    known = (facts.asked, facts.bound.case if facts.bound else None, *facts.cases)
    return next((case for case in known if case is not None and case.id == case_id), None)


def show(turn: Turn, case: CaseLine, _: str = "") -> Answer:
    """Show where a case stands. Its buttons can be typed too, unless a draft's question waits for an answer."""
    dialog = turn.dialog
    if not dialog.drafting:
        dialog = replace(dialog, offered=_offered_with(case))
    return Answer(dialog, (), (ShowCase(case.id),), quiet=True)


def explain(turn: Turn, case: CaseLine, _: str = "") -> Answer:
    """Say why a case is due when it is."""
    return Answer(turn.dialog, (), (ExplainDue(case.id),), quiet=True)


def _offered_with(case: CaseLine) -> tuple[Button, ...]:
    """The buttons under a case's status (workflows/case/cards.py), in their order."""
    taps = {
        "dispute": case.reopen_open,
        "ask_revival": case.revival_open,
        "withdraw": _may_withdraw(case),
        "leave": _may_leave(case),
        "add": case.state not in GONE,
        "why": not case.rating_open and case.state not in ENDED,
    }
    rating = rating_choices(case) if case.rating_open else ()
    return (*rating, *(_tap(case, verb) for verb, may in taps.items() if may))


def _may_withdraw(case: CaseLine) -> bool:
    return case.state in WITHDRAWABLE and not case.joint


def _may_leave(case: CaseLine) -> bool:
    return case.joiner and case.state not in ENDED


def _rate(turn: Turn, case: CaseLine, level: str) -> Answer:
    if level not in map(str, case.levels):
        return refuse(turn, "misc.stale")
    if not case.rating_open:
        return refuse(turn, "rate.reopen" if case.reopen_open else "rate.closed", code=text(case.code))
    dialog = turn.dialog
    if int(level) in LOW and not (dialog.drafting or dialog.expect.holds_something):
        expect = _expect(turn, "reason", case)
        dialog = replace(dialog, count=expect.serial, expect=expect)
    return Answer(dialog, (), (MoveCase(case.id, Action.RATE, rating=int(level)),), quiet=True)


def _asks(kind: str, allowed: Callable[[CaseLine], bool], closed: str) -> Callable[[Turn, CaseLine, str], Answer]:
    """A button that asks something before anything happens to the case."""

    def ask_first(turn: Turn, case: CaseLine, _: str) -> Answer:
        if not allowed(case):
            return refuse(turn, closed, code=text(case.code))
        if turn.dialog.expect.holds_something:
            return refuse(turn, "answer.this_first")
        expect = _expect(turn, kind, case)
        return Answer(replace(turn.dialog, count=expect.serial, expect=expect), stay=True)

    return ask_first


VERBS: Mapping[str, Callable[[Turn, CaseLine, str], Answer]] = {
    "show": show,
    "rate": _rate,
    "dispute": _asks("dispute", lambda case: case.rating_open or case.reopen_open, "rate.closed"),
    "appeal": _asks("appeal", lambda case: case.appeal_open, "rate.closed"),
    "ask_revival": _asks("revival", lambda case: case.revival_open, "my.cannot_revive"),
    "withdraw": _asks("withdraw", _may_withdraw, "my.cannot_withdraw"),
    "leave": _asks("leave", _may_leave, "my.cannot_leave"),
    "why": explain,
    "add": _asks("add", lambda case: case.state not in GONE, "my.cannot_add"),
    "answer": _asks("answer", lambda case: case.question_open, "answer.closed"),
}


# --- questions of this file -------------------------------------------------------------------------------------


@frozen
class Asked:
    """A question outside the draft. ``choices``: value → (label, what it does). ``key`` "": asked by a notice."""

    key: str
    choices: Mapping[str, tuple[str, Callable[[Turn], Answer]]]


def ask(dialog: Dialog, facts: Facts) -> Message:
    """The question that is expected to be answered, with its buttons; empty when a notice asked it already."""
    expect = dialog.expect
    if expect.kind == "which":
        return _ask_which(expect, facts)
    asked = ASKED[expect.kind]
    if not asked.key:
        return Message(())
    return Message((line(asked.key, code=text(expect.code)),), _rows(expect, asked))


def _rows(expect: Expect, asked: Asked) -> tuple[tuple[Button, ...], ...]:
    return tuple((button(expect.serial, expect.kind, value, label),) for value, (label, _) in asked.choices.items())


def _ask_which(expect: Expect, facts: Facts) -> Message:
    cases = candidates(facts)
    rows = tuple((button(expect.serial, "which", f"case.{case.id}", text(case.code)),) for case in cases)
    lines: tuple[Line, ...] = (line("answer.offer_new"),)
    if cases:
        lines = (line("answer.which"), *map(slip, cases))
    return Message(lines, (*rows, *_rows(expect, ASKED["which"])))


def slip(case: CaseLine) -> Line:
    """One case in one line: code, what, and how it stands."""
    return line(
        "my.item",
        code=text(case.code),
        category=names(case.category.vi, case.category.en),
        state=word(f"state.{case.state.value}"),
    )


def choose(turn: Turn, value: str) -> Answer | None:
    """A button of the question that is expected to be answered; None for one that is not there."""
    expect = turn.dialog.expect
    if expect.kind == "which" and value.startswith("case."):
        return _chosen_case(turn, value.removeprefix("case."))
    known = ASKED[expect.kind].choices.get(value)
    return known[1](turn) if known else None


def _chosen_case(turn: Turn, case_id: str) -> Answer | None:
    case = next((case for case in turn.facts.cases if str(case.id) == case_id), None)
    if case is None:
        return None
    kind = "answer" if case.question_open else "add"
    waited = turn.dialog.expect.media if _too_early(turn, turn.dialog.expect) else ()
    expect = replace(turn.dialog.expect, kind=kind, case_id=case.id, code=case.code)
    if expect.lat is not None and not expect.text:
        expect = replace(expect, text=f"{expect.lat:.5f}, {expect.lon:.5f}")
    answer = finish(turn, expect)
    return replace(answer, effects=(*(KeepMedia(item.attachment, item.media) for item in waited), *answer.effects))


def new_report(turn: Turn) -> Answer:
    """Make a new report of what the citizen said while we asked where it belongs."""
    expect = turn.dialog.expect
    found = watch.flags(expect.text, turn.facts)
    warned = ("danger",) if "danger" in found else ()  # the numbers were shown with the question
    report = Report(media=expect.media, text=expect.text, flags=found)
    begun = draft.begin(turn, report, warned=warned)
    if not begun.dialog.drafting or expect.lat is None or expect.lon is None:
        return begun
    taken = location.take(replace(turn, dialog=begun.dialog), Place(expect.lat, expect.lon))
    return replace(taken, effects=(*begun.effects, *taken.effects))


def forget(turn: Turn) -> Answer:
    """Leave the question; what was kept for it goes, and that is said."""
    key = "answer.dropped" if turn.dialog.expect.holds_something else "answer.left"
    return Answer(replace(turn.dialog, expect=Expect()), (line(key),), menu=True, stay=True)


def _withdraw(turn: Turn) -> Answer:
    expect = turn.dialog.expect
    dialog = replace(turn.dialog, expect=Expect())
    move = MoveCase(expect.case_id, Action.WITHDRAW, reason="withdrawn")
    return Answer(dialog, (), (move,), stay=True, quiet=not dialog.drafting)


def _leave(turn: Turn) -> Answer:
    dialog = replace(turn.dialog, expect=Expect())
    return Answer(dialog, (), (LeaveCase(turn.dialog.expect.case_id),), stay=True, quiet=not dialog.drafting)


def _erase(turn: Turn) -> Answer:
    dialog = turn.dialog
    dropped = (Dropped(dialog.step, "cancelled"),) if dialog.drafting else ()
    fresh = Dialog(version=dialog.version, count=dialog.count, wished=dialog.wished)
    return Answer(fresh, (), (*dropped, EraseMe()), quiet=True)


def ask_erase(turn: Turn) -> Answer:
    """Ask before erasing, and say what will happen."""
    expect = _expect(turn, "erase")
    return Answer(replace(turn.dialog, count=expect.serial, expect=expect), stay=True)


_LEAVE = ("leave", forget)

ASKED: Mapping[str, Asked] = {
    "which": Asked("answer.which", {"new": ("report", new_report), "drop": ("drop_words", forget)}),
    "answer": Asked("answer.ask", {"drop": _LEAVE}),
    "add": Asked("my.add_ask", {"drop": _LEAVE}),
    "dispute": Asked("rate.dispute_ask", {"drop": _LEAVE}),
    "reason": Asked("", {}),
    "appeal": Asked("rate.appeal_ask", {"drop": _LEAVE}),
    "revival": Asked("my.revival_ask", {"drop": _LEAVE}),
    "withdraw": Asked("my.withdraw_ask", {"yes": ("withdraw", _withdraw), "no": ("keep_case", forget)}),
    "leave": Asked("my.leave_ask", {"yes": ("leave_joint", _leave), "no": ("keep_following", forget)}),
    "erase": Asked("data.erase_ask", {"yes": ("erase", _erase), "no": ("keep_data", forget)}),
}
