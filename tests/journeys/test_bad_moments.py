"""Things done at the wrong moment: nothing is lost, nobody's promise moves, and people are told where it went."""

from tests.journeys.scene import AFTER
from workflows.case.model import State


def test_a_message_about_a_merged_case_reaches_the_one_that_goes_on(scene, lan, duc, huong):
    nam = scene.citizen("nam")
    master, code = lan.reports(), nam.reports("Đèn ngõ nhà tối quá")
    huong.says(f"/viec {code}").picks("Gộp phản ánh", of=code).says(master).picks("Xác nhận")
    duc.picks("Nhận xử lý", of=master).listens()
    nam.says(f"/tracuu {code}").hears(code, master)
    nam.says(f"/tracuu {master}").picks("Nhắn thêm").says("Ngõ số 3 cũng tối").hears("Đã ghi thêm", master)
    duc.hears(master, "Ngõ số 3 cũng tối")
    assert scene.case(code).case.thread_due is None
    assert scene.case(master).case.thread_due is not None


def test_a_rating_after_the_window_changes_nothing_and_says_what_is_still_possible(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã khắc phục").sends_photo(AFTER, "Đã thay")
    duc.picks("Gửi")
    case = scene.case(code)
    scene.forward(seconds=(case.case.rating_until - scene.world.clock.now()).total_seconds() + 60)
    assert scene.state(code) is State.CLOSED
    lan.presses(f"k:{case.id}:rate:5")
    lan.hears("đã được đóng", "Chưa giải quyết")
    assert scene.case(code).case.rating is None
    lan.says(f"/tracuu {code}")
    assert lan.offers("Chưa giải quyết")


def test_a_transfer_there_and_back_keeps_the_promise_and_every_reason(scene, lan, duc, huong):
    huy = scene.officer("huy", "nhom-so-xay-dung", "so-xay-dung")
    code = lan.reports()
    promised = scene.case(code).case.resolve_due
    for officer, to, why in ((duc, "Sở Xây dựng", "Cột đèn của Sở"), (huy, "UBND phường An Cựu", "Cột đèn của phường")):
        officer.says(f"/viec {code}").picks("Chuyển cơ quan khác", of=code).says(to.split()[-1]).picks(to)
        officer.picks("Lý do khác").says(why).picks("Xác nhận")
        huong.says(f"/viec {code}").hears(why).picks("Đồng ý chuyển", of=code).picks(to)
    case = scene.case(code).case
    assert (case.hops, case.resolve_due, case.state) == (2, promised, State.ASSIGNED)
    with scene.world.store.read() as uow:
        asked = [event for event in uow.cases.events(scene.case(code).id) if event.move == "T12"]
        words = uow.cases.words([event.data["words"] for event in asked])
    assert sorted(words.values()) == ["Cột đèn của Sở", "Cột đèn của phường"]
