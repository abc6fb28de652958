"""An operator takes a report down for a caller: in one message or step by step, and the caller is still told."""

import json

import pytest
from sqlalchemy import func, select, update

from handlers.administration import Refused
from handlers.blocking import block
from handlers.case_command import Wanted, move_by_code
from handlers.intake import new_secret
from storage.callbacks import CallbackStore
from storage.inbox import INBOX
from storage.looks import LookStore
from storage.outbox import OUTBOX
from storage.sources import SourceStore
from tests.journeys.scene import Scene
from tests.journeys.test_officials import make_line
from tests.world import World
from workflows.actions import Action
from workflows.case.model import State

PHONE = "0912345678"
SAID = "Đèn đường hỏng ba tối nay\n12 Nguyễn Huệ, phường An Cựu"
ALL = f"{SAID}\nBà Tý Riêng Tư {PHONE}\nđường dây nóng\n1022-2026-00123"


def takes_down(huong, words=ALL, category="Chiếu sáng"):
    """A whole report by its operator; the code."""
    huong.says(f"/nhap {words}").picks(category).hears("Ghi nhận").picks("Ghi nhận").hears("đọc cho người gửi")
    return huong.heard_code()


def test_one_message_and_two_taps(scene, huong, duc):
    duc.listens()
    huong.says(f"/nhap {ALL}").hears("Có thể thuộc lĩnh vực nào").does_not_hear(PHONE, "Tý")
    huong.picks("Chiếu sáng").hears(
        "Nơi xảy ra: 12 Nguyễn Huệ, phường An Cựu\n", "số 1022-2026-00123", "ba số cuối 678"
    )
    huong.does_not_hear(PHONE, "Tý").picks("Ghi nhận").hears("đọc cho người gửi", "Trả lời kết quả chậm nhất")
    code = huong.heard_code()
    duc.hears(code, "Đèn đường hỏng ba tối nay", "Nguồn: Đường dây nóng, số 1022-2026-00123").does_not_hear(PHONE, "Tý")
    row = scene.case(code)
    assert (row.case.state, row.case.channel) == (State.ASSIGNED, "hotline")
    with scene.world.store.read() as uow:
        opened = uow.cases.events(row.id)[0]
        source = SourceStore(uow).of_case(row.id)
    assert (opened.move, opened.role.value) == ("T1", "operator")
    assert (source.channel, source.number) == ("hotline", "1022-2026-00123")
    huong.says("/tim 1022-2026-00123").hears(code)


def test_who_has_no_chat_cannot_be_blocked(scene, huong):
    code = takes_down(huong)
    huong.listens()
    huong.says(code).hears(code).does_not_hear("Chặn người gửi")
    huong.says(f"/chan {code}").hears("được ghi hộ nên không chặn được", "qua điện thoại")
    with scene.world.store.write() as uow, pytest.raises(Refused, match="taken down for a caller"):
        block(uow, code, 3, "Gọi phá", scene.world.clock.now())
    with scene.world.store.read() as uow:
        assert uow.people.blocked(scene.world.clock.now()) == []


def test_nor_by_who_has_begun_to(scene, huong, monkeypatch):
    code = takes_down(huong)
    monkeypatch.setattr("handlers.views.has_no_chat", lambda *_: False)  # as it was when the operator began
    huong.says(f"/chan {code}").picks("7 ngày").says("Gọi phá").picks("Gửi").hears("được ghi hộ nên không chặn được")
    with scene.world.store.read() as uow:
        assert uow.people.blocked(scene.world.clock.now()) == []


def test_step_by_step(scene, huong, duc):
    huong.says("/nhap").hears("Sự việc gì, từ khi nào")
    huong.says("đèn").hears("quá ngắn")
    huong.says("Đèn đường trước trường học hỏng").hears("Xảy ra ở đâu")
    huong.says("Trước trường học").hears("xã, phường nào")
    huong.says("Cái Bè").hears("Không có xã, phường nào")
    huong.says("an cuu").hears("lĩnh vực nào").picks("Chiếu sáng").hears("đến từ nguồn nào")
    huong.says("bưu kiện").hears("Chưa rõ nguồn này").says("tiếp dân").hears("Họ tên và số điện thoại")
    huong.says("0912 345").hears("Chưa phải là số điện thoại")
    huong.picks("Không để lại số").hears("không để lại số điện thoại", "Nguồn: Tiếp dân")
    huong.picks("Sửa nội dung").says("Hai đèn đường trước trường học hỏng").hears("“Hai đèn đường")
    huong.says("sđt: 0912 345 678").hears("ba số cuối 678").says("gì đó").hears("Mời chọn một mục")
    huong.picks("Ghi nhận").hears("đọc cho người gửi")


def test_a_number_that_is_filed_already_shows_its_case(scene, huong, duc):
    code = takes_down(huong)
    huong.says(f"/nhap {ALL}").hears(f"đã được ghi thành phản ánh {code}", "Đèn đường hỏng ba tối nay")
    huong.says("/nhap Đèn đường tắt cả tuần\n14 Nguyễn Huệ, phường An Cựu\n0912345679\nsố: 1022 2026 00123")
    huong.picks("Chiếu sáng").picks("Đường dây nóng").picks("Ghi nhận").hears(f"đã được ghi thành phản ánh {code}")
    with scene.world.store.read() as uow:
        assert len(uow.cases.listing()) == 1


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Đèn đường hỏng\n12 Nguyễn Huệ, phường An Cựu\n091234567", "Chưa phải là số điện thoại"),
        ("Đèn đường hỏng\n12 Nguyễn Huệ, phường An Cựu\nkênh: chim bồ câu", "Chưa rõ nguồn này"),
        ("Đèn đường hỏng\n21.0278, 105.8342", "ngoài địa bàn"),
        ("Đèn đường hỏng\nhttps://maps.app.goo.gl/abc", "Liên kết rút gọn"),
        ("Đèn đường hỏng\nsố: không có", "Số hồ sơ cần có chữ số"),
    ],
)
def test_what_cannot_be_right_is_said_and_the_rest_is_kept(huong, words, answer):
    huong.says(f"/nhap {words}").hears(answer)
    assert not any("Ghi nhận" in text for text in huong.told)


def test_an_agency_takes_nothing_down(scene, duc):
    duc.says(f"/nhap {ALL}").hears("Chỉ nhóm của Tổ vận hành").says("/goilai").hears("Chỉ nhóm của Tổ vận hành")


def test_stopped_and_forgotten_work_leaves_nothing(scene, huong):
    huong.says(f"/nhap {ALL}").says("/huy").hears("Đã bỏ phiếu này")
    huong.says(f"/nhap {ALL}")
    scene.forward(days=1, minutes=1)
    with scene.world.store.read() as uow:
        person = uow.people.find("plain", huong.user)
        chat = uow.chats.find("plain", huong.chat)
        assert PHONE not in uow.dialogs.get(chat.id, person.id)
        assert uow.cases.listing() == []


# --- the caller is still told --------------------------------------------------------------------------------------


def finishes(duc, code):
    duc.picks("Nhận xử lý", of=code).picks("Hỏi người dân", of=code).says("Đèn ở đoạn nào?").picks("Gửi")


def test_who_has_no_chat_is_called_with_one_tap(scene, huong, duc):
    code = takes_down(huong)
    huong.says("/goilai").hears("Không có ai cần gọi lại")
    huong.listens()
    finishes(duc, code)
    huong.hears(f"Người gửi {code} không có tin nhắn", "Đèn ở đoạn nào?").does_not_hear(PHONE)
    duc.does_not_hear("Người gửi")
    huong.says("/goilai").hears("Cần gọi lại", code, "Đèn ở đoạn nào?")
    case_id = scene.case(code).id
    huong.says(f"/goilai {code}").hears("Đèn ở đoạn nào?").picks("Không nghe máy").hears("không nghe máy")
    huong.says("/goilai").picks(code).hears(f"người gửi {code} đã được báo")
    huong.says("/goilai").hears("Không có ai cần gọi lại")
    with scene.world.store.read() as uow:
        told = [one for one in uow.outbox.of_case(case_id) if one["chat_kind"] == "private"]
        assert {one["status"] for one in told} == {"sent"}
        outcomes = [one["outcome"] for one in uow.outbox.ledger(told[-1]["id"])]
    assert outcomes == ["held", "not_answered", "told"]


def test_nobody_else_says_that_a_caller_was_told(scene, huong, duc):
    code = takes_down(huong)
    finishes(duc, code)
    duc.presses(f"d:{scene.case(code).id}:called").does_not_hear("Đã ghi")
    mai = scene.joins("mai", huong.chat)
    mai.presses(f"d:{scene.case(code).id}:called").does_not_hear("Đã ghi")
    huong.says("/goilai").hears(code).picks(code)


def test_a_caller_comes_to_a_chat_by_code_and_phone(scene, huong, duc):
    code = takes_down(huong)
    finishes(duc, code)
    ty = scene.citizen("tý")
    ty.says(f"{code} 0912 345 679").hears("Chưa khớp").does_not_hear("Đèn đường", "Đèn ở đoạn nào")
    ty.says(code).does_not_hear("Đèn đường", "Đèn ở đoạn nào")
    ty.says(f"/theodoi {code.lower()} 0912 345 678").hears(f"tin về phản ánh {code} sẽ đến đây", "Đèn ở đoạn nào?")
    huong.says("/goilai").hears("Không có ai cần gọi lại")
    ty.says("Đoạn trước số 12").listens()
    assert scene.state(code) is State.IN_PROGRESS
    huong.listens()
    duc.picks("Báo kết quả", of=code).picks("Đã giải thích").says("Đèn thuộc dự án, tháng sau thay.").picks("Gửi")
    ty.hears("Đèn thuộc dự án")
    huong.does_not_hear("không có tin nhắn")
    other = scene.citizen("kẻ lạ")
    other.says(f"{code} {PHONE}").hears("Chưa khớp").does_not_hear("Đèn thuộc")


def test_guessing_is_stopped(scene, huong, duc):
    code = takes_down(huong)
    stranger = scene.citizen("kẻ lạ")
    for number in range(5):
        stranger.says(f"{code} 091200000{number}").hears("Chưa khớp")
    stranger.says(f"{code} {PHONE}").hears("thử nhiều lần").does_not_hear("Đèn đường")
    another = scene.citizen("kẻ khác")  # the case's own count holds for everybody, for a day
    another.says(f"{code} {PHONE}").hears("Chưa khớp")
    scene.forward(days=1, minutes=1)
    another.says(f"{code} {PHONE}").hears("sẽ đến đây")


def test_a_slip_opens_its_case_once(scene, huong, duc):
    code = without_phone(huong)
    with scene.world.store.write() as uow:
        row = uow.cases.by_code(code)
        secret = new_secret(uow, row.id, scene.world.clock.now())
        uow.flush(scene.world.clock.now())
    ty, other = scene.citizen("tý"), scene.citizen("kẻ lạ")
    ty.says(f"{code} {secret.lower().replace('-', '')}").hears("sẽ đến đây")
    other.says(f"{code} {secret}").hears("Chưa khớp")


def without_phone(huong):
    huong.says(f"/nhap {SAID}\ntiếp dân").picks("Chiếu sáng").picks("Không để lại số")
    huong.picks("Ghi nhận").hears("đọc mã này cho Tổ vận hành")
    return huong.heard_code()


def test_an_old_slip_opens_nothing(scene, huong, duc):
    code = without_phone(huong)
    with scene.world.store.write() as uow:
        secret = new_secret(uow, uow.cases.by_code(code).id, scene.world.clock.now())
        uow.flush(scene.world.clock.now())
    scene.forward(days=31)
    scene.citizen("tý").says(f"{code} {secret}").hears("Chưa khớp")


# --- who reported --------------------------------------------------------------------------------------------------


def test_who_reported_is_told_to_an_operator_alone_for_a_written_reason(scene, huong, duc):
    code = takes_down(huong)
    huong.says(f"/lienhe {code}").hears("Cần lý do bằng lời").says(f"/lienhe {code} gọi lại hỏi số nhà")
    huong.hears("nhắn riêng cho kênh này một lần")
    alone = scene.alone(huong)
    huong.says(f"/lienhe {code} gọi lại hỏi số nhà").hears("đã được nhắn riêng").does_not_hear(PHONE, "Tý")
    alone.hears(f"Người gửi {code}", "Bà Tý Riêng Tư", PHONE).listens()
    duc.says(f"/lienhe {code} muốn biết ai gửi").does_not_hear(PHONE, "đã được nhắn riêng")
    duc.presses(f"d:{scene.case(code).id}:contact").does_not_hear(PHONE)
    with scene.world.store.read() as uow:
        looks = LookStore(uow).latest(10)
        person = uow.people.find("plain", huong.user)
    assert [(one.code, one.actor, one.role, one.reason) for one in looks] == [
        (code, f"person:{person.id}", "operator", "gọi lại hỏi số nhà")
    ]
    ty = scene.citizen("tý")
    ty.says(f"{code} {PHONE}").hears("sẽ đến đây")
    ty.says("/dulieu").hears("Tổ vận hành đã xem thông tin người gửi", "gọi lại hỏi số nhà").does_not_hear("Hương")
    ty.says("/xoa").picks("Xóa dữ liệu")
    with scene.world.store.read() as uow:
        assert [one.reason for one in LookStore(uow).latest(10)] == [None]
        assert SourceStore(uow).with_number("1022-2026-00123") == []


def kept_of(scene, *parts):
    """Rows of inbox and outbox that still say one of these."""
    with scene.world.store.read() as uow:
        kept = uow.connection.scalars(select(INBOX.c.payload).where(INBOX.c.payload.is_not(None))).all()
        raw = [json.dumps(json.loads(one), ensure_ascii=False) for one in kept]  # as it was typed
        said = uow.connection.execute(select(OUTBOX.c.body, OUTBOX.c.rendered)).all()
    return [one for one in (*raw, *(part or "" for row in said for part in row)) if any(part in one for part in parts)]


def test_a_caller_who_erases_their_data_leaves_nothing_in_what_the_operator_typed_and_was_asked(scene, huong, duc):
    huong.says("/nhap").says("Đèn đường trước nhà bà Tý hỏng").says("Trước nhà bà Tý").says("an cựu")
    huong.picks("Chiếu sáng").says("tiếp dân").says(f"Bà Tý Riêng Tư {PHONE}")
    huong.picks("Ghi nhận").hears("đọc cho người gửi")
    code = huong.heard_code()
    huong.says(f"/viec {code}")
    other = takes_down(huong)
    assert len(kept_of(scene, "bà Tý", PHONE)) > 5
    ty = scene.citizen("tý")
    ty.says(f"{code} {PHONE}").hears("sẽ đến đây")
    ty.says("/xoa").picks("Xóa dữ liệu").hears("Đã xóa dữ liệu")
    assert kept_of(scene, "bà Tý", "Bà Tý") == []
    huong.says(f"/viec {other}").hears("Đèn đường hỏng ba tối nay")  # others' cases and the group go on
    huong.says("/nhap Đèn khác hỏng rồi\n14 Nguyễn Huệ, phường An Cựu").hears("lĩnh vực nào")


def is_taken_down_step_by_step(scene, huong):
    """By an operator who is asked for every part; the code."""
    huong.says("/nhap").says("Đèn đường trước nhà bà Tý hỏng").says("Trước nhà bà Tý").says("an cựu")
    huong.picks("Chiếu sáng").says("tiếp dân").says(f"Bà Tý Riêng Tư {PHONE}").picks("Ghi nhận")
    return huong.heard_code()


def follows_and_erases(scene, code):
    ty = scene.citizen("tý")
    ty.says(f"{code} {PHONE}").hears("sẽ đến đây")
    ty.says("/xoa").picks("Xóa dữ liệu").hears("Đã xóa dữ liệu")


@pytest.mark.parametrize("became", ["moved", "lost", "unlinked"])
def test_the_group_in_which_it_was_taken_down_may_be_none_of_ours_any_more(scene, huong, duc, became):
    code = is_taken_down_step_by_step(scene, huong)
    if became == "moved":
        scene.world.line(huong.chat, huong.user, group=True, moved="nhom-van-hanh-2")
    with scene.world.store.write() as uow:
        old = uow.chats.find("plain", huong.chat)
        if became == "lost":
            uow.chats.change(old.id, status="lost")
        if became == "unlinked":
            uow.chats.change(old.id, operators=False)
    assert len(kept_of(scene, "bà Tý", PHONE)) > 5
    follows_and_erases(scene, code)
    assert kept_of(scene, "bà Tý", "Bà Tý", PHONE) == []


def test_a_question_that_still_waits_is_not_put_after_erasure(scene, huong, duc):
    code = is_taken_down_step_by_step(scene, huong)
    with scene.world.store.write() as uow:
        group = uow.chats.find("plain", huong.chat).id
        mine = (OUTBOX.c.chat_id == group, OUTBOX.c.case_id.is_(None))
        *_, asked = uow.connection.scalars(select(OUTBOX.c.id).where(*mine, OUTBOX.c.purpose == "intake")).all()
        first = uow.connection.scalar(select(func.min(OUTBOX.c.id)).where(*mine, OUTBOX.c.purpose == ""))
        for row in (asked, first):
            uow.connection.execute(update(OUTBOX).where(OUTBOX.c.id == row).values(status="held", held_for="quota"))
    follows_and_erases(scene, code)
    with scene.world.store.read() as uow:
        rows = {row.id: row for row in uow.connection.execute(select(OUTBOX))}
    assert (rows[asked].status, rows[asked].body) == ("never", None)
    assert rows[first].status == "held" and rows[first].body
    huong.listens()
    with scene.world.store.write() as uow:
        uow.outbox.release_all(scene.world.clock.now())
    scene.world.settle()
    huong.does_not_hear("bà Tý")


def test_a_pending_member_asks_in_vain(scene, huong, duc):
    code = takes_down(huong)
    mai = scene.joins("mai", huong.chat)
    mai.says(f"/lienhe {code} gọi lại hỏi số nhà").hears("đang chờ").says(f"/nhap {ALL}")
    with scene.world.store.read() as uow:
        assert LookStore(uow).latest(10) == []
        assert len(uow.cases.listing()) == 1


@pytest.mark.parametrize("setting", [False, True])
def test_the_operators_group_sees_who_reported_only_where_the_setting_says_so(ready_url, tmp_path, setting):
    world = World(ready_url, tmp_path, operators_see_reporter=setting)
    scene = Scene(world)
    huong, duc = scene.officer("hương", "nhom-van-hanh", None), scene.officer("đức", "nhom-an-cuu", "an-cuu")
    code = takes_down(huong)
    huong.says(f"/viec {code}").hears("Đèn đường hỏng ba tối nay")
    assert any(PHONE in text and "Bà Tý Riêng Tư" in text for text in huong.told[-2:]) is setting
    assert not any(PHONE in text or "Tý" in text for text in duc.told)
    world.close()


def test_nothing_of_who_reported_is_logged_or_told_to_a_group(scene, huong, duc, caplog, capsys):
    code = takes_down(huong)
    scene.alone(huong)
    huong.says(f"/lienhe {code} gọi lại hỏi số nhà")
    finishes(duc, code)
    huong.says("/goilai").picks(code)
    scene.citizen("tý").says(f"{code} {PHONE}")
    said = "\n".join((*world_said(scene, huong), *world_said(scene, duc), caplog.text, *capsys.readouterr()))
    assert PHONE not in said and "Riêng Tư" not in said
    with scene.world.store.read() as uow:
        assert PHONE not in str(uow.registers.records(None, 100))


def world_said(scene, someone):
    return scene.world.said(someone.chat)


# --- what is about officials, what is dangerous, what falls due ----------------------------------------------------

WHERE = "12 Nguyễn Huệ, phường An Cựu"
DELAY = f"Hồ sơ đất nộp ba tháng chưa được trả\n{WHERE}\nBà Tý Riêng Tư {PHONE}\ntiếp dân\nTD-2026-7"


def test_what_is_about_officials_is_not_told_to_the_group(scene, huong, duc):
    make_line(scene)
    thu = scene.officer("thu", "nhom-thanh-tra", "thanh-tra")
    duc.listens()
    huong.says(f"/nhap {DELAY}").picks("Chậm trễ").hears("việc làm của cán bộ").picks("Có").hears("🔒")
    huong.picks("Ghi nhận")
    code = huong.heard_code()
    huong.hears("đọc cho người gửi").does_not_hear("Chậm trễ")
    thu.hears(code, "Hồ sơ đất", "Nguồn: Tiếp dân, số TD-2026-7").does_not_hear(PHONE, "Tý")
    case_id = scene.case(code).id
    duc.hears_nothing()
    assert scene.case(code).case.sealed
    for attack in ("/tim TD-2026-7", f"/lienhe {code} muốn biết ai gửi", f"/goilai {code}", f"/nhap {DELAY}"):
        duc.says(attack).does_not_hear("Hồ sơ đất", PHONE, "Tý", code)
    scene.alone(huong)
    huong.says(f"/lienhe {code} muốn biết ai gửi").does_not_hear("đã được nhắn riêng", PHONE)
    huong.presses(f"d:{case_id}:called").does_not_hear("đã được báo")
    huong.says(f"/nhap {DELAY}").hears("mà nhóm này không xem được").does_not_hear(code)
    wanted = Wanted(Action.CANCEL, "Hồ sơ đã được trả tuần trước", "unclear")
    huong.listens()
    assert move_by_code(scene.world.tools, code, wanted, dry_run=False).refusal is None
    scene.world.settle()
    huong.does_not_hear("đã được trả tuần trước").says("/goilai").does_not_hear("đã được trả tuần trước")
    with scene.world.store.write() as uow:
        for one in CallbackStore(uow).waiting(10):
            CallbackStore(uow).told(one.id, "cli", "", scene.world.clock.now())


def test_talk_of_officials_is_asked_about_and_a_no_is_ordinary(scene, huong, duc):
    said = f"Cán bộ phường hẹn mãi chưa thay bóng đèn\n{WHERE}\n{PHONE}\n1022"
    huong.says(f"/nhap {said}").says("chiếu sáng").hears("việc làm của cán bộ").says("có thể")
    huong.hears("Mời chọn một mục").picks("Không").hears("Không nói về việc làm của cán bộ").picks("Ghi nhận")
    duc.hears("hẹn mãi chưa thay")


def test_danger_in_a_callers_words_is_seen_on_the_card(scene, huong, duc):
    code = takes_down(huong, f"Dây điện đứt xuống đường, có người bị điện giật\n{WHERE}\n1022\n{PHONE}", "Dây, cột")
    assert {"danger", "urgent"} <= set(scene.case(code).case.flags)


def test_a_callers_silence_runs_like_anybodys(scene, huong, duc):
    code = takes_down(huong)
    finishes(duc, code)
    scene.forward(days=7)
    assert scene.state(code) is State.IN_PROGRESS  # nobody answered in time: the agency goes on without
    huong.says("/goilai").hears(code)
    while any(code in text for text in huong.says("/goilai").told[-1:]):
        huong.picks(code)


def test_one_wrong_line_keeps_the_others_and_offers_a_way_on(scene, huong, duc):
    huong.says("/nhap Dây điện đứt rơi xuống đường\n12 Nguyễn Huệ, phường An Cựu\n0912 345 67\nđường dây nóng")
    huong.hears("Chưa phải là số điện thoại", "Không để lại số")
    assert huong.told[-1].startswith("🚨 Nếu có người đang gặp nguy hiểm, mời người gửi gọi ngay 113")
    huong.picks("Không để lại số").does_not_hear("113")
    huong.does_not_hear("Xảy ra ở đâu")
