"""What every scenario is made of: meeting the program, reporting, taking a case, answering it, judging the answer."""

import re

from bot.sandbox.play.stage import Actor, Agency, PlayStopped

WORDS = "Đèn đường trước số nhà 12 hỏng từ ba tối nay"
LIGHTING = "Chiếu sáng"
RESULT = "Đã thay bóng đèn mới, đèn sáng lại lúc 19 giờ."


def begins(citizen: Actor) -> None:
    """Meet the program; whoever has agreed before is not asked again."""
    if isinstance(citizen.person.chat, str) and not citizen.stage.client.look().chats[citizen.person.chat]["follows"]:
        citizen.does("[Quan tâm / Follow]", citizen.person.follows)
    else:
        citizen.does("/start", lambda: citizen.person.says("/start"))
    citizen.hears("Xin chào")
    citizen.picks("Gửi phản ánh mới")
    if "có đồng ý không" in citizen.hears("nh/chị")["text"]:
        citizen.picks("Đồng ý")
        citizen.hears("gửi ảnh hoặc video")


def drafts(
    citizen: Actor, agency: Agency, words: str = WORDS, category: str = LIGHTING, *, danger: bool = False
) -> None:
    """From the first photo to the review, and sent. ``danger``: the words are such that numbers to call come first."""
    begins(citizen)
    citizen.does(f"(ảnh / photo) {words}", lambda: citizen.person.sends_photo("lamp", caption=words))
    if danger:
        citizen.hears("114")
        citizen.picks("Tiếp tục phản ánh")
    citizen.hears("Sự việc xảy ra ở đâu")
    citizen.does("(vị trí / pin)", lambda: citizen.person.sends_location(*agency.spot))
    citizen.hears("Có phải một trong các mục này")
    citizen.picks(category)
    citizen.hears("xem lại trước khi gửi")
    citizen.picks("Gửi phản ánh")


def reports(
    citizen: Actor, agency: Agency, words: str = WORDS, category: str = LIGHTING, *, danger: bool = False
) -> str:
    """The whole report, to the receipt and where it goes; the code."""
    drafts(citizen, agency, words, category, danger=danger)
    code = code_in(citizen.hears("Mã phản ánh")["text"])
    citizen.hears("được chuyển đến", code)
    return code


def code_in(receipt: str) -> str:
    found = re.search(r"[A-Z]{1,4}-\w{4}-\w{4}", receipt)
    if found is None:
        raise PlayStopped("no code in the receipt")
    return found[0]


def takes(officer: Actor, code: str) -> None:
    """The card is there, and somebody works on it."""
    officer.hears(code)
    officer.picks("Nhận xử lý", code)
    officer.sees("Đang xử lý", code)


def answers(officer: Actor, code: str) -> None:
    """A result with words and a photo, read once more before it leaves the group."""
    officer.picks("Báo kết quả", code)
    officer.hears("Kết quả xử lý thế nào", code)
    officer.picks("Đã khắc phục", code)
    prompt = officer.goes_on("ảnh sau khi xử lý", code)
    officer.replies(RESULT, "lamp-after", to=prompt["message_id"])
    officer.goes_on("Người dân sẽ nhận kết quả", code)
    officer.picks("Gửi", code)


def judges(citizen: Actor, code: str) -> None:
    citizen.hears(RESULT)
    citizen.picks("Rất hài lòng", code)
    citizen.hears("Cảm ơn", code)


def closes(officer: Actor, citizen: Actor, code: str) -> str:
    """The end of every case that goes well: the answer, what the citizen thinks of it, and it is closed."""
    answers(officer, code)
    judges(citizen, code)
    officer.sees("Đã đóng", code)
    return code
