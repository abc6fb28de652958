"""The card shows what an officer needs, has exactly the open moves as buttons, and never says who reports."""

from dataclasses import replace

import pytest

from tests.workflows.case.story import CASE_ID, LAW, Story, view
from tests.workflows.case.test_moves import _URGENT, EXPECTED, standing
from tests.workflows.case.test_notices import CATALOGUE
from workflows.actions import Action
from workflows.case.cards import card, gone_card, status
from workflows.case.decide import open_actions
from workflows.case.model import Role
from workflows.case.moves import MOVES, button_of
from workflows.case.view import CaseView
from workflows.messages import Message

AGENCY_ROLES = frozenset({Role.FOCAL, Role.OFFICER})


def read(message: Message, language: str = "vi") -> str:
    return "\n".join(CATALOGUE.paragraphs(language, message))


def data(message: Message) -> list[str]:
    return [button.data for row in message.buttons for button in row]


def shown(case, roles=AGENCY_ROLES, **given):
    return card(view(case, **given), open_actions(case, roles, LAW), operators=Role.OPERATOR in roles)


def test_a_new_card_as_officers_know_it():
    text = read(shown(Story().assigned().case))
    assert text.splitlines() == [
        "PA-7K3M-9QXC · Chiếu sáng · phường An Cựu",
        "“Đèn đường hỏng ba tối nay”",
        "📍 12 Nguyễn Huệ",
        "Hạn: hết ngày thứ Hai, 30/11/2026 (còn 5 ngày làm việc)",
        "Đã chuyển xử lý · Đơn vị 7",
    ]


def test_a_card_without_area_or_due_still_says_what_it_is():
    text = read(shown(Story().assigned().case, area=None, working_days_left=None))
    assert text.splitlines()[0] == "PA-7K3M-9QXC · Chiếu sáng"
    assert "Hạn: hết ngày thứ Hai, 30/11/2026\n" in text


def test_a_card_has_the_pictures_and_the_pin():
    message = shown(Story().assigned().case)
    assert message.media == ("m1",)
    assert message.pin == (16.46, 107.6)
    assert shown(Story().assigned().case, lat=None).pin is None


def test_words_that_were_erased_leave_a_card_that_still_stands():
    text = read(shown(Story().claimed().case, text="", address="", media=(), lat=None, lon=None))
    assert "Không có mô tả." in text


@pytest.mark.parametrize("name", list(EXPECTED))
@pytest.mark.parametrize("roles", [AGENCY_ROLES, frozenset({Role.OPERATOR})])
def test_the_buttons_are_exactly_the_open_moves(name, roles):
    case = standing(name)
    message = shown(case, roles)
    may = {action for role in roles for action in EXPECTED[name].get(role.value, "").split()}
    expected = {f"d:{CASE_ID}:{one}" for one in may - _URGENT if button_of(Action(one))}
    block = {f"d:{CASE_ID}:block"} if Role.OPERATOR in roles else set()
    why = {f"d:{CASE_ID}:why"}  # no move: it asks why the case is due then
    assert set(data(message)) - block - why == expected
    assert len(data(message)) == len(set(data(message)))
    assert all(len(row) <= 2 for row in message.buttons)


def test_the_ordinary_next_step_is_the_first_button():
    firsts = {
        "assigned": "claim",
        "in_progress": "submit_result",
    }
    for name, first in firsts.items():
        assert data(shown(standing(name)))[0] == f"d:{CASE_ID}:{first}"
    assert data(shown(standing("received"), frozenset({Role.OPERATOR})))[0] == f"d:{CASE_ID}:assign"
    assert data(shown(standing("transfer_requested"), frozenset({Role.OPERATOR})))[0] == f"d:{CASE_ID}:transfer"


def test_a_card_of_no_open_move_can_still_be_asked_why_it_is_due_then():
    assert data(card(view(Story().claimed().case), ())) == [f"d:{CASE_ID}:why"]
    assert card(view(Story().resolved().case), ()).buttons == ()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", list(EXPECTED))
def test_every_card_and_status_can_be_read(name, language):
    seen = view(standing(name))
    for message in (card(seen, tuple(Action), operators=True), status(seen), gone_card(seen)):
        assert "{" not in read(message, language)
        for row in message.buttons:
            for button in row:
                assert 0 < len(CATALOGUE.label(language, button.label)) <= 20
                assert len(button.data.encode()) <= 64


def test_each_button_of_the_table_has_a_short_label():
    for action in {move.action for move in MOVES}:
        for language in ("vi", "en"):
            key = button_of(action)
            assert not key or len(CATALOGUE.text(language, key, {})) <= 20


@pytest.mark.parametrize(
    ("left", "words"),
    [(3, "còn 3 ngày làm việc"), (0, "hôm nay"), (-2, "quá hạn 2 ngày làm việc")],
)
def test_the_days_that_are_left(left, words):
    assert words in read(shown(Story().claimed().case, working_days_left=left))


def test_before_it_is_passed_on_the_card_says_by_when():
    text = read(shown(Story().opened().case, frozenset({Role.OPERATOR})))
    assert "Chuyển đến cơ quan xử lý trước 17 giờ thứ Ba, 24/11/2026" in text


def test_who_holds_it_and_what_was_said():
    story = Story().asked()
    text = read(shown(story.case))
    assert "Lê Cán Bộ" in text
    assert "Đã hỏi người dân: “Cột số mấy?”" in text
    assert "Chờ trả lời đến hết ngày thứ Năm, 26/11/2026" in text
    assert "Cột số 5" in read(shown(story.does(Role.CITIZEN, Action.ANSWER).case))


def test_a_complaint_is_on_the_card_with_the_result_and_the_new_due():
    text = read(shown(Story().disputed().case))
    assert "Kết quả (Đã khắc phục): “Đã thay bóng”" in text
    assert "Vẫn tối" in text
    assert "Trả lời người dân chậm nhất hết ngày thứ Ba, 24/11/2026" in text


def test_rework_shows_the_round_and_the_former_result():
    text = read(shown(Story().disputed().does(Role.OPERATOR, Action.REWORK).case))
    assert "lần 2" in text
    assert "Kết quả lần trước" in text


def test_the_next_unit_reads_why_the_last_one_passed_it_on():
    story = Story().claimed().does(Role.FOCAL, Action.REQUEST_TRANSFER)
    assert "→ Sở Xây dựng" in read(shown(story.case, frozenset({Role.OPERATOR})))
    story.does(Role.OPERATOR, Action.TRANSFER)
    text = read(shown(story.case))
    assert "Lý do chuyển: Nơi khác quản lý" in text
    assert "Không thuộc đơn vị" in text


def test_only_operators_see_what_the_rules_noticed():
    case = Story().opened(flags=("danger", "formal")).case
    assert "khiếu nại" in read(shown(case, frozenset({Role.OPERATOR})))
    assert "⚠️" not in read(card(view(case), ()))


def test_urgent_is_seen_first():
    lines = read(shown(Story().claimed().does(Role.OPERATOR, Action.SET_URGENT).case)).splitlines()
    assert lines[1].startswith("🚨 KHẨN · báo tình hình cho người dân trước 11 giờ")


def test_operators_keep_a_sensitive_case_with_one_tap():
    case = Story().opened(sensitive=True).case
    assert f"d:{CASE_ID}:assign:0" in data(shown(case, frozenset({Role.OPERATOR})))
    assert "chỉ Tổ vận hành" in read(shown(case, frozenset({Role.OPERATOR})))


def test_a_group_that_lost_the_case_sees_only_where_it_is():
    case = Story().claimed().case
    assert read(gone_card(view(case))) == "PA-7K3M-9QXC: phản ánh hiện do Đơn vị 7 xử lý."
    hidden = Story().claimed().does(Role.OPERATOR, Action.CORRECT_CATEGORY, sensitive=True).case
    message = gone_card(view(hidden))
    assert read(message) == "PA-7K3M-9QXC: phản ánh không còn do đơn vị xử lý."
    assert (message.media, message.buttons, message.pin) == ((), (), None)


def test_nothing_in_a_view_could_say_who_reports():
    """Invariant 7 by construction: a view has no field for it, and the id in the case reaches no card."""
    assert not any("reporter" in name for name in CaseView.__dataclass_fields__)
    marked = replace(Story().opened().case, reporter_id=987654321)
    for message in (card(view(marked), tuple(Action), operators=True), gone_card(view(marked))):
        assert "987654321" not in repr(message)


# What the citizen sees.


def test_a_citizen_sees_where_the_case_stands_and_what_happened_when():
    text = read(status(view(Story().claimed().case)))
    assert text.splitlines() == [
        "PA-7K3M-9QXC",
        "Chiếu sáng: Đang xử lý",
        "Nơi đang giữ: Đơn vị 7",
        "Hạn xử lý: hết ngày thứ Hai, 30/11/2026",
        "• Tiếp nhận: 9 giờ thứ Hai, 23/11/2026",
        "• Chuyển xử lý: 9 giờ thứ Hai, 23/11/2026",
        "• Nhận xử lý: 9 giờ thứ Hai, 23/11/2026",
    ]


def test_a_citizen_is_not_told_the_officers_name():
    for name in EXPECTED:
        assert "Lê Cán Bộ" not in read(status(view(standing(name))))


def test_a_citizen_may_withdraw_until_a_result_and_rate_after_it():
    assert f"k:{CASE_ID}:withdraw" in data(status(view(Story().claimed().case)))
    rates = [f"k:{CASE_ID}:rate:{level}" for level in (5, 4, 3, 2, 1)]
    assert data(status(view(Story().resolved().case))) == [*rates, f"k:{CASE_ID}:dispute", f"k:{CASE_ID}:add"]
    upheld = Story().disputed().does(Role.HEAD, Action.UPHOLD).case  # "not solved" was said once; now to the leader
    assert data(status(view(upheld))) == [*rates, f"k:{CASE_ID}:appeal", f"k:{CASE_ID}:add"]
    assert f"k:{CASE_ID}:withdraw" not in data(status(view(Story().opened(sensitive=True).case)))
    assert f"k:{CASE_ID}:withdraw" not in data(status(view(Story().joint().case)))  # others reported it too


def test_what_has_ended_can_be_taken_up_again_for_some_time():
    closed = Story().resolved().does(Role.CITIZEN, Action.RATE)
    assert data(status(view(closed.case))) == [f"k:{CASE_ID}:dispute", f"k:{CASE_ID}:add"]
    assert data(status(view(closed.case, closed.later(days=31).at))) == [f"k:{CASE_ID}:add"]
    cancelled = Story().opened().does(Role.OPERATOR, Action.CANCEL)
    assert data(status(view(cancelled.case))) == [f"k:{CASE_ID}:ask_revival"]
    assert data(status(view(cancelled.case, cancelled.later(days=31).at))) == []
    final = Story().appealed().does(Role.LEADER, Action.CLOSE_FINALLY)
    assert data(status(view(final.case))) == [f"k:{CASE_ID}:add"]


def test_the_card_shows_what_waits_and_where_it_went():
    asked = Story().claimed().does(Role.HEAD, Action.REQUEST_EXTENSION)
    assert "Xin gia hạn đến" in read(shown(asked.case, frozenset({Role.OPERATOR})))
    extended = read(shown(Story().scheduled().case, AGENCY_ROLES))
    assert "Đã gia hạn; hạn trước" in extended
    assert "12/BC-UBND" in extended
    message = Story().claimed().does(Role.CITIZEN, Action.ADD)
    assert "Người dân nhắn: “Bao giờ xong?” Trả lời chậm nhất" in read(shown(message.case, AGENCY_ROLES))
    merged = Story().claimed().does(Role.OPERATOR, Action.MERGE)
    assert "Đã gộp vào PA-2222-2222" in read(status(view(merged.case)))
    outside = Story().opened().does(Role.OPERATOR, Action.REFER_OUT)
    assert "Đã chuyển đến: Bộ Xây dựng" in read(status(view(outside.case)))


def test_an_open_question_is_repeated_in_the_status():
    assert "Cột số mấy?" in read(status(view(Story().asked().case)))


def test_a_late_case_is_admitted():
    story = Story().claimed().later(days=20)
    assert "quá hạn" in read(status(view(story.case, story.at)))


def test_a_refused_case_says_why():
    text = read(status(view(Story().opened().does(Role.OPERATOR, Action.CANCEL).case)))
    assert "Lý do: Ngoài phạm vi" in text
    assert "• Hủy:" in text
