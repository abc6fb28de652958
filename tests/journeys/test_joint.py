"""Several people, one matter: offered before sending, joined, answered once, rated by all, left again."""

import pytest

from tests.journeys.scene import AFTER, LAMP
from workflows.case.model import State

HERE = (16.45710, 107.62260)
NEAR = (16.45735, 107.62260)  # 28 m to the north
FAR = (16.45900, 107.62260)  # 211 m


def drafts(one, words="Đèn đường trước số 12 hỏng ba tối nay", at=HERE, category="Chiếu sáng"):
    """A report with a pin, up to the review."""
    if not any("Cảm ơn anh/chị." in text for text in one.told):
        one.agrees()
    one.says("/phananh").sends_photo(LAMP, words).hears("Sự việc xảy ra ở đâu")
    one.sends_place(*at)
    if not one.offers(category):
        one.says(category)
    if one.offers(category):
        one.picks(category)
    if "việc làm của cán bộ, cơ quan nhà nước không" in one.told[-1]:
        one.picks("Có").picks("Không rõ")
    return one.hears("xem lại trước khi gửi")


def sends(one, *args, **more):
    """A whole report on its own; the code."""
    drafts(one, *args, **more).picks("Gửi phản ánh").hears("Mã phản ánh")
    return one.heard_code()


def joins(one, *args, **more):
    drafts(one, *args, **more).picks("Gửi phản ánh").hears("đã có phản ánh giống việc này")
    return one.picks("Tôi cũng gặp")


def test_three_citizens_one_answer_and_all_rate(scene, lan, duc):
    nam, minh = scene.citizen("nam"), scene.citizen("minh")
    code = sends(lan)
    duc.picks("Nhận xử lý", of=code)
    scene.forward(days=2)
    duc.listens()
    drafts(nam, "Đèn ngõ 12 tắt ngóm", at=NEAR).picks("Gửi phản ánh")
    nam.hears("\nChiếu sáng, cách 30 m, 2 ngày trước. Đang xử lý: UBND phường An Cựu", "Ảnh: kèm theo tin này")
    nam.does_not_hear("hỏng ba tối nay", code, "hình thứ", "số 1")
    nam.picks("Tôi cũng gặp").hears(f"gửi kèm vào phản ánh {code}", "Hạn xử lý").does_not_hear("Mã phản ánh")
    duc.hears(f"{code}: nay có 2 người cùng phản ánh", "Đèn ngõ 12 tắt ngóm").listens()
    joins(minh, "Tối quá", at=NEAR).hears(f"phản ánh {code}")
    duc.hears("nay có 3 người cùng phản ánh")
    duc.says(f"/viec {code}").hears("3 người cùng phản ánh", "Đèn ngõ 12 tắt ngóm", "Tối quá")
    for one in (lan, nam, minh):
        one.listens()
    duc.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng đèn").picks("Gửi")
    for one in (lan, nam, minh):
        one.hears("đã xử lý xong", "Đã thay bóng đèn", code)
    lan.picks("Hài lòng").hears("còn chờ đánh giá")
    nam.picks("Rất hài lòng").hears("còn chờ đánh giá")
    assert scene.state(code) is State.RESOLVED
    minh.picks("Bình thường").hears("đã được đóng")
    assert scene.state(code) is State.CLOSED


def test_one_who_is_not_content_reopens_it_for_all(scene, lan, duc):
    nam = scene.citizen("nam")
    code = sends(lan)
    joins(nam)
    duc.picks("Nhận xử lý", of=code)
    duc.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng đèn").picks("Gửi")
    lan.picks("Hài lòng").listens()
    nam.picks("Chưa giải quyết").says("Đèn vẫn tắt").hears("chuyển lại")
    lan.hears("chuyển lại")
    assert scene.state(code) is State.REVIEW_REQUESTED


def test_not_the_same_goes_on_alone(scene, lan, duc):
    nam = scene.citizen("nam")
    first = sends(lan)
    drafts(nam, "Đèn khác hỏng", at=NEAR).picks("Gửi phản ánh").hears("giống việc này")
    nam.picks("Không, gửi riêng").hears("Mã phản ánh")
    own = nam.heard_code()
    assert own != first
    assert scene.case(first).case.joined == ()


@pytest.mark.parametrize(
    ("at", "days", "category"), [(FAR, 0, "Chiếu sáng"), (NEAR, 45, "Chiếu sáng"), (NEAR, 0, "Rác thải")]
)
def test_what_is_far_old_or_something_else_is_not_offered(scene, lan, duc, at, days, category):
    nam = scene.citizen("nam")
    sends(lan)
    scene.forward(days=days)
    words = "Rác chất đống trước cổng chợ" if category == "Rác thải" else "Đèn đường tắt"
    sends(nam, words, at=at, category=category)
    nam.does_not_hear("giống việc này")


def test_one_s_own_case_is_shown_and_added_to_not_joined(scene, lan, duc):
    code = sends(lan)
    duc.listens()
    drafts(lan, "Nay tắt thêm đèn bên cạnh", at=NEAR).picks("Gửi phản ánh")
    lan.hears(f"Phản ánh {code} của chính anh/chị", "gửi hôm nay", "chọn “Bổ sung vào đó”")
    lan.does_not_hear("Tôi cũng gặp", "1. Phản ánh")
    lan.picks("Bổ sung vào đó").hears(f"Đã ghi thêm vào phản ánh {code}")
    duc.hears("Nay tắt thêm đèn bên cạnh")
    with scene.world.store.read() as uow:
        assert len(uow.cases.listing()) == 1


def test_at_most_three_the_nearest_first_by_numbers(scene, lan, duc):
    nam = scene.citizen("nam")
    for north in range(4):
        drafts(lan, f"Đèn số {north} hỏng", at=(HERE[0] + north * 0.0001, HERE[1])).picks("Gửi phản ánh")
        if north:
            lan.picks("Không, gửi riêng")
    drafts(nam).picks("Gửi phản ánh")
    nam.hears("1. Chiếu sáng, cách 10 m", "2. Chiếu sáng, cách 20 m", "3. Chiếu sáng, cách 30 m")
    nam.does_not_hear("4. Chiếu sáng").hears("4. Không, gửi riêng")
    nam.says("2").hears("gửi kèm vào phản ánh")


def test_who_joined_may_leave_and_the_case_goes_on(scene, lan, duc):
    nam = scene.citizen("nam")
    code = sends(lan)
    joins(nam)
    nam.says(f"/tracuu {code}").picks("Thôi theo dõi").hears(f"thôi theo dõi phản ánh {code}?")
    nam.picks("Vẫn theo dõi").hears("Không có gì thay đổi")
    nam.says(f"/tracuu {code}").picks("Thôi theo dõi").picks("Thôi theo dõi").hears(f"đã thôi theo dõi phản ánh {code}")
    duc.says(f"/viec {code}").does_not_hear("người cùng phản ánh")
    nam.listens()
    duc.picks("Nhận xử lý", of=code)
    nam.hears_nothing()
    nam.says(f"/tracuu {code}").does_not_hear("Thôi theo dõi", "Đang xử lý")
    lan.says(f"/tracuu {code}").hears("Rút phản ánh").does_not_hear("Thôi theo dõi")
    case = scene.case(code).case
    assert (case.state, case.joined, case.brought) == (State.IN_PROGRESS, (), ())


def test_the_first_reporter_cannot_withdraw_what_others_joined(scene, lan, duc):
    nam = scene.citizen("nam")
    code = sends(lan)
    joins(nam)
    lan.says(f"/tracuu {code}").does_not_hear("Rút phản ánh", "Thôi theo dõi")
    joined = scene.case(code).id
    lan.presses(f"k:{joined}:withdraw").hears("không còn ở bước có thể rút")
    lan.presses(f"k:{joined}:leave").hears("không còn ở bước có thể thôi theo dõi")


def test_a_case_that_ends_in_that_moment_is_not_joined_and_nothing_is_lost(scene, lan, duc):
    nam = scene.citizen("nam")
    code = sends(lan)
    drafts(nam, "Đèn ngõ tôi tắt").picks("Gửi phản ánh").hears("giống việc này")
    duc.picks("Nhận xử lý", of=code)
    duc.picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng đèn").picks("Gửi")
    nam.picks("Tôi cũng gặp").hears("được gửi riêng", "Mã phản ánh")
    assert scene.case(code).case.joined == ()


def test_gone_on_alone_it_still_says_what_may_be_the_same(scene, lan, huong, duc):
    nam, minh = scene.citizen("nam"), scene.citizen("minh")
    ended = sends(lan)
    drafts(minh, "Đèn tắt", at=NEAR).picks("Gửi phản ánh").picks("Không, gửi riêng")
    other = minh.heard_code()
    drafts(nam, "Đèn ngõ tôi tắt").picks("Gửi phản ánh").hears("số 1", "số 2")
    duc.picks("Nhận xử lý", of=ended)
    duc.picks("Báo kết quả", of=ended).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay bóng đèn").picks("Gửi")
    nam.picks("Tôi cũng gặp số 1").hears("được gửi riêng")
    own = nam.heard_code()
    huong.says(f"/viec {own}").hears("Có thể trùng với", other)


def test_a_case_that_was_merged_meanwhile_is_joined_where_it_went(scene, lan, huong, duc):
    nam, minh = scene.citizen("nam"), scene.citizen("minh")
    master = sends(lan)
    drafts(minh, "Đèn tắt", at=NEAR).picks("Gửi phản ánh").picks("Không, gửi riêng")
    code = minh.heard_code()
    drafts(nam, "Đèn ngõ tôi tắt", at=NEAR).picks("Gửi phản ánh").hears("số 1", "số 2")
    huong.says(f"/viec {code}").picks("Gộp phản ánh", of=code).says(master).picks("Xác nhận")
    nam.picks("Tôi cũng gặp số 1").hears(f"gửi kèm vào phản ánh {master}")
    assert len(scene.case(master).case.reporters) == 3


def test_who_has_joined_is_offered_to_add_and_cannot_join_twice(scene, lan, duc):
    nam = scene.citizen("nam")
    code = sends(lan)
    joins(nam)
    drafts(nam, "Nay thêm một đèn").picks("Gửi phản ánh").hears(f"Phản ánh {code} của chính anh/chị")
    nam.picks("Bổ sung vào đó").hears(f"Đã ghi thêm vào phản ánh {code}")
    assert len(scene.case(code).case.reporters) == 2


def test_a_cancelled_joint_case_is_told_to_all(scene, lan, huong, duc):
    nam = scene.citizen("nam")
    code = sends(lan)
    joins(nam).listens()
    duc.picks("Đề nghị hủy", of=code).picks("Ngoài phạm vi").says("Đường của khu tư nhân").picks("Xác nhận")
    lan.listens()
    huong.says(f"/viec {code}").picks("Hủy phản ánh", of=code).picks("Gửi")
    nam.hears("Đường của khu tư nhân", code)
    lan.hears("Đường của khu tư nhân", code)


def test_joins_count_for_the_limit_of_a_day(scene, lan, duc):
    nam = scene.citizen("nam")
    sends(lan)
    limit = scene.world.tools.limits.reports_per_day
    for number in range(limit):
        at = (HERE[0] + 0.002 * (number + 1), HERE[1])
        sends(nam, f"Đèn đường số {number} hỏng ba tối nay", at=at)
    nam.says("/phananh").hears("là số tối đa")


@pytest.mark.parametrize("data", ["c:{n}:near:join.9", "c:{n}:near:join.x", "c:{n}:near:join.", "c:999:near:join.1"])
def test_a_forged_choice_joins_nothing(scene, lan, duc, data):
    nam = scene.citizen("nam")
    code = sends(lan)
    drafts(nam).picks("Gửi phản ánh").hears("giống việc này")
    nam.presses(data.format(n=1))
    assert scene.case(code).case.joined == ()


# --- what is about officials, or not public, is never hinted at (R61, 5.10) -------------------------------------


def test_a_sensitive_case_near_by_is_never_offered_counted_or_hinted(scene, lan, huong, duc):
    nam = scene.citizen("nam")
    secret = sends(lan, "Cán bộ phường gây khó dễ khi làm giấy tờ", category="Chậm trễ")
    huong.says(f"/viec {secret}").picks("Tổ trực tiếp xử lý", of=secret)
    code = sends(nam, "Cán bộ phường gây khó dễ khi làm giấy tờ", at=NEAR, category="Chiếu sáng")
    nam.does_not_hear("giống việc này", secret)
    duc.says(f"/viec {code}").does_not_hear(secret, "Có thể trùng", "Điểm này")
    huong.says(f"/viec {code}").does_not_hear(secret, "Có thể trùng", "Điểm này")
    assert (scene.case(code).case.alike, scene.case(code).case.earlier) == ((), ())


def test_nothing_is_offered_to_who_reports_officials(scene, lan, duc):
    nam = scene.citizen("nam")
    sends(lan)
    code = sends(nam, "Đèn đường trước số 12 hỏng ba tối nay", at=NEAR, category="Chậm trễ")
    nam.does_not_hear("giống việc này")
    assert scene.case(code).case.alike == ()


def test_a_case_that_turns_out_sensitive_is_not_joined_nor_named_any_more(scene, lan, huong, duc):
    nam, minh = scene.citizen("nam"), scene.citizen("minh")
    code = sends(lan)
    drafts(nam, at=NEAR).picks("Gửi phản ánh").hears("giống việc này").picks("Không, gửi riêng")
    own = nam.heard_code()
    huong.says(f"/viec {own}").hears(f"Có thể trùng với {code}")
    drafts(minh, at=NEAR).picks("Gửi phản ánh").hears("số 1", "số 2")
    huong.says(f"/viec {code}").picks("Sửa lĩnh vực", of=code).says("chậm trễ").picks("Chậm trễ")
    assert scene.case(code).case.sensitive
    minh.picks("Tôi cũng gặp số 2").hears("được gửi riêng").does_not_hear(code)
    huong.says(f"/viec {own}").does_not_hear(code, "Có thể trùng")
    assert scene.case(code).case.joined == ()


def test_a_neighbour_s_noise_is_shown_to_nobody(scene, lan, duc):
    nam = scene.citizen("nam")
    sends(lan, "Karaoke loa kẹo kéo tới khuya", category="Tiếng ồn")
    sends(nam, "Hát hò tới khuya", at=NEAR, category="Tiếng ồn")
    nam.does_not_hear("giống việc này")


def test_what_the_operators_have_not_looked_at_is_shown_to_nobody(scene, lan, huong, duc):
    from dataclasses import replace

    nam = scene.citizen("nam")
    scene.world.tools = replace(scene.world.tools, auto_assign=False)
    scene.world.drain.tools = scene.world.tools
    code = sends(lan)
    assert scene.state(code) is State.RECEIVED
    own = sends(nam, at=NEAR)
    nam.does_not_hear("giống việc này")
    huong.says(f"/viec {own}").hears(f"Có thể trùng với {code}")


def test_an_erased_report_is_not_near_anything(scene, lan, duc):
    nam = scene.citizen("nam")
    sends(lan)
    lan.says("/xoa").picks("Xóa")
    sends(nam, at=NEAR)
    nam.does_not_hear("giống việc này")


# --- operators (T7) ---------------------------------------------------------------------------------------------


def test_a_likely_duplicate_is_merged_by_one_tap(scene, lan, huong, duc):
    nam = scene.citizen("nam")
    master = sends(lan)
    drafts(nam, at=NEAR).picks("Gửi phản ánh").picks("Không, gửi riêng")
    code = nam.heard_code()
    duc.says(f"/viec {code}").does_not_hear("Gộp vào việc trùng", "Có thể trùng")
    huong.says(f"/viec {code}").hears(f"Có thể trùng với {master}").picks("Gộp vào việc trùng", of=code)
    nam.hears("được gộp với phản ánh", master)
    assert scene.state(code) is State.MERGED
    huong.says(f"/viec {code}").does_not_hear("Gộp vào việc trùng")


def test_who_is_erased_leaves_and_their_words_with_them(scene, lan, duc):
    nam = scene.citizen("nam")
    code = sends(lan)
    joins(nam, "Đèn ngõ tôi tắt ngóm")
    nam.says("/xoa").picks("Xóa")
    case = scene.case(code).case
    assert (case.joined, case.brought) == ((), ())
    duc.says(f"/viec {code}").does_not_hear("tắt ngóm", "người cùng phản ánh")
