"""The page of a case: who gets in and who does not, and that it is no other case than the group's."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import requests
from sqlalchemy import func, select

from handlers.web_access import TRIES, good_pin
from storage.pages import PINS, SESSIONS, PageStore
from tests.at_once import at_once
from tests.journeys.page import LINK, PIN, AtPage, Visitor
from tests.journeys.scene import AFTER, LAMP
from workflows.actions import Action
from workflows.case.model import State

CLOSED = "Liên kết không còn dùng được"


@pytest.fixture
def duc(duc_at_page):
    return duc_at_page


def at_page(scene, site, key, group, agency):
    """Another officer at the pages of another group."""
    someone = scene.officer(key, group, agency).says("/viec")
    return AtPage(scene, group, someone.user, someone.name, group=True, site=site).listens()


def colleague(scene, site, duc, key="mai"):
    mai = scene.joins(key, duc.chat)
    scene.confirm(mai, "an-cuu")
    mai.says("/viec")
    return AtPage(scene, duc.chat, mai.user, mai.name, group=True, site=site)


def duty(scene, someone):
    with scene.world.store.read() as uow:
        return uow.people.duties(uow.people.find("plain", someone.user).id)[0]


def change_duty(scene, someone, **values):
    with scene.world.store.write() as uow:
        uow.people.change_staff(uow.people.duties(uow.people.find("plain", someone.user).id)[0].id, **values)


def make_sensitive(scene, code):
    """An operator moves the case to a category that only their team sees."""
    huong = scene.officer("hương", "nhom-van-hanh", None)
    huong.says(f"/viec {code}").picks("Sửa lĩnh vực", of=code).says("thái độ")
    huong.picks("Thái độ")
    assert scene.case(code).case.sensitive


# --- the record ----------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_the_page_writes_the_same_record_as_the_group(scene, lan, duc):
    """One case moved in the group, one at the page: the histories differ in nothing but ids and instants."""
    in_group, at_page = lan.reports("Đèn số 1 hỏng"), lan.reports("Đèn số 2 hỏng")
    group = scene.joins("đức", duc.chat)
    group.says(f"{in_group} 1")
    group.picks("Báo kết quả", of=in_group).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng.").picks("Gửi")
    duc.picks("Nhận xử lý", of=at_page)
    duc.picks("Báo kết quả", of=at_page).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng.").picks("Gửi")

    def history(code):
        with scene.world.store.read() as uow:
            row = uow.cases.by_code(code)
            told = [
                (event.action, event.move, event.before, event.after, event.role, event.person_id, event.agency_id,
                 sorted(event.data))
                for event in uow.cases.events(row.id)
            ]  # fmt: skip
            media = [(one.kind, one.status, one.mime, one.person_id) for one in uow.attachments.of_case(row.id)]
        return told, media, row.case.state, row.case.outcome

    assert history(in_group) == history(at_page)
    assert scene.state(at_page) is State.RESOLVED


def test_the_page_offers_exactly_the_open_moves_of_this_person(scene, lan, duc):
    code = lan.reports()
    duc.opens(code)
    with scene.world.store.read() as uow:
        row, person = uow.cases.by_code(code), uow.people.find("plain", duc.user)
        from handlers.rights import roles_of
        from handlers.stance import Stance

        head = uow.people.duties(person.id)[0].role == "head"
        stands = Stance(roles_of(operators=False, head=head), row.case.agency_id)
        wanted = scene.world.tools.knowledge.open_here(uow, row.case, stands)
    offered = [value for form in duc.visitor.page.forms for name, value, _ in form.buttons if name == "press"]
    moves = {f"d:{row.id}:{action.value}" for action in wanted if f"{action}" != Action.NOTE}
    assert len(offered) == len(set(offered))
    assert set(offered) == {*moves, f"d:{row.id}:why"}
    duc.picks("Vì sao hạn này?").hears("ngày làm việc")


def test_a_result_needs_its_photo_and_the_photo_is_looked_at(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã khắc phục").hears("Mời gửi ảnh")
    duc.says("Đã thay bóng đèn").hears("cần thêm ảnh sau khi xử lý")
    duc.sends_photo(b"this is no picture at all").hears("Không mở được ảnh vừa gửi", "cần thêm ảnh sau khi xử lý")
    duc.sends_photo(AFTER).hears("Người dân sẽ nhận kết quả", "Đã thay bóng đèn", "Ảnh, video kèm theo: 1")
    lan.listens()
    duc.picks("Gửi").hears("Đã gửi", "Đức đã báo kết quả", "Ảnh kèm theo: 1")
    lan.hears("đã xử lý xong", "Đã thay bóng đèn")
    assert scene.state(code) is State.RESOLVED


def test_photos_are_seen_on_the_page_without_where_they_were_taken(scene, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    [image] = set(visitor.page.images)
    shown = visitor.http.get(visitor._url(image))
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert shown.headers["Cache-Control"] == "no-store"
    assert b"Exif" not in shown.content
    assert requests.get(visitor._url(image), timeout=20).status_code == 404  # without having signed in
    assert visitor.http.get(visitor._url(image)[:-4] + "0000").status_code == 404


def test_a_note_is_internal_and_seen_in_the_group(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code)
    lan.listens()
    duc.says("Chiều nay tổ điện qua xem").hears("Đức ghi chú trên trang", "Chiều nay tổ điện qua xem", "không thấy")
    lan.hears_nothing()
    duc.picks("Gửi cho người dân").hears("Người dân sẽ nhận câu hỏi").picks("Gửi")
    lan.hears("Chiều nay tổ điện qua xem")


def test_what_a_citizen_wrote_is_text_on_the_page(scene, lan, duc):
    code = lan.reports("<script>alert(1)</script> <b>đèn</b> & “hỏng”")
    source = duc.opens(code).source
    assert "<script" not in source
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in source


def test_an_empty_or_too_long_answer_leaves_the_question_on_the_page(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Hỏi người dân", of=code).hears("Mời ghi câu hỏi")
    duc.says("").hears("Mời ghi câu hỏi", "Hủy")
    duc.says("từ " * 600).hears("tối đa", "Mời ghi câu hỏi", "Hủy")
    duc.picks("Hủy").hears("đã hủy thao tác", "Hỏi người dân")


def test_two_officers_at_once_and_one_of_them_is_told_who_was_quicker(scene, site, lan, duc):
    code = lan.reports()
    mai = colleague(scene, site, duc)
    duc.opens(code)
    mai.opens(code)
    mai.picks("Nhận xử lý")
    duc.picks("Nhận xử lý").hears("Mai (UBND phường An Cựu) đã nhận phản ánh này")
    with scene.world.store.read() as uow:
        claims = [event for event in uow.cases.events(scene.case(code).id) if event.action is Action.CLAIM]
    assert len(claims) == 1


@pytest.mark.both_databases
def test_two_forms_at_the_same_moment_are_one_move(scene, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    form, (name, value, _) = visitor.button("Nhận xử lý")
    cookies = dict(visitor.http.cookies)

    def send():
        requests.post(visitor._url(form.action), data=form.fields | {name: value}, cookies=cookies, timeout=20)

    at_once(*[send] * 4)
    scene.world.settle()
    with scene.world.store.read() as uow:
        actions = [event.action for event in uow.cases.events(scene.case(code).id)]
    assert actions.count(Action.CLAIM) == 1


def test_an_old_preview_sends_nothing(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Hỏi người dân", of=code).says("Cột số mấy?")
    form, (name, value, _) = duc.visitor.button("Gửi")
    duc.picks("Sửa").says("Ngõ số mấy?")
    lan.listens()
    duc.visitor._came(duc.visitor.http.post(duc.visitor._url(form.action), data=form.fields | {name: value}))
    scene.world.settle()
    lan.hears_nothing()
    duc.visitor.reads("Nội dung đã thay đổi")


def test_buttons_of_another_case_and_of_nobody_do_nothing(scene, lan, duc):
    first, second = lan.reports("Đèn số 1 hỏng"), lan.reports("Đèn số 2 hỏng")
    visitor = duc.opens(first)
    form, (name, _, _) = visitor.button("Nhận xử lý")
    for data in (f"d:{scene.case(second).id}:claim", "d:999:claim", "p:1.1:send:1", "c:1:photo:done", "x", ""):
        visitor._came(visitor.http.post(visitor._url(form.action), data=form.fields | {name: data}))
        assert visitor.status == 200
    assert scene.state(second) is State.ASSIGNED
    assert scene.state(first) is State.ASSIGNED


def test_the_page_speaks_english_too(scene, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    visitor.goes(visitor.address + "?lang=en").reads("What can be done now", "Officer: Đức")
    visitor.sends("Take it" if visitor.offers("Take it") else visitor.button("Take on")[1][2])
    assert "lang=en" in visitor.source
    assert scene.state(code) is State.IN_PROGRESS


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_pressed_and_typed_the_page_answers_and_the_case_adds_up(scene, site, lan, duc, seed):
    """An officer and an operator who do anything at all, one of them often too late."""
    chance = random.Random(seed)
    huong = at_page(scene, site, "hương", "nhom-van-hanh", None)
    code = lan.reports()
    duc.picks("Chuyển cơ quan khác", of=code).picks("UBND phường Thuận Hóa").picks("Nơi khác quản lý").picks("Xác nhận")
    visitors = [duc.opens(code), huong.opens(code)]
    for _ in range(40):
        visitor = chance.choice(visitors)
        if visitor.goes().status == 410:  # the case went elsewhere
            continue
        labels = [one[2] for form in visitor.page.forms for one in form.buttons if one[0] == "press"]
        typed = [label for label in ("Tiếp tục", "Tìm", "Ghi chú") if visitor.offers(label)]
        if typed and chance.random() < 0.4:
            words = chance.choice(["Đã thay bóng đèn", "an cựu", "", "2", "<b>x</b>", "từ " * 700, f"{code} 1"])
            photos = [LAMP] if visitor.button(typed[0])[0].files and chance.random() < 0.5 else None
            visitor.sends(typed[0], files=photos, words=words)
        elif labels:
            visitor.sends(chance.choice(labels))
        assert visitor.status in (200, 410), visitor.source
        scene.world.forward(seconds=1)


# --- the link ------------------------------------------------------------------------------------------------------


def test_a_link_alone_shows_nothing_of_the_case(scene, site, lan, duc):
    code = lan.reports()
    visitor = site.visits(duc.link(code)).reads("Trang dành cho cán bộ")
    assert visitor.status == 200
    for secret in (code, "Đèn đường", "Nguyễn Huệ", "An Cựu", "Đức"):
        assert secret not in visitor.source


@pytest.mark.parametrize(
    "change",
    [lambda token: token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), lambda token: "A" + token, lambda token: "x"],
    ids=["altered", "longer", "typed"],
)
def test_a_forged_link_is_no_page(scene, site, lan, duc, change):
    base, token = duc.link(lan.reports()).rsplit("/", 1)
    visitor = site.visits(f"{base}/{change(token)}").reads("Không có trang này")
    assert visitor.status == 404
    assert requests.post(f"{base}/{change(token)}", data={"do": "enter"}, timeout=20).status_code == 404


def test_an_expired_link_is_closed_to_everybody(scene, site, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    scene.forward(days=6, hours=23)
    assert site.visits(duc.link(code)).reads("Trang dành cho cán bộ").status == 200
    scene.forward(hours=2)
    visitor.goes().reads(CLOSED)
    assert visitor.status == 410
    assert visitor.http.post(visitor.address, data={"do": "press", "press": "d:1:claim"}).status_code == 410


def test_a_link_that_was_taken_back_opens_nothing_and_a_new_one_does(scene, site, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    scene.world.clock.forward(seconds=1)
    with scene.world.store.write() as uow:
        assert PageStore(uow).revoke(scene.case(code).id, scene.world.clock.now()) == 1
    visitor.goes().reads(CLOSED)
    scene.world.clock.forward(seconds=1)
    duc.visitors.clear()
    duc.says(f"/viec {code}")
    duc.picks("Nhận xử lý", of=code)
    assert scene.state(code) is State.IN_PROGRESS


def test_a_case_that_went_to_another_agency_is_open_there_only(scene, site, lan, duc):
    huong = scene.officer("hương", "nhom-van-hanh", None)
    huy = at_page(scene, site, "huy", "nhom-so-xay-dung", "so-xay-dung")
    code = lan.reports()
    old = duc.opens(code)
    duc.picks("Chuyển cơ quan khác", of=code).picks("Sở Xây dựng").picks("Nơi khác quản lý").picks("Xác nhận")
    huong.picks("Đồng ý chuyển", of=code).picks("Sở Xây dựng")
    old.goes().reads(CLOSED).does_not_read("Đèn đường")
    assert old.status == 410
    huy.picks("Nhận xử lý", of=code).hears("Đang xử lý")


def test_an_officer_of_another_agency_does_not_get_in(scene, site, lan, duc):
    """Neither with their own number, nor with the number of somebody here and their own PIN."""
    huy = at_page(scene, site, "huy", "nhom-so-xay-dung", "so-xay-dung")
    code = lan.reports()
    here, there = site.gives_pin(duc, "407193"), site.gives_pin(huy, "850264")
    visitor = site.visits(duc.link(code))
    for number, pin in ((there, "850264"), (here, "850264"), (there, "407193")):
        visitor.signs_in(number, pin).reads("không đúng").does_not_read("Đèn đường")
        assert visitor.status == 403


def test_a_link_of_a_group_that_was_given_to_another_agency_is_dead(scene, site, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        other = uow.agencies.by_code("so-xay-dung")
        uow.agencies.make_code("MA-KHAC", other.id, now, now + timedelta(days=1))
    scene.joins("đức", duc.chat).says("/lienket MA-KHAC")
    visitor.goes().reads(CLOSED)


@pytest.mark.parametrize("how", ["removed", "left", "thrown_out"])
def test_an_officer_who_is_gone_has_no_say_from_that_moment(scene, site, lan, duc, how):
    code = lan.reports()
    visitor = duc.opens(code)
    form, (name, value, _) = visitor.button("Nhận xử lý")
    if how == "removed":
        change_duty(scene, duc, status="removed")
    elif how == "left":
        scene.joins("đức", duc.chat).happens("left")
    else:
        scene.world.plain.far_end.absent.add((duc.chat, duc.user))
        scene.world.clock.forward(minutes=5)
    visitor._came(visitor.http.post(visitor._url(form.action), data=form.fields | {name: value}))
    visitor.reads("Phiên làm việc đã hết").does_not_read("Đèn đường")
    assert visitor.goes().signs_in(duc.number).status == 403
    assert scene.state(code) is State.ASSIGNED


def test_when_the_platform_cannot_say_who_is_in_the_group_nobody_gets_in(scene, site, lan, duc, monkeypatch):
    from handlers.ports import SendLater

    code = lan.reports()
    visitor = duc.opens(code)

    def silent(chat, user):
        raise SendLater(5, "down")

    monkeypatch.setattr(scene.world.plain, "is_member", silent)
    scene.world.clock.forward(minutes=5)
    visitor.goes().reads("Chưa kiểm tra được").does_not_read("Đèn đường")
    assert visitor.status == 503


def test_a_sensitive_case_is_never_reached(scene, site, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    make_sensitive(scene, code)
    visitor.goes().reads(CLOSED).does_not_read("Đèn đường")
    operators = [text for text in scene.world.said("nhom-van-hanh") if code in text]
    assert operators
    assert not LINK.search(operators[-1])
    row = scene.case(code)
    with scene.world.store.read() as uow:
        chat = uow.chats.find("plain", "nhom-van-hanh")
    made = site.pages.case_address(chat.id, row.id, timedelta(days=1))
    assert site.visits(made).reads(CLOSED).status == 410


# --- PINs and codes ------------------------------------------------------------------------------------------------


def test_a_one_time_code_goes_to_the_officers_own_chat_and_works_once(scene, site, lan, duc):
    code = lan.reports()
    private = scene.alone(duc)
    number = duty(scene, duc).id
    visitor = (
        site.visits(duc.link(code)).sends("Nhận mã một lần", number=str(number)).reads("đã được gửi vào tin nhắn riêng")
    )
    scene.world.settle()
    private.hears("Mã một lần", code)
    assert not any("Mã một lần" in text for text in scene.world.said(duc.chat))
    [digits] = re.findall(r"Mã một lần: (\d{6})", private.told[-1])
    visitor.signs_in(number, digits).reads("Đèn đường", "Việc làm được lúc này")
    again = site.visits(duc.link(code)).signs_in(number, digits).reads("không đúng")
    assert again.status == 403


def test_a_code_is_for_one_link_and_ten_minutes(scene, site, lan, duc):
    first, second = lan.reports("Đèn số 1 hỏng"), lan.reports("Đèn số 2 hỏng")
    private = scene.alone(duc)
    number = duty(scene, duc).id
    visitor = site.visits(duc.link(first)).sends("Nhận mã một lần", number=str(number))
    scene.world.settle()
    [digits] = re.findall(r"Mã một lần: (\d{6})", private.told[-1])
    assert site.visits(duc.link(second)).signs_in(number, digits).status == 403
    scene.world.clock.forward(minutes=11)
    assert visitor.signs_in(number, digits).status == 403


def test_the_group_tells_an_officer_their_number(scene, site, lan, duc):
    duc.says("/trogiup").hears(f"Số cán bộ của Đức để mở trang của phản ánh: {duty(scene, duc).id}")
    scene.joins("mai", duc.chat).says("/trogiup").does_not_hear("Số cán bộ")


def test_who_asks_for_a_code_learns_nothing_about_numbers(scene, site, lan, duc):
    visitor = site.visits(duc.link(lan.reports()))
    there = visitor.sends("Nhận mã một lần", number=str(duty(scene, duc).id)).page.text
    not_there = visitor.sends("Nhận mã một lần", number="999").page.text
    assert there == not_there


def test_tries_are_limited_even_with_the_right_pin_at_the_end(scene, site, lan, duc):
    code = lan.reports()
    number = site.gives_pin(duc)
    visitor = site.visits(duc.link(code))
    for _ in range(TRIES):
        assert visitor.signs_in(number, "111222").reads("không đúng").status == 403
    assert visitor.signs_in(number, PIN).reads("Đã thử quá nhiều lần").status == 429
    scene.world.clock.forward(minutes=16)
    assert visitor.signs_in(number, PIN).reads("Đèn đường").status == 200


@pytest.mark.both_databases
def test_tries_at_the_same_moment_are_all_counted(scene, site, lan, duc):
    code = lan.reports()
    number = site.gives_pin(duc)
    door = site.visits(duc.link(code))
    form, (name, value, _) = door.button("Mở phản ánh")

    def try_once(pin):
        filled = form.fields | {"number": str(number), "secret": pin, name: value}
        return requests.post(door._url(form.action), data=filled, timeout=60).status_code

    answers = at_once(*(partial(try_once, f"11122{n}") for n in range(9)))
    assert sorted(answers) == [403] * TRIES + [429] * (9 - TRIES)


def test_no_pin_means_no_entry_whatever_is_typed(scene, site, lan, duc):
    number = duty(scene, duc).id
    visitor = site.visits(duc.link(lan.reports()))
    for typed in ("", "0" * 64, "000000", "' or 1=1"):
        assert visitor.signs_in(number, typed).status == 403
    for odd in ("", "-1", "1e3", "١", "9" * 40):
        assert Visitor(visitor.address).goes().signs_in(odd).status in (403, 429)


def test_an_officer_changes_the_pin_on_the_page(scene, site, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    visitor.sends("Lưu mã PIN", pin="123456").reads("Mã PIN chưa được", "Đèn đường")
    visitor.sends("Lưu mã PIN", pin="624817").reads("Đã đổi mã PIN", "Đèn đường")
    fresh = site.visits(duc.link(code))
    assert fresh.signs_in(duc.number, PIN).status == 403
    assert fresh.signs_in(duc.number, "624817").reads("Đèn đường").status == 200


@pytest.mark.parametrize(
    ("pin", "good"),
    [("407193", True), ("123456", False), ("654321", False), ("111111", False), ("121212", False), ("12345", False),
     ("4071930000001", False), ("40719x", False), ("٤٠٧١٩٣", False)],
    ids=str,
)  # fmt: skip
def test_which_pins_are_good(pin, good):
    assert good_pin(pin) is good


# --- the session ---------------------------------------------------------------------------------------------------


def test_the_cookie_is_for_these_pages_alone_and_no_script_reads_it(scene, site, lan, duc):
    visitor = duc.opens(lan.reports())
    [cookie] = list(visitor.http.cookies)
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "Lax"  # links are opened from the web pages of chat platforms
    assert cookie.path == "/w"
    with scene.world.store.read() as uow:
        kept = uow.connection.scalars(select(SESSIONS.c.id)).all()
    assert cookie.value not in kept


def same_browser(visitor, address):
    """Another link, opened in the browser of ``visitor``."""
    other = Visitor(address)
    other.http = visitor.http
    return other.goes()


@pytest.fixture
def two(scene, site, lan, duc):
    """The pages of two cases of one group in one browser, after one PIN."""
    codes = lan.reports("Đèn số 1 hỏng"), lan.reports("Đèn số 2 hỏng")
    first = duc.opens(codes[0])
    return first, same_browser(first, duc.link(codes[1])), codes


@pytest.mark.both_databases
def test_one_pin_opens_every_link_of_the_officer_in_this_browser(scene, site, lan, duc, two):
    first, second, codes = two
    second.reads("Đèn số 2", "Cán bộ: Đức").sends("Nhận xử lý")
    first.sends("Nhận xử lý").sends("Hỏi người dân").reads("Mời ghi câu hỏi")
    second.goes().does_not_read("Mời ghi câu hỏi", "Đèn số 1")  # each page has a dialog of its own
    assert [scene.state(code) for code in codes] == [State.IN_PROGRESS] * 2
    with scene.world.store.read() as uow:
        opened = {row["subject"] for row in uow.registers.records("web_link.opened", 9)}
    assert opened == {str(scene.case(code).id) for code in codes}
    assert site.visits(duc.link(codes[1])).reads("Trang dành cho cán bộ").does_not_read("Đèn số 2")  # another browser


def test_the_first_sight_of_a_link_by_a_form_is_no_way_round_its_token(scene, lan, duc, two):
    first, _, _ = two
    third = lan.reports("Đèn số 3 hỏng")
    form, _ = first.button("Ghi chú")
    claim = {"do": "press", "press": f"d:{scene.case(third).id}:claim"}
    assert first.http.post(duc.link(third), data=form.fields | claim).status_code == 403
    assert scene.state(third) is State.ASSIGNED


def test_the_cookie_opens_no_link_of_another_group(scene, site, lan, duc, two):
    first, _, codes = two
    huy = at_page(scene, site, "huy", "nhom-so-xay-dung", "so-xay-dung")
    huong = scene.officer("hương", "nhom-van-hanh", None)
    duc.picks("Chuyển cơ quan khác", of=codes[1]).picks("Sở Xây dựng").picks("Nơi khác quản lý").picks("Xác nhận")
    huong.picks("Đồng ý chuyển", of=codes[1]).picks("Sở Xây dựng")
    theirs = same_browser(first, huy.link(codes[1])).reads("Liên kết này của đơn vị khác").does_not_read("Đèn số 2")
    for do in ("press", "say", "pin", "sign_out"):
        theirs.http.post(theirs.address, data={"do": do, "press": f"d:{scene.case(codes[1]).id}:claim"})
    assert scene.state(codes[1]) is State.ASSIGNED
    first.goes().reads("Đèn số 1")


def test_whoever_is_no_officer_any_more_is_out_at_every_link(scene, site, lan, duc, two):
    third = lan.reports("Đèn số 3 hỏng")
    change_duty(scene, duc, status="removed")
    for visitor in (*two[:2], same_browser(two[0], duc.link(third))):
        visitor.goes().reads("Phiên làm việc đã hết").does_not_read("Đèn số")


def test_a_pin_given_anew_closes_every_link_and_one_changed_on_the_page_keeps_this_browser(scene, site, lan, duc, two):
    first, second, codes = two
    elsewhere = site.visits(duc.link(codes[1])).signs_in(duc.number)
    second.sends("Lưu mã PIN", pin="624817").reads("Đã đổi mã PIN", "Đèn số 2")
    first.goes().reads("Đèn số 1")
    elsewhere.goes().reads("Phiên làm việc đã hết")
    same_browser(elsewhere, duc.link(codes[0])).reads("Phiên làm việc đã hết")
    site.gives_pin(duc, "850264")
    for visitor in (first, second, same_browser(first, duc.link(lan.reports("Đèn số 3 hỏng")))):
        visitor.goes().reads("Phiên làm việc đã hết").does_not_read("Đèn số")


def test_signing_out_at_one_link_signs_out_at_all_even_for_who_kept_the_cookie(scene, site, lan, duc, two):
    first, second, codes = two
    [cookie] = list(first.http.cookies)
    second.sends("Thoát").reads("Trang dành cho cán bộ")
    assert list(second.http.cookies) == []
    for code in (*codes, lan.reports("Đèn số 3 hỏng")):
        kept = requests.get(duc.link(code), cookies={cookie.name: cookie.value or ""}, timeout=20)
        assert "Phiên làm việc đã hết" in kept.text and "Đèn số" not in kept.text


def test_the_time_of_a_session_is_that_of_its_pin_at_every_link(scene, site, lan, duc, two):
    first, second, _ = two
    for _ in range(16):  # a step at one link is a step of the session
        first.goes().sends("Vì sao hạn này?").reads("Đèn số 1")
        scene.world.clock.forward(minutes=29)
    second.goes().reads("Đèn số 2")
    first.sends("Vì sao hạn này?")
    scene.world.clock.forward(minutes=20)  # eight hours since the PIN
    for visitor in (first, second, same_browser(first, duc.link(lan.reports("Đèn số 3 hỏng")))):
        visitor.goes().reads("Phiên làm việc đã hết").does_not_read("Đèn số")


def test_a_session_without_a_step_ends_at_every_link(scene, site, lan, duc, two):
    scene.world.clock.forward(minutes=31)
    for visitor in (*two[:2], same_browser(two[0], duc.link(lan.reports("Đèn số 3 hỏng")))):
        visitor.goes().reads("Phiên làm việc đã hết").does_not_read("Đèn số")


def test_a_link_taken_back_or_a_sensitive_case_is_not_opened_by_another_link_of_its_officer(scene, lan, duc, two):
    first, second, codes = two
    scene.world.clock.forward(seconds=1)
    with scene.world.store.write() as uow:
        PageStore(uow).revoke(scene.case(codes[1]).id, scene.world.clock.now())
    second.goes().reads(CLOSED).does_not_read("Đèn số 2")
    third = lan.reports("Đèn số 3 hỏng")
    link = duc.link(third)
    make_sensitive(scene, third)
    same_browser(first, link).reads(CLOSED).does_not_read("Đèn số 3")
    first.goes().reads("Đèn số 1")


def test_a_one_time_code_opens_its_own_link_alone_whatever_its_cookie_is_called(scene, site, lan, duc):
    first, second = lan.reports("Đèn số 1 hỏng"), lan.reports("Đèn số 2 hỏng")
    private = scene.alone(duc)
    visitor = site.visits(duc.link(first)).sends("Nhận mã một lần", number=str(duty(scene, duc).id))
    scene.world.settle()
    [digits] = re.findall(r"Mã một lần: (\d{6})", private.told[-1])
    visitor.signs_in(duty(scene, duc).id, digits).reads("Đèn số 1")
    [cookie] = list(visitor.http.cookies)
    assert cookie.path == "/w/" + visitor.address.rsplit("/", 1)[1]
    value = cookie.value or ""
    for forged in (value, value.replace("code.", "pin.")):
        other = requests.get(duc.link(second), cookies={cookie.name: forged}, timeout=20)
        assert "Phiên làm việc đã hết" in other.text and "Đèn số 2" not in other.text
    same_browser(visitor, duc.link(second)).signs_in(site.gives_pin(duc)).reads("Đèn số 2")
    assert len(list(visitor.http.cookies)) == 2
    visitor.goes().reads("Đèn số 1")  # the code's session has ended, the PIN's has not
    visitor.sends("Vì sao hạn này?").reads("Đèn số 1").sends("Thoát").reads("Trang dành cho cán bộ")
    assert list(visitor.http.cookies) == []


def test_what_is_no_longer_good_for_one_link_is_forgotten(scene, site, lan, duc):
    visitor = duc.opens(lan.reports("Đèn số 1 hỏng"))
    [cookie] = list(visitor.http.cookies)
    own = "/w/" + visitor.address.rsplit("/", 1)[1]
    visitor.http.cookies.clear()
    visitor.http.cookies.set("officer", f"code.{cookie.value}", domain=cookie.domain, path=own)
    visitor.goes().reads("Phiên làm việc đã hết")
    assert list(visitor.http.cookies) == []


def test_a_session_ends_by_itself_and_by_signing_out(scene, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    scene.world.clock.forward(minutes=31)
    visitor.goes().reads("Phiên làm việc đã hết")
    duc.opens(code).sends("Thoát").reads("Trang dành cho cán bộ")
    visitor.goes().reads("Trang dành cho cán bộ")
    with scene.world.store.read() as uow:
        assert len(uow.connection.scalars(select(SESSIONS.c.id)).all()) == 1  # the one that ran out: swept later


def test_a_form_of_another_site_or_without_its_token_is_refused(scene, lan, duc):
    code = lan.reports()
    visitor = duc.opens(code)
    form, (name, value, _) = visitor.button("Nhận xử lý")
    url, filled = visitor._url(form.action), form.fields | {name: value}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert visitor.http.post(url, data=filled, headers=headers).status_code == 403
    assert visitor.http.post(url, data={**filled, "form": "0" * 64}).status_code == 403
    assert visitor.http.post(url, data={name: value, "do": "press"}).status_code == 403
    assert scene.state(code) is State.ASSIGNED
    assert visitor.http.post(url, data=filled, headers={"Origin": "null"}).status_code == 200
    scene.world.settle()
    assert scene.state(code) is State.IN_PROGRESS


def test_every_answer_has_the_headers_that_keep_it_private(scene, site, lan, duc):
    code = lan.reports()
    for visitor in (duc.opens(code), site.visits(duc.link(code)), site.visits(duc.link(code)[:-4])):
        policy = visitor.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert visitor.headers["Cache-Control"] == "no-store"
        assert visitor.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in visitor.headers["X-Robots-Tag"]
        assert visitor.headers["X-Frame-Options"] == "DENY"
        assert "<script" not in visitor.source
        assert "style=" not in visitor.source
        assert " on" + "click" not in visitor.source


def test_large_forms_are_not_read_before_somebody_signed_in(scene, site, lan, duc):
    code = lan.reports()
    visitor = site.visits(duc.link(code))
    filled = {"do": "say", "words": "x" * 200_000}
    assert visitor.http.post(visitor.address, data=filled).status_code == 413
    inside = duc.opens(code)
    form, _ = inside.button("Ghi chú")
    parts = [("photos", ("p.jpg", LAMP + b"\0" * 300_000, "image/jpeg"))]
    assert inside.http.post(inside.address, data=form.fields | {"words": ""}, files=parts).status_code == 200


def test_photos_that_are_too_large_together_are_refused_on_the_page(scene, site, lan, duc, monkeypatch):
    monkeypatch.setattr("bot.pages.case.LARGE_FORM", 100_000)
    inside = duc.opens(lan.reports())
    inside.sends("Ghi chú", files=[LAMP + b"\0" * 100_000]).reads("Ảnh quá lớn", "Đèn đường")
    assert inside.status == 200


def test_a_photo_as_large_as_a_telephone_makes_them_is_taken(scene, site, lan, duc):
    """Bytes like a photo's: with line ends at places that nobody chose."""
    inside = duc.opens(lan.reports())
    photo = LAMP + random.Random(7).randbytes(5_000_000)
    inside.sends("Ghi chú", files=[photo]).does_not_read("Ảnh quá lớn")
    assert inside.status == 200


def test_photos_that_come_after_the_end_of_the_session_are_told_so(scene, site, lan, duc):
    inside = duc.opens(lan.reports())
    form, _ = inside.button("Ghi chú")
    inside.sends("Thoát")
    inside.http.cookies.set("officer", "gone")
    parts = [("photos", ("p.jpg", LAMP + b"\0" * 300_000, "image/jpeg"))]
    answer = inside.http.post(inside.address, data=form.fields | {"words": ""}, files=parts, timeout=20)
    assert answer.status_code == 413
    assert "Phiên làm việc đã hết" in answer.text


def test_an_officer_who_erases_their_data_is_out(scene, site, lan, duc):
    visitor = duc.opens(lan.reports())
    scene.alone(duc).says("/xoa").picks("Xóa dữ liệu").hears("Đã xóa dữ liệu")
    visitor.goes().reads("Phiên làm việc đã hết").does_not_read("Đèn đường")
    assert visitor.signs_in(duc.number).status == 403
    with scene.world.store.read() as uow:
        assert uow.connection.scalar(select(func.count()).select_from(PINS)) == 0


def test_operators_have_pages_of_what_waits_for_them(scene, site, lan, duc):
    huong = at_page(scene, site, "hương", "nhom-van-hanh", None)
    code = lan.reports()
    duc.picks("Chuyển cơ quan khác", of=code).picks("Sở Xây dựng").picks("Nơi khác quản lý").picks("Xác nhận")
    huong.picks("Đồng ý chuyển", of=code).hears("Tổ vận hành", "Đơn vị được đề nghị đứng đầu")
    huong.says("xây dựng").picks("Sở Xây dựng").hears("Đã chuyển xử lý · Sở Xây dựng")
    assert scene.state(code) is State.ASSIGNED


def test_nothing_secret_reaches_the_log(scene, site, lan, duc, capsys, caplog):
    code = lan.reports()
    visitor = duc.opens(code)
    [cookie] = list(visitor.http.cookies)
    site.visits(duc.link(code)).signs_in(duc.number, "982341")
    told = capsys.readouterr()
    logged = (
        told.out
        + told.err
        + "".join(f"{one.name} {one.getMessage()}" for one in caplog.records if one.name != "werkzeug")
    )
    assert "web_link.opened" in logged
    assert "web_link.wrong" in logged
    token = visitor.address.rsplit("/", 1)[1]
    for secret in (PIN, "982341", cookie.value or "", token, duc.name, lan.name):
        assert secret not in logged


def test_a_card_with_buttons_that_is_kept_up_to_date_needs_no_link(scene, site, lan, duc, monkeypatch):
    able = replace(scene.world.plain.capabilities, buttons=True, edits=True)
    monkeypatch.setattr(scene.world.plain, "capabilities", able)
    code = lan.reports()
    assert not [text for text in duc.told if code in text and LINK.search(text)]
