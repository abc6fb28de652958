"""Whatever windows, quotas and outages do: each notice is sent once, told with others, or given up with a reason."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.often import tries
from workflows.effects import Lane
from workflows.notifier.channels import Channel, Terms, Window, terms
from workflows.notifier.planner import FallBack, Hold, Notice, NotReached, Send, plan, together
from workflows.notifier.table import rule_of

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WINDOW = Window(free=48 * HOUR, last=7 * DAY, late_price=55)
KINDS = [(Lane.REPLY, ""), (Lane.NOTICE, "notice"), (Lane.NOTICE, "question"), (Lane.NOTICE, "result"),
         (Lane.BROADCAST, "")]  # fmt: skip
MEANT_TO_END = 32 * DAY  # longer than any notice lasts


@dataclass
class Waiting:
    notice: Notice
    chat: int
    due: datetime
    moves: int = 0


@dataclass
class Outside:
    """A far end that takes only what its own rules allow, and remembers what it took."""

    channels: dict[int, Channel]
    now: datetime = START
    waiting: dict[int, Waiting] = field(default_factory=dict)
    ends: dict[int, list[str]] = field(default_factory=dict)
    made: int = 0

    def tell(self, kind: int, chat: int) -> None:
        self.made += 1
        lane, purpose = KINDS[kind]
        self.waiting[self.made] = Waiting(Notice(self.made, rule_of(lane, purpose), self.now), chat, self.now)
        self.ends[self.made] = []

    def change(self, chat: int, **values: Any) -> None:
        self.channels[chat] = replace(self.channels[chat], **values)

    def hears(self, chat: int) -> None:
        if not self.channels[chat].lost:
            self.change(chat, heard_at=self.now, said=0, refused_at=None)
            self.released(chat)

    def released(self, chat: int | None = None) -> None:
        for one in self.waiting.values():
            if chat is None or one.chat == chat:
                one.due = self.now

    def pass_time(self, hours: float) -> None:
        """Everything that falls due meanwhile is planned at its own time."""
        until = self.now + timedelta(hours=hours)
        self.work()
        while (due := min((one.due for one in self.waiting.values()), default=until)) < until:
            self.now = max(self.now, due)
            self.work()
        self.now = until
        self.work()

    def work(self) -> None:
        for _ in range(200):
            due = [one for one in self.waiting.values() if one.due <= self.now]
            if not due:
                return
            self.one(min(due, key=lambda one: (-one.notice.rule.importance, one.notice.id)))
        raise AssertionError("what is due now is planned over and over")

    def one(self, row: Waiting) -> None:
        home = self.channels[row.chat]
        others = [channel for chat, channel in self.channels.items() if chat != row.chat]
        match plan(row.notice, home, others, self.now):
            case Send(price=cost):
                self.send(row, home, cost)
            case Hold(until=until):
                assert until > self.now
                row.due = until
            case FallBack(chat=chat):
                assert terms(self.channels[chat], self.now) in {Terms.FREE, Terms.PAID}
                row.chat, row.moves = chat, row.moves + 1
            case NotReached(reason=reason):
                self.end(row.notice.id, f"not reached: {reason}")

    def send(self, row: Waiting, home: Channel, cost: int) -> None:
        stands = terms(home, self.now)
        assert stands in {Terms.FREE, Terms.PAID}, "what the far end would refuse is not tried"
        assert (cost > 0) == (stands is Terms.PAID) and (row.notice.rule.pays or not cost)
        here = [one.notice for one in self.waiting.values() if one.chat == row.chat]
        for mate in together(row.notice, here):
            self.end(mate.id, f"with {row.notice.id}")
        self.change(row.chat, said=home.said + 1)
        self.end(row.notice.id, "sent")

    def end(self, number: int, how: str) -> None:
        self.ends[number].append(how)
        del self.waiting[number]


ACTS = st.one_of(
    st.tuples(st.just("tell"), st.integers(0, len(KINDS) - 1), st.integers(0, 2)),
    st.tuples(st.just("hears"), st.integers(0, 2)),
    st.tuples(st.just("quota"), st.integers(0, 2), st.integers(1, 60)),
    st.tuples(st.just("down"), st.integers(0, 2)),
    st.tuples(st.just("up"), st.integers(0, 2)),
    st.tuples(st.just("refused"), st.integers(0, 2)),
    st.tuples(st.just("lost"), st.integers(0, 2)),
    st.tuples(st.just("time"), st.sampled_from([0.1, 1, 11, 30, 60, 100, 200])),
)


def act(outside: Outside, what: tuple) -> None:
    match what:
        case ("tell", kind, chat):
            outside.tell(kind, chat)
        case ("hears", chat):
            outside.hears(chat)
        case ("quota", chat, hours):
            outside.change(chat, quota_until=outside.now + timedelta(hours=hours))
        case ("down", chat):
            outside.change(chat, working=False)
        case ("up", chat):
            outside.change(chat, working=True)
            outside.released()
        case ("refused", chat):
            outside.change(chat, refused_at=outside.now)
        case ("lost", chat):
            outside.change(chat, lost=True)
            outside.released(chat)
        case ("time", hours):
            outside.pass_time(hours)


@tries(3)
@given(st.lists(ACTS, max_size=40), st.sampled_from([None, 2]))
def test_each_notice_ends_once(acts, free_replies):
    window = replace(WINDOW, free_replies=free_replies)
    outside = Outside({0: Channel(0, "telegram"), 1: Channel(1, "zalo", window, heard_at=START),
                       2: Channel(2, "zalo-bot", window, heard_at=START)})  # fmt: skip
    for what in acts:
        act(outside, what)
    outside.pass_time(MEANT_TO_END.total_seconds() / 3600)
    assert outside.waiting == {}
    for number, ends in outside.ends.items():
        assert len(ends) == 1, f"notice {number} ended {ends}"
