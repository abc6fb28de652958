"""A play about one matter that three people report: their cases become one, all hear, and each rates the answer."""

from bot.sandbox.play.stage import Actor, Cast, Stage
from bot.sandbox.play.steps import RESULT, answers, reports, takes

OTHERS = ("Đèn đường trước trường học hỏng", "Đèn đường tắt, cả xóm tối om")


def joint(stage: Stage, cast: Cast) -> str:
    """The operators merge two further reports into the first (T7); it closes when the last of the three has rated."""
    officer, operator = stage.officer(cast.agency), stage.operator()
    hoa, ly, tam = (stage.citizen(cast.citizens, name) for name in ("Lê Thị Hoa", "Trần Thị Ly", "Võ Văn Tâm"))
    code = reports(hoa, cast.agency)
    for person, words in zip((ly, tam), OTHERS, strict=True):
        merges(operator, reports(person, cast.agency, words), code)
        person.hears("được gộp với phản ánh", code)
    takes(officer, code)
    officer.sees("3 người cùng gửi", code)
    for person in (ly, tam):
        person.hears("đang xử lý", code)
    answers(officer, code)
    for person in (hoa, ly):
        rates(person, code)
        person.hears("còn chờ đánh giá")
    rates(tam, code)
    tam.hears("đã được đóng")
    officer.sees("Đã đóng", code)
    return code


def merges(operator: Actor, code: str, master: str) -> None:
    operator.says(f"/viec {code}")
    operator.hears(code)
    operator.picks("Gộp phản ánh", code)
    asked = operator.hears("Mời gõ mã phản ánh", code)
    operator.says(master, to=asked)
    operator.goes_on(f"Gộp vào {master}")
    operator.picks("Xác nhận", code)


def rates(citizen: Actor, code: str) -> None:
    citizen.hears(RESULT)
    citizen.picks("Hài lòng", code)
