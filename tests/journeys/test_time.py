"""What comes by itself: reminders, drafts given up, questions left open, the end of the rating window."""

from tests.journeys.scene import AFTER, LAMP
from workflows.case.model import State


def test_a_draft_is_remembered_after_a_day_and_dropped_after_seven(scene, lan):
    lan.agrees().sends_photo(LAMP, "Đèn hỏng")
    scene.forward(hours=23)
    lan.hears_nothing()
    scene.forward(hours=2)
    lan.hears("còn một phản ánh đang soạn", "Sự việc xảy ra ở đâu")
    scene.forward(days=2)
    lan.hears_nothing()
    scene.forward(days=5)
    lan.hears("đã được bỏ vì lâu chưa có tin nhắn mới")
    scene.forward(days=30)
    lan.hears_nothing()


def test_a_draft_that_goes_on_is_not_remembered(scene, lan):
    lan.agrees().sends_photo(LAMP, "Đèn hỏng")
    scene.forward(hours=20)
    lan.says("12 Nguyễn Huệ, phường An Cựu").hears("mục")
    scene.forward(hours=10)
    lan.hears_nothing()


def test_a_finished_report_leaves_no_reminder_behind(scene, lan, duc):
    lan.reports()
    scene.forward(days=3)
    lan.does_not_hear("đang soạn")


def test_a_question_is_repeated_and_then_given_up(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Hỏi người dân", of=code).says("Cột số mấy?").picks("Gửi")
    scene.forward(days=2)  # the day between is a holiday
    lan.hears("vẫn chờ anh/chị trả lời", "Cột số mấy?")
    scene.forward(days=1)
    lan.hears("vẫn chờ anh/chị trả lời")
    duc.listens()
    scene.forward(days=3)
    lan.hears("Chưa nhận được câu trả lời")
    duc.hears("Người dân không bổ sung")
    assert scene.state(code) is State.IN_PROGRESS


def test_an_answered_question_is_not_repeated(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Hỏi người dân", of=code).says("Cột số mấy?").picks("Gửi")
    lan.says("Cột 14")
    scene.forward(days=5)
    lan.does_not_hear("vẫn chờ anh/chị trả lời", "Chưa nhận được")
    assert scene.state(code) is State.IN_PROGRESS


def test_the_rating_window_ends(scene, lan, duc):
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Báo kết quả", of=code).picks("Đã khắc phục")
    duc.sends_photo(AFTER, "Đã thay bóng").picks("Gửi")
    scene.forward(days=13)
    assert scene.state(code) is State.RESOLVED
    scene.forward(days=2)
    lan.hears("đã được đóng vì hết thời gian đánh giá")
    assert scene.state(code) is State.CLOSED
    lan.says("Rất hài lòng").does_not_hear("Cảm ơn anh/chị đã đánh giá")


def test_timers_that_come_all_at_once_after_a_long_stop_do_each_thing_once(scene, lan, duc):
    """The program was down for a month: what is too late is not said any more."""
    code = lan.reports()
    duc.picks("Nhận xử lý", of=code).picks("Hỏi người dân", of=code).says("Cột số mấy?").picks("Gửi")
    scene.forward(days=30)
    assert len([text for text in lan.told if "Chưa nhận được câu trả lời" in text]) == 1
    assert scene.state(code) is State.IN_PROGRESS
