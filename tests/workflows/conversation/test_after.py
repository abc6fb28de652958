"""After sending: answers, ratings, complaints, additions, withdrawals, and whose words these are."""

from datetime import timedelta

from tests.talk import START, Talk, asked, case_line, finished
from workflows.actions import Action
from workflows.case.model import State
from workflows.effects import Acknowledge, AddToCase, EraseMe, KeepMedia, MoveCase, ShowCase, ShowMyData

ONE, OTHER = "PA-7K3M-9QXC", "PA-2222-3336"
CODE = "PA-3467-89A7"  # with a right check symbol


def test_the_one_open_question_is_answered_by_any_words():
    talk = Talk(cases=(asked(), case_line(8, OTHER)))
    talk.says("Ở cột số 5, cạnh trường học").hears_nothing()
    assert talk.does(MoveCase) == MoveCase(7, Action.ANSWER, text="Ở cột số 5, cạnh trường học")


def test_a_reply_belongs_to_the_case_of_the_message_it_answers():
    talk = Talk(cases=(asked(), asked(8, OTHER)))
    talk.says("Cột số 5", reply_to=talk.facts.cases[1], purpose="question")
    assert talk.does(MoveCase).case_id == 8


def test_a_reply_is_no_answer_to_the_draft_that_is_open_beside_it():
    talk = Talk()
    talk.sends_photo().hears("photo.got", "place.ask")
    talk.says("Cột số 5 bên trái", reply_to=asked()).hears("place.ask")
    assert talk.does(MoveCase).text == "Cột số 5 bên trái"
    assert not talk.report.address


def test_two_open_questions_are_asked_about_once_and_the_words_are_kept():
    talk = Talk(cases=(asked(), asked(8, OTHER)))
    talk.says("Ở cột số 5").hears("answer.which", "my.item", "my.item")
    talk.offers(ONE, OTHER, "report", "drop_words")
    talk.sends_photo().hears("answer.which", "my.item", "my.item")
    talk.says("2").hears_nothing()
    move = talk.does(MoveCase)
    assert (move.case_id, move.text, move.media) == (8, "Ở cột số 5", ("att-1",))


def test_the_words_may_become_a_new_report_instead():
    talk = Talk(cases=(asked(), asked(8, OTHER)))
    talk.says("Đèn đường hỏng ba tối nay").hears_among("answer.which")
    talk.says("/phananh").hears("photo.ask")
    assert talk.report.text == "Đèn đường hỏng ba tối nay"


def test_a_file_sent_meanwhile_is_kept_once_and_only_after_consent():
    talk = Talk(consent=0)
    talk.says("Đèn hỏng ở đường Lê Lợi").hears_among("answer.offer_new")
    talk.sends_photo().hears_among("answer.offer_new").does_not(KeepMedia)
    talk.presses("report").does_not(KeepMedia)
    talk.presses("agree")
    assert talk.does(KeepMedia).attachment == "att-1"


def test_a_file_sent_meanwhile_is_kept_once_where_consent_was_given_before():
    talk = Talk()
    talk.says("Đèn hỏng ở đường Lê Lợi").hears_among("answer.offer_new")
    assert talk.sends_photo().does(KeepMedia).attachment == "att-1"
    talk.presses("report").does_not(KeepMedia)


def test_a_file_for_a_case_does_not_wait_for_the_new_words_of_consent():
    talk = Talk(cases=(asked(), asked(8, OTHER)), consent=0)
    talk.says("Ở cột số 5").hears("answer.which", "my.item", "my.item")
    talk.sends_photo().does_not(KeepMedia)
    talk.says("2").hears_nothing()
    assert talk.does(KeepMedia).attachment == "att-1"
    assert talk.does(MoveCase).media == ("att-1",)


def test_or_be_dropped_which_is_said():
    talk = Talk(cases=(asked(), asked(8, OTHER)))
    talk.says("Đèn đường hỏng ba tối nay")
    talk.says("hủy").hears("answer.dropped").offers("report", "mine", "help", "language")


def test_plain_words_without_a_question_are_offered_as_a_report():
    talk = Talk()
    talk.says("Xin chào!").hears("greet.hello")
    talk.says("cảm ơn").hears("greet.thanks")
    talk.says("ừm").hears("misc.lost")
    talk.says("Rác thải đổ đầy đường").hears("answer.offer_new").offers("report", "drop_words")
    talk.presses("report").hears("photo.ask")
    assert talk.report.text == "Rác thải đổ đầy đường"


def test_plain_words_may_be_added_to_an_open_case():
    talk = Talk(cases=(case_line(), case_line(8, OTHER, state=State.CLOSED)))
    talk.says("Bao giờ thì xong vậy?").offers(ONE, "report", "drop_words")
    talk.presses(ONE)
    assert talk.does(AddToCase) == AddToCase(7, "Bao giờ thì xong vậy?")


def test_an_album_as_an_answer_is_one_answer():
    talk = Talk(cases=(asked(),))
    talk.sends_photo("Đây", album="a").hears_nothing()
    talk.sends_photo(album="a").does_not(MoveCase)
    assert talk.does(KeepMedia).attachment == "att-2"
    talk.waits(timedelta(seconds=3))
    move = talk.does(MoveCase)
    assert (move.text, move.media) == ("Đây", ("att-1", "att-2"))


def test_a_place_answers_a_question_too():
    talk = Talk(cases=(asked(),))
    talk.sends_place(16.46, 107.6)
    move = talk.does(MoveCase)
    assert move.place and (move.place.lat, move.text) == (16.46, "16.46000, 107.60000")


def test_a_photo_right_after_sending_may_be_more_of_the_same():
    talk = Talk(cases=(case_line(opened_at=START),))
    talk.sends_photo().hears("answer.which", "my.item")
    talk.says("1")
    assert talk.does(AddToCase).media == ("att-1",)
    talk.waits(timedelta(hours=1)).sends_photo().hears("photo.got", "place.ask")


def test_a_good_rating_is_a_rating_and_nothing_more():
    talk = Talk(cases=(finished(),))
    talk.presses_data("k:7:rate:5").hears_nothing()
    assert talk.does(MoveCase) == MoveCase(7, Action.RATE, rating=5)
    assert talk.does(Acknowledge).press == "p1"
    assert not talk.dialog.expect.kind


def test_a_rating_may_be_typed():
    assert Talk(cases=(finished(),)).says("hai long").does(MoveCase).rating == 4
    assert Talk(cases=(finished(),)).says("1").does(MoveCase).rating == 5
    assert Talk(cases=(finished(), finished(8, OTHER))).says("3", reply_to=finished()).does(MoveCase).rating == 3
    Talk(cases=(finished(), finished(8, OTHER))).says("hai long").does_not(MoveCase)


def test_a_low_rating_asks_the_reason_once_and_the_reason_sends_it_back():
    talk = Talk(cases=(finished(),))
    talk.presses_data("k:7:rate:2").hears_nothing()
    talk.says("Đèn vẫn chưa sáng").hears_nothing()
    assert talk.does(MoveCase) == MoveCase(7, Action.DISPUTE, text="Đèn vẫn chưa sáng")
    talk.says("Rác thải đổ đầy đường").does_not(MoveCase)


def test_the_question_for_a_reason_does_not_wait_for_ever():
    talk = Talk(cases=(finished(rating=2),))
    talk.presses_data("k:7:rate:2").waits(timedelta(days=2))
    talk.says("Rác thải đổ đầy đường").hears_among("answer.which").does_not(MoveCase)
    talk = Talk(cases=(finished(rating=2),))
    talk.says("Đèn vẫn chưa sáng", reply_to=finished(rating=2))
    assert talk.does(MoveCase).action is Action.DISPUTE


def test_not_solved_asks_for_words_or_a_photo():
    talk = Talk(cases=(finished(),))
    talk.presses_data("k:7:dispute").hears("rate.dispute_ask").does_not(MoveCase)
    talk.sends_photo("Vẫn tối om")
    assert talk.does(MoveCase) == MoveCase(7, Action.DISPUTE, text="Vẫn tối om", media=("att-1",))


def test_not_solved_may_be_thought_better_of():
    talk = Talk(cases=(finished(),))
    talk.presses_data("k:7:dispute").presses("leave").hears("answer.left")
    talk.says("Vẫn tối om ngoài đường").does_not(MoveCase)


def test_a_case_that_was_never_rated_or_is_closed_cannot_be_rated():
    talk = Talk(cases=(case_line(),))
    talk.presses_data("k:7:rate:5").hears("rate.closed").does_not(MoveCase)
    talk.presses_data("k:7:dispute").hears("rate.closed")
    talk.presses_data("k:7:rate:9").hears("misc.stale")
    talk.presses_data("k:7:fly").hears("misc.stale")


def test_another_persons_case_does_nothing_but_say_so():
    talk = Talk()
    for data in ("k:99:rate:5", "k:99:show", "k:99:withdraw", "k:²:show", "k::", "k:99999999999999999999:show"):
        talk.presses_data(data)
        talk.does_not(MoveCase).does_not(ShowCase)
        talk.hears_among("my.not_yours" if data != "k::" else "misc.stale")


def test_withdrawing_asks_first():
    talk = Talk(cases=(case_line(),))
    talk.presses_data("k:7:withdraw").hears("my.withdraw_ask").offers("withdraw", "keep_case")
    talk.presses("keep_case").hears("answer.left")
    talk.presses_data("k:7:withdraw")
    first = talk.button("withdraw").data
    talk.presses("withdraw").hears_nothing()
    assert talk.does(MoveCase) == MoveCase(7, Action.WITHDRAW, reason="withdrawn")
    talk.presses_data(first).hears("misc.stale").does_not(MoveCase)


def test_what_is_finished_cannot_be_withdrawn():
    Talk(cases=(finished(),)).presses_data("k:7:withdraw").hears("my.cannot_withdraw")


def test_adding_to_a_case_by_its_button():
    talk = Talk(cases=(case_line(), case_line(8, OTHER, state=State.CANCELLED)))
    talk.presses_data("k:8:add").hears("my.cannot_add")
    talk.presses_data("k:7:add").hears("my.add_ask")
    talk.says("Cột số 5 nhé")
    assert talk.does(AddToCase) == AddToCase(7, "Cột số 5 nhé")


def test_an_appeal_is_asked_for_and_filed():
    talk = Talk(cases=(finished(appeal_open=True, rating=1),))
    talk.presses_data("k:7:appeal").hears("rate.appeal_ask")
    talk.says("Đèn vẫn tắt")
    assert talk.does(MoveCase) == MoveCase(7, Action.APPEAL, text="Đèn vẫn tắt")
    Talk(cases=(finished(),)).presses_data("k:7:appeal").hears("rate.closed")


def test_a_cancelled_case_may_be_looked_at_again():
    talk = Talk(cases=(case_line(state=State.CANCELLED, revival_open=True),))
    talk.presses_data("k:7:ask_revival").hears("my.revival_ask")
    talk.says("Số 12, phường An Cựu")
    assert talk.does(MoveCase) == MoveCase(7, Action.ASK_REVIVAL, text="Số 12, phường An Cựu")
    Talk(cases=(case_line(state=State.CANCELLED),)).presses_data("k:7:ask_revival").hears("my.cannot_revive")


def test_a_closed_case_may_be_disputed_for_some_time():
    talk = Talk(cases=(case_line(state=State.CLOSED, reopen_open=True),))
    talk.presses_data("k:7:dispute").hears("rate.dispute_ask")
    talk.says("Lại hỏng rồi")
    assert talk.does(MoveCase) == MoveCase(7, Action.DISPUTE, text="Lại hỏng rồi")


def test_what_several_people_reported_is_not_withdrawn_by_one():
    Talk(cases=(case_line(joint=True),)).presses_data("k:7:withdraw").hears("my.cannot_withdraw")


def test_my_reports_and_one_of_them():
    talk = Talk(cases=(case_line(), case_line(8, OTHER)))
    talk.commands("cuatoi").hears("my.list", "my.item", "my.item", "my.list_how").offers(ONE, OTHER)
    talk.says("2")
    assert talk.does(ShowCase).case_id == 8
    assert Talk().commands("my").hears("my.none")


def test_status_by_code_in_any_spelling():
    talk = Talk(cases=(case_line(code=CODE),))
    for typed in (CODE, CODE.lower(), CODE.replace("-", ""), f" {CODE.replace('-', ' ')} "):
        assert talk.says(typed).does(ShowCase).case_id == 7
    assert talk.commands("tracuu", CODE).does(ShowCase).case_id == 7
    assert talk.commands("start", CODE).does(ShowCase).case_id == 7
    assert Talk().says(CODE).hears("my.not_found").does_not(ShowCase)
    assert Talk().commands("tracuu", "PA-AAAA-BBBB").hears("my.mistyped")
    assert Talk().commands("tracuu").hears("my.none")


def test_the_buttons_under_a_status_can_be_typed():
    talk = Talk(cases=(case_line(code=CODE),))
    talk.says(CODE).says("rut phan anh").hears("my.withdraw_ask").says("1")
    assert talk.does(MoveCase).action is Action.WITHDRAW
    talk = Talk(cases=(finished(code=CODE), finished(8, OTHER)))
    assert talk.says(CODE).says("5").does(MoveCase).rating == 1


def test_a_code_typed_in_a_draft_shows_the_case_and_keeps_the_draft():
    talk = Talk(cases=(case_line(code=CODE),))
    talk.sends_photo()
    assert talk.says(CODE).does(ShowCase).case_id == 7
    talk.sends_place().hears("place.got_area", "category.ask")


def test_my_data_and_erasing_it():
    talk = Talk()
    talk.commands("dulieu").does(ShowMyData)
    talk.sends_photo()
    talk.commands("xoa").hears("data.erase_ask")
    talk.presses("keep_data").hears("answer.left", "place.ask")
    talk.commands("erase").presses("erase").hears_nothing().does(EraseMe)
    assert not talk.dialog.drafting


def test_erasing_does_not_wait_for_words_that_still_look_for_their_case():
    talk = Talk(cases=(asked(), asked(8, OTHER)))
    talk.says("Ở cột số 5").hears("answer.which", "my.item", "my.item")
    talk.commands("xoa").hears("answer.dropped", "data.erase_ask")
    talk.presses("erase").does(EraseMe)


def test_danger_in_an_answer_shows_the_numbers_first():
    talk = Talk(cases=(asked(),))
    talk.says("Có người chết ở đây").hears("danger.numbers")
    assert talk.does(MoveCase).action is Action.ANSWER


def test_danger_said_while_asked_where_something_belongs_shows_the_numbers_once():
    talk = Talk(cases=(case_line(opened_at=START),))
    talk.sends_photo().hears("answer.which", "my.item")
    talk.says("Có người chết ở đây").hears("danger.numbers", "answer.which", "my.item")
    talk.says("trước cổng chợ An Cựu").hears("answer.which", "my.item")
