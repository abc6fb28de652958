"""A small client of the control API: be a person in the sandbox, and wait until something is seen."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests

from bot.sandbox.store import Json

LOOK_SECONDS = 0.05
T = TypeVar("T")
Id = int | str  # of a person or a chat: numbers on Telegram, texts on Zalo


class SandboxError(Exception):
    """The sandbox refused a wish; the words say why."""


@dataclass
class World:
    """Everything seen so far, kept up to date by `SandboxClient.look()`."""

    version: int = 0
    now: str = ""
    bot: Json = field(default_factory=dict)
    zalo: Json = field(default_factory=dict)
    people: dict[Id, Json] = field(default_factory=dict)
    chats: dict[Id, Json] = field(default_factory=dict)
    messages: dict[tuple[Id, int], Json] = field(default_factory=dict)
    toasts: dict[str, Json] = field(default_factory=dict)
    faults: list[Json] = field(default_factory=list)

    def take(self, state: Json) -> None:
        self.version, self.now, self.bot = state["version"], state["now"], state["bot"]
        self.zalo, self.faults = state["zalo"], state["faults"]
        self.people |= {person["id"]: person for person in state["people"]}
        self.chats |= {chat["id"]: chat for chat in state["chats"]}
        self.toasts |= {toast["id"]: toast for toast in state["toasts"]}
        for message in state["messages"]:
            key = (message["chat"], message["message_id"])
            if message["deleted"]:
                self.messages.pop(key, None)
            else:
                self.messages[key] = message

    def in_chat(self, chat: Id) -> list[Json]:
        """The messages of a chat, oldest first, following it to the supergroup it became."""
        while chat in self.chats and self.chats[chat]["migrated_to"] is not None:
            chat = self.chats[chat]["migrated_to"]
        return sorted((m for (of, _), m in self.messages.items() if of == chat), key=lambda m: m["message_id"])

    def from_bot(self, chat: Id) -> list[Json]:
        """What the bot, or the OA, said in a chat, oldest first."""
        return [message for message in self.in_chat(chat) if message["from"]["is_bot"] and not message["anonymous"]]


class SandboxClient:
    """Speaks to `<base_url>/sandbox/api`. Methods raise SandboxError when the sandbox refuses."""

    def __init__(self, base_url: str, *, timeout: float = 30) -> None:
        self._root = f"{base_url.rstrip('/')}/sandbox/api"
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["X-Sandbox"] = "1"
        self.world = World()

    def __enter__(self) -> "SandboxClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._session.close()

    def as_person(self, chat: Id, person: Id) -> "Person":
        """Somebody in a chat, to speak and press buttons as."""
        return Person(self, chat, person)

    def citizen(self, person: Id) -> "Person":
        """Somebody in the private chat with the bot."""
        return Person(self, person, person)

    def look(self, *chats: Id) -> World:
        """Fetch what is new and give the world as known now."""
        query: dict[str, Any] = {"since": self.world.version, "chat": list(chats)}
        self.world.take(self._get("state", query))
        return self.world

    def wait_for(self, predicate: Callable[[World], T | None], timeout: float = 10) -> T:
        """Look until `predicate` gives something true, and give it; TimeoutError after `timeout` seconds."""
        until = time.monotonic() + timeout
        while True:
            found = predicate(self.look())
            if found:
                return found
            if time.monotonic() > until:
                raise TimeoutError("not seen in the sandbox in time")
            time.sleep(LOOK_SECONDS)

    def act(self, act: str, *, files: "list[tuple[str, bytes, str]] | None" = None, **wish: Any) -> Json:
        """One act of the control API; `files` are (name, bytes, mime type)."""
        wish = {"act": act, **{name: value for name, value in wish.items() if value is not None}}
        if not files:
            return self._post("act", wish)
        parts = [("file", part) for part in files]
        return self._answer(
            self._session.post(f"{self._root}/act", data={"wish": json.dumps(wish)}, files=parts, timeout=self._timeout)
        )

    def add_people(self, *names: str) -> list[int]:
        people: list[int] = self._post("people", {"names": list(names)})["people"]
        return people

    def add_group(self, title: str, members: list[int], *, kind: str = "group", bot: bool = True) -> int:
        wish = {"title": title, "members": members, "type": kind, "bot": bot}
        return int(self._post("chats", wish)["chat"])

    def fault(self, kind: str, **wish: Any) -> Json:
        """Switch a fault on; see the control API for the words."""
        fault: Json = self._post("faults", {"kind": kind, **wish})["fault"]
        return fault

    def no_faults(self) -> None:
        self._post("faults", {"off": "all"})

    def zalo(self, part: str = "", **wish: Any) -> Json:
        """The console of the Zalo account: read it, or with a part (`limits`, `webhook`, `tokens` …) change it."""
        return self._post(f"zalo/{part}", wish) if part else self._get("zalo", {})

    def limits(self, **wish: Any) -> Json:
        """Change limits; without any, read them."""
        found: Json = (self._post("limits", wish) if wish else self._get("limits", {}))["limits"]
        return found

    def advance(self, step: str) -> Json:
        """Move the clock on, for example `+3d`."""
        return self._post("clock", {"advance": step})

    def _get(self, path: str, query: dict[str, Any]) -> Json:
        return self._answer(self._session.get(f"{self._root}/{path}", params=query, timeout=self._timeout))

    def _post(self, path: str, body: Json) -> Json:
        return self._answer(self._session.post(f"{self._root}/{path}", json=body, timeout=self._timeout))

    def media(self, url: str) -> bytes:
        """The bytes behind a media address of a message."""
        base = self._root.removesuffix("/sandbox/api")
        answer = self._session.get(base + url if url.startswith("/") else url, timeout=self._timeout)
        answer.raise_for_status()
        return answer.content

    @staticmethod
    def _answer(answer: requests.Response) -> Json:
        try:
            body: Json = answer.json()
        except ValueError as fault:
            raise SandboxError(f"no sandbox answers here (HTTP {answer.status_code})") from fault
        if not answer.ok:
            raise SandboxError(str(body.get("error", answer.reason)))
        return body


@dataclass(frozen=True)
class Person:
    """Somebody in one chat; every method is one act, `**more` takes `reply_to` and `thread`."""

    client: SandboxClient
    chat: Id
    person: Id

    def act(self, act: str, **wish: Any) -> Json:
        return self.client.act(act, chat=self.chat, person=self.person, **wish)

    def says(self, text: str, **more: Any) -> int:
        return self._said("text", text=text, **more)

    def starts(self, payload: str = "") -> int:
        return self._said("start", payload=payload)

    def sends_photo(self, *samples: str, caption: str | None = None, **more: Any) -> int:
        return self._said("photo", samples=list(samples), caption=caption, **more)

    def sends_document(self, *samples: str, caption: str | None = None, **more: Any) -> int:
        return self._said("document", samples=list(samples), caption=caption, **more)

    def uploads(self, act: str, *paths: Path, mime: str = "image/jpeg", **more: Any) -> int:
        files = [(path.name, path.read_bytes(), mime) for path in paths]
        return self._said(act, files=files, **more)

    def follows(self) -> None:
        """On Zalo: follow the OA, from where a talk begins."""
        self.act("follow")

    def sends_voice(self, **more: Any) -> int:
        return self._said("voice", samples=["voice-zalo" if isinstance(self.chat, str) else "voice"], **more)

    def sends_video(self, **more: Any) -> int:
        return self._said("video", samples=["video"], **more)

    def sends_location(self, lat: float, lon: float, **more: Any) -> int:
        return self._said("location", lat=lat, lon=lon, **more)

    def edits(self, message: int, text: str) -> int:
        return self._said("edit", message=message, text=text)

    def presses(self, message: int, data: str, *, forge: bool = False) -> str:
        """Press the button with this callback data; gives the id of the callback query."""
        return str(self.act("press", message=message, data=data, forge=forge or None)["callback_id"])

    def presses_words(self, label: str, timeout: float = 10) -> str:
        """Wait for the newest message of the chat with a button of this label, and press it."""
        message, data = self.client.wait_for(lambda world: _button(world.in_chat(self.chat), label), timeout)
        return self.presses(message, data)

    def picks(self, label: str, timeout: float = 10, code: str = "") -> None:
        """Take the newest choice of this name that is offered here: by its button, or by its number in words.

        With a `code` only what is about this case counts; where a card asks for code and number, both are said.
        """

        def offered(world: World) -> tuple[int | None, str] | None:
            return _choice(world.from_bot(self.chat), label, code)

        message, said = self.client.wait_for(offered, timeout)
        if message is None:
            self.says(said)
        else:
            self.presses(message, said)

    def hears(self, words: str, timeout: float = 10, after: int = 0, code: str = "") -> Json:
        """Wait for a message of the bot with these words, and with this code, newer than `after`."""

        def heard(world: World) -> Json | None:
            fitting = (m for m in reversed(world.from_bot(self.chat)) if words in m["text"] and code in m["text"])
            return next((m for m in fitting if m["message_id"] > after), None)

        return self.client.wait_for(heard, timeout)

    def _said(self, act: str, **wish: Any) -> int:
        return int(self.act(act, **wish)["message_ids"][0])


def _button(messages: list[Json], label: str) -> tuple[int, str] | None:
    for message in reversed(messages):
        for row in message["buttons"]:
            for button in row:
                if label in button["text"] and "callback_data" in button:
                    return message["message_id"], button["callback_data"]
    return None


def _choice(messages: list[Json], label: str, code: str) -> tuple[int | None, str] | None:
    """The message and data of a button; or no message, and the words that choose a numbered line."""
    numbered = re.compile(rf"^(\d+)\. {re.escape(label)}", re.MULTILINE)
    newest = max((each["message_id"] for each in messages if "\n1. " in each["text"]), default=0)
    for message in (each for each in reversed(messages) if code in each["text"]):
        for button in (button for row in message["buttons"] for button in row):
            if button["text"] == label and "callback_data" in button:
                return message["message_id"], button["callback_data"]
        found = numbered.search(message["text"])
        if found:
            if code and f"{code} 1" in message["text"]:
                return None, f"{code} {found[1]}"
            # A bare number is for the choices that stand last; any others are chosen by their words.
            return None, found[1] if message["message_id"] >= newest else label
    return None
