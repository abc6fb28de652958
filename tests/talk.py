"""The transcript language: what a citizen says, and what they then hear.

    talk = Talk()
    talk.sends_photo().hears("photo.got", "place.ask")
    talk.presses("skip").hears("place.ask")

Every answer is also checked for what must always hold: the state survives being stored, each line has words in
both languages, and each button can be pressed, typed by its number, or typed in words.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

import msgspec

from bot.words.catalogue import Catalogue, read_texts
from workflows.case.model import State
from workflows.case.view import Names
from workflows.conversation.categories import Category, CategoryTree
from workflows.conversation.choices import read
from workflows.conversation.engine import advance, needs
from workflows.conversation.facts import Area, BoundCase, CaseLine, Facts, Located
from workflows.conversation.state import Dialog
from workflows.effects import Effect, GiveConsent, OpenCase, Say, SetLanguage, WakeAt
from workflows.events import (
    AddressSent,
    ButtonPressed,
    CommandSent,
    Envelope,
    Event,
    MediaArrived,
    MediaKind,
    MediaRef,
    MediaSent,
    Place,
    PlaceSent,
    Sender,
    TextEdited,
    TextSent,
    TimerFired,
)
from workflows.messages import Button, Link, Message
from workflows.report import Report

E = TypeVar("E")

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SETTINGS = {
    "vi": {
        "province": "thành phố Huế",
        "team": "Tổ vận hành",
        "address_form": "anh/chị",
        "upper": "UBND thành phố",
        "complaint_office": "Trụ sở tiếp công dân",
    },
    "en": {"province": "Huế", "team": "operations team", "complaint_office": "the citizens' reception office"},
}
WORDS = Catalogue(read_texts(), SETTINGS)

AN_CUU = Area("19789", Names("phường An Cựu", "An Cựu ward"))
THUAN_HOA = Area("19804", Names("phường Thuận Hóa", "Thuận Hóa ward"))
INSIDE = Located("inside", (AN_CUU,))

CATEGORIES = CategoryTree(
    (
        Category("traffic", "Giao thông", "Traffic", emoji="🛣", words=("đường sá",)),
        Category("lighting", "Chiếu sáng", "Street lighting", parent="traffic", words=("đèn đường",),
                 examples=("Đèn đường hỏng ba tối nay",)),
        Category("pothole", "Mặt đường hỏng", "Road damage", parent="traffic", words=("ổ gà",)),
        Category("trees", "Cây xanh", "Trees", emoji="🌳"),
        Category("fallen", "Cây ngã đổ", "Fallen tree", parent="trees", words=("cây đổ",), photo_required=True),
        Category("clean", "Vệ sinh môi trường", "Sanitation", emoji="🗑"),
        Category("rubbish", "Rác thải", "Rubbish", parent="clean", words=("đổ rác",)),
        Category("safety", "An toàn điện", "Electrical safety", emoji="⚡", danger=("hở điện",)),
        Category("other", "Khác", "Other"),
    )
)  # fmt: skip

FACTS = Facts(
    at=START,
    categories=CATEGORIES,
    consent=1,
    spell=WORDS.spell,
    danger_words=("cháy nhà", "sập", "có người chết"),
    formal_words=("đơn khiếu nại", "đơn tố cáo"),
    secret_words=("bí mật nhà nước",),
)


def case_line(case_id: int = 7, code: str = "PA-7K3M-9QXC", **more: Any) -> CaseLine:
    """One of the citizen's own cases."""
    values: dict[str, Any] = {
        "state": State.IN_PROGRESS,
        "category": Names("Chiếu sáng", "Street lighting"),
        "opened_at": START - timedelta(days=3),
    }
    return CaseLine(case_id, code, **(values | more))


def asked(case_id: int = 7, code: str = "PA-7K3M-9QXC") -> CaseLine:
    """A case in which the agency waits for the citizen's answer."""
    return case_line(case_id, code, state=State.NEED_INFO, question_open=True)


def finished(case_id: int = 7, code: str = "PA-7K3M-9QXC", **more: Any) -> CaseLine:
    """A case with a result that may be rated."""
    return case_line(case_id, code, state=State.RESOLVED, rating_open=True, **more)


class Talk:
    """One citizen's chat with the rules, without a platform and without a store."""

    def __init__(self, **facts: Any) -> None:
        self.facts = replace(FACTS, **facts)
        self.places: dict[tuple[float, float], Located] = {}
        self.dialog = Dialog()
        self.effects: tuple[Effect, ...] = ()
        self.timers: list[WakeAt] = []
        self.bound: BoundCase | None = None
        self.numbers = count(1)
        self.sent: list[Report] = []

    # --- the citizen ------------------------------------------------------------------------------------------

    def says(self, text: str, **more: Any) -> Talk:
        """Type a message; ``reply_to`` a case, ``message`` to name it for a later edit."""
        return self.happens(TextSent(text), **more)

    def edits(self, message: str, text: str) -> Talk:
        """Change an earlier message."""
        return self.happens(TextEdited(text), message=message)

    def commands(self, name: str, args: str = "") -> Talk:
        """Send a command."""
        return self.happens(CommandSent(name, args))

    def presses(self, label: str) -> Talk:
        """Press the offered button with this label (``skip`` for ``button.skip``, or a thing's own name)."""
        return self.presses_data(self.button(label).data)

    def presses_data(self, data: str) -> Talk:
        """Press any button, also one that is not there any more."""
        return self.happens(ButtonPressed(data, press="p1"))

    def sends_photo(self, caption: str = "", album: str | None = None, kind: MediaKind = "photo",
                    unique: str = "", **more: Any) -> Talk:  # fmt: skip
        """Send a photo, or a file of another kind."""
        number = next(self.numbers)
        media = MediaRef(kind, f"handle-{number}", unique or f"unique-{number}", mime=more.pop("mime", None))
        return self.happens(MediaSent(media, caption, album), fresh=f"att-{number}", **more)

    def sends_place(self, lat: float = 16.46, lon: float = 107.6, address: str = "", draft: int = 0,
                    **more: Any) -> Talk:  # fmt: skip
        """Send a pin or a venue; with ``draft`` by the map page of that draft."""
        return self.happens(PlaceSent(Place(lat, lon, address), draft), **more)

    def types_on_the_map(self, address: str, draft: int) -> Talk:
        """Send an address by the map page of this draft."""
        return self.happens(AddressSent(address, draft))

    def waits(self, time: timedelta) -> Talk:
        """Let time go by; what falls due happens on the way."""
        until = self.facts.at + time
        heard: tuple[Effect, ...] = ()
        while due := [timer for timer in self.timers if timer.at <= until]:
            timer = min(due, key=lambda timer: timer.at)
            self.timers.remove(timer)
            self.facts = replace(self.facts, at=max(timer.at, self.facts.at))
            self.happens(TimerFired(timer.about, timer.version))
            heard += self.effects
        self.facts = replace(self.facts, at=until)
        self.effects = heard
        return self

    def media_arrives(self, attachment: str, **more: Any) -> Talk:
        """The bytes of a file came in, or did not."""
        return self.happens(MediaArrived(attachment, **more))

    def happens(self, event: Event, *, message: str | None = None, reply_to: CaseLine | None = None,
                fresh: str = "", purpose: str = "notice") -> Talk:  # fmt: skip
        """Give one event to the engine with what it asks for, and check what must always hold."""
        envelope = Envelope("telegram", "1", False, Sender("1"), event, self.facts.at, message=message,
                            reply_to="9" if reply_to else None)  # fmt: skip
        step = advance(self.dialog, envelope, self._known(envelope, reply_to, fresh, purpose))
        self.dialog, self.effects = step.state, step.effects
        self._remember()
        check_state(self.dialog)
        for said in self._said():
            check_message(said)
        return self

    def _known(self, envelope: Envelope, reply_to: CaseLine | None, fresh: str, purpose: str) -> Facts:
        """Only what ``needs`` asks for, as the handler does it."""
        wants, facts = needs(self.dialog, envelope), self.facts
        located = self.places.get((wants.locate.lat, wants.locate.lon), INSIDE) if wants.locate else None
        own = {case.id: case for case in facts.cases}
        coded = next((case for case in facts.cases if wants.code and _same_code(case.code, wants.code)), None)
        return replace(
            facts,
            located=located,
            named=facts.named if wants.address else (),
            cases=facts.cases if wants.cases else (),
            asked=own.get(wants.case_id) if wants.case_id is not None else coded,
            bound=BoundCase(reply_to, purpose) if reply_to and wants.bound else None,
            sent_today=facts.sent_today if wants.sent_today else 0,
            fresh=fresh,
        )

    def _remember(self) -> None:
        for effect in self.effects:
            match effect:
                case GiveConsent(version=version):
                    self.facts = replace(self.facts, consent=version)
                case SetLanguage(language=language):
                    self.facts = replace(self.facts, language=language)
                case WakeAt():
                    self.timers.append(effect)
                case OpenCase(report=report):
                    self.sent.append(report)

    # --- what they hear -----------------------------------------------------------------------------------------

    def hears(self, *keys: str) -> Talk:
        """These paragraphs, and no others, in this order."""
        heard = [line.key for message in self._said() for line in message.lines]
        assert heard == list(keys), f"heard {heard}, not {list(keys)}"
        return self

    def hears_among(self, *keys: str) -> Talk:
        """These paragraphs, perhaps among others."""
        heard = [line.key for message in self._said() for line in message.lines]
        assert set(keys) <= set(heard), f"heard {heard}, wanted {list(keys)}"
        return self

    def hears_nothing(self) -> Talk:
        """No message at all."""
        return self.hears()

    def offers(self, *labels: str) -> Talk:
        """These buttons, and no others, in this order."""
        found = [_label(button) for button in self.dialog.offered]
        assert found == list(labels), f"offered {found}, not {list(labels)}"
        return self

    def does(self, kind: type[E]) -> E:
        """The one effect of this kind."""
        found = [effect for effect in self.effects if isinstance(effect, kind)]
        assert len(found) == 1, f"{kind.__name__} is {len(found)} times in {self.effects}"
        return found[0]

    def does_not(self, kind: type[Any]) -> Talk:
        """No effect of this kind."""
        assert not [effect for effect in self.effects if isinstance(effect, kind)]
        return self

    def button(self, label: str) -> Button:
        """The offered button with this label."""
        found = [button for button in self.dialog.offered if _label(button) == label]
        assert found, f"no button {label!r} in {[_label(button) for button in self.dialog.offered]}"
        return found[0]

    def reads(self, language: str = "vi") -> str:
        """All that was said, in words."""
        return "\n".join(text for message in self._said() for text in WORDS.paragraphs(language, message))

    def _said(self) -> list[Message]:
        return [effect.message for effect in self.effects if isinstance(effect, Say)]

    @property
    def links(self) -> list[Link]:
        """Pages of ours that were offered."""
        return [link for message in self._said() for link in message.links]

    @property
    def report(self) -> Report:
        """The draft."""
        return self.dialog.report


def check_state(dialog: Dialog) -> None:
    """A dialog is stored as a document and comes back the same."""
    assert msgspec.json.decode(msgspec.json.encode(dialog), type=Dialog) == dialog


def check_message(message: Message) -> None:
    """Both languages have the words; each button fits the platforms and can be typed."""
    offered = [button for row in message.buttons for button in row]
    assert message.lines
    for language in ("vi", "en"):
        for line in message.lines:
            assert WORDS.text(language, line.key, line.values).strip()
    for number, button in enumerate(offered, start=1):
        assert len(button.data.encode()) <= 64
        assert read(str(number), offered, WORDS.spell) == button
        for words in WORDS.spell(button):
            assert read(words, offered, WORDS.spell) == button, f"{words!r} is not {button.data}"


def _label(button: Button) -> str:
    return button.label.value.removeprefix("button.")


def _same_code(code: str, typed: str) -> bool:
    return code.replace("-", "") == "".join(typed.split()).replace("-", "").upper()
