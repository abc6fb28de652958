"""The head names people by buttons on Telegram, and a proposal goes to the operators there."""

from bot.sandbox import world as sandbox
from tests.journeys import test_telegram
from workflows.case.model import State

stage = test_telegram.stage
lan = test_telegram.lan
duc = test_telegram.duc
reported = test_telegram.reported


def test_the_head_delegates_by_buttons(stage, duc):
    with stage.world.store.read() as uow:
        ward = uow.agencies.by_code("an-cuu").id
        rows = {row["role"]: row for row in uow.people.staff(ward)}
    colleague = rows["member"]
    duc.says("/canbo").hears("Mời chọn một người", colleague["name"])
    duc.presses(colleague["name"]).presses("Đặt làm đầu mối").hears("là đầu mối")
    duc.says("/canbo").presses(colleague["name"]).presses("Ủy quyền").presses("1 tuần").hears(
        "được ủy quyền của lãnh đạo"
    )
    duc.says("/canbo").hears("được ủy quyền đến").presses(colleague["name"]).presses("Thôi ủy quyền")
    duc.hears("Đã thôi ủy quyền")


def test_a_proposal_to_cancel_by_buttons(stage, lan, duc, reported):
    operator = stage.one(sandbox.OPERATORS, sandbox.HA)
    duc.presses("Đề nghị hủy").presses("Ngoài phạm vi")
    duc.says("Đây là đường nội bộ", reply_to=duc.last("người dân sẽ đọc")).presses("Xác nhận")
    operator.hears("Đơn vị đề nghị hủy").presses("Hủy phản ánh").presses("Gửi")
    lan.hears("Ngoài phạm vi", "đường nội bộ")
    assert stage.case.state is State.CANCELLED
