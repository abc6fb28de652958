"""A play about what officials do: one calm question, one line that reads it, and nobody else hears of it (R61)."""

from bot.sandbox import world
from bot.sandbox.client import Id
from bot.sandbox.play.stage import Actor, Cast, PlayStopped, Stage
from bot.sandbox.play.steps import begins, code_in
from bot.sandbox.zalo import world as zalo

HARD = "Hồ sơ đất nộp ba tháng, cán bộ hẹn mãi không trả"
ANSWER = "Đã yêu cầu trả hồ sơ trong tuần này."


def sensitive(stage: Stage, cast: Cast) -> str:
    """The accused unit and the operators see nothing; the inspection line asks, answers and is rated."""
    hoa, inspector = stage.citizen(cast.citizens, "Lê Thị Hoa"), _inspector(stage, cast)
    code = _reports(hoa, cast)
    inspector.hears("chỉ bộ phận thanh tra xem và xử lý", code)
    inspector.picks("Nhận xử lý", code)
    inspector.sees("Đang xử lý", code)
    inspector.picks("Báo kết quả", code)
    inspector.hears("Kết quả xử lý thế nào", code)
    inspector.picks("Đã giải thích", code)
    asked = inspector.goes_on("Mời", code)
    inspector.says(ANSWER, to=asked)
    inspector.goes_on("Người dân sẽ nhận", code)
    inspector.picks("Gửi", code)
    hoa.hears(ANSWER)
    hoa.picks("Hài lòng", code)
    hoa.hears("Cảm ơn", code)
    inspector.sees("Đã đóng", code)
    _nobody_else_heard(stage, code, cast.agency.group, world.OPERATORS)
    return code


def _inspector(stage: Stage, cast: Cast) -> Actor:
    """Of the line, in its group on the platform where the play has its agency."""
    if isinstance(cast.agency.group, str):
        return stage.actor("Ngọc (Thanh tra, Zalo)", zalo.INSPECTION, zalo.NGOC)
    return stage.actor("Thu (Thanh tra)", world.INSPECTION, world.THU)


def _reports(citizen: Actor, cast: Cast) -> str:
    begins(citizen)
    citizen.does(f"(ảnh / photo) {HARD}", lambda: citizen.person.sends_photo("lamp", caption=HARD))
    citizen.hears("Sự việc xảy ra ở đâu")
    citizen.does("(vị trí / pin)", lambda: citizen.person.sends_location(*cast.agency.spot))
    citizen.hears("Có phải một trong các mục này")
    citizen.picks("Đất đai, nhà ở")
    citizen.hears("có nói về việc làm của cán bộ, cơ quan nhà nước không")
    citizen.picks("Có")
    citizen.hears("Phản ánh nói về đơn vị nào")
    citizen.picks("Không rõ")
    citizen.hears("Về việc làm của cán bộ")
    citizen.picks("Gửi phản ánh")
    return code_in(citizen.hears("Mã phản ánh")["text"])


def _nobody_else_heard(stage: Stage, code: str, *groups: Id) -> None:
    """What was said in the groups of others says nothing of it."""
    seen = stage.client.look()
    if any(code in message["text"] or HARD in message["text"] for group in groups for message in seen.in_chat(group)):
        raise PlayStopped(f"{code} was told to others")
    stage.write("(tổ vận hành và đơn vị không nhận được gì / neither operators nor the unit hear of it)")
