"""Where there is only text: moves by a code, a number, a short word, and what is said with it. Read as transcripts."""

from __future__ import annotations

import pytest

from tests.workflows.desk.conftest import HEAD, WORDS
from workflows.actions import Action
from workflows.case.model import State
from workflows.desk.spoken import SHORT, choice_in
from workflows.effects import KeepMedia, MoveCase, Note
from workflows.messages import Button, word


def number(group, case, verb):
    return [button.data for button in group.cards[case].offered].index(f"d:{case}:{verb}") + 1


def test_a_case_is_taken_by_its_code_in_any_spelling(plain):
    for case, spelt in enumerate(("{}", "pa{}", "PA-{}", "Pa {}"), start=1):
        code = plain.case(case, state=State.ASSIGNED).case.code.removeprefix("PA-")
        lan = plain.person("Lan")
        assert lan.says(f"{spelt.format(code)} 1").move == MoveCase(case, Action.CLAIM)
        assert lan.says(f"{spelt.format(code.lower())} nhận").move == MoveCase(case, Action.CLAIM)
        assert lan.says(f"{spelt.format(code)} take").move == MoveCase(case, Action.CLAIM)


def test_done_with_words_begins_the_result(plain):
    code = plain.case(1).case.code
    lan = plain.person("Lan")
    lan.says(f"{code.removeprefix('PA-')} xong Đã giải thích với gia đình.").no_move().says("desk.outcome")
    lan.says("Đã giải thích").no_move().says("desk.preview.submit_result", "desk.preview.words")
    move = lan.says("Gửi").move
    assert (move.action, move.text, move.outcome) == (Action.SUBMIT_RESULT, "Đã giải thích với gia đình.", "explained")


def test_a_photo_with_code_and_words_is_the_result_at_once(plain):
    code = plain.case(1).case.code
    lan = plain.person("Lan")
    heard = lan.sends(caption=f"{code} xong: Đã thay bóng mới").says("desk.outcome")
    [kept] = heard.all(KeepMedia)
    lan.says("1").says("desk.preview.submit_result", "desk.preview.media")
    move = lan.says("1").move
    assert (move.text, move.media, move.outcome) == ("Đã thay bóng mới", (kept.attachment,), "fixed")


def test_a_question_in_one_message(plain):
    code = plain.case(1).case.code
    lan = plain.person("Lan")
    for said in (
        "hỏi Cột đèn số mấy?",
        "Hỏi người dân: Cột đèn số mấy?",
        f"{number(plain, 1, 'ask')}: Cột đèn số mấy?",
    ):
        lan.says(f"{code} {said}").no_move().says("desk.preview.ask", "desk.preview.words")
        assert lan.says("1").move == MoveCase(1, Action.ASK, text="Cột đèn số mấy?")


def test_nothing_is_done_at_once_when_more_is_said(plain):
    """A move without a preview is made by its word alone; with more after it, it may be talk: it is a note."""
    code = plain.case(1, state=State.ASSIGNED).case.code
    lan = plain.person("Lan")
    for said in ("nhận được ảnh rồi", "1 nhà bị ngập", "1: nhà bị ngập"):
        [note] = lan.says(f"{code} {said}").no_move().says("desk.noted").all(Note)
        assert note.text == said


def test_a_number_before_ordinary_words_is_no_choice(plain):
    code = plain.case(1).case.code
    asked = number(plain, 1, "ask")
    [note] = plain.person("Lan").says(f"{code} {asked} nhà bị ngập").no_move().all(Note)
    assert note.text == f"{asked} nhà bị ngập"


def test_a_photo_with_other_words_is_a_note(plain):
    code = plain.case(1).case.code
    lan = plain.person("Lan")
    [note] = lan.sends(caption=f"{code} hỏi thợ rồi, chờ vật tư").says("desk.noted").all(Note)
    assert note.text == "hỏi thợ rồi, chờ vật tư"
    lan.sends(caption=f"{code} xong", kind="voice").says("desk.noted")


def test_a_quote_is_as_good_as_a_code(plain):
    plain.case(1, state=State.ASSIGNED)
    lan = plain.person("Lan")
    assert lan.replies(plain.cards[1], "1").move == MoveCase(1, Action.CLAIM)
    assert lan.replies(plain.cards[1], "nhận").move == MoveCase(1, Action.CLAIM)
    lan.replies(plain.cards[1], "chiều qua xem").no_move().says("desk.noted")


def test_two_cases_and_two_officers_do_not_get_mixed(plain):
    first, second = plain.case(1).case.code, plain.case(2).case.code
    lan, minh = plain.person("Lan"), plain.person("Minh")
    lan.says(f"{first} hỏi Cột số mấy?").says("desk.preview.ask")
    minh.says(f"{second} hỏi Ngõ số mấy?").says("desk.preview.ask")
    assert minh.says("1").move == MoveCase(2, Action.ASK, text="Ngõ số mấy?")
    assert lan.says("1").move == MoveCase(1, Action.ASK, text="Cột số mấy?")


def test_a_number_alone_is_talk_when_nothing_was_asked(plain):
    plain.case(1, state=State.ASSIGNED)
    plain.person("Lan").says("1").nothing()
    plain.person("Lan").says("xong").nothing()


def test_a_move_that_is_not_open_begins_nothing(plain):
    code = plain.case(1, state=State.ASSIGNED).case.code
    plain.becomes(1, State.RESOLVED)
    plain.person("Lan").says(f"{code} chuyển sang bên điện").no_move()


def test_too_long_is_said_before_anything_begins(plain):
    code = plain.case(1).case.code
    lan = plain.person("Lan")
    lan.says(f"{code} hỏi " + "từ " * 600).no_move().says("desk.too_long")
    lan.says("1").nothing()


def test_a_stranger_is_told_to_wait_whatever_is_typed(plain):
    code = plain.case(1).case.code
    mai = plain.person("Mai", status="pending")
    mai.says(f"{code} xong Đã thay").no_move().says("desk.gate.pending")


def test_a_head_agrees_to_a_result_by_a_word(plain):
    code = plain.case(1, state=State.RESULT_SUBMITTED, result="r", outcome="explained").case.code
    head = plain.person("Hoa", HEAD)
    head.says(f"{code} trả lại Thiếu ảnh chụp gần").says("desk.preview.return_result")
    head.says("Hủy")
    head.says(f"{code} duyệt").no_move()
    head.says("đúng câu hỏi").no_move().says("desk.preview.accept_result")
    assert head.says("1").move == MoveCase(1, Action.ACCEPT_RESULT, ticked=True)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_short_word_means_two_moves(language):
    said = [WORDS.label(language, word(f"desk_say.{action.value}")) for action in SHORT]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("words", ["", " ", ":", "1:", "99: gì", "xong", "?!", "0", "9" * 300, "nhận" * 400])
def test_nothing_typed_breaks_it(words):
    offered = (Button("d:1:claim", word("card_button.claim")), Button("x", word("card_button.ask")))
    found = choice_in(words, offered, WORDS.spell)
    assert found is None or found[0] in offered


def test_a_number_that_the_card_has_not_is_no_note(plain):
    code = plain.case(1, state=State.ASSIGNED).case.code
    lan = plain.person("Lan")
    assert not lan.says(f"{code} 29").no_move().says("desk.toast.no_number").all(Note)


def test_a_mistyped_code_is_said_and_a_sentence_is_not(plain):
    code = plain.case(1, state=State.ASSIGNED).case.code
    wrong = code[:-1] + ("A" if code[-1] != "A" else "C")
    lan = plain.person("Lan")
    for said in (f"{wrong} 1", wrong.lower(), f"{wrong} nhận"):
        lan.says(said).no_move().says("desk.toast.wrong_code")
    for talk in ("PA nay ai đi xem?", "Pa ra đó rồi nhé", "pacs xong chưa", "mai họp"):
        assert not lan.says(talk).effects
