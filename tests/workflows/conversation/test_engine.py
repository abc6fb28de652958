"""Whatever comes in, in whatever order: nothing raises, nothing is lost in silence, nothing is opened twice."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.often import tries
from tests.talk import AN_CUU, INSIDE, START, THUAN_HOA, Talk, asked, case_line, finished
from workflows.conversation.engine import needs
from workflows.conversation.facts import Located, Needs
from workflows.conversation.state import Dialog
from workflows.effects import Acknowledge, AddToCase, Dropped, EraseMe, MoveCase, OpenCase, Say
from workflows.events import (
    BotMembership,
    ButtonPressed,
    CommandSent,
    ContactSent,
    Envelope,
    MediaRef,
    MediaSent,
    Place,
    PlaceMoved,
    PlaceSent,
    Sender,
    TextEdited,
    TextSent,
    Unsupported,
)

SPOKEN = ["1", "2", "99", "hủy", "gui phan anh", "12 Nguyễn Huệ, phường An Cựu", "Cháy nhà số 5 rồi", "khác", "/huy",
          "Đơn khiếu nại về rác", "https://www.google.com/maps?q=16.46,107.59", "https://maps.app.goo.gl/x", "", " ",
          "Đèn đường trước nhà hỏng ba tối nay", "bỏ qua", "dài " * 1000, "PA-7K3M-9QXC", "có"]  # fmt: skip
COMMANDS = ["start", "phananh", "cuatoi", "tracuu", "huy", "trogiup", "dulieu", "xoa", "ngonngu", "bay"]
DATA = ["c:1:photo:skip", "c:1:confirm:send", "c:0:menu:report", "k:7:rate:1", "k:7:dispute", "k:8:withdraw", "k:7:add",
        "k:8:answer", "k:9:show", "c:2:which:new", "c:0::", "c:1::go", "k:7:rate:", "junk"]  # fmt: skip
PLACES = [(16.46, 107.6), (16.5, 107.5), (48.0, 2.0), (0.0, 0.0)]

happenings = st.one_of(
    st.tuples(st.just("text"), st.sampled_from(SPOKEN) | st.text(max_size=40)),
    st.tuples(st.just("reply"), st.sampled_from(SPOKEN)),
    st.tuples(st.just("press"), st.integers(0, 12)),
    st.tuples(st.just("press"), st.integers(0, 12)),
    st.tuples(st.just("data"), st.sampled_from(DATA) | st.text(max_size=20)),
    st.tuples(st.just("photo"), st.sampled_from(["", "Đèn hỏng rồi", "Cháy nhà", "dài " * 1000])),
    st.tuples(st.just("album"), st.sampled_from(["", "Đèn hỏng rồi"])),
    st.tuples(st.just("voice"), st.just("")),
    st.tuples(st.just("place"), st.sampled_from(PLACES)),
    st.tuples(st.just("command"), st.sampled_from(COMMANDS)),
    st.tuples(st.just("wait"), st.sampled_from([timedelta(seconds=2), timedelta(hours=30), timedelta(days=7)])),
    st.tuples(st.just("edit"), st.sampled_from(SPOKEN)),
    st.tuples(st.just("arrived"), st.sampled_from(["", "gone", "not_an_image"])),
    st.tuples(
        st.just("other"), st.sampled_from([ContactSent(), Unsupported("dice"), PlaceMoved(), BotMembership(True)])
    ),
)


def happen(talk: Talk, kind: str, what) -> Talk:
    match kind:
        case "text":
            return talk.says(what, message=f"m{talk.dialog.version}")
        case "reply":
            return talk.says(what, reply_to=talk.facts.cases[0] if talk.facts.cases else None)
        case "press":
            offered = talk.dialog.offered
            return talk.presses_data(offered[what % len(offered)].data) if offered else talk
        case "data":
            return talk.presses_data(what)
        case "photo":
            return talk.sends_photo(what, message=f"m{talk.dialog.version}")
        case "album":
            return talk.sends_photo(what, album="a")
        case "voice":
            return talk.sends_photo(kind="voice")
        case "place":
            return talk.sends_place(*what)
        case "command":
            return talk.commands(what)
        case "wait":
            return talk.waits(what)
        case "edit":
            return talk.edits(talk.dialog.described_by or "m1", what)
        case "arrived":
            media = talk.report.media
            return talk.media_arrives(media[-1].attachment if media else "?", problem=what, lat=16.4, lon=107.5)
    return talk.happens(what)


def said_keys(talk: Talk) -> set[str]:
    return {line.key for effect in talk.effects if isinstance(effect, Say) for line in effect.message.lines}


def done(talk: Talk, *kinds: type) -> bool:
    return any(isinstance(effect, kinds) for effect in talk.effects)


def check_nothing_lost(before: Dialog, talk: Talk, kind: str) -> None:
    after, heard = talk.dialog, said_keys(talk)
    ended = done(talk, OpenCase, Dropped, EraseMe)
    if done(talk, Dropped) and not done(talk, EraseMe):
        assert heard & {"misc.cancelled", "misc.silent", "misc.restarted", "consent.refused"}
    if before.drafting and not after.drafting:
        assert ended, "a draft ended without a word"
    lost = {item.attachment for item in before.report.media} - {item.attachment for item in after.report.media}
    excused = {"photo.cleared", *(key for key in heard if key.startswith("photo.problem."))} & heard
    assert not lost or ended or excused, "photos left the draft in silence"
    replaced = kind == "edit" or (before.step == "description" and kind in ("text", "reply"))
    kept = before.report.text in after.report.text
    assert kept or ended or replaced, "words left the draft in silence"
    if before.report.has_place and not after.report.has_place:
        assert ended, "the place left the draft in silence"


def check_kept_words(before: Dialog, talk: Talk) -> None:
    """Words that wait for their case are filed, become a draft, or are dropped with a word."""
    waiting, now = before.expect, talk.dialog
    if not waiting.holds_something or now.expect.serial == waiting.serial:
        return
    filed = done(talk, MoveCase, AddToCase, EraseMe)
    drafted = waiting.text in now.report.text and now.drafting
    assert filed or drafted or "answer.dropped" in said_keys(talk)


def check_answered(talk: Talk, kind: str) -> None:
    if kind in ("data",):
        assert done(talk, Acknowledge)
    if kind in ("text", "reply", "photo", "place", "command"):
        assert talk.effects, f"{kind} got no answer at all"


WORLDS = {
    "nobody's cases": (),
    "one question": (asked(7), case_line(8, "PA-2222-3336")),
    "two questions": (asked(7), asked(8, "PA-2222-3336")),
    "a result": (finished(7), case_line(8, "PA-2222-3336")),
}


@given(st.sampled_from(sorted(WORLDS)), st.integers(0, 1), st.lists(happenings, max_size=25))
@tries(5)
def test_any_sequence_of_events(world, consent, sequence):
    talk = Talk(cases=WORLDS[world], consent=consent)
    talk.places = {(16.5, 107.5): Located("near", (AN_CUU, THUAN_HOA)), (48.0, 2.0): Located("outside"),
                   (0.0, 0.0): Located("nowhere"), (16.46, 107.6): INSIDE}  # fmt: skip
    opened = 0
    for kind, what in sequence:
        before = talk.dialog
        talk.effects = ()
        happen(talk, kind, what)
        assert talk.dialog.version >= before.version
        if kind != "wait":  # several timers may have fired
            check_nothing_lost(before, talk, kind)
            check_kept_words(before, talk)
            check_answered(talk, kind)
        opened += sum(isinstance(effect, OpenCase) for effect in talk.effects)
    assert opened == len(talk.sent)
    assert all(report.has_place and report.category and (report.text or report.media) for report in talk.sent)


def envelope(event, **more) -> Envelope:
    return Envelope("telegram", "1", False, Sender("1"), event, START, **more)


def drafting() -> Dialog:
    return Talk().sends_photo().dialog


@pytest.mark.parametrize("event", [TextSent("12 Nguyễn Huệ"), ButtonPressed("c:1:location:back"), TextEdited("x")])
def test_an_ordinary_step_of_a_draft_asks_for_nothing_costly(event):
    wanted = needs(drafting(), envelope(event))
    assert (wanted.locate, wanted.cases, wanted.sent_today, wanted.bound, wanted.case_id) == (None,) + (False,) * 3 + (
        None,
    )


def test_what_is_asked_for():
    assert needs(drafting(), envelope(PlaceSent(Place(16.4, 107.5)))).locate == Place(16.4, 107.5)
    assert needs(drafting(), envelope(TextSent("12 Nguyễn Huệ"))).address == "12 Nguyễn Huệ"
    assert needs(drafting(), envelope(TextSent("x"), reply_to="5")).bound
    assert needs(Dialog(), envelope(ButtonPressed("k:7:rate:5"))).case_id == 7
    assert needs(Dialog(), envelope(CommandSent("tracuu", "PA-7K3M-9QXC"))).code == "PA-7K3M-9QXC"
    assert needs(Dialog(), envelope(TextSent("pa7k3m9qxc"))).code
    assert needs(Dialog(), envelope(CommandSent("cuatoi"))).cases
    assert needs(Dialog(), envelope(TextSent("phản ánh của tôi"))).cases
    assert needs(Dialog(), envelope(PlaceMoved())) == Needs()


def test_a_first_photo_asks_for_open_questions_and_the_days_count():
    wanted = needs(Dialog(), envelope(MediaSent(MediaRef("photo", "handle", "unique"))))
    assert (wanted.cases, wanted.sent_today, wanted.locate) == (True, True, None)
