"""Support tasks on the whole road: another unit is asked, answers or cannot, and the citizen gets one answer (R47)."""

from datetime import timedelta

import pytest

from handlers import instruments
from tests.journeys.scene import AFTER
from workflows.case.model import State


@pytest.fixture
def bao(scene):
    """In the group of a unit that helps."""
    return scene.officer("bảo", "nhom-so-xay-dung", "so-xay-dung")


def taken(lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).hears("Đang xử lý")
    return code


def asked(lan, duc, bao, what="Nhờ cắt cành cây che đèn"):
    code = taken(lan, duc)
    bao.listens()
    duc.picks("Nhờ phối hợp", of=code).hears("Nhờ đơn vị nào phối hợp").says("xây dựng").picks("Sở Xây dựng")
    duc.hears("chậm nhất ngày nào").picks("Thứ").says(what).hears("Nhờ Sở Xây dựng phối hợp").picks("Xác nhận")
    bao.hears(code, what, "Đang xử lý")
    return code


def test_another_unit_helps_and_the_citizen_gets_one_answer(scene, lan, duc, bao):
    code = asked(lan, duc, bao)
    lan.listens()
    bao.says("/viec").hears(code)
    assert not bao.offers("Báo kết quả")
    duc.says(f"/viec {code}").hears("Nhờ Sở Xây dựng", "Nhờ cắt cành cây che đèn")
    assert not duc.offers("Báo kết quả")  # not before the help is in (T18)
    duc.listens()
    bao.says(f"/viec {code}").picks("Trả lời phối hợp", of=code).sends_photo(AFTER, "Đã cắt cành cây").hears(
        "Đơn vị xử lý sẽ nhận"
    )
    bao.picks("Xác nhận")
    duc.hears("Sở Xây dựng trả lời phần phối hợp", "Đã cắt cành cây", "có thể báo kết quả")
    lan.hears_nothing()
    bao.says("/viec").does_not_hear(code)
    duc.says(f"/viec {code}").picks("Báo kết quả", of=code).picks("Đã khắc phục")
    duc.sends_photo(AFTER, "Đã thay bóng đèn và cắt cành cây").picks("Gửi")
    lan.hears("đã xử lý xong", "Đã thay bóng đèn và cắt cành cây")
    assert [task.state for task in scene.case(code).case.tasks] == ["done"]


def test_who_cannot_help_says_why_and_the_lead_goes_on(scene, lan, duc, bao):
    code = asked(lan, duc, bao)
    duc.listens()
    bao.says(f"/viec {code}").picks("Không làm được", of=code).picks("Thiếu thiết bị").says("Xe nâng đang hỏng")
    bao.picks("Xác nhận")
    duc.hears("không làm được", "Thiếu thiết bị", "Xe nâng đang hỏng", "có thể báo kết quả")
    [task] = scene.case(code).case.tasks
    assert (task.state, task.reason) == ("declined", "lacks_equipment")


def test_the_lead_waits_no_more(scene, lan, duc, bao):
    code = asked(lan, duc, bao)
    duc.says(f"/viec {code}").picks("Thôi chờ phối hợp", of=code).says("Chúng tôi đã tự cắt").hears(
        "Không chờ Sở Xây dựng nữa"
    )
    bao.listens()
    duc.picks("Xác nhận")
    bao.hears("không chờ phần phối hợp nữa", "Chúng tôi đã tự cắt")
    bao.says("/viec").does_not_hear(code)
    bao.says(f"/viec {code}").does_not_hear("Nhờ cắt cành cây", "Đèn đường")
    duc.says(f"/viec {code}")
    assert duc.offers("Báo kết quả")


def test_both_hear_once_that_the_help_is_late(scene, lan, duc, bao):
    code = asked(lan, duc, bao)
    [task] = scene.case(code).case.tasks
    duc.listens()
    bao.listens()
    scene.forward(seconds=(task.due - scene.world.clock.now()).total_seconds() + 60)
    bao.hears("Phần phối hợp", "quá hạn")
    duc.hears("Sở Xây dựng quá hạn trả lời")
    duc.listens()
    scene.forward(days=2)
    duc.does_not_hear("quá hạn trả lời phần phối hợp")
    assert scene.case(code).case.tasks[0].reminded


def test_a_day_of_its_own_lies_ahead(scene, lan, duc, bao):
    code = taken(lan, duc)
    duc.picks("Nhờ phối hợp", of=code).says("xây dựng").picks("Sở Xây dựng")
    duc.says("1/1/2020").hears("Ngày này đã qua")
    day = scene.world.clock.now() + timedelta(days=40)
    duc.says(f"{day:%d/%m/%Y}").says("Nhờ kiểm tra cột").picks("Xác nhận")
    assert scene.case(code).case.tasks[0].due.date() == day.date()


def test_one_unit_has_one_part_at_a_time(scene, lan, duc, bao):
    code = asked(lan, duc, bao)
    duc.says(f"/viec {code}").picks("Nhờ phối hợp", of=code).says("xây dựng").picks("Sở Xây dựng").picks("Thứ")
    duc.says("Thêm việc nữa").picks("Xác nhận").hears("đang có một phần phối hợp")
    assert len(scene.case(code).case.tasks) == 1


def test_help_ends_with_the_case(scene, lan, duc, bao):
    code = asked(lan, duc, bao)
    bao.listens()
    lan.says(f"/tracuu {code}").picks("Rút phản ánh").picks("Rút phản ánh")
    assert scene.state(code) is State.CANCELLED
    assert [task.state for task in scene.case(code).case.tasks] == ["dropped"]
    bao.says("/viec").does_not_hear(code)


def test_a_case_about_officials_is_gone_from_those_who_helped(scene, lan, duc, bao, huong):
    """R61: the attack through the door of support tasks."""
    code = asked(lan, duc, bao)
    huong.says(f"/viec {code}").picks("Sửa lĩnh vực", of=code).says("phiền hà").picks("Gây phiền hà")
    assert scene.case(code).case.sensitive
    assert [task.state for task in scene.case(code).case.tasks] == ["dropped"]
    for attack in ("/viec", f"/viec {code}", f"/tim {code}", "/tim đèn đường", code):
        bao.says(attack).does_not_hear("Đèn đường", "Nhờ cắt cành cây")


def test_who_owns_an_instrument_is_offered_for_it(scene, lan, duc, bao):
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        instruments.add(uow, "so-xay-dung", "noise", "Máy đo tiếng ồn", "Noise meter", "S-1", "", now)
    code = taken(lan, duc)
    bao.listens()
    duc.picks("Nhờ phối hợp", of=code).hears("Máy đo tiếng ồn · Sở Xây dựng").picks("Máy đo tiếng ồn")
    duc.picks("Thứ").says("Nhờ đo lúc 22 giờ").picks("Xác nhận")
    bao.hears("đo tiếng ồn", "Nhờ đo lúc 22 giờ")
    [task] = scene.case(code).case.tasks
    assert task.instrument == "noise"


def test_a_broken_instrument_is_not_offered(scene, lan, duc, bao):
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        row = instruments.add(uow, "so-xay-dung", "noise", "Máy đo tiếng ồn", "Noise meter", "S-1", "", now)
        instruments.set_usable(uow, row.id, now, usable=False)
    code = taken(lan, duc)
    duc.picks("Nhờ phối hợp", of=code).does_not_hear("Máy đo tiếng ồn")
