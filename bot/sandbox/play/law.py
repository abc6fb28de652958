"""Plays about the law of a case: more time, transfer, a message that waits, rework and appeal."""

from datetime import datetime, timedelta

from bot.sandbox.client import Id
from bot.sandbox.play.stage import AN_CUU, CONSTRUCTION, THUAN_HOA, Actor, Agency, Cast, Stage
from bot.sandbox.play.steps import RESULT, answers, closes, reports, takes

NAMES: dict[Id, str] = {
    AN_CUU.group: "UBND phường An Cựu",
    CONSTRUCTION.group: "Sở Xây dựng",
    THUAN_HOA.group: "UBND phường Thuận Hóa",
}


def extension(stage: Stage, cast: Cast) -> str:
    """More time, with the report to the competent authority and words for the citizen in one step (T16, R15)."""
    hoa, officer, operator = stage.citizen(cast.citizens, "Lê Thị Hoa"), stage.officer(cast.agency), stage.operator()
    code = reports(hoa, cast.agency)
    takes(officer, code)
    officer.picks("Xin gia hạn", code)
    asked = officer.hears("Gia hạn đến ngày nào", code)
    until = datetime.fromisoformat(stage.client.look().now) + timedelta(days=21)
    officer.says(f"{until:%d/%m/%Y}", to=asked)
    document = officer.hears("Số và tên văn bản", code)
    officer.replies("12/BC-UBND, báo cáo về cột đèn mới", "lamp", to=document["message_id"])
    officer.hears("Vì sao cần gia hạn", code)
    officer.picks("Chờ nơi khác", code)
    words = officer.goes_on("lời xin lỗi và lý do", code)
    officer.says("Chưa có cột đèn mới, xin bà con thông cảm", to=words)
    officer.hears("Khi được đồng ý, người dân sẽ nhận", code)
    officer.picks("Xác nhận", code)
    operator.sees("Xin gia hạn đến", code)
    operator.picks("Đồng ý gia hạn", code)
    operator.hears("Người dân sẽ nhận ngay", code)
    operator.picks("Xác nhận", code)
    hoa.hears("Chưa có cột đèn mới")
    officer.sees("hạn trước", code)
    return closes(officer, hoa, code)


def transfer(stage: Stage, cast: Cast) -> str:
    """From hand to hand; from the third hop the operators may not decide, the leader does, and it binds (T12, T13)."""
    hoa, operator, leader = stage.citizen(cast.citizens, "Lê Thị Hoa"), stage.operator(), stage.leader()
    others = [one for one in (AN_CUU, CONSTRUCTION, THUAN_HOA) if one is not cast.agency]
    code = reports(hoa, cast.agency)
    for one, to in ((cast.agency, others[0]), (others[0], others[1])):
        wants_away(stage.officer(one), code, to)
        grants(operator, code, to)
    wants_away(stage.officer(others[1]), code, cast.agency)
    operator.picks("Đồng ý chuyển", code)
    operator.is_refused("người có trách nhiệm khác")
    grants(leader, code, cast.agency)
    officer = stage.officer(cast.agency)
    officer.picks("Nhận xử lý", code)
    officer.sees("Đang xử lý", code)
    return closes(officer, hoa, code)


def wants_away(officer: Actor, code: str, to: Agency) -> None:
    """The head says why, and to whom it belongs."""
    officer.picks("Chuyển cơ quan khác", code)
    officer.hears("đến đơn vị nào", code)
    officer.picks(NAMES[to.group], code)
    officer.goes_on("Vì sao cần chuyển", code)
    officer.picks("Nơi khác quản lý", code)
    officer.goes_on("Đề nghị chuyển đến", code)
    officer.picks("Xác nhận", code)


def grants(operator: Actor, code: str, to: Agency) -> None:
    operator.picks("Đồng ý chuyển", code)
    operator.hears("Đơn vị được đề nghị đứng đầu", code)
    operator.picks(NAMES[to.group], code)
    operator.goes_on(f"Đã chọn: {NAMES[to.group]}", code)


def interaction(stage: Stage, cast: Cast) -> str:
    """A message about an open case: it reaches whoever holds it, waits with a date, and is answered by name (R79)."""
    hoa, officer = stage.citizen(cast.citizens, "Lê Thị Hoa"), stage.officer(cast.agency)
    code = reports(hoa, cast.agency)
    takes(officer, code)
    hoa.says(f"/tracuu {code}")
    hoa.hears("Đang xử lý", code)
    hoa.picks("Nhắn thêm", code)
    hoa.hears("Mời")
    hoa.says("Bao giờ thì sửa xong ạ?")
    officer.hears("Bao giờ thì sửa xong ạ?", code)
    officer.picks("Trả lời người dân", code)
    asked = officer.hears("Mời", code)
    officer.says("Thứ Sáu này sẽ xong.", to=asked)
    officer.hears("Người dân sẽ nhận", code)
    officer.picks("Gửi", code)
    hoa.hears("Thứ Sáu này sẽ xong.")
    return closes(officer, hoa, code)


def appeal(stage: Stage, cast: Cast) -> str:
    """Not solved: upheld by the operators, appealed against, and reworked because the leader says so (T23–T25b)."""
    hoa, officer, operator, leader = (
        stage.citizen(cast.citizens, "Lê Thị Hoa"),
        stage.officer(cast.agency),
        stage.operator(),
        stage.leader(),
    )
    code = reports(hoa, cast.agency)
    takes(officer, code)
    answers(officer, code)
    hoa.hears(RESULT)
    hoa.picks("Chưa giải quyết", code)
    hoa.hears("điều gì chưa được")
    hoa.says("Đèn chỉ sáng một đêm rồi lại tắt")
    operator.picks("Giữ kết quả", code)
    asked = operator.hears("Mời", code)
    operator.says("Đã kiểm tra tối qua, đèn sáng.", to=asked)
    operator.hears("Người dân sẽ nhận", code)
    operator.picks("Gửi", code)
    hoa.hears("Đã kiểm tra tối qua")
    hoa.picks("Gửi lãnh đạo xem", code)
    hoa.hears("gửi một lần")
    hoa.says("Tối nay vẫn tắt")
    hoa.hears("chuyển đến lãnh đạo")
    leader.picks("Xử lý lại", code)
    hoa.hears("được xử lý lại")
    officer.sees("Đang xử lý", code)
    return closes(officer, hoa, code)
