"""Groups: linked by a one-time code, lost, moved, and told what concerns them."""

from dataclasses import replace
from datetime import timedelta

from tests.journeys.scene import AFTER
from workflows.case.model import State


def code_for(scene, agency, days=1.0):
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        found = uow.agencies.by_code(agency)
        uow.agencies.make_code("MA-GAN-NHOM", found.id, now, now + timedelta(days=days))
    return "MA-GAN-NHOM"


def test_a_group_is_linked_by_its_code_once(scene):
    code = code_for(scene, "an-cuu")
    duc = scene.joins("đức", "nhom-an-cuu")
    duc.happens("added").hears("chưa được gắn với đơn vị nào")
    duc.says("/lienket SAI-MA").hears("không đúng, đã dùng hoặc đã hết hạn")
    duc.says(f"/lienket {code.lower()}").hears("đã được gắn với UBND phường An Cựu")
    other = scene.joins("kẻ lạ", "nhom-khac")
    other.says(f"/lienket {code}").hears("không đúng, đã dùng hoặc đã hết hạn")


def test_an_expired_code_links_nothing(scene):
    code = code_for(scene, "an-cuu")
    duc = scene.joins("đức", "nhom-an-cuu")
    duc.says("chào")
    scene.forward(days=2)
    duc.says(f"/lienket {code}").hears("đã hết hạn")


def test_a_hidden_administrator_links_nothing_and_the_code_is_not_spent(scene):
    code = code_for(scene, "an-cuu")
    duc = scene.joins("đức", "nhom-an-cuu")
    duc.says(f"/lienket {code}", anonymous=True).hears("tắt chế độ quản trị viên ẩn danh")
    duc.says(f"/lienket {code}").hears("đã được gắn")


def test_where_nobody_can_tell_who_is_in_a_group_none_is_linked_and_the_code_is_not_spent(scene, monkeypatch):
    code, plain = code_for(scene, "an-cuu"), scene.world.plain
    duc = scene.joins("đức", "nhom-an-cuu")
    with monkeypatch.context() as patch:
        patch.setattr(plain, "capabilities", replace(plain.capabilities, groups=False), raising=False)
        duc.says(f"/lienket {code}").hears("không gắn được với đơn vị nào")
    duc.says(f"/lienket {code}").hears("đã được gắn")


def test_what_waited_for_the_group_comes_when_it_is_linked(scene, lan):
    code = lan.reports()
    duc = scene.officer("đức", "nhom-an-cuu", "an-cuu")
    assert any(code in text for text in duc.told)


def test_without_a_group_the_operators_get_the_card(scene, lan, huong):
    code = lan.reports()
    assert scene.case(code).case.agency_id is not None
    huong.says(f"/viec {code}").hears("Đèn đường trước số 12")


def test_a_group_that_throws_us_out_is_noticed_and_its_work_goes_to_the_operators(scene, lan, huong, duc):
    huong.listens()
    duc.happens("removed")
    huong.hears("Nhóm của UBND phường An Cựu không còn nhận được tin")
    duc.listens()
    code = lan.reports()
    duc.hears_nothing()
    huong.says(f"/viec {code}").hears("Đèn đường trước số 12")
    with scene.world.store.read() as uow:
        assert [one["what"] for one in uow.registers.records("chat.lost", 5)] == ["chat.lost"]


def test_a_group_that_takes_us_back_is_reached_again(scene, lan, huong, duc):
    duc.happens("removed").happens("added")
    code = lan.reports()
    assert any(code in text for text in duc.told)


def test_a_group_with_a_new_id_keeps_its_link_its_staff_and_its_cases(scene, lan, duc):
    code = lan.reports()
    scene.world.line(duc.chat, duc.user, group=True, moved="nhom-moi")
    scene.groups.append("nhom-moi")
    moved = scene.joins("đức", "nhom-moi")
    assert any(code in text for text in moved.told)
    moved.picks("Nhận xử lý", of=code).hears("Đang xử lý")
    second = lan.reports("Đèn số 40 hỏng")
    assert any(second in text for text in moved.told)
    assert not any(second in text for text in duc.told)


def test_a_move_that_is_told_twice_is_one_move(scene, lan, duc):
    lan.reports()
    for _ in range(2):
        scene.world.line(duc.chat, duc.user, group=True, moved="nhom-moi")
    scene.groups.append("nhom-moi")
    with scene.world.store.read() as uow:
        found = uow.agencies.by_code("an-cuu")
        assert [chat.external_id for chat in uow.chats.of_agency(found.id)] == ["nhom-moi"]


def test_who_joins_is_pending_and_ordinary_talk_is_nobodys_business(scene, lan, duc):
    duc.listens()
    mai = scene.joins("mai", duc.chat)
    mai.happens("joined").hears_nothing()
    mai.says("chào cả nhà, trưa nay ăn gì").hears_nothing()
    with scene.world.store.read() as uow:
        person = uow.people.find("plain", mai.user)
        assert [duty.status for duty in uow.people.duties(person.id)] == ["pending"]


def test_the_list_has_the_oldest_due_first_and_gives_the_card_again(scene, lan, duc):
    first, second = lan.reports("Đèn số 1 hỏng"), lan.reports("Đèn số 2 hỏng")
    duc.says("/viec").hears("hạn gần nhất trước", first, second)
    listed = duc.told[-1]
    assert listed.index(first) < listed.index(second)
    duc.picks(second).hears("Đèn số 2 hỏng")


def test_search_by_words_with_or_without_diacritics_and_by_code(scene, lan, duc):
    code = lan.reports("Đèn đường hẻm Bà Triệu hỏng!")
    for query in ("ba trieu", "Bà Triệu", "hỏng", code, code.lower(), code.replace("-", ""), "nguyen hue"):
        duc.says(f"/tim {query}").hears(code)
    duc.says("/tim không có gì như thế").does_not_hear(code)
    duc.says("/tim " + "từ " * 1500).does_not_hear(code)


def test_a_result_of_another_kind_needs_no_photo(scene, lan, officer):
    duc, code = officer, lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã giải thích")
    lan.listens()
    duc.says("Đoạn đường này đang chờ dự án, dự kiến tháng 3/2027.").picks("Gửi")
    lan.hears("đã trả lời phản ánh", "Đã giải thích", "dự kiến tháng 3/2027")
    assert scene.state(code) is State.ANSWERED


def test_a_preview_is_confirmed_by_the_same_person_only(scene, lan, duc):
    code = lan.reports()
    mai = scene.joins("mai", duc.chat)
    scene.confirm(mai, "an-cuu")
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã khắc phục")
    lan.listens()
    duc.sends_photo(AFTER, "Đã xong")
    mai.says("1")
    lan.hears_nothing()
    assert scene.state(code) is State.IN_PROGRESS
