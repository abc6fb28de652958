"""Journeys on Zalo: the same as on the text-only platform, and what is Zalo's own."""

from __future__ import annotations

import json

import pytest

from tests.bot.platforms.zalo import payloads as zalo
from tests.journeys import (
    test_groups,
    test_joint,
    test_officials,
    test_promises,
    test_reminders,
    test_report,
    test_spots,
)
from tests.journeys.scene import ADDRESS, LAMP
from tests.journeys.zalo_world import ZaloWorld
from workflows.case.model import State

WORLD = ZaloWorld


@pytest.fixture
def duc(scene):
    return scene.officer("đức", "nhom-an-cuu", "an-cuu")


# --- the same as everywhere ----------------------------------------------------------------------------------------

test_from_photo_to_closed_with_rating = test_report.test_from_photo_to_closed_with_rating
test_everything_at_once_asks_only_for_what_is_missing = (
    test_report.test_everything_at_once_asks_only_for_what_is_missing
)
test_the_agency_asks_and_the_citizen_answers = test_report.test_the_agency_asks_and_the_citizen_answers
test_not_solved_goes_back_once_and_is_closed_then = test_report.test_not_solved_goes_back_once_and_is_closed_then
test_a_group_is_linked_by_its_code_once = test_groups.test_a_group_is_linked_by_its_code_once
test_what_waited_for_the_group_comes_when_it_is_linked = (
    test_groups.test_what_waited_for_the_group_comes_when_it_is_linked
)
test_a_hidden_administrator_links_nothing = (
    test_groups.test_a_hidden_administrator_links_nothing_and_the_code_is_not_spent
)


test_three_citizens_one_answer_and_all_rate = test_joint.test_three_citizens_one_answer_and_all_rate
test_at_most_three_the_nearest_first_by_numbers = test_joint.test_at_most_three_the_nearest_first_by_numbers
test_who_joined_may_leave_and_the_case_goes_on = test_joint.test_who_joined_may_leave_and_the_case_goes_on
test_the_second_time_is_proposed_and_chained_when_a_person_confirms = (
    test_spots.test_the_second_time_is_proposed_and_chained_when_a_person_confirms
)
again = test_spots.again


# --- the citizen ---------------------------------------------------------------------------------------------------


def test_who_follows_is_greeted_and_who_comes_back_is_heard_again(scene, lan):
    lan.happens("added").hears("Gửi phản ánh mới")
    lan.happens("removed").hears_nothing()
    with scene.world.store.read() as uow:
        assert uow.chats.find("zalo", lan.chat).status == "lost"
    lan.happens("added").hears("Gửi phản ánh mới")


def test_several_photos_of_one_moment_are_one_answer_though_nothing_binds_them(scene, lan):
    lan.agrees().says("/phananh").listens()
    for number in range(3):
        scene.world.photo(lan.chat, lan.user, LAMP + bytes([number]), "Ổ gà trước số 12" if not number else "")
    lan.hears_nothing()
    scene.world.forward(seconds=3)
    assert len(lan.told[lan._from :]) == 1
    lan.hears("Đã nhận 3 ảnh")


def test_several_photos_in_one_delivery_are_several_photos(scene, lan):
    lan.agrees().says("/phananh").listens()
    paths = [f"/media/p{number}.jpg" for number in range(2)]
    scene.world.far_end.files |= {path: LAMP + path.encode() for path in paths}
    body = scene.world.event(lan.chat, lan.user, text="")
    body["event_name"] = "user_send_image"
    body["message"]["attachments"] = [
        {"type": "image", "payload": {"url": scene.world.far_end.url + path}} for path in paths
    ]
    assert [scene.world.post(body), scene.world.post(body)] == [200, 200]
    scene.world.settle()
    scene.world.forward(seconds=3)
    lan.hears("Đã nhận 2 ảnh")


def test_buttons_and_numbers_are_the_same_choice(scene, lan):
    lan.says("/start")
    shown = scene.world.far_end.shown[-1]
    title, payload = shown.buttons[0]
    assert f"1. {title}" in shown.text
    lan.says(payload).hears("có đồng ý không")


@pytest.mark.parametrize("typed", ["#k:1:withdraw", "#c:99:photo:send", "#c:1:menu:nothing", "#d:1:claim", "#x:y"])
def test_a_payload_typed_by_hand_does_nothing(scene, lan, duc, typed):
    minh = scene.citizen("minh")
    code = lan.reports()
    minh.says(typed).does_not_hear(code)
    assert scene.state(code) is State.ASSIGNED
    duc.says(typed)
    assert scene.state(code) is State.ASSIGNED


def test_a_place_a_video_a_voice_note_and_a_file(scene, lan):
    lan.agrees().says("/phananh")
    lan.sends_photo(LAMP, "Đèn đường trước số 12 hỏng ba tối nay").hears("Sự việc xảy ra ở đâu", "bấm dấu +")
    lan.sends_place(16.4571, 107.5927).does_not_hear("chưa đọc được")
    for kind, content in (("audio", b"#!AMR\n" + b"x" * 40), ("audio", b"\xff\xf1" + b"x" * 40)):
        scene.world.far_end.files["/media/voice"] = content
        scene.world.line(lan.chat, lan.user, attachment=(kind, {"url": f"{scene.world.far_end.url}/media/voice"}))
    lan.hears("Đã nhận tệp").does_not_hear("Không mở được")
    scene.world.line(lan.chat, lan.user, attachment=("sticker", {"id": "1", "url": "https://x.zdn.vn/1"}))
    lan.hears("Loại tin nhắn này chưa đọc được")


def test_submitted_details_are_not_kept(scene, lan):
    lan.says("/start").listens()
    body = scene.world.event(lan.chat, lan.user) | {"event_name": "user_submit_info", "info": {"phone": "84900000001"}}
    assert scene.world.post(body) == 200
    scene.world.settle()
    lan.hears("số điện thoại")
    assert not any("84900000001" in text for text in lan.told)


@pytest.mark.parametrize("url", ["http://10.0.0.1/a.jpg", "https://evil.example/a.jpg", "file:///etc/passwd"])
def test_a_photo_from_a_foreign_host_is_asked_for_again(scene, lan, url):
    scene.world.zalo._fetcher = type(scene.world.zalo._fetcher)(("zdn.vn",))
    lan.agrees().says("/phananh").listens()
    scene.world.line(lan.chat, lan.user, attachment=("image", {"url": url}))
    scene.world.forward(seconds=3)
    lan.hears("Không tải được một tệp vừa gửi").does_not_hear("Đã nhận 0")


def test_a_photo_whose_link_has_expired_is_asked_for_again(scene, lan):
    lan.agrees().says("/phananh").listens()
    scene.world.line(lan.chat, lan.user, attachment=("image", {"url": f"{scene.world.far_end.url}/media/gone.jpg"}))
    scene.world.forward(seconds=3)
    lan.hears("Không tải được một tệp vừa gửi").does_not_hear("Đã nhận 0")


def test_what_comes_late_and_out_of_order_is_one_report_all_the_same(scene, lan):
    """The words before the photo that they came with, the photo twice, and an old repeat at the end."""
    world = scene.world
    lan.agrees().says("/phananh")
    world.far_end.files["/media/late.jpg"] = LAMP
    photo = world.event(
        lan.chat, lan.user, attachment=("image", {"url": f"{world.far_end.url}/media/late.jpg"}), text=""
    )
    words = world.event(lan.chat, lan.user, text="Đèn đường trước số 12 hỏng ba tối nay")
    for body in (words, photo, photo, words):
        assert world.post(body) == 200
    world.settle()
    world.forward(seconds=3)
    lan.says(ADDRESS)
    if lan.offers("Chiếu sáng"):
        lan.picks("Chiếu sáng")
    lan.hears("xem lại trước khi gửi", "Đèn đường trước số 12").picks("Gửi phản ánh").hears("Mã phản ánh")
    assert world.post(photo) == 200
    with world.store.read() as uow:
        (row,) = uow.cases.listing(how_many=10)
        assert len(uow.attachments.of_case(row.id)) == 1


# --- the group -----------------------------------------------------------------------------------------------------


def test_a_card_in_the_group_is_text_with_its_code_its_photo_and_numbered_moves(scene, lan, duc):
    code = lan.reports()
    shown = [one for one in scene.world.far_end.shown if one.chat == duc.chat]
    assert any(one.photo for one in shown) and not any(one.buttons for one in shown)
    duc.hears(code, f"ví dụ: {code} 1", "1. Nhận xử lý")
    duc.says(f"{code} 1").hears("Đang xử lý")
    assert scene.state(code) is State.IN_PROGRESS


def test_a_reply_that_quotes_the_card_needs_no_code(scene, lan, duc):
    code = lan.reports()
    with scene.world.store.read() as uow:
        chat = uow.chats.find("zalo", duc.chat)
        card = uow.posts.card(scene.case(code).id, chat.id)
    duc.says("1", reply_to=card.message).hears("Đang xử lý")
    assert scene.state(code) is State.IN_PROGRESS


def test_mentions_in_a_citizens_words_call_nobody(scene, lan, duc):
    code = lan.reports(f"Đèn đường trước số 12 hỏng [@{zalo.DUC}] ba tối nay")
    assert any(code in text for text in duc.told)
    assert not any("[@" in text for text in duc.told)


def test_who_left_the_group_has_no_say(scene, lan, duc):
    code = lan.reports()
    scene.world.far_end.members[duc.chat].remove(duc.user)
    duc.happens("left")
    scene.world.far_end.members[duc.chat] = []
    body = scene.world.event(duc.chat, duc.user, group=True, text=f"{code} 1")
    assert scene.world.post(body) == 200
    scene.world.settle()
    assert scene.state(code) is State.ASSIGNED


@pytest.mark.parametrize("missing", ["recipient", "sender", "message", "oa_id", "timestamp"])
def test_a_groups_event_without_what_we_expect_is_kept_and_harms_nobody(scene, lan, duc, missing):
    code = lan.reports()
    body = scene.world.event(duc.chat, duc.user, group=True, text=f"{code} 1")
    gone = {name: value for name, value in body.items() if name != missing}
    headers = zalo.signed(zalo.raw(gone), time=body["timestamp"]) | {"X-ZEvent-Timestamp": body["timestamp"]}
    assert scene.world.post(zalo.raw(gone), headers) == 200
    scene.world.settle()
    assert scene.world.inbox()[-1][1] == "user_send_group_text"
    expected = State.IN_PROGRESS if missing in ("oa_id", "timestamp") else State.ASSIGNED
    assert scene.state(code) is expected


# --- the door ------------------------------------------------------------------------------------------------------


def test_what_is_not_zalos_never_comes_in(scene, lan):
    world = scene.world
    body = zalo.raw(world.event(lan.chat, lan.user, text="/start"))
    altered = body.replace(b"/start", b"/stars")
    old = zalo.raw(json.loads(body) | {"timestamp": str(zalo.AT)})
    assert world.post(body, {}) == 403
    assert world.post(altered, zalo.signed(body)) == 403
    assert world.post(body, zalo.signed(body, key="the app's secret")) == 403
    assert world.post(old, zalo.signed(old)) == 403
    assert world.inbox() == []
    assert (world.post(b"{}", {}), world.post(b"", {})) == (200, 200)
    assert world.inbox() == []


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_that_is_ten_minutes_off_harms_nobody(scene, lan, minutes):
    body = scene.world.event(lan.chat, lan.user, text="/start")
    body["timestamp"] = str(int(body["timestamp"]) + minutes * 60_000)
    assert scene.world.post(body) == 200
    scene.world.settle()
    lan.hears("Gửi phản ánh mới")


def test_a_delivery_that_comes_again_changes_nothing(scene, lan):
    body = scene.world.event(lan.chat, lan.user, text="/start")
    assert [scene.world.post(body) for _ in range(3)] == [200] * 3
    scene.world.settle()
    assert len(lan.told) == 1 and len(scene.world.inbox()) == 1


def test_unknown_events_are_kept_and_ignored(scene, lan):
    lan.says("/start").listens()
    body = scene.world.event(lan.chat, lan.user) | {"event_name": "user_does_something_new"}
    assert scene.world.post(body) == 200
    scene.world.settle()
    lan.hears_nothing()
    assert scene.world.inbox()[-1] == ("ignored", "user_does_something_new")


# --- reports about officials (R61) -----------------------------------------------------------------------------------


@pytest.fixture
def huong(scene):
    return scene.officer("hương", "nhom-van-hanh", None)


@pytest.fixture
def thu(scene):
    """An inspector, in the group of the inspection line."""
    test_officials.make_line(scene)
    return scene.officer("thu", "nhom-thanh-tra", "thanh-tra")


test_words_about_officials_lead_to_one_calm_question = (
    test_officials.test_words_about_officials_lead_to_one_calm_question_and_who_will_see_it
)
test_a_typed_name_that_fits_units_we_know_is_offered = (
    test_officials.test_a_typed_name_that_fits_units_we_know_is_offered
)
test_the_line_handles_it_with_the_ordinary_moves = test_officials.test_the_line_handles_it_with_the_ordinary_moves
test_found_out_later_it_leaves_the_unit = test_officials.test_found_out_later_it_leaves_the_unit_without_a_trace_to_come


case = test_reminders.case
promised = test_promises.promised


def test_the_ladder_is_said_in_a_group_without_buttons(scene, case, lan, duc, huong):
    test_reminders.test_the_ladder_rung_by_rung(scene, case, duc, huong)
    lan.says("Tôi vẫn chờ").does_not_hear("đã quá hạn")  # what could not be said for weeks is no news


def test_a_promise_by_codes_and_numbers_its_breach_and_its_keeping(scene, promised, lan, duc):
    test_reminders.until(scene, "9/12", 8)
    lan.says(f"/tracuu {promised}").hears("Hẹn làm xong: hết ngày thứ Năm, 10/12/2026")
    test_reminders.until(scene, "11/12", 8)
    duc.hears(promised, "Quá ngày hẹn", "Mức quá hạn: 1×").listens()
    lan.hears("Ngày đã hẹn", promised, "UBND phường An Cựu xin lỗi")
    duc.picks("Đã làm như hẹn", of=promised).says("Đã lắp đèn.").picks("Gửi")
    lan.hears("trễ hơn ngày hẹn", "Đã lắp đèn.")


def test_help_speaks_of_numbers(lan):
    lan.says("/trogiup").hears("gõ số đứng trước lựa chọn").does_not_hear("bấm nút")


def test_halfway_costs_one_message_and_what_is_late_waits_for_a_word_of_theirs(scene, case, lan, duc):
    """Zalo takes nothing more than seven days after a person's last word: what could not be said is not lost."""
    test_reminders.until(scene, "27/11", 10)
    lan.hears("vẫn đang ở bước: Đang xử lý", "hết ngày thứ Ba, 01/12/2026")
    test_reminders.until(scene, "2/12", 9)
    lan.does_not_hear("đã quá hạn")
    lan.says("Tôi vẫn chờ").hears("đã quá hạn", "UBND phường An Cựu xin lỗi")
    test_reminders.until(scene, "4/12", 9)
    lan.does_not_hear("đã quá hạn")
