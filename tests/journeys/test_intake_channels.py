"""Taking a report down in the operators' group on Zalo, by numbers, and on Telegram, by taps and replies."""

import pytest

from bot.sandbox import world as sandbox
from tests.journeys import test_intake
from tests.journeys.test_intake import ALL, PHONE
from tests.journeys.test_telegram import Stage
from tests.journeys.zalo_world import ZaloWorld
from workflows.case.model import State

# --- Zalo ----------------------------------------------------------------------------------------------------------


WORLD = ZaloWorld
test_one_message_and_two_taps = test_intake.test_one_message_and_two_taps
test_step_by_step = test_intake.test_step_by_step
test_who_has_no_chat_is_called_with_one_tap = test_intake.test_who_has_no_chat_is_called_with_one_tap
test_a_caller_comes_to_a_chat_by_code_and_phone = test_intake.test_a_caller_comes_to_a_chat_by_code_and_phone


# --- Telegram ------------------------------------------------------------------------------------------------------


@pytest.fixture
def stage(ready_url, tmp_path):
    stage = Stage(ready_url, tmp_path)
    yield stage
    stage.close()


def test_on_telegram_by_taps_and_replies(stage):
    ha, duc = stage.one(sandbox.OPERATORS, sandbox.HA), stage.one(sandbox.AN_CUU, sandbox.DUC)
    ha.says("/nhap Đèn đường hỏng ba tối nay").hears("Xảy ra ở đâu")
    ha.says("chiều nay họp nhé")  # talk in the group is nobody's business
    ha.says("12 Nguyễn Huệ, phường An Cựu", reply_to=ha.last("Xảy ra ở đâu")).presses("Chiếu sáng")
    ha.presses("Đường dây nóng").says(f"Bà Tý {PHONE}", reply_to=ha.last("Họ tên và số điện thoại"))
    ha.presses("Ghi nhận").hears("đọc cho người gửi", "chậm nhất")
    code = stage.case.code
    assert stage.case.state is State.ASSIGNED
    duc.hears(code, "Đường dây nóng").presses("Nhận xử lý")
    ha.hears(f"Người gửi {code} không có tin nhắn").presses("Đã báo").hears("đã được báo")
    ha.says(f"/lienhe {code} gọi hỏi số nhà").hears("nhắn riêng cho kênh này một lần")
    assert not any(PHONE in text for text in (*ha.told, *duc.told))


def test_on_telegram_who_reported_comes_to_the_operator_alone(stage):
    ha = stage.one(sandbox.OPERATORS, sandbox.HA)
    alone = stage.one(sandbox.HA, sandbox.HA)
    alone.starts()
    ha.says(f"/nhap {ALL}").presses("Chiếu sáng").presses("Ghi nhận")
    ha.says(f"/lienhe {stage.case.code} gọi hỏi số nhà").hears("đã được nhắn riêng")
    alone.hears(PHONE, "Bà Tý Riêng Tư")
    assert not any(PHONE in text for text in ha.told)
