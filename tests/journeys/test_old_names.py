"""Old names of wards and units in people's mouths: what they mean now, and what is kept of a case's own day."""

from datetime import timedelta

import pytest

from handlers import coverage
from handlers.administration import Refused
from handlers.areas import retire_area
from handlers.case_command import Wanted, move_by_code
from handlers.retiring import retire_agency
from tests.journeys.scene import LAMP
from workflows.actions import Action
from workflows.case.model import State

# The sample has three wards that ended on 01/07/2025: Phú Hội is Thuận Hóa now, An Đông is An Cựu, and Xuân Phú was
# divided among Vỹ Dạ and An Cựu.


def reports_from(lan, address):
    lan.agrees().says("/phananh").sends_photo(LAMP, "Đèn đường hỏng ba tối nay").hears("Sự việc xảy ra ở đâu")
    return lan.says(address)


@pytest.mark.parametrize("address", ["12 Bến Nghé, phường Phú Hội", "12 ben nghe, p. phu hoi", "12 Bến Nghé, Phú Hội"])
def test_a_ward_of_old_leads_to_the_one_it_is_now(scene, lan, address):
    reports_from(lan, address)
    lan.hears("Đã ghi vị trí: Phường Thuận Hóa. Trước đây gọi là Phường Phú Hội.")


def test_a_ward_that_was_divided_is_asked_about(scene, lan):
    reports_from(lan, "5 Bà Triệu, phường Xuân Phú").hears("Phường Xuân Phú đã được sắp xếp lại")
    assert lan.offers("Phường Vỹ Dạ") and lan.offers("Phường An Cựu") and lan.offers("Chỗ khác")
    lan.says("vy da").hears("Đã ghi vị trí: Phường Vỹ Dạ")


def test_the_old_name_and_the_new_one_together_are_clear(scene, lan):
    reports_from(lan, "5 Bà Triệu, phường Xuân Phú, phường An Cựu").hears("Đã ghi vị trí: Phường An Cựu.")
    lan.does_not_hear("Trước đây")


def test_close_to_a_border_both_wards_are_offered(scene, lan):
    lan.agrees().says("/phananh").sends_photo(LAMP, "Đèn đường hỏng").hears("Sự việc xảy ra ở đâu")
    lan.sends_place(16.4688, 107.582).hears("gần ranh giới")  # some thirty metres inside Phú Xuân
    assert lan.offers("Phường Phú Xuân") and lan.offers("Phường Thuận Hóa")
    lan.picks("Phường Thuận Hóa").hears("Đã ghi vị trí: Phường Thuận Hóa.")


def test_an_officer_who_types_an_old_name_finds_the_ward_of_now(scene, lan, duc, huong):
    code = lan.reports()
    huong.says(f"/viec {code}").picks("Sửa vị trí", of=code).picks("Chỉ sửa địa bàn")
    huong.says("phu hoi").hears("Trước đây gọi là Phường Phú Hội").picks("Phường Thuận Hóa")
    assert scene.case(code).case.area == "thuan-hoa"


def test_a_case_keeps_the_name_of_its_day(scene, lan, duc):
    code = lan.reports()
    world = scene.world
    world.forward(days=1)
    with world.store.write() as uow:
        row = uow.areas.get("an-cuu")
        uow.areas.keep_versions([(row, world.clock.now())])
        uow.areas.change("an-cuu", vi="Phường Nam Sông Hương", valid_from=world.clock.now())
    world.tools.knowledge.forget()
    duc.listens().says(f"/viec {code}").hears("Phường An Cựu").does_not_hear("Nam Sông Hương")


# --- units ---------------------------------------------------------------------------------------------------------


def test_a_unit_with_open_cases_stays_until_they_are_moved(scene, lan, duc, huong):
    code = lan.reports()
    now = scene.world.clock.now()
    with scene.world.store.write() as uow, pytest.raises(Refused) as refused:
        retire_agency(uow, "an-cuu", now, successors=["thuan-hoa"])
    assert code in refused.value.vi and code in refused.value.en


def test_from_its_last_day_on_a_unit_is_given_nothing_and_its_heir_is(scene, lan, duc, huong):
    minh = scene.officer("minh", "nhom-thuan-hoa", "thuan-hoa")
    first = lan.reports()
    on = scene.world.clock.now() + timedelta(days=2)
    with scene.world.store.write() as uow:
        assert retire_agency(uow, "an-cuu", scene.world.clock.now(), successors=["thuan-hoa"], on=on).planned
        unit = uow.agencies.by_code("an-cuu").id
    minh.listens()
    assert lan.reports() not in "".join(minh.listens().told)
    scene.forward(days=3)
    second = lan.reports()  # in An Cựu still: the route leads on to who took over
    minh.hears(second)
    assert scene.case(first).case.agency_id == unit  # what it holds it finishes, or hands on


def test_who_was_proposed_and_has_ended_meanwhile_is_not_given_the_case(scene, lan, duc, huong):
    code = lan.reports()
    duc.picks("Chuyển cơ quan khác", of=code).picks("Sở Xây dựng").picks("Nơi khác quản lý").picks("Xác nhận")
    with scene.world.store.write() as uow:
        retire_agency(uow, "so-xay-dung", scene.world.clock.now(), successors=["thuan-hoa"])
        unit = uow.agencies.by_code("so-xay-dung").id
    huong.says(f"/viec {code}").picks("Đồng ý chuyển", of=code)
    huong.picks("Sở Xây dựng").hears("Sở Xây dựng không nhận phản ánh", "Nơi tiếp nhận: UBND phường Thuận Hóa")
    for wanted in (Wanted(Action.TRANSFER), Wanted(Action.TRANSFER, agency_id=unit)):
        refused = move_by_code(scene.world.tools, code, wanted, dry_run=False).refusal
        assert refused.key == "refused.unit_ended"
        assert (refused.values["unit"], refused.values["heirs"]) == ("Sở Xây dựng", "UBND phường Thuận Hóa")
    assert scene.state(code) is State.TRANSFER_REQUESTED


def test_the_old_name_of_a_unit_finds_who_took_over(scene, lan, duc, huong):
    scene.officer("huy", "nhom-so-xay-dung", "so-xay-dung")
    with scene.world.store.write() as uow:
        retire_agency(uow, "thuan-hoa", scene.world.clock.now(), successors=["so-xay-dung"])
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Chuyển cơ quan khác", of=code).says("phường Thuận Hóa")
    assert duc.offers("Sở Xây dựng") and not duc.offers("UBND phường Thuận Hóa")


def test_what_moves_to_who_took_over_works_there_at_once(scene, lan, huong):
    tu = scene.officer("tú", "nhom-thuan-hoa", "thuan-hoa")
    with scene.world.store.write() as uow:
        done = retire_agency(uow, "thuan-hoa", scene.world.clock.now(), successors=["an-cuu"])
    assert (done.routes, done.groups, done.staff) == (1, 1, 1)
    tu.listens()
    code = lan.reports()
    tu.hears(code).picks("Nhận xử lý", of=code)
    assert scene.state(code) is State.IN_PROGRESS


def test_an_area_that_ends_leaves_its_routes_to_be_looked_at(scene, lan):
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        (route,) = retire_area(uow, "an-cuu", now, ["vy-da"], now)
        problems = [line for line in coverage.coverage(uow, now) if line["problem"] == "ended_area"]
    assert [line["route"] for line in problems] == [route]
    scene.world.tools.knowledge.forget()
    reports_from(lan, "12 Nguyễn Huệ, phường An Cựu").hears("Phường Vỹ Dạ. Trước đây gọi là Phường An Cựu")
