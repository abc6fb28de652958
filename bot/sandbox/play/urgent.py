"""A play about danger: the words propose it, an operator accepts, people are called, the citizen hears each turn."""

from bot.sandbox.play.stage import Cast, Stage
from bot.sandbox.play.steps import closes, reports

DANGER = "Dây điện đứt rơi xuống đường, có người bị điện giật"
SAFE = "Dây đã được thu lại, không còn nguy hiểm"


def urgent(stage: Stage, cast: Cast) -> str:
    """Who is on duty and the head are called until somebody takes it; word goes out before the result."""
    hoa, officer, operator = stage.citizen(cast.citizens, "Lê Thị Hoa"), stage.officer(cast.agency), stage.operator()
    code = reports(hoa, cast.agency, DANGER, "Dây, cột, trạm điện", danger=True)
    operator.sees("dấu hiệu nguy hiểm", code)
    operator.picks("Đánh dấu khẩn", code)
    officer.hears("Việc khẩn, lần gọi 1")
    stage.skips("+11m", "chưa ai nhận / nobody takes it")
    officer.hears("Việc khẩn, lần gọi 2")
    officer.picks("Đã nhận", code)
    officer.sees("Đang xử lý", code)
    officer.picks("Báo tình hình", code)
    officer.hears("Mời ghi cho người dân", code)
    officer.picks("Đang đến", code)
    officer.goes_on("Người dân sẽ nhận", code)
    officer.picks("Gửi", code)
    hoa.hears("đang đến hiện trường")
    officer.picks("Đã an toàn", code)
    asked = officer.hears("đã làm gì để hiện trường an toàn", code)
    officer.says(SAFE, to=asked)
    officer.goes_on("Người dân sẽ nhận", code)
    officer.picks("Gửi", code)
    hoa.hears(SAFE)
    return closes(officer, hoa, code)
