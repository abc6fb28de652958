"""The transcript language of the journeys: people who say and pick things, and what they then hear."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.models import Case, Outbox, table_of
from tests.world import World
from workflows.case.model import State
from workflows.case.replay import replay

SAMPLES = Path(__file__).parent.parent.parent / "bot" / "sandbox" / "samples"
LAMP, AFTER = (SAMPLES / "lamp.jpg").read_bytes(), (SAMPLES / "lamp-after.jpg").read_bytes()
CODE = re.compile(r"PA-\w{4}-\w{4}")
ADDRESS = "12 Nguyễn Huệ, phường An Cựu"
CASES, OUTBOX = table_of(Case), table_of(Outbox)


@dataclass
class Someone:
    """Somebody in one chat of the text-only platform. ``hears`` looks at what was said since the last own act."""

    scene: Scene
    chat: str
    user: str
    name: str
    group: bool = False
    code: str = ""
    _from: int = field(default=0, repr=False)

    def says(self, text: str, **more: Any) -> Someone:
        self._from = len(self.told)
        self.scene.world.line(self.chat, self.user, text=text, name=self.name, group=self.group, **more)
        return self

    def sends_photo(self, content: bytes = LAMP, text: str = "") -> Someone:
        self._from = len(self.told)
        self.scene.world.photo(self.chat, self.user, content, text, name=self.name, group=self.group)
        self.scene.world.forward(seconds=3)  # albums are gathered, and cards wait for their photos
        return self

    def presses(self, data: str) -> Someone:
        """A button press with any data, as a client could forge it."""
        self._from = len(self.told)
        self.scene.world.line(self.chat, self.user, name=self.name, group=self.group, press=data)
        return self

    def sends_place(self, lat: float, lon: float) -> Someone:
        self._from = len(self.told)
        self.scene.world.line(self.chat, self.user, name=self.name, group=self.group, place=[lat, lon])
        return self

    def happens(self, what: str) -> Someone:
        self._from = len(self.told)
        self.scene.world.line(self.chat, self.user, name=self.name, group=self.group, happened=what)
        return self

    def picks(self, label: str, of: str = "") -> Someone:
        return self.says(self.choice(label, of))

    def choice(self, label: str, of: str = "") -> str:
        """The number of a button: of the last message that offers it, or of a case's card."""
        for text in reversed(self.told):
            found = re.search(rf"^(\d+)\. {re.escape(label)}", text, re.MULTILINE)
            if found and of in text:
                return f"{of} {found[1]}".strip()
        raise AssertionError(f"{label!r} is nowhere offered to {self.name}:\n" + "\n---\n".join(self.told[-3:]))

    def offers(self, label: str) -> bool:
        return re.search(rf"^\d+\. {re.escape(label)}$", self.told[-1], re.MULTILINE) is not None

    def hears(self, *parts: str) -> Someone:
        new = "\n".join(self.told[self._from :])
        for part in parts:
            assert part in new, f"{self.name} does not hear {part!r}, but:\n{new}"
        return self

    def heard_code(self) -> str:
        """The first code of a case in what was said since the last own act."""
        new = "\n".join(self.told[self._from :])
        found = CODE.search(new)
        assert found, f"{self.name} hears no code, but:\n{new}"
        return found[0]

    def hears_nothing(self) -> Someone:
        assert self.told[self._from :] == []
        return self

    def does_not_hear(self, *parts: str) -> Someone:
        new = "\n".join(self.told[self._from :])
        for part in parts:
            assert part not in new, f"{self.name} hears {part!r}:\n{new}"
        return self

    def listens(self) -> Someone:
        """From here on."""
        self._from = len(self.told)
        return self

    @property
    def told(self) -> list[str]:
        return self.scene.world.said(self.chat)

    def agrees(self) -> Someone:
        return self.says("/start").picks("Gửi phản ánh mới").hears("có đồng ý không").picks("Đồng ý")

    def reports(
        self,
        words: str = "Đèn đường trước số 12 hỏng ba tối nay",
        category: str = "Chiếu sáng",
        *,
        officials: str = "Có",
        unit: str = "Không rõ",
    ) -> str:
        """A whole report; the code. ``officials`` and ``unit`` are what is answered where it is asked (R61)."""
        if not any("Cảm ơn anh/chị." in text for text in self.told):
            self.agrees()
        self.says("/phananh").sends_photo(LAMP, words)
        self.hears("Sự việc xảy ra ở đâu")
        self.says(ADDRESS)
        if not self.offers(category):
            self.says(category)
        if self.offers(category):
            self.picks(category)
        if "việc làm của cán bộ, cơ quan nhà nước không" in self.told[-1]:
            self.picks(officials)
        if "nói về đơn vị nào" in self.told[-1]:
            self.picks(unit) if self.offers(unit) else self.says(unit)
        self.hears("xem lại trước khi gửi").picks("Gửi phản ánh").hears("Mã phản ánh")
        self.code = self.heard_code()
        return self.code


class Scene:
    """People and groups around one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people: list[Someone] = []
        self.groups: list[str] = []

    def citizen(self, key: str = "lan") -> Someone:
        one = Someone(self, f"chat-of-{key}-77001", f"user-{key}-88001", f"Nguyễn Thị {key.title()} Riêng")
        self.people.append(one)
        return one

    def officer(self, key: str, group: str, agency: str | None) -> Someone:
        """The first in a group: links it by a one-time code, and is confirmed by that."""
        one = self.joins(key, group)
        self.world.link(group, one.user, one.name, agency)
        return one.hears("Nhóm này đã được gắn").listens()

    def joins(self, key: str, group: str) -> Someone:
        """Somebody in a group, of whom we know nothing yet."""
        if group not in self.groups:
            self.groups.append(group)
        return Someone(self, group, f"officer-{key}", key.title(), group=True)

    def alone(self, someone: Someone) -> Someone:
        """An officer's own chat with the bot; what is told there need not be kept from their group."""
        chat = someone.user if self.world.name == "zalo" else f"{someone.user}-rieng"
        return Someone(self, chat, someone.user, someone.name).says("/start").listens()

    def confirm(self, someone: Someone, agency: str | None, role: str = "member") -> None:
        """As an administrator does by command line."""
        now = self.world.clock.now()
        with self.world.store.write() as uow:
            found = uow.agencies.by_code(agency) if agency else None
            person = uow.people.meet(self.world.name, someone.user, "vi", now)
            duty = uow.people.join_staff(person.id, found.id if found else None, now)
            uow.people.change_staff(duty.id, status="confirmed", role=role, confirmed_at=now, confirmed_by="cli")

    def forward(self, **delta: float) -> None:
        for one in self.people:
            one.listens()
        self.world.forward(**delta)

    def case(self, code: str) -> Any:
        with self.world.store.read() as uow:
            row = uow.cases.by_code(code)
        assert row is not None
        return row

    def state(self, code: str) -> State:
        return self.case(code).case.state

    def check(self) -> None:
        """What must hold at the end of every journey."""
        self.world.forward(seconds=3)
        self._replays()
        self._keeps_secrets()
        self._is_at_rest()

    def _replays(self) -> None:
        with self.world.store.read() as uow:
            for row in uow.cases.listing(how_many=1000):
                assert replay(uow.cases.events(row.id)) == row.case

    def _keeps_secrets(self) -> None:
        """Who reported is never told in any group."""
        secrets = {secret for one in self.people for secret in (one.name, one.user, one.chat)}
        for chat in self.groups:
            for text in self.world.said(chat):
                assert not [secret for secret in secrets if secret in text], text

    def _is_at_rest(self) -> None:
        with self.world.store.read() as uow:
            inbox, outbox = uow.inbox.counts(), uow.outbox.counts()
        assert "dead" not in inbox, self._errors()
        assert set(outbox) <= {"sent", "never"}, outbox

    def _errors(self) -> Iterable[str]:
        with self.world.store.read() as uow:
            return [row["error"] for row in uow.inbox.dead(10)]
