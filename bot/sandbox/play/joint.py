"""A play about one matter that three people report: two join the first, all hear, and each rates the one answer."""

from bot.sandbox.play.stage import Actor, Cast, Stage
from bot.sandbox.play.steps import RESULT, answers, drafts, reports, takes

OTHERS = ("Đèn đường tắt mấy hôm nay", "Đèn đường hỏng, cả xóm tối om")


def joint(stage: Stage, cast: Cast) -> str:
    """What is open near by is offered before sending; it closes when the last of the three has rated."""
    officer = stage.officer(cast.agency)
    hoa, ly, tam = (stage.citizen(cast.citizens, name) for name in ("Lê Thị Hoa", "Trần Thị Ly", "Võ Văn Tâm"))
    code = reports(hoa, cast.agency)
    takes(officer, code)
    for count, person, words in ((2, ly, OTHERS[0]), (3, tam, OTHERS[1])):
        drafts(person, cast.agency, words)
        person.hears("đã có phản ánh giống việc này")
        person.picks("Tôi cũng gặp")
        person.hears("gửi kèm vào phản ánh", code)
        officer.hears(f"nay có {count} người cùng phản ánh", code)
    answers(officer, code)
    for person in (hoa, ly):
        rates(person, code)
        person.hears("còn chờ đánh giá")
    rates(tam, code)
    tam.hears("đã được đóng")
    officer.sees("Đã đóng", code)
    return code


def rates(citizen: Actor, code: str) -> None:
    citizen.hears(RESULT)
    citizen.picks("Hài lòng", code)
