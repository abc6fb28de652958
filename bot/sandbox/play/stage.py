"""The stage of a play: who is in it, what they say and pick, what they wait for, and how it is written down."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.sandbox import world
from bot.sandbox.client import Id, Person, SandboxClient, World
from bot.sandbox.store import Json
from bot.sandbox.zalo import world as zalo

PATIENCE = 120.0  # seconds that a reply may take on a busy machine

Write = Callable[[str], None]
Kind = Literal["telegram", "zalo"]


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


class Cast(NamedTuple):
    """Where the citizens are, and which agency it is about."""

    citizens: Kind
    agency: Agency


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

    def citizen(self, kind: Kind, name: str) -> "Actor":
        """Somebody who has never met the program, and is known by a full name."""
        if kind == "zalo":
            person: Id = self.client.zalo("people", names=[name])["people"][0]
        else:
            person = self.client.add_people(name)[0]
        where = "người dân / citizen, Zalo" if kind == "zalo" else "người dân / citizen"
        return self.actor(f"{name.rpartition(' ')[2]} ({where})", person, person)

    def operator(self) -> "Actor":
        """Of the operations team."""
        return self.actor("Bảo (Tổ vận hành)", world.OPERATORS, world.BAO)

    def leader(self) -> "Actor":
        """Head of the operations team, who stands above all agencies."""
        return self.actor("Hà (lãnh đạo / leader)", world.OPERATORS, world.HA)

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

    def says(self, text: str, to: Json | None = None) -> None:
        """Write, or answer a message with words."""
        more = {"reply_to": to["message_id"]} if to else {}
        self.does(text, lambda: self.person.says(text, **more))

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

    def goes_on(self, words: str, code: str = "") -> Json:
        """Wait until what was heard last, or something newer, has these words: a question that turns into the next."""
        return self._waits(words, self.heard - 1, code)

    def is_refused(self, words: str) -> None:
        """Wait until a press was answered by these words: beside the button, or in the chat where there are none."""
        since = self.heard

        def told(world: World) -> str | None:
            beside = [toast["text"] or "" for toast in world.toasts.values() if toast["chat"] == self.person.chat]
            here = [one["text"] for one in world.from_bot(self.person.chat) if one["message_id"] > since]
            return next((text for text in (*beside, *here) if words in text), None)

        try:
            self.stage.write(f"    Bot: {self.stage.client.wait_for(told, PATIENCE)}")
        except TimeoutError:
            raise PlayStopped(f"{self.name}: «{words}» …") from None

    def _waits(self, words: str, after: int, code: str) -> Json:
        try:
            message = self.person.hears(words, PATIENCE, after, code)
        except TimeoutError:
            raise PlayStopped(f"{self.name}: «{words}» …") from None
        self.heard = max(self.heard, message["message_id"])
        self.stage.write(_shown(message))
        return message


def _shown(message: Json) -> str:
    lines = [f"    Bot: {line}" if number == 0 else f"         {line}" for number, line in enumerate(_lines(message))]
    return "\n".join(lines)


def _lines(message: Json) -> list[str]:
    lines = [line for line in message["text"].splitlines() if line]
    if message["media"]:
        lines.insert(0, f"({message['media']['kind']})")
    buttons = [f"[{button['text']}]" for row in message["buttons"] for button in row]
    return [*lines, " ".join(buttons)] if buttons else lines or ["…"]
