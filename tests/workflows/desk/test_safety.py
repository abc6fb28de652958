"""Whatever several people do in a group, in any order: nothing breaks, nobody acts without right or unseen words."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.often import tries
from tests.workflows.desk.conftest import AREAS, HEAD, Group, Heard, Person
from workflows.actions import Action
from workflows.case.model import Role, State
from workflows.conversation.facts import Located
from workflows.desk.facts import Status
from workflows.desk.flows import FLOWS
from workflows.desk.state import Desk
from workflows.desk.turn import ALBUM, FORGET
from workflows.effects import BlockPerson, KeepMedia, LinkChat, MoveCase, Note, Say, ShowCard, WakeAt
from workflows.events import ButtonPressed, Event, TextSent, TimerFired

STATUSES: tuple[Status, ...] = (
    "confirmed",
    "confirmed",
    "confirmed",
    "confirmed",
    "pending",
    "not_member",
    "unknown",
    "anonymous",
)
TEXTS = st.sampled_from(
    ("1", "2", "3", "gửi", "sua", "hủy", "Cột số mấy?", "đèn đường", "12 Nguyễn Huệ", "", "xây dựng", "trang sau")
) | st.text(max_size=30)
OFTEN = ("begin", "begin", "go_on", "go_on", "go_on", "go_on", "press", "press", "reply", "reply", "reply", "say")
SELDOM = ("photo", "pin", "command", "coded", "forge", "timer", "fail", "wait", "state", "status")
KINDS = st.sampled_from((*OFTEN, *SELDOM))
STEPS = st.lists(st.tuples(KINDS, st.integers(0, 2), st.integers(0, 40), TEXTS, st.booleans()), min_size=5, max_size=40)
COMMANDS = ("viec", "tim", "trogiup", "huy", "chan", "start", "lienket", "nonsense")
WORDLESS = (Action.CORRECT_PLACE,)  # an address stays among colleagues and needs no preview


class Watch:
    """Plays random steps and keeps the last preview that each person was shown."""

    def __init__(self, *, operators: bool, replies: bool) -> None:
        self.group = Group("operators" if operators else "agency", replies=replies)
        for number in (1, 2):
            state = State.RECEIVED if operators else State.IN_PROGRESS
            self.group.case(number, state=state, agency_id=None if operators else 7)
        self.group.case(5, elsewhere=True)
        self.group.located = Located("near", AREAS)
        roles = frozenset({Role.OPERATOR}) if operators else HEAD
        self.people = [self.group.person(name, roles) for name in ("Lan", "Minh", "Hà")]
        self.previews: dict[int, Say] = {}
        self.wakes: list[tuple[Person, WakeAt]] = []
        self.kept: list[str] = []

    def step(self, kind: str, who: int, pick: int, text: str, flag: bool) -> None:
        person, group = self.people[who], self.group
        post = group.posts[-1 - pick % min(6, len(group.posts))]
        match kind:
            case "press" if post.offered:
                self.play(person, ButtonPressed(post.offered[pick % len(post.offered)].data, "press"), post.id)
            case "begin":
                verb = sorted(FLOWS)[pick % len(FLOWS)]
                self.play(person, ButtonPressed(f"d:{1 + pick % 2}:{verb}", "press"), post.id)
            case "go_on" if person.desk.draft:
                self.go_on(person, pick, text)
            case "reply":
                self.play(person, TextSent(text), reply_to=post.id)
            case "say":
                self.play(person, TextSent(text))
            case "coded":
                self.play(person, TextSent(f"{group.views[1 + pick % 2].case.code} {text}"))
            case "photo":
                to = post if flag else None
                self.check(person, None, lambda: person.sends(to=to, caption=text, album="al" if flag else None))
            case "pin":
                self.check(person, None, lambda: person.pins(to=post))
            case "command":
                self.check(person, None, lambda: person.commands(COMMANDS[pick % len(COMMANDS)], text))
            case "forge":
                forged = (
                    f"p:{self.people[(who + 1) % 3].id}.{pick}:send:{pick}",
                    "d:5:claim",
                    f"d:1:{text}",
                    text,
                )
                self.play(person, ButtonPressed(forged[pick % 4], "press"), post.id)
            case "timer" if self.wakes:
                owner, wake = self.wakes[pick % len(self.wakes)]
                self.play(owner, TimerFired(wake.about, wake.version, wake.case_id))
            case "fail" if self.kept:
                kept = self.kept[pick % len(self.kept)]
                self.check(person, None, lambda: person.media_fails(kept, "gone"))
            case "wait":
                group.now += timedelta(hours=pick)
            case "state":
                group.becomes(1 + pick % 2, list(State)[pick % len(State)], outcome="explained")
                group.show_card(1 + pick % 2)
            case "status":
                person.status = STATUSES[pick % len(STATUSES)]

    def go_on(self, person: Person, pick: int, text: str) -> None:
        """The next sensible thing for what the person has begun: words where words are wanted, else a button."""
        draft = person.desk.draft
        assert draft is not None
        mine = [post for post in self.group.posts if post.offered and post.offered == draft.offered]
        if not mine:
            return
        if draft.ask in ("words", "place"):
            self.play(person, TextSent(text), reply_to=mine[-1].id)
        else:
            button = draft.offered[0 if draft.ask == "preview" else pick % len(draft.offered)]
            self.play(person, ButtonPressed(button.data, "press"), mine[-1].id)

    def play(self, person: Person, event: Event, message: str = "m", reply_to: str | None = None) -> None:
        self.check(person, event, lambda: self.group.hear(person, event, message, reply_to))

    def check(self, person: Person, event: Event | None, act) -> None:
        before = person.desk
        heard: Heard = act()
        self.acts_by_right(person, heard)
        self.words_were_seen(person, event, heard)
        self.nobody_elsewhere(heard)
        assert msgspec.json.decode(msgspec.json.encode(person.desk), type=Desk) == person.desk
        assert person.desk == before or person.desk.version > before.version
        self.remember(person, heard)

    def acts_by_right(self, person: Person, heard: Heard) -> None:
        if person.status != "confirmed":
            for kind in (MoveCase, BlockPerson, Note, ShowCard):
                assert not heard.all(kind), kind
        assert not heard.all(LinkChat) or heard.effects == tuple(heard.all(LinkChat))
        assert len(heard.all(MoveCase)) <= 1

    def words_were_seen(self, person: Person, event: Event | None, heard: Heard) -> None:
        """Words leave the group only by the person's own tap on the preview that showed exactly them."""
        leaving = [move.text for move in heard.all(MoveCase) if move.text and move.action not in WORDLESS]
        leaving += [block.reason for block in heard.all(BlockPerson)]
        for words in leaving:
            preview = self.previews[person.id]
            shown = [line.values["text"].value for line in preview.message.lines if line.key == "desk.preview.words"]
            assert shown == [words]
            confirm = preview.message.buttons[0][0]
            assert confirm.data.split(":")[2] == "send"
            if isinstance(event, ButtonPressed):
                assert event.data == confirm.data
            else:
                assert isinstance(event, TextSent)

    def nobody_elsewhere(self, heard: Heard) -> None:
        for effect in heard.effects:
            assert getattr(effect, "case_id", None) != 5

    def remember(self, person: Person, heard: Heard) -> None:
        self.wakes += [(person, wake) for wake in heard.all(WakeAt)]
        assert {wake.about for wake in heard.all(WakeAt)} <= {ALBUM, FORGET}
        self.kept += [keep.attachment for keep in heard.all(KeepMedia)]
        for said in heard.all(Say):
            if any(line.key.startswith("desk.preview.") for line in said.message.lines) and said.message.buttons:
                self.previews[person.id] = said


@tries(2)
@given(operators=st.booleans(), replies=st.booleans(), steps=STEPS)
def test_random_events_from_several_people(operators, replies, steps):
    watch = Watch(operators=operators, replies=replies)
    for step in steps:
        watch.step(*step)


def test_the_watch_would_notice_words_nobody_saw():
    """The property can fail: a move whose words were never previewed is caught."""
    watch = Watch(operators=False, replies=True)
    lan = watch.people[0]
    unseen = Heard(watch.group, (MoveCase(1, Action.ASK, text="chưa ai xem"),))
    try:
        watch.words_were_seen(lan, TextSent("1"), unseen)
    except KeyError:
        return
    raise AssertionError("unseen words went through")
