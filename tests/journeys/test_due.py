"""Why a report is due when it is: asked by its reporter and by officers, answered rule by rule and day by day."""

from storage.policies import digest
from storage.policy_file import shipped
from tests.journeys.scene import ADDRESS, AFTER
from workflows.case.model import State

# The world stands at Monday 23/11/2026, 09:00; the 24th is a public holiday.


def test_the_reporter_of_one_report_is_told_day_by_day(lan, duc):
    code = lan.reports()
    lan.says("/han").hears(
        code,
        "xử lý xong: hết ngày thứ Ba, 01/12/2026",
        "quy định 07/2020/QĐ-UBND",
        "thứ Hai, 23/11/2026: ngày gốc, chưa tính",
        "thứ Ba, 24/11/2026: Ngày Văn hóa Việt Nam, không tính",
        "thứ Tư, 25/11/2026: ngày làm việc, có tính",
        "Chủ nhật, 29/11/2026: ngày nghỉ, không tính",
        "thứ Ba, 01/12/2026: hạn",
    )
    lan.says(f"/tracuu {code}").picks("Vì sao hạn này?").hears("thứ Ba, 01/12/2026: hạn")
    lan.says(f"/due {code}").hears("thứ Ba, 01/12/2026: hạn")


def test_of_several_reports_the_reporter_chooses_one(lan, duc):
    first, second = lan.reports(), lan.reports()
    lan.says("/han").hears("hạn của phản ánh nào", first, second)
    lan.picks(first).hears(first, "ngày gốc, chưa tính").does_not_hear(second)


def test_whoever_has_no_report_is_told_so_and_another_s_is_not_explained(scene, lan, duc):
    code = lan.reports()
    mai = scene.citizen("mai")
    mai.says("/han").hears("chưa gửi phản ánh nào")
    mai.says(f"/han {code}").does_not_hear("ngày gốc")
    with scene.world.store.read() as uow:
        row = uow.cases.by_code(code)
    mai.presses(f"k:{row.id}:why").does_not_hear("ngày gốc")


def test_an_officer_asks_by_button_and_by_code(scene, lan, duc):
    code = lan.reports()
    duc.picks("Vì sao hạn này?", of=code).hears(code, "thứ Ba, 01/12/2026: hạn")
    duc.says(f"/han {code}").hears("07/2020/QĐ-UBND", "thứ Ba, 01/12/2026: hạn")
    duc.says("/han").hears("/han kèm mã phản ánh")
    tam = scene.officer("tâm", "nhom-khac", "thuan-hoa")
    tam.says(f"/han {code}").does_not_hear("ngày gốc")


def test_nothing_is_due_for_what_is_over(scene, lan, duc):
    code = lan.reports()
    lan.says(f"/tracuu {code}").picks("Rút phản ánh").picks("Rút")
    assert scene.state(code) is State.CANCELLED
    lan.says(f"/han {code}").hears("không còn hạn nào")


def test_an_old_report_keeps_its_law_and_a_new_one_goes_by_the_new(scene, lan, duc):
    old = lan.reports()
    text = shipped("quang-ninh").replace("resolve: {amount: 5,", "resolve: {amount: 8,")
    scene.forward(hours=1)
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        made = uow.policies.add("quang-ninh", text, "x.yaml", now, now)
        assert (made.key, made.digest) == ("quang-ninh/2", digest(text))
    scene.world.tools.knowledge.forget()
    new = scene.citizen("mai").reports()
    assert [scene.case(code).case.policy for code in (old, new)] == ["quang-ninh/1", "quang-ninh/2"]
    duc.says(f"/han {old}").hears("thứ Ba, 01/12/2026: hạn")
    duc.says(f"/han {new}").hears("thứ Sáu, 04/12/2026: hạn")


def test_how_long_a_draft_is_kept_is_the_policys(scene, lan):
    text = shipped("quang-ninh").replace(
        "draft_reminder: {amount: 1, unit: days}", "draft_reminder: {amount: 3, unit: hours}"
    )
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        uow.policies.add("quang-ninh", text, "x.yaml", now, now)
    scene.world.tools.knowledge.forget()
    lan.agrees().sends_photo(text="Đèn hỏng")
    scene.forward(hours=2)
    lan.hears_nothing()
    scene.forward(hours=2)
    lan.hears("còn một phản ánh đang soạn")


def test_the_levels_of_rating_are_the_policys(scene, lan, duc):
    text = shipped("quang-ninh").replace("rating_levels: [5, 4, 3, 2, 1]", "rating_levels: [5, 3, 1]")
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        uow.policies.add("quang-ninh", text, "x.yaml", now, now)
    scene.world.tools.knowledge.forget()
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã khắc phục")
    duc.sends_photo(AFTER, "Đã thay bóng").picks("Gửi")
    lan.hears("Rất hài lòng", "Bình thường", "Rất không hài lòng").does_not_hear(". Hài lòng", ". Không hài lòng")
    lan.says("2")
    assert (scene.case(code).case.rating, scene.state(code)) == (3, State.CLOSED)


def test_a_province_that_wants_a_photo_and_a_phone_gets_them_and_no_agency_sees_the_number(scene, lan, duc):
    wanted = "required: [{parts: [photo]}, {category: lighting, parts: [photo, phone]}]"
    text = shipped("quang-ninh").replace("required: []", wanted)
    now = scene.world.clock.now()
    with scene.world.store.write() as uow:
        uow.policies.add("quang-ninh", text, "x.yaml", now, now)
    scene.world.tools.knowledge.forget()
    lan.agrees().says("/phananh").says("bỏ qua").hears("ảnh")
    lan.sends_photo(text="Đèn đường hỏng ba tối nay").says(ADDRESS).says("chiếu sáng").hears("số điện thoại")
    lan.says("0912").hears("10 chữ số").says("0912 345 678").hears("Điện thoại: 0912345678").picks("Gửi")
    scene.world.settle()
    assert not any("0912" in text.replace(" ", "") for text in duc.told), "an agency never sees it"
    lan.says("/dulieu").hears("0912345678")
