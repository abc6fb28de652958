"""The same trouble at the same spot: proposed, confirmed by a person, remembered, and told to those who can end it."""

import dataclasses

import pytest
from sqlalchemy import select

from storage.outbox import OUTBOX
from tests.journeys.scene import AFTER
from tests.journeys.test_joint import HERE, NEAR, sends
from workflows.case.model import State


@pytest.fixture
def again(scene, lan, duc):
    """A case that has a result, and time goes by until the trouble is there again."""

    def happens(words="Rác chất đống", outcome="Đã khắc phục", days=40):
        code = sends(lan, words)
        duc.picks("Nhận xử lý", of=code)
        duc.picks("Báo kết quả", of=code).picks(outcome).sends_photo(AFTER, f"Đã làm: {words}").picks("Gửi")
        assert scene.state(code) in {State.RESOLVED, State.ANSWERED}
        scene.forward(days=days)
        return code

    return happens


def chained(scene, lan, duc, again):
    first = again("Đèn hỏng lần đầu")
    second = again("Đèn hỏng lần nữa")
    duc.says(f"/viec {second}").picks("Xác nhận tái diễn", of=second)
    return first, second


def test_the_second_time_is_proposed_and_chained_when_a_person_confirms(scene, lan, huong, duc, again):
    first = again("Đèn hỏng lần đầu")
    code = sends(lan, "Đèn lại hỏng", at=NEAR)
    duc.hears(f"Điểm này đã có phản ánh {first}", "đây là lần 2", "Xác nhận tái diễn")
    assert scene.case(code).case.spot is None
    duc.picks("Xác nhận tái diễn", of=code).hears("Lần 2 tại điểm này", "Hồ sơ điểm").does_not_hear("lãnh đạo")
    duc.picks("Hồ sơ điểm", of=code)
    duc.hears(
        "Chiếu sáng", "2 lần", f"Lần 1: {first}", f"Lần 2: {code}", "Đã làm: Đèn hỏng lần đầu", "Ảnh trước và sau"
    )
    with scene.world.store.read() as uow:
        assert [event.action.value for event in uow.cases.events(scene.case(code).id)].count("chain") == 1


def test_from_the_third_time_the_head_and_the_unit_that_enforces_hear(scene, lan, huong, duc, again):
    police = scene.officer("tuan", "nhom-cong-an", "cong-an")
    law = scene.world.tools.knowledge.law
    policy = dataclasses.replace
    with scene.world.store.read() as uow:
        chronic = policy(law(uow).policy.chronic, units=(("lighting", "cong-an"),))
    scene.world.tools.knowledge.law = lambda uow, case=None: policy(
        law(uow, case), policy=policy(law(uow, case).policy, chronic=chronic)
    )
    first, second = chained(scene, lan, duc, again)
    police.hears_nothing().says(f"/diem {scene.case(first).id}").hears("Không có điểm này")
    third = sends(lan, "Đèn hỏng lần ba")
    duc.hears("đây là lần 3").picks("Xác nhận tái diễn", of=third).hears("lần thứ 3", "lãnh đạo đơn vị")
    police.hears("Điểm tái diễn lần thứ 3", "Chiếu sáng", third, "/diem")
    police.says(f"/diem {scene.case(first).id}").hears("3 lần", first, second, third).does_not_hear("Đèn hỏng lần ba")
    police.says(f"/viec {third}").does_not_hear("Đèn hỏng lần ba")
    huong.says("/diem").hears("Chiếu sáng", "3 lần")
    police.says("/diem").hears("gõ /diem và số của điểm")


def test_a_wrong_chain_is_taken_apart(scene, lan, huong, duc, again):
    _, second = chained(scene, lan, duc, again)
    huong.says(f"/viec {second}").picks("Gỡ khỏi chuỗi", of=second)
    assert scene.case(second).case.spot is None
    huong.says(f"/diem {second}").hears("Không có điểm này")
    huong.says("/diem").hears("Chưa có điểm nào")


def test_the_list_of_spots_answers_who_asked_for_it(scene, huong):
    huong.says("/diem").hears("Chưa có điểm nào")
    with scene.world.store.read() as uow:
        last = uow.connection.execute(select(OUTBOX.c.kind, OUTBOX.c.reply_to).order_by(OUTBOX.c.id.desc())).first()
    assert last.kind == "send" and last.reply_to is not None


@pytest.mark.parametrize(("days", "at"), [(10, HERE), (400, HERE), (40, (HERE[0] + 0.001, HERE[1]))])
def test_too_soon_too_late_or_elsewhere_is_nothing_again(scene, lan, duc, again, days, at):
    again(days=days)
    code = sends(lan, "Đèn lại hỏng", at=at)
    assert scene.case(code).case.earlier == ()
    duc.does_not_hear("Điểm này đã có phản ánh")


def test_what_turns_out_to_be_about_officials_is_in_no_file_and_no_count(scene, lan, huong, duc, again):
    first, second = chained(scene, lan, duc, again)
    third = sends(lan, "Đèn hỏng lần ba")
    duc.picks("Xác nhận tái diễn", of=third)
    huong.says(f"/viec {third}").picks("Sửa lĩnh vực", of=third).says("chậm trễ").picks("Chậm trễ")
    number = scene.case(first).id
    duc.says(f"/diem {number}").hears("2 lần", first, second).does_not_hear(third, "3 lần")
    huong.says("/diem").hears("2 lần").does_not_hear("3 lần")


def test_another_agency_reads_no_file_and_a_forged_button_chains_nothing(scene, lan, huong, duc, again):
    other = scene.officer("hoa", "nhom-thuan-hoa", "thuan-hoa")
    first, second = chained(scene, lan, duc, again)
    number = scene.case(first).id
    other.says(f"/diem {number}").hears("Không có điểm này")
    other.says("/diem 99999999999999999999").hears("Không có điểm này")
    other.presses(f"d:{scene.case(second).id}:spot").does_not_hear(first)
    other.presses(f"d:{scene.case(second).id}:unchain")
    duc.presses(f"d:{scene.case(second).id}:chain").hears("đã nằm trong chuỗi")
    duc.presses(f"d:{scene.case(first).id}:chain").does_not_hear("Lần 2")
    huong.presses(f"d:{scene.case(second).id}:merge:{scene.case(first).id}").hears("nay ở bước")
    assert scene.case(second).case.spot == number
