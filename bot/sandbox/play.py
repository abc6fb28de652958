"""Whole reports, played by people of the sandbox against the running program: one function a scenario."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from bot.sandbox import world
from bot.sandbox.client import Id, Person, SandboxClient
from bot.sandbox.store import Json
from bot.sandbox.zalo import world as zalo

PATIENCE = 60.0  # seconds that a reply may take on a busy machine
WORDS = "Đèn đường trước số nhà 12 hỏng từ ba tối nay"
RESULT = "Đã thay bóng đèn mới, đèn sáng lại lúc 19 giờ."

Write = Callable[[str], None]


class PlayStopped(Exception):
    """The play did not come to its end; the words say at which line."""


class Agency(NamedTuple):
    """An officer in the group of an agency, and a place in its area."""

    name: str
    group: Id
    officer: Id
    spot: tuple[float, float]


AN_CUU = Agency("Đức (UBND phường An Cựu)", world.AN_CUU, world.DUC, (16.4575, 107.6227))
CONSTRUCTION = Agency("Huy (Sở Xây dựng)", world.CONSTRUCTION, world.HUY, (16.4815, 107.6245))
THUAN_HOA = Agency("An (UBND phường Thuận Hóa, Zalo)", zalo.THUAN_HOA, zalo.AN, (16.4637, 107.5909))
LAN, NAM = ("Lan (người dân / citizen)", world.LAN), ("Nam (người dân / citizen, Zalo)", zalo.NAM)


@dataclass(frozen=True)
class Stage:
    """Where the play goes on: the client, and where its lines are written."""

    client: SandboxClient
    write: Write

    def actor(self, name: str, chat: Id, person: Id) -> "Actor":
        """Somebody with a name in the transcript, who listens from now on."""
        said = self.client.look().in_chat(chat)
        return Actor(self, name, self.client.as_person(chat, person), said[-1]["message_id"] if said else 0)

    def officer(self, agency: Agency) -> "Actor":
        return self.actor(agency.name, agency.group, agency.officer)

    def skips(self, step: str, why: str) -> None:
        """The clock goes on."""
        self.write(f"({step}: {why})")
        self.client.advance(step)


@dataclass
class Actor:
    """Somebody who says and picks things, and waits for what the program says in the same chat."""

    stage: Stage
    name: str
    person: Person
    heard: int = 0

    def does(self, what: str, act: Callable[[], object]) -> None:
        """Do something, written down first."""
        self.stage.write(f"{self.name}: {what}")
        act()

    def picks(self, label: str, code: str = "") -> None:
        """Take the newest choice of this name, by its button or by its number."""
        try:
            self.does(f"[{label}]", lambda: self.person.picks(label, PATIENCE, code))
        except TimeoutError:
            raise PlayStopped(f"{self.name}: [{label}] …") from None

    def replies(self, text: str, *samples: str, to: int) -> None:
        """Answer a message with a photo and words."""
        self.does(f"(ảnh / photo) {text}", lambda: self.person.sends_photo(*samples, caption=text, reply_to=to))

    def hears(self, words: str, code: str = "") -> Json:
        """Wait until the program says something new with these words here; write it down."""
        return self._waits(words, self.heard, code)

    def hears_each(self, *words: str) -> None:
        """The same for several things that come in any order."""
        since = self.heard
        self.heard = max(self._waits(one, since, "")["message_id"] for one in words)

    def sees(self, words: str, code: str = "") -> Json:
        """Wait until some message here, new or changed, has these words; write it down."""
        return self._waits(words, 0, code)

    def _waits(self, words: str, after: int, code: str) -> Json:
        try:
            message = self.person.hears(words, PATIENCE, after, code)
        except TimeoutError:
            raise PlayStopped(f"{self.name}: «{words}» …") from None
        self.heard = message["message_id"]
        self.stage.write(_shown(message))
        return message


# --- what every scenario is made of --------------------------------------------------------------------------------


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


def reports(citizen: Actor, agency: Agency) -> str:
    """From the first photo to the receipt; the code."""
    begins(citizen)
    citizen.does(f"(ảnh / photo) {WORDS}", lambda: citizen.person.sends_photo("lamp", caption=WORDS))
    citizen.hears("Sự việc xảy ra ở đâu")
    citizen.does("(vị trí / pin)", lambda: citizen.person.sends_location(*agency.spot))
    citizen.hears("Có phải một trong các mục này")
    citizen.picks("Chiếu sáng")
    citizen.hears("xem lại trước khi gửi")
    citizen.picks("Gửi phản ánh")
    found = re.search(r"[A-Z]{1,4}-\w{4}-\w{4}", citizen.hears("Mã phản ánh")["text"])
    if found is None:
        raise PlayStopped("no code in the receipt")
    citizen.hears("được chuyển đến", found[0])
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
    prompt = officer.sees("ảnh sau khi xử lý", code)
    officer.replies(RESULT, "lamp-after", to=prompt["message_id"])
    officer.sees("Người dân sẽ nhận", code)
    officer.picks("Gửi", code)


def judges(citizen: Actor, code: str) -> None:
    citizen.hears(RESULT)
    citizen.picks("Rất hài lòng", code)
    citizen.hears("Cảm ơn", code)


def from_photo_to_rating(citizen: tuple[str, Id]) -> Callable[[Stage, Agency], str]:
    """The whole of one report by a citizen of either platform."""

    def scenario(stage: Stage, agency: Agency) -> str:
        someone = stage.actor(citizen[0], citizen[1], citizen[1])
        officer = stage.officer(agency)
        code = reports(someone, agency)
        takes(officer, code)
        answers(officer, code)
        judges(someone, code)
        officer.sees("Đã đóng", code)
        return code

    return scenario


def closed_window(stage: Stage, agency: Agency) -> str:
    """The person has said nothing for a week: the result waits, the agency knows, one word lets it come."""
    nam = stage.actor(NAM[0], NAM[1], NAM[1])
    officer = stage.officer(agency)
    code = reports(nam, agency)
    takes(officer, code)
    stage.skips("+8d", "OA không nhắn được nữa / the OA may not write any more")
    answers(officer, code)
    officer.sees("Chưa chuyển được tin", code)
    nam.does("chào", lambda: nam.person.says("chào"))
    nam.hears_each(RESULT, "Xin chào")
    nam.picks("Rất hài lòng", code)
    nam.hears("Cảm ơn", code)
    return code


def other_channel(stage: Stage, agency: Agency) -> str:
    """The same week of silence, but the person has linked Zalo with Telegram: the result arrives there."""
    client = stage.client
    on_zalo, on_telegram = client.zalo("people", names=["Lê Thị Hoa"])["people"][0], client.add_people("Lê Thị Hoa")[0]
    hoa, elsewhere = (
        stage.actor(f"Hoa ({name})", chat, chat) for name, chat in (("Zalo", on_zalo), ("Telegram", on_telegram))
    )
    officer = stage.officer(agency)
    code = reports(hoa, agency)
    hoa.does("/lienket", lambda: hoa.person.says("/lienket"))
    found = re.search(r"/lienket (\S+)", hoa.hears("Mã liên kết")["text"])
    if found is None:
        raise PlayStopped("no code to link with")
    elsewhere.does(found[0], lambda: elsewhere.person.says(found[0]))
    elsewhere.hears("Đã liên kết hai tài khoản")
    takes(officer, code)
    stage.skips("+8d", "OA không nhắn được nữa / the OA may not write any more")
    answers(officer, code)
    judges(elsewhere, code)
    officer.sees("Đã đóng", code)
    return code


def new_tokens(stage: Stage, agency: Agency) -> str:
    """Zalo's access token runs out in the midst of a report; the program renews it, and nobody notices."""
    nam = stage.actor(NAM[0], NAM[1], NAM[1])
    officer = stage.officer(agency)
    code = reports(nam, agency)
    before = _renewals(stage)
    stage.write("(mã truy cập Zalo hết hạn / Zalo's access token runs out)")
    stage.client.zalo("tokens", do="expire")
    takes(officer, code)
    _until_renewed(stage, before)
    stage.skips("+26h", "mã truy cập chỉ sống 25 giờ / an access token lives 25 hours")
    answers(officer, code)
    judges(nam, code)
    _until_renewed(stage, before + 1)
    return code


def _until_renewed(stage: Stage, before: int) -> None:
    try:
        count = stage.client.wait_for(lambda world: world.zalo["tokens"]["refreshes"] > before, PATIENCE)
    except TimeoutError:
        raise PlayStopped("the tokens of Zalo were not renewed") from None
    stage.write(f"(cặp mã đã đổi {_renewals(stage)} lần / renewed {_renewals(stage)} times)" if count else "")


def _renewals(stage: Stage) -> int:
    return int(stage.client.look().zalo["tokens"]["refreshes"])


class Scenario(NamedTuple):
    """What is played, and with which agency unless another is wished for."""

    act: Callable[[Stage, Agency], str]
    agency: Agency


AGENCIES = {"telegram": AN_CUU, "supergroup": CONSTRUCTION, "zalo": THUAN_HOA}
SCENARIOS: dict[str, Scenario] = {
    "telegram": Scenario(from_photo_to_rating(LAN), AN_CUU),
    "zalo-telegram": Scenario(from_photo_to_rating(NAM), AN_CUU),
    "telegram-zalo": Scenario(from_photo_to_rating(LAN), THUAN_HOA),
    "zalo": Scenario(from_photo_to_rating(NAM), THUAN_HOA),
    "window": Scenario(closed_window, THUAN_HOA),
    "fallback": Scenario(other_channel, THUAN_HOA),
    "tokens": Scenario(new_tokens, THUAN_HOA),
}


def play(base_url: str, write: Write, name: str = "telegram", agency: str | None = None) -> str:
    """One scenario to its end; gives the case's code. `agency` is the kind of its group. Raises PlayStopped."""
    scenario = SCENARIOS[name]
    with SandboxClient(base_url) as client:
        return scenario.act(Stage(client, write), AGENCIES[agency] if agency else scenario.agency)


def _shown(message: Json) -> str:
    lines = [f"    Bot: {line}" if number == 0 else f"         {line}" for number, line in enumerate(_lines(message))]
    return "\n".join(lines)


def _lines(message: Json) -> list[str]:
    lines = [line for line in message["text"].splitlines() if line]
    if message["media"]:
        lines.insert(0, f"({message['media']['kind']})")
    buttons = [f"[{button['text']}]" for row in message["buttons"] for button in row]
    return [*lines, " ".join(buttons)] if buttons else lines or ["…"]
