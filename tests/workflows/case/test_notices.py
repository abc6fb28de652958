"""Who hears what: every move has its notices, in words that exist, and nobody hears what is not for them."""

import re
from dataclasses import replace

import pytest

from bot.words.catalogue import load
from tests.workflows.case.story import (
    BY_SUPERVISOR,
    CASE_ID,
    CHECKED,
    DEPARTMENT,
    LINE,
    NEIGHBOUR,
    WARD,
    Story,
    view,
)
from tests.workflows.case.test_replay import whole_life
from workflows.actions import Action
from workflows.case.model import CANCEL_REASONS, Role, State
from workflows.case.moves import MOVES
from workflows.case.notices import HEARS, TIMERS, holding, notices
from workflows.case.replay import replay
from workflows.case.view import Names
from workflows.effects import Lane, Say, ShowCard, ToAbove, ToAgency, ToOperators, ToReporter, WakeAt, Withdraw

SETTINGS = {
    "vi": {
        "team": "Tổ vận hành",
        "address_form": "anh/chị",
        "upper": "UBND thành phố",
        "province": "Huế",
        "complaint_office": "Ban Tiếp công dân",
    },
    "en": {"team": "the operations team", "upper": "the city", "complaint_office": "the reception office"},
}
CATALOGUE = load(SETTINGS)


def told(story: Story, **given):
    """What followed from the last event, or from the last two when a result was accepted by itself."""
    *earlier, event = story.events
    before = replay(earlier) if earlier else None
    return notices(CASE_ID, before, event, view(story.case, story.at, **given))


def to_reporter(effects) -> str:
    """What the citizen reads, in Vietnamese."""
    return _read(effects, ToReporter(CASE_ID))


def _read(effects, recipient, language="vi") -> str:
    said = [effect for effect in effects if isinstance(effect, Say) and effect.to == recipient]
    return "\n".join(line for say in said for line in CATALOGUE.paragraphs(language, say.message))


def cards(effects):
    return [effect.to for effect in effects if isinstance(effect, ShowCard)]


def test_every_row_of_the_table_has_its_notices_and_no_others():
    assert set(HEARS) == {(move.code, move.action) for move in MOVES}


TO_LINE = {"sealed": True, "target_agency_id": LINE, "target_line": True}


def with_line() -> Story:
    """A case about officials that the inspection line is working on."""
    story = Story().opened(sensitive=True, sealed=True).does(Role.TIMER, Action.ASSIGN, **TO_LINE)
    return story.does(Role.INSPECTION, Action.CLAIM)


def help_late():
    story = Story().helped()
    return story.until(story.case.tasks[0].due).does(Role.TIMER, Action.REMIND_SUPPORT)


def every_event():
    """Stories whose last event is, taken together, every row of the table."""
    ways = {
        "T1": Story().opened(),
        "T3": Story().opened().does(Role.OPERATOR, Action.ASK),
        "T4": Story().asked().does(Role.CITIZEN, Action.ANSWER),
        "T4 by operator": Story().asked().does(Role.OPERATOR, Action.ANSWER),
        "T5": silent(Story().opened().does(Role.OPERATOR, Action.ASK)),
        "T5b": silent(Story().asked()),
        "T6": Story().opened().does(Role.OPERATOR, Action.CANCEL),
        "T7": Story().claimed().does(Role.OPERATOR, Action.MERGE),
        "T8": Story().opened().does(Role.OPERATOR, Action.REFER_OUT),
        "T9": Story().assigned(),
        "T9 late": Story().opened().later(days=9).does(Role.OPERATOR, Action.ASSIGN),
        "T10": Story().claimed(),
        "T11": Story().assigned().does(Role.FOCAL, Action.DELEGATE),
        "T12": Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER),
        "T12 in words": Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER, reason=""),
        "T13": Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER).does(Role.OPERATOR, Action.TRANSFER),
        "T14": Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER).does(Role.OPERATOR, Action.REFUSE_TRANSFER),
        "T15": Story().asked(),
        "T16": Story().scheduled(),
        "T17": Story().scheduled().does(Role.OFFICER, Action.RESUME),
        "T17 by itself": taken_up(Story().scheduled()),
        "T18": Story(CHECKED).resolved(),
        "T19": Story().resolved(),
        "T20": Story().claimed().does(Role.OFFICER, Action.SUBMIT_RESULT, outcome="explained", media=()),
        "T21": Story(CHECKED).resolved().does(Role.HEAD, Action.RETURN_RESULT),
        "T22": Story().resolved().does(Role.CITIZEN, Action.RATE),
        "T22 silent": unrated(),
        "T23": Story().disputed(),
        "T23 by rating": Story().resolved().does(Role.CITIZEN, Action.RATE, rating=1, words="why"),
        "T23b": Story().resolved().does(Role.CITIZEN, Action.RATE, rating=1),
        "T23b again": Story()
        .resolved()
        .does(Role.CITIZEN, Action.RATE, rating=1)
        .does(Role.CITIZEN, Action.RATE, rating=2),
        "T24": Story().disputed().does(Role.OPERATOR, Action.REWORK),
        "T25": Story().disputed().does(Role.HEAD, Action.UPHOLD),
        "T22 of several": rated_by_one(),
        "T25b": Story().appealed(),
        "T26": Story().appealed().does(Role.LEADER, Action.CLOSE_FINALLY),
        "T27": Story().resolved().does(Role.CITIZEN, Action.RATE).does(Role.CITIZEN, Action.DISPUTE),
        "T28": asked_again().does(Role.OPERATOR, Action.REVIVE),
        "T29": Story().claimed().does(Role.OPERATOR, Action.MERGE).does(Role.OPERATOR, Action.UNMERGE),
        "T30": Story().opened().does(Role.OPERATOR, Action.REFER_OUT).does(Role.OPERATOR, Action.TAKE_BACK),
        "T33": Story().claimed().does(Role.ADMIN, Action.CORRECT),
        "T33 that matters": Story().claimed().does(Role.ADMIN, Action.CORRECT, restored=(("agency_id", DEPARTMENT),)),
        "reply": Story().claimed().does(Role.CITIZEN, Action.ADD).does(Role.OFFICER, Action.REPLY),
        "promised": Story().promised(),
        "promise kept": Story().promised().does(Role.OFFICER, Action.KEEP_PROMISE),
        "promise kept late": Story().promised().later(days=90).does(Role.OFFICER, Action.KEEP_PROMISE),
        "extension asked": Story().claimed().does(Role.HEAD, Action.REQUEST_EXTENSION),
        "extension refused": Story()
        .claimed()
        .does(Role.HEAD, Action.REQUEST_EXTENSION)
        .does(Role.OPERATOR, Action.REFUSE_EXTENSION),
        "revival asked": asked_again(),
        "proposed": Story().claimed().does(Role.HEAD, Action.PROPOSE_CANCEL),
        "merge proposed": Story().claimed().does(Role.FOCAL, Action.PROPOSE_MERGE),
        "proposal refused": Story()
        .claimed()
        .does(Role.HEAD, Action.PROPOSE_CANCEL)
        .does(Role.OPERATOR, Action.REFUSE_PROPOSAL),
        "T9 to an enterprise": Story()
        .opened()
        .does(Role.OPERATOR, Action.ASSIGN, target_enterprise=True, target_supervisor_id=DEPARTMENT),
        "T18 of an enterprise": Story(BY_SUPERVISOR).with_enterprise().does(Role.ENTERPRISE, Action.SUBMIT_RESULT),
        "help asked": Story().helped(),
        "help given": Story().helped().does(Role.HELPER, Action.ANSWER_SUPPORT),
        "help declined": Story().helped().does(Role.HELPER, Action.DECLINE_SUPPORT),
        "help waived": Story().helped().does(Role.OFFICER, Action.WAIVE_SUPPORT),
        "help late": help_late(),
        "joined": Story().joint(),
        "parted": Story().joint().does(Role.OPERATOR, Action.PART),
        "joined by oneself": Story().claimed().does(Role.CITIZEN, Action.JOIN, **JOINS),
        "parted by oneself": Story().joint().does(Role.CITIZEN, Action.PART, person_id=NEIGHBOUR),
        "merged by oneself": Story().opened().does(Role.CITIZEN, Action.MERGE),
        "left": Story().opened().does(Role.CITIZEN, Action.MERGE).does(Role.CITIZEN, Action.LEAVE),
        "chained": Story().claimed().does(Role.OFFICER, Action.CHAIN),
        "unchained": Story().claimed().does(Role.OFFICER, Action.CHAIN).does(Role.OPERATOR, Action.UNCHAIN),
        "T31": Story().claimed().does(Role.CITIZEN, Action.WITHDRAW),
        "T32": Story().claimed().does(Role.OPERATOR, Action.SET_URGENT),
        "T32 cleared": Story()
        .claimed()
        .does(Role.OPERATOR, Action.SET_URGENT)
        .does(Role.OPERATOR, Action.CLEAR_URGENT),
        "sensitive": Story().claimed().does(Role.OPERATOR, Action.SET_SENSITIVE),
        "sealed": Story().claimed().does(Role.OPERATOR, Action.SET_SENSITIVE, **TO_LINE),
        "ordinary": with_line().does(Role.INSPECTION, Action.CLEAR_SENSITIVE),
        "unit": with_line().does(Role.INSPECTION, Action.NAME_UNIT),
        "category": Story().claimed().does(Role.OFFICER, Action.CORRECT_CATEGORY),
        "place": Story().claimed().does(Role.OFFICER, Action.CORRECT_PLACE),
        "call": Story().claimed().does(Role.OPERATOR, Action.SET_URGENT).does(Role.OFFICER, Action.TAKE_CALL),
        "interim": Story().claimed().does(Role.OPERATOR, Action.SET_URGENT).does(Role.OFFICER, Action.INTERIM),
        "safe": Story().claimed().does(Role.OPERATOR, Action.SET_URGENT).does(Role.OFFICER, Action.MAKE_SAFE),
        "note": Story().claimed().does(Role.OFFICER, Action.NOTE),
        "add": Story().claimed().does(Role.CITIZEN, Action.ADD),
        "remind": reminded(Story().asked()),
    }
    return [pytest.param(story, id=name) for name, story in ways.items()]


JOINS = {"person_id": NEIGHBOUR, "words": "w7", "media": ("m7",)}


def taken_up(story: Story) -> Story:
    return story.until(story.case.resume_at).does(Role.TIMER, Action.RESUME)


def rated_by_one() -> Story:
    return Story().joint().does(Role.OFFICER, Action.SUBMIT_RESULT).does(Role.CITIZEN, Action.RATE)


def asked_again() -> Story:
    return Story().opened().does(Role.OPERATOR, Action.CANCEL).does(Role.CITIZEN, Action.ASK_REVIVAL)


def reminded(story: Story) -> Story:
    return story.until(story.case.reminders_at[0]).does(Role.TIMER, Action.REMIND_ANSWER)


def silent(story: Story) -> Story:
    for at in story.case.reminders_at:
        story.until(at).does(Role.TIMER, Action.REMIND_ANSWER)
    return story.until(story.case.answer_due).does(Role.TIMER, Action.GIVE_UP_ASKING)


def unrated() -> Story:
    story = Story().resolved()
    return story.until(story.case.rating_until).does(Role.TIMER, Action.CLOSE_UNRATED)


def test_the_stories_are_every_row():
    seen = {(param.values[0].events[-1].move, param.values[0].events[-1].action) for param in every_event()}
    assert seen == set(HEARS)


@pytest.mark.parametrize("words", ["lời kèm theo", ""])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("story", every_event())
def test_every_message_can_be_read(story, language, words):
    for effect in told(story, last_words=words, last_media=("m7",)):
        if isinstance(effect, Say):
            paragraphs = CATALOGUE.paragraphs(language, effect.message)
            assert paragraphs
            assert not re.search(r"[{}]|None", " ".join(paragraphs))
            for row in effect.message.buttons:
                for button in row:
                    assert 0 < len(CATALOGUE.label(language, button.label)) <= 20
                    assert len(button.data.encode()) <= 64


@pytest.mark.parametrize("story", every_event())
def test_messages_about_a_case_wait_in_their_own_lane_and_are_bound_to_it(story):
    for effect in told(story):
        if isinstance(effect, Say):
            assert (effect.lane, effect.case_id) == (Lane.NOTICE, CASE_ID)
            assert effect.purpose
        if isinstance(effect, WakeAt):
            assert (effect.case_id, effect.version) == (CASE_ID, story.case.version)
            assert effect.about in TIMERS
            assert effect.at > story.at


@pytest.mark.parametrize("story", every_event())
def test_officers_are_not_named_to_citizens(story):
    assert "Lê Cán Bộ" not in to_reporter(told(story))


QUIET = {
    Action.NAME_UNIT,
    Action.NOTE,
    Action.CORRECT_CATEGORY,
    Action.CORRECT_PLACE,
    Action.SET_URGENT,
    Action.CLEAR_URGENT,
}
QUIET |= {Action.JOIN, Action.PART, Action.REQUEST_EXTENSION, Action.REFUSE_EXTENSION, Action.RESUME}
QUIET |= {Action.PROPOSE_CANCEL, Action.PROPOSE_MERGE, Action.REFUSE_PROPOSAL}
QUIET |= {Action.ASK_SUPPORT, Action.ANSWER_SUPPORT, Action.DECLINE_SUPPORT}
QUIET |= {Action.WAIVE_SUPPORT, Action.REMIND_SUPPORT}
QUIET |= {Action.CHAIN, Action.UNCHAIN}
INSIDE = {Action.TAKE_CALL, Action.SUBMIT_RESULT, Action.RETURN_RESULT}  # nothing to tell until a result is accepted


@pytest.mark.parametrize("story", every_event())
def test_the_citizen_hears_of_every_move_but_the_inner_ones(story):
    action = story.events[-1].action
    if action is Action.CORRECT and story.case.agency_id == WARD:
        action = Action.NOTE  # what the citizen was told is still so
    assert bool(to_reporter(told(story))) == (action not in QUIET | INSIDE)


@pytest.mark.parametrize("story", every_event())
def test_cards_follow_every_change_except_a_note(story):
    expected = story.events[-1].action not in {Action.NOTE, Action.LEAVE}  # a merged case is nobody's work
    assert bool(cards(told(story))) == expected
    if expected:
        assert holding(story.case) in cards(told(story))
        assert ToOperators() in cards(told(story))


def test_the_receipt_has_the_code_alone_and_both_promises():
    said = to_reporter(told(Story().opened())).splitlines()
    assert said[1] == "PA-7K3M-9QXC"
    assert "17 giờ thứ Ba, 24/11/2026" in said[2]  # one working day
    assert "hết ngày thứ Ba, 01/12/2026" in said[3]  # five more


def test_an_early_assignment_tells_the_earlier_day():
    said = to_reporter(told(Story().assigned()))
    assert "hết ngày thứ Hai, 30/11/2026" in said
    assert "sớm hơn hạn chậm nhất đã báo vì phản ánh được chuyển sớm" in said
    late = to_reporter(told(Story().opened().later(days=9).does(Role.OPERATOR, Action.ASSIGN)))
    assert "hết ngày thứ Ba, 01/12/2026" in late
    assert "sớm hơn" not in late
    kept = to_reporter(told(Story().opened(sensitive=True).does(Role.OPERATOR, Action.ASSIGN, target_agency_id=None)))
    assert "trực tiếp xử lý" in kept
    assert "sớm hơn hạn chậm nhất đã báo" in kept


def test_a_question_is_answered_by_replying_and_its_timers_run():
    story = Story().asked()
    effects = told(story)
    question = next(effect for effect in effects if isinstance(effect, Say))
    assert (question.to, question.purpose) == (ToReporter(CASE_ID), "question")
    assert "Cột số mấy?" in to_reporter(effects)
    assert "Đơn vị 7" in to_reporter(effects)
    wakes = [(effect.about, effect.at) for effect in effects if isinstance(effect, WakeAt)]
    reminders = [("remind_answer", at) for at in story.case.reminders_at]
    assert len(reminders) == 2
    assert wakes == [*reminders, ("give_up_asking", story.case.answer_due)]


def test_an_answer_reaches_the_agency_with_its_pictures():
    effects = told(Story().asked().does(Role.CITIZEN, Action.ANSWER), last_media=("m7",))
    answer = next(effect for effect in effects if isinstance(effect, Say) and effect.to == ToAgency(WARD))
    assert (answer.purpose, answer.message.media) == ("card", ("m7",))
    assert "lời kèm theo" in _read(effects, ToAgency(WARD))


def test_a_result_comes_with_pictures_before_and_after_and_five_levels():
    story = Story().resolved()
    effects = told(story)
    result = next(effect for effect in effects if isinstance(effect, Say))
    assert result.purpose == "result"
    assert result.message.media == ("m1", "after1")
    data = [button.data for row in result.message.buttons for button in row]
    assert data == [f"k:{CASE_ID}:rate:{level}" for level in (5, 4, 3, 2, 1)] + [f"k:{CASE_ID}:dispute"]
    assert [(e.about, e.at) for e in effects if isinstance(e, WakeAt)] == [("close_unrated", story.case.rating_until)]
    assert "Đã thay bóng" in to_reporter(effects)


def test_a_low_rating_is_asked_for_its_reason_once():
    story = Story().resolved().does(Role.CITIZEN, Action.RATE, rating=2)
    first = next(effect for effect in told(story) if isinstance(effect, Say))
    assert first.message.buttons
    assert first.purpose == "result"
    story.does(Role.CITIZEN, Action.RATE, rating=1)
    second = next(effect for effect in told(story) if isinstance(effect, Say))
    assert not second.message.buttons


def test_not_solved_goes_to_the_agency_and_the_operators_on_a_fresh_card():
    effects = told(Story().disputed())
    for group in (ToAgency(WARD), ToOperators()):
        assert ShowCard(group, CASE_ID, repost=True) in effects
        assert _read(effects, group) == ""
    assert "hết ngày thứ Ba, 24/11/2026" in to_reporter(effects)


def test_words_of_a_transfer_stay_among_the_authorities():
    story = Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER)
    effects = told(story)
    assert "lời kèm theo" not in to_reporter(effects)
    assert "Nơi khác quản lý" in to_reporter(effects)


def test_the_operators_decide_a_transfer_on_one_fresh_card():
    effects = told(Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER))
    assert ShowCard(ToOperators(), CASE_ID, repost=True) in effects
    assert ShowCard(ToAgency(WARD), CASE_ID) in effects
    assert _read(effects, ToOperators()) == ""


def test_the_unit_that_loses_a_case_is_shown_where_it_went():
    story = Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER).does(Role.OPERATOR, Action.TRANSFER)
    assert cards(told(story)) == [ToAgency(DEPARTMENT), ToOperators(), ToAgency(WARD), ToAbove(DEPARTMENT)]


@pytest.mark.parametrize("reason", CANCEL_REASONS)
def test_a_refusal_says_why_and_what_next(reason):
    story = Story().opened().does(Role.OPERATOR, Action.CANCEL)
    event = replace(story.events[-1], data={"reason": reason, "words": "x"})
    case = replace(story.case, cancel_reason=reason)
    effects = notices(CASE_ID, None, event, view(case))
    lines = to_reporter(effects).splitlines()
    assert len(lines) == 3
    assert CATALOGUE.text("vi", f"cancel.{reason}", {}) in lines[0]
    assert lines[1] == "“lời kèm theo”"


def test_with_an_inspection_line_a_sensitive_case_speaks_to_it_and_of_its_words_to_nobody_else():
    story = with_line()
    story.does(Role.INSPECTION, Action.ASK).does(Role.CITIZEN, Action.ANSWER)
    for event in range(1, len(story.events) + 1):
        part = Story()
        part.events, part.now = story.events[:event], replay(story.events[:event])
        effects = told(part)
        assert {one.to for one in effects if isinstance(one, Say)} <= {ToReporter(CASE_ID), ToAgency(LINE)}
        assert set(cards(effects)) <= {ToOperators(), ToAgency(LINE)}


@pytest.mark.parametrize(
    ("story", "taken"),
    [
        (Story().claimed().does(Role.OPERATOR, Action.SET_SENSITIVE), True),
        (Story().claimed().does(Role.OPERATOR, Action.CORRECT_CATEGORY, category="x", sensitive=True), True),
        (with_line().does(Role.INSPECTION, Action.NAME_UNIT, target_holds=True), True),
        (with_line().does(Role.INSPECTION, Action.NAME_UNIT), False),
        (with_line(), False),
        (with_line().does(Role.INSPECTION, Action.CLEAR_SENSITIVE), False),
        (Story().claimed().does(Role.FOCAL, Action.DELEGATE), False),
    ],
)
def test_what_a_group_was_shown_is_taken_back_when_the_case_leaves_it(story, taken):
    assert (Withdraw(CASE_ID) in told(story)) is taken


def test_the_reporter_hears_who_sees_it_from_now_on():
    for story, said in (
        (Story().claimed().does(Role.OPERATOR, Action.SET_SENSITIVE), "officials.set_team"),
        (Story().claimed().does(Role.OPERATOR, Action.SET_SENSITIVE, **TO_LINE), "officials.set_line"),
        (with_line().does(Role.INSPECTION, Action.CLEAR_SENSITIVE), "officials.ordinary_again"),
        (Story().claimed().does(Role.OFFICER, Action.CORRECT_CATEGORY), None),
    ):
        keys = [
            one.message.lines[0].key for one in told(story) if isinstance(one, Say) and one.to == ToReporter(CASE_ID)
        ]
        assert keys == ([said] if said else [])


def test_a_sensitive_case_speaks_to_the_operators_only():
    story = Story().opened(sensitive=True).does(Role.OPERATOR, Action.ASSIGN, target_agency_id=None)
    story.does(Role.OPERATOR, Action.CLAIM)
    for event in range(1, len(story.events) + 1):
        part = Story()
        part.events, part.now = story.events[:event], replay(story.events[:event])
        groups = {effect.to for effect in told(part) if isinstance(effect, Say | ShowCard)}
        assert groups <= {ToReporter(CASE_ID), ToOperators()}


def test_a_case_found_to_be_sensitive_is_taken_off_the_agencys_card():
    story = Story().claimed().does(Role.OPERATOR, Action.CORRECT_CATEGORY, category="officials", sensitive=True)
    effects = told(story)
    assert cards(effects) == [ToOperators(), ToAgency(WARD)]
    assert not _read(effects, ToAgency(WARD))


def test_nothing_of_the_reporter_is_in_any_message_to_a_group():
    """Invariant 7: a view has no reporter, and the id in the case is in no message."""
    story = whole_life()
    before = None
    for count in range(1, len(story.events) + 1):
        case = replace(replay(story.events[:count]), reporter_id=987654321)
        for effect in notices(CASE_ID, before, story.events[count - 1], view(case)):
            assert "987654321" not in repr(effect)
        before = replay(story.events[:count])
    assert case.state is State.CLOSED


def test_urgent_is_told_to_the_agency_but_not_to_the_operators_who_said_so():
    assert "khẩn" in _read(told(Story().claimed().does(Role.OPERATOR, Action.SET_URGENT)), ToAgency(WARD))
    assert not _read(told(Story().opened().does(Role.OPERATOR, Action.SET_URGENT)), ToOperators())


def test_names_are_in_the_readers_language():
    effects = told(Story().assigned(), agency=Names("UBND phường An Cựu", "An Cuu ward office"))
    assert "UBND phường An Cựu" in to_reporter(effects)
    assert "An Cuu ward office" in _read(effects, ToReporter(CASE_ID), "en")
