"""The people of a play at the phones of the sandbox's page, in a real browser: what they do is clicked and typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

from bot.sandbox.client import Id, Person, SandboxClient
from bot.sandbox.store import Json

PATIENCE = 30_000  # milliseconds that the page may take on a busy machine
SAMPLES = {"lamp": "Đèn đường không sáng", "lamp-after": "Đèn đã sửa (sau)"}


class AtPage(SandboxClient):
    """Looks as any client does, so as to know when something is there; whoever acts does so on the page."""

    def __init__(self, base_url: str, page: Page) -> None:
        super().__init__(base_url)
        self.page = page
        self._address = f"{base_url}/sandbox"
        self._made: list[Id] = []

    def add_people(self, *names: str) -> list[int]:
        people = super().add_people(*names)
        self._shows(*people)
        return people

    def zalo(self, part: str = "", **wish: Any) -> Json:
        answer = super().zalo(part, **wish)
        if part == "people":
            self._shows(*answer["people"])
        return answer

    def _shows(self, *people: Id) -> None:
        """Their phones too."""
        self._made += people
        self.page.goto(f"{self._address}?{urlencode([('phone', one) for one in self._made])}")
        for one in people:
            expect(self.page.locator(f"#phone-{one} h2")).not_to_be_empty(timeout=PATIENCE)

    def as_person(self, chat: Id, person: Id) -> Person:
        return AtPhone(self, chat, person, self.page)


@dataclass(frozen=True)
class AtPhone(Person):
    """Somebody at one phone; of a group, the one who is chosen as speaking."""

    page: Page

    @property
    def phone(self) -> Locator:
        return self.page.locator(f"#phone-{str(self.chat).removeprefix('-')}")

    @property
    def gate(self) -> Locator:
        return self.phone.locator(".gate button")

    def follows(self) -> None:
        self.gate.click()
        expect(self.phone.locator(".composer")).to_be_visible(timeout=PATIENCE)

    def presses(self, message: int, data: str, *, forge: bool = False) -> str:
        """The button with these data, found by its words under its message."""
        found = self.client.look().messages[self.chat, message]
        labels = [button["text"] for row in found["buttons"] for button in row if button.get("callback_data") == data]
        self._speaks()
        block = self._block(message)
        block.get_by_role("button", name=labels[0], exact=True).first.click()
        return ""

    def hears(self, words: str, timeout: float = 10, after: int = 0, code: str = "") -> Json:
        """Once it is there, it also stands on the phone."""
        message = super().hears(words, timeout, after, code)
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # looks at once
        expect(self._block(message["message_id"])).to_contain_text(words, timeout=PATIENCE)
        return message

    def _said(self, act: str, **wish: Any) -> int:
        before = self._own()
        self._speaks()
        if wish.get("reply_to"):
            self._block(wish["reply_to"]).locator(".text").first.click()
        self._do(act, wish)
        return self.client.wait_for(lambda _: (self._own() or 0) > (before or 0) and self._own(), PATIENCE / 1000) or 0

    def _do(self, act: str, wish: dict[str, Any]) -> None:
        if act == "text" and self.gate.is_visible():
            self.gate.click()  # nobody types before a chat has begun
        elif act == "text":
            self._types(wish["text"])
            self.phone.get_by_role("textbox", name="Tin nhắn").press("Enter")
        elif act == "photo":
            self._types(wish["caption"] or "")
            self._attaches()
            for sample in wish["samples"]:
                self.phone.get_by_role("button", name=SAMPLES[sample], exact=True).click()
            self.phone.get_by_role("button", name="Gửi ảnh", exact=True).click()
        elif act == "location":
            self._attaches()
            for place, value in zip(self.phone.locator(".coordinates input").all(), ("lat", "lon"), strict=True):
                place.fill(str(wish[value]))
            self.phone.locator(".coordinates button").click()
        else:
            raise AssertionError(f"{act} is not done at a phone yet")

    def _speaks(self) -> None:
        if self.chat != self.person:
            self.phone.locator("select.as").select_option(str(self.person))

    def _types(self, words: str) -> None:
        self.phone.get_by_role("textbox", name="Tin nhắn").fill(words)

    def _attaches(self) -> None:
        self.phone.get_by_role("button", name="Đính kèm").click()

    def _block(self, message: int) -> Locator:
        return self.phone.locator(f'.block[data-message="{message}"]')

    def _own(self) -> int | None:
        """The newest message of this person here."""
        said = [one["message_id"] for one in self.client.look().in_chat(self.chat) if one["from"]["id"] == self.person]
        return said[-1] if said else None
