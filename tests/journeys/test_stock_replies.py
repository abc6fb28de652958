"""Stock replies: two taps, looked at and changed before they go (R43)."""

from __future__ import annotations

import pytest

from handlers import replies
from handlers.administration import Refused
from tests.journeys.scene import AFTER
from workflows.case.model import State

DONE = "Đơn vị đã xử lý xong. Cảm ơn anh/chị đã phản ánh."


def stock(scene, agency, title, text, verb=""):
    with scene.world.store.write() as uow:
        row = replies.add(uow, scene.world.words, agency, verb, title, text, scene.world.clock.now())
        uow.flush(scene.world.clock.now())
    return row


def taken(lan, officer):
    code = lan.reports()
    officer.picks("Nhận xử lý", of=code)
    return code


def test_a_question_in_two_taps(scene, lan, officer):
    stock(scene, "an-cuu", "Cột số mấy?", "Anh/chị cho biết đèn ở cột số mấy?", "ask")
    stock(scene, "an-cuu", "Đã xong", DONE, "submit_result")
    stock(scene, "so-xay-dung", "Của sở", "Lời của sở")
    code = taken(lan, officer)
    officer.picks("Hỏi người dân", of=code)
    assert not officer.offers("Đã xong") and not officer.offers("Của sở")
    officer.picks("Cột số mấy?").hears("Người dân sẽ nhận câu hỏi", "đèn ở cột số mấy?")
    lan.listens()
    officer.picks("Gửi")
    lan.hears("đèn ở cột số mấy?")


def test_it_is_typed_anew_before_it_goes(scene, lan, officer):
    stock(scene, "an-cuu", "Đã xong", DONE)
    code = taken(lan, officer)
    officer.picks("Báo kết quả", of=code).picks("Đã giải thích").picks("Đã xong").hears(DONE)
    officer.picks("Sửa").says("Đã xong, đèn sáng lúc 19 giờ.")
    lan.listens()
    officer.picks("Gửi")
    lan.hears("đèn sáng lúc 19 giờ.").does_not_hear(DONE)


def test_the_photo_is_still_asked_for(scene, lan, duc):
    stock(scene, "an-cuu", "Đã xong", DONE)
    code = taken(lan, duc)
    duc.picks("Báo kết quả", of=code).picks("Đã khắc phục").picks("Đã xong").hears("cần thêm ảnh sau khi xử lý")
    duc.sends_photo(AFTER).hears(DONE).picks("Gửi")
    assert scene.state(code) is State.RESOLVED
    lan.hears(DONE)


def test_one_that_was_removed_meanwhile_is_said_so(scene, lan, duc):
    row = stock(scene, "an-cuu", "Đã xong", DONE)
    code = taken(lan, duc)
    duc.picks("Hỏi người dân", of=code)
    with scene.world.store.write() as uow:
        replies.remove(uow, row.id, scene.world.clock.now())
    duc.picks("Đã xong").hears("vừa được bỏ", "Mời ghi câu hỏi")


def test_everybody_is_offered_their_own(scene):
    stock(scene, None, "Gửi vị trí", "Mời anh/chị gửi vị trí.", "ask")
    stock(scene, "an-cuu", "Đã xong", DONE)
    with scene.world.store.read() as uow:
        ours, theirs = (replies.offered(uow, unit, "ask") for unit in (None, uow.agencies.by_code("an-cuu").id))
        assert replies.offered(uow, None, "reply") == ()
    assert ([one.title for one in ours], [one.title for one in theirs]) == (["Gửi vị trí"], ["Đã xong"])


@pytest.mark.parametrize(
    ("title", "text", "told"),
    [
        ("", DONE, "title"),
        ("x" * 21, DONE, "title"),
        ("Đã xong", "", "words"),
        ("Đã xong", "x" * 1501, "words"),
        ("Gọi anh Ba", "Mời gọi anh Ba 0912 345 678", "personal data"),
        ("Có rồi", DONE, "already"),
    ],
)
def test_what_could_not_be_offered_or_sent_is_refused(scene, title, text, told):
    stock(scene, "an-cuu", "Có rồi", DONE)
    with pytest.raises(Refused, match=told):
        stock(scene, "an-cuu", title, text)


def test_there_are_only_so_many_buttons(scene):
    for number in range(8):
        stock(scene, "an-cuu", f"Lời {number}", DONE, "ask")
    with pytest.raises(Refused, match="8 replies"):
        stock(scene, "an-cuu", "Lời 9", DONE)
    stock(scene, "an-cuu", "Lời 9", DONE, "reply")
