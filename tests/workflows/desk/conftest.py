"""A group that talks to the desk: cases, cards and messages are kept here, everything else is the real rules."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from bot.words.catalogue import Catalogue, load
from workflows import codes
from workflows.case.calendar import WorkingCalendar
from workflows.case.cards import card
from workflows.case.decide import open_actions
from workflows.case.law import Law
from workflows.case.model import Case, Role, State
from workflows.case.policy import Policy
from workflows.case.view import CaseView, Names
from workflows.conversation.categories import Category, CategoryTree
from workflows.conversation.facts import Area, Located
from workflows.desk.engine import decide, needs
from workflows.desk.facts import CHOICES, PAGE, Actor, AgencyChoice, CardLine, DeskFacts, Linked, Moved, Status
from workflows.desk.state import Desk
from workflows.desk.turn import ALBUM, FORGET
from workflows.effects import (
    Acknowledge,
    BlockPerson,
    Effect,
    MoveCase,
    Say,
    WakeAt,
)
from workflows.events import (
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
    TextSent,
    TimerFired,
)
from workflows.messages import Button, Message
from workflows.text import fold

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LAW = Law(Policy(), WorkingCalendar())
WARD, LIGHTS, ROADS = 7, 8, 9
AGENCIES = (
    AgencyChoice(WARD, Names("UBND phường An Cựu", "An Cựu Ward")),
    AgencyChoice(LIGHTS, Names("Công ty Chiếu sáng", "Lighting Company")),
    AgencyChoice(ROADS, Names("Sở Xây dựng", "Department of Construction")),
)
AREAS = (
    Area("an-cuu", Names("phường An Cựu", "An Cựu")),
    Area("thuan-hoa", Names("phường Thuận Hóa", "Thuận Hóa")),
)
TREE = CategoryTree(
    (
        Category("infra", "Hạ tầng", "Infrastructure"),
        Category("lamp", "Chiếu sáng", "Street lamps", "infra", words=("đèn đường",)),
        Category("road", "Đường hỏng", "Broken road", "infra", words=("ổ gà",)),
        Category("waste", "Rác thải", "Waste"),
    )
)
OFFICER = frozenset({Role.FOCAL, Role.OFFICER})
HEAD = OFFICER | {Role.HEAD}
OPERATOR = frozenset({Role.OPERATOR})
SETTINGS = {
    "vi": {
        "province": "Huế",
        "team": "Tổ vận hành",
        "address_form": "anh/chị",
        "upper": "UBND thành phố",
        "complaint_office": "Ban Tiếp công dân",
    },
    "en": {
        "province": "Hue",
        "team": "the operations team",
        "address_form": "you",
        "upper": "the city",
        "complaint_office": "the complaints office",
    },
}
WORDS = load(SETTINGS)


def code_of(number: int) -> str:
    return codes.make("PA", (number % 26, 1, 2, 3, 4, 5, 6))


@dataclass
class Post:
    """A message of ours in the group."""

    id: str
    message: Message
    case_id: int | None
    purpose: str

    @property
    def offered(self) -> tuple[Button, ...]:
        return tuple(button for row in self.message.buttons for button in row)


@dataclass
class Heard:
    """What came of one event, to be asked about in a test."""

    group: Group
    effects: tuple[Effect, ...]

    def all(self, kind: type) -> list[Any]:
        return [effect for effect in self.effects if isinstance(effect, kind)]

    @property
    def keys(self) -> list[str]:
        return [line.key for said in self.all(Say) for line in said.message.lines]

    @property
    def toast(self) -> str:
        [ack] = self.all(Acknowledge)
        return ack.toast.value if ack.toast else ""

    @property
    def move(self) -> MoveCase:
        [move] = self.all(MoveCase)
        return move

    @property
    def shown(self) -> Post:
        """The last message with buttons, or the last at all."""
        return self.group.posts[-1]

    def says(self, *keys: str) -> Heard:
        missing = [key for key in keys if key not in self.keys]
        assert not missing, f"not said: {missing}; said: {self.keys}"
        return self

    def nothing(self) -> Heard:
        assert self.effects == (), self.effects
        return self

    def no_move(self) -> Heard:
        assert not self.all(MoveCase) and not self.all(BlockPerson)
        return self


class Group:
    """One group on one platform, with as many people as a test names."""

    def __init__(self, linked: Linked = "agency", *, replies: bool = True, language: str = "vi") -> None:
        self.linked = linked
        self.replies = replies
        self.language = language
        self.now = MONDAY
        self.views: dict[int, CaseView] = {}
        self.elsewhere: dict[int, CaseView] = {}  # cases of other groups
        self.posts: list[Post] = []
        self.cards: dict[int, Post] = {}
        self.effects: list[tuple[Person, Effect]] = []
        self.found: list[str] = []  # what was searched for
        self.located: Located | None = None
        self._ids = itertools.count(1)

    def person(self, name: str, roles: frozenset[Role] | None = None, status: Status = "confirmed") -> Person:
        mine = roles if roles is not None else (OPERATOR if self.linked == "operators" else OFFICER)
        return Person(self, next(self._ids), name, mine, status)

    def case(self, number: int = 1, *, elsewhere: bool = False, **facts: Any) -> CaseView:
        """A case of this group with its card posted; in progress unless told otherwise."""
        given = {"state": State.IN_PROGRESS, "agency_id": WARD, "category": "lamp", **facts}
        made = Case(code=code_of(number), version=3, opened_at=MONDAY, reporter_id=99, reporter_type="person", **given)
        view = CaseView(
            number, made, MONDAY, Names("Chiếu sáng", "Street lamps"), Names("Hạ tầng", "Infrastructure"),
            agency=AGENCIES[0].names, area=AREAS[0].names, text="Đèn đường hỏng",
        )  # fmt: skip
        (self.elsewhere if elsewhere else self.views)[number] = view
        if not elsewhere:
            self.show_card(number)
        return view

    def becomes(self, number: int, state: State, **facts: Any) -> None:
        view = self.views[number]
        self.views[number] = replace(view, case=replace(view.case, state=state, **facts))

    def show_card(self, number: int) -> Post:
        view = self.views[number]
        roles = OPERATOR if self.linked == "operators" else HEAD
        message = card(view, open_actions(view.case, roles, LAW), operators=self.linked == "operators")
        return self.post(message, number, "card")

    def post(self, message: Message, case_id: int | None, purpose: str, edit: str | None = None) -> Post:
        if edit is not None:
            [old] = [post for post in self.posts if post.id == edit]
            old.message, old.purpose = message, purpose
            self.posts.remove(old)
            self.posts.append(old)
            return old
        made = Post(f"m{next(self._ids)}", message, case_id, purpose)
        self.posts.append(made)
        if purpose == "card" and case_id is not None:
            self.cards[case_id] = made
        return made

    def hear(self, person: Person, event: Event, message: str, reply_to: str | None) -> Heard:
        sender = Sender(f"u{person.id}", person.name, anonymous=person.status == "anonymous")
        envelope = Envelope("sandbox", "-100", True, sender, event, self.now, message, reply_to)
        step = decide(person.desk, envelope, self.facts(person, envelope))
        person.desk = msgspec.json.decode(msgspec.json.encode(step.state), type=Desk)
        assert person.desk == step.state
        for effect in step.effects:
            self.effects.append((person, effect))
            if isinstance(effect, Say):
                self.readable(effect.message)
                self.post(effect.message, effect.case_id, effect.purpose, effect.edit)
        return Heard(self, step.effects)

    def readable(self, message: Message) -> None:
        for language in ("vi", "en"):
            assert WORDS.paragraphs(language, message)
            for row in message.buttons:
                for button in row:
                    assert WORDS.label(language, button.label)
                    assert len(button.data.encode()) <= 64

    def facts(self, person: Person, envelope: Envelope) -> DeskFacts:
        """Only what was asked for, as the handler gives it."""
        wanted = needs(person.desk, envelope, "PA")
        bound = next((post for post in self.posts if wanted.replied and post.id == wanted.replied), None)
        case_id = bound.case_id if bound else None
        everything = self.views | self.elsewhere
        if case_id is None and wanted.code:
            case_id = next((id for id, view in everything.items() if view.case.code == wanted.code), None)
        if case_id is None and wanted.case_id in everything:
            case_id = wanted.case_id
        view = self.views.get(case_id) if case_id is not None else None
        post = bound or (self.cards.get(case_id) if view and case_id is not None else None)
        actor = Actor(person.id, person.name, person.roles, person.status if wanted.actor else "unknown")
        return DeskFacts(
            at=self.now,
            linked=self.linked,
            actor=actor,
            spell=WORDS.spell,
            agency_id=WARD if self.linked == "agency" else None,
            agency=AGENCIES[0].names if self.linked == "agency" else None,
            view=view,
            actions=open_actions(view.case, person.roles, LAW) if view and wanted.actor else (),
            view_refused=case_id is not None and view is None,
            moved=Moved("Chị Lan", AGENCIES[0].names, MONDAY) if view else None,
            cards=self._cards(wanted) if wanted.cards and actor.status == "confirmed" else (),
            agencies=self._agencies(wanted.agencies) if wanted.agencies is not None else (),
            areas=tuple(area for area in AREAS if fold(wanted.areas or "") in fold(area.names.vi))
            if wanted.areas is not None
            else (),
            located=self.located if wanted.locate else None,
            named=tuple(area for area in AREAS if fold(area.names.vi) in fold(wanted.address)),
            categories=TREE if wanted.categories else CategoryTree(),
            bound_purpose=bound.purpose if bound else "",
            offered_on_card=post.offered if post else (),
            fresh=f"a{next(self._ids)}",
            replies=self.replies,
        )

    def _agencies(self, query: str) -> tuple[AgencyChoice, ...]:
        found = tuple(one for one in AGENCIES if fold(query) in fold(one.names.vi))
        return found[: CHOICES + 1]

    def _cards(self, wanted: Any) -> tuple[CardLine, ...]:
        self.found.append(wanted.search)
        found = [view for view in self.views.values() if fold(wanted.search) in fold(view.text)]
        lines = [
            CardLine(view.id, view.case.code, view.category, view.area, view.case.state, view.case.resolve_due,
                     view.working_days_left, view.case.urgent)
            for view in found
        ]  # fmt: skip
        return tuple(lines[wanted.offset : wanted.offset + PAGE + 1])


@dataclass
class Person:
    """Somebody in the group (or not any more)."""

    group: Group
    id: int
    name: str
    roles: frozenset[Role]
    status: Status
    desk: Desk = field(default_factory=Desk)

    def _does(self, event: Event, message: str = "", reply_to: Post | None = None) -> Heard:
        said = message or f"u{next(self.group._ids)}"
        return self.group.hear(self, event, said, reply_to.id if reply_to else None)

    def presses(self, label: str, on: Post | None = None) -> Heard:
        """A button by its Vietnamese label (or its data), on the message given or the last that has it."""
        for post in [on] if on else reversed(self.group.posts):
            for button in post.offered:
                if label in (WORDS.label("vi", button.label), button.data):
                    return self._does(ButtonPressed(button.data, f"press{next(self.group._ids)}"), post.id)
        raise AssertionError(f"nobody offered {label}")

    def forges(self, data: str) -> Heard:
        return self._does(ButtonPressed(data, "press"), "m0")

    def says(self, text: str) -> Heard:
        return self._does(TextSent(text))

    def replies(self, to: Post, text: str) -> Heard:
        return self._does(TextSent(text), reply_to=to)

    def answers(self, text: str) -> Heard:
        """A reply to the last message, or just the next message where there are no replies."""
        return self.replies(self.group.posts[-1], text) if self.group.replies else self.says(text)

    def sends(self, *, to: Post | None = None, caption: str = "", album: str | None = None, kind: MediaKind = "photo",
              mime: str | None = None) -> Heard:  # fmt: skip
        unique = f"f{next(self.group._ids)}"
        post = to or (self.group.posts[-1] if self.group.replies else None)
        return self._does(MediaSent(MediaRef(kind, unique, unique, mime=mime), caption, album), reply_to=post)

    def pins(self, lat: float = 16.46, lon: float = 107.59, to: Post | None = None) -> Heard:
        post = to or (self.group.posts[-1] if self.group.replies else None)
        return self._does(PlaceSent(Place(lat, lon)), reply_to=post)

    def commands(self, name: str, args: str = "", to: Post | None = None, *, to_us: bool = False) -> Heard:
        return self._does(CommandSent(name, args, to_us), reply_to=to)

    def timer(self, heard: Heard, about: str) -> Heard:
        [wake] = [one for one in heard.all(WakeAt) if one.about == about]
        self.group.now = max(self.group.now, wake.at)
        return self._does(TimerFired(about, wake.version, wake.case_id))

    def album_ends(self, heard: Heard) -> Heard:
        return self.timer(heard, ALBUM)

    def day_passes(self, heard: Heard) -> Heard:
        return self.timer(heard, FORGET)

    def media_fails(self, attachment: str, problem: str) -> Heard:
        return self._does(MediaArrived(attachment, problem))


@pytest.fixture
def agency() -> Group:
    """An agency's group on a platform with buttons and replies."""
    return Group("agency")


@pytest.fixture
def operators() -> Group:
    """The operators' group."""
    return Group("operators")


@pytest.fixture
def plain() -> Group:
    """An agency's group on a platform that has only text."""
    return Group("agency", replies=False)


@pytest.fixture
def words() -> Catalogue:
    """The real words."""
    return WORDS
