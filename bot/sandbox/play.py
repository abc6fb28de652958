"""One whole report, played by people of the sandbox against the running program, as a transcript."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox import world
from bot.sandbox.client import Person, SandboxClient
from bot.sandbox.store import Json

SPOT = (16.4575, 107.6227)  # in the sample's phường An Cựu
PATIENCE = 60.0  # seconds that a reply may take on a busy machine

Write = Callable[[str], None]


class PlayStopped(Exception):
    """The play did not come to its end; the words say at which line."""


@dataclass(frozen=True)
class Stage:
    """Where the play goes on: the client, and where its lines are written."""

    client: SandboxClient
    write: Write

    def actor(self, name: str, chat: int, person: int) -> "Actor":
        """Somebody with a name in the transcript."""
        return Actor(self, name, self.client.as_person(chat, person))


@dataclass
class Actor:
    """Somebody who says and presses things, and waits for what the program says in the same chat."""

    stage: Stage
    name: str
    person: Person
    heard: int = 0

    def does(self, what: str, act: Callable[[], object]) -> None:
        """Do something, written down first."""
        self.stage.write(f"{self.name}: {what}")
        act()

    def presses(self, label: str) -> None:
        """Press the newest button with this label."""
        self.does(f"[{label}]", lambda: self.person.presses_words(label, PATIENCE))

    def replies(self, text: str, *samples: str, to: int | None = None) -> None:
        """Answer the last message heard, with words or photos."""
        target = to or self.heard
        if samples:
            self.does(f"(ảnh / photo) {text}", lambda: self.person.sends_photo(*samples, caption=text, reply_to=target))
        else:
            self.does(text, lambda: self.person.says(text, reply_to=target))

    def hears(self, words: str) -> Json:
        """Wait until the program says something new with these words here; write it down."""
        return self._waits(words, self.heard)

    def sees(self, words: str) -> Json:
        """Wait until some message here, new or changed, has these words; write it down."""
        return self._waits(words, 0)

    def _waits(self, words: str, after: int) -> Json:
        try:
            message = self.person.hears(words, PATIENCE, after)
        except TimeoutError:
            raise PlayStopped(f"{self.name}: «{words}» …") from None
        self.heard = message["message_id"]
        self.stage.write(_shown(message))
        return message


def play(base_url: str, write: Write) -> str:
    """From the first photo to the closed case with its rating; gives the case's code. Raises PlayStopped."""
    with SandboxClient(base_url) as client:
        stage = Stage(client, write)
        lan = stage.actor("Lan (người dân / citizen)", world.LAN, world.LAN)
        duc = stage.actor("Đức (UBND phường An Cựu)", world.AN_CUU, world.DUC)
        code = _report(lan)
        _work(duc, code)
        _judge(lan)
        duc.sees("Đã đóng")
        return code


def _report(lan: Actor) -> str:
    lan.does("/start", lambda: lan.person.starts())
    lan.hears("Xin chào")
    lan.presses("Gửi phản ánh mới")
    lan.hears("có đồng ý không")
    lan.presses("Đồng ý")
    lan.hears("gửi ảnh hoặc video")
    lan.does(
        "(ảnh / photo) Đèn đường trước số nhà 12 hỏng từ ba tối nay",
        lambda: lan.person.sends_photo("lamp", caption="Đèn đường trước số nhà 12 hỏng từ ba tối nay"),
    )
    lan.hears("Sự việc xảy ra ở đâu")
    lan.does("(vị trí / pin)", lambda: lan.person.sends_location(*SPOT))
    lan.hears("Có phải một trong các mục này")
    lan.presses("Chiếu sáng")
    lan.hears("xem lại trước khi gửi")
    lan.presses("Gửi phản ánh")
    receipt = lan.hears("Mã phản ánh")
    found = re.search(r"[A-Z]{1,4}-\w{4}-\w{4}", receipt["text"])
    if found is None:
        raise PlayStopped("no code in the receipt")
    lan.hears("được chuyển đến")
    return found[0]


def _work(duc: Actor, code: str) -> None:
    duc.hears(code)
    duc.presses("Nhận xử lý")
    duc.sees("Đang xử lý")
    duc.presses("Báo kết quả")
    duc.hears("Kết quả xử lý thế nào")
    duc.presses("Đã khắc phục")
    prompt = duc.sees("ảnh sau khi xử lý")
    duc.replies("Đã thay bóng đèn mới, đèn sáng lại lúc 19 giờ.", "lamp-after", to=prompt["message_id"])
    duc.sees("Người dân sẽ nhận")
    duc.presses("Gửi")


def _judge(lan: Actor) -> None:
    lan.hears("Đã thay bóng đèn mới")
    lan.presses("Rất hài lòng")
    lan.hears("Cảm ơn")


def _shown(message: Json) -> str:
    lines = [f"    Bot: {line}" if number == 0 else f"         {line}" for number, line in enumerate(_lines(message))]
    return "\n".join(lines)


def _lines(message: Json) -> list[str]:
    lines = [line for line in message["text"].splitlines() if line]
    if message["media"]:
        lines.insert(0, f"({message['media']['kind']})")
    buttons = [f"[{button['text']}]" for row in message["buttons"] for button in row]
    return [*lines, " ".join(buttons)] if buttons else lines or ["…"]
