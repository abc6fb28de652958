"""Taking a report down, as the rules alone see it: whatever is said in whatever order, nothing personal comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words.catalogue import load
from tests.often import tries
from tests.workflows.desk.conftest import AREAS, SETTINGS, WORDS, Group
from workflows.case.view import Names
from workflows.conversation.facts import Located
from workflows.desk.intake import FORGET
from workflows.effects import Say, TakeDown
from workflows.intake.sources import CHANNELS

PHONE, NAME = "0912345678", "Trần Thị Tý"
ALL = f"Đèn đường hỏng ba tối\n12 Nguyễn Huệ, phường An Cựu\n{NAME} {PHONE}\ntiếp dân\nTD-2026-7"
SAID = (
    *(ALL, PHONE, f"{NAME}, {PHONE}", f"tên: {NAME}", "nơi: phường An Cựu, phường Thuận Hóa", "đèn đường", "an cựu"),
    *("1", "2", "3", "4", "5", "số: 45/UB", "hotline", "16.46, 107.59", "091", "x", "kênh: gì đó", NAME),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(("answer", "answer", "press", "pin", "photo", "command", "stop")), st.sampled_from(SAID),
              st.integers(0, 30)),
    min_size=3, max_size=25,
)  # fmt: skip


def shown(group):
    """Everything that the group has read, in both languages."""
    said = [one for _, one in group.effects if isinstance(one, Say)]
    return "\n".join(
        str(WORDS.paragraphs(language, one.message)) + str([b.label for row in one.message.buttons for b in row])
        for one in said
        for language in ("vi", "en")
    )


@pytest.mark.parametrize("replies", [True, False])
def test_everything_in_one_message(replies):
    group = Group("operators", replies=replies)
    ha = group.person("Hà")
    ha.commands("nhap", ALL).says("intake.suggested")
    ha.presses("Chiếu sáng").says("intake.preview_words", "intake.preview_source_number", "intake.preview_contact")
    [taken] = ha.presses("Ghi nhận").all(TakeDown)
    assert (taken.channel, taken.number) == ("walk_in", "TD-2026-7")
    report = taken.report
    assert (report.text, report.area, report.category) == ("Đèn đường hỏng ba tối", "an-cuu", "lamp")
    assert (report.phone, report.contact_name) == (PHONE, NAME)
    assert ha.desk.intake is None


def test_two_wards_named_are_asked_about_and_either_can_be_chosen():
    group = Group("operators")
    ha = group.person("Hà")
    ha.commands("nhap", "Đèn đường hỏng\nranh phường An Cựu và phường Thuận Hóa").says("intake.ask_area")
    ha.presses("phường Thuận Hóa").says("intake.suggested")
    assert ha.desk.intake.area == "thuan-hoa"


def test_an_address_too_long_is_asked_for_again_and_the_words_stay():
    ha = Group("operators").person("Hà")
    long = "ngõ 12 đường Nguyễn Huệ " * 13
    ha.commands("nhap", f"Đèn đường hỏng ba tối\nnơi: {long}").says("intake.address_too_long")
    assert "300 ký tự" in shown(ha.group)
    ha.answers("12 Nguyễn Huệ, phường An Cựu").says("intake.suggested")
    assert (ha.desk.intake.words, ha.desk.intake.address) == ("Đèn đường hỏng ba tối", "12 Nguyễn Huệ, phường An Cựu")


def test_a_map_link_may_be_as_long_as_maps_make_them():
    group = Group("operators")
    group.located = Located("inside", AREAS[:1])
    ha = group.person("Hà")
    link = f"https://www.google.com/maps/place/Hu%E1%BA%BF/@16.4637,107.5909,17z/data={'!4m6' * 80}"
    ha.commands("nhap", f"Đèn đường hỏng ba tối\nnơi: {link}").says("intake.suggested")
    assert (ha.desk.intake.lat, ha.desk.intake.lon) == (16.4637, 107.5909)


WHERE = "12 Nguyễn Huệ, phường An Cựu"
LINK = "https://www.google.com/maps/@16.4637,107.5909,17z"


@pytest.mark.parametrize(
    ("wrong", "part"), [("đt: 091", "phone"), ("kênh: gì đó", "channel"), ("số: chưa rõ", "number")]
)
def test_a_map_link_is_kept_when_something_else_is_wrong(wrong, part):
    group = Group("operators")
    group.located = Located("inside", AREAS[:1])
    ha = group.person("Hà")
    ha.commands("nhap", f"Đèn đường hỏng ba tối\n{LINK}\n{wrong}").says(f"intake.bad_{part}")
    intake = ha.desk.intake
    assert (intake.lat, intake.lon, intake.area) == (16.4637, 107.5909, AREAS[0].code)


def test_a_link_to_a_place_outside_is_not_kept():
    group = Group("operators")
    group.located = Located("outside")
    ha = group.person("Hà")
    ha.commands("nhap", f"Đèn đường hỏng ba tối\n{LINK}\nđt: 091").says("intake.bad_phone")
    assert not ha.desk.intake.has_place


@pytest.mark.parametrize(
    ("first", "asked", "wrong", "key"),
    [
        ("Đèn đường hỏng", "nơi", "..", "intake.no_place"),
        (f"Đèn đường hỏng\n{WHERE}", "kênh", "gì đó", "intake.bad_channel"),
        (f"Đèn đường hỏng\n{WHERE}\ntiếp dân", "đt", "091", "intake.bad_phone"),
    ],
)
def test_the_same_mistake_has_the_same_answer_in_one_message_and_at_the_question(first, asked, wrong, key):
    at_once, asked_for = Group("operators").person("Hà"), Group("operators").person("Hà")
    at_once.commands("nhap", f"{first}\n{asked}: {wrong}").says(key)
    asked_for.commands("nhap", first)
    if asked_for.desk.intake.ask == "category":
        asked_for.presses("Chiếu sáng")
    asked_for.answers(wrong).says(key)
    assert at_once.group.posts[-1].message == asked_for.group.posts[-1].message
    at_once.presses("Hủy").says("intake.stopped")


@pytest.mark.parametrize(
    ("spot", "area", "shown"),
    [
        ("12 Nguyễn Huệ, Phường An Cựu, Huế", "phường An Cựu", False),
        ("12 Nguyễn Huệ, Phường 12", "Phường 1", True),
        ("12 Nguyễn Huệ, xã An Hòa", "xã Ân Hòa", True),
        ("12 nguyen hue, phuong an cuu", "phường An Cựu", True),
        ("Xã An Hoà", "xã An Hòa", False),
    ],
)
def test_the_preview_names_the_area_where_the_address_does_not(spot, area, shown):
    group = Group("operators")
    ha = group.person("Hà")
    ha.commands("nhap", ALL)
    ha.presses("Chiếu sáng")
    ha.desk = replace(ha.desk, intake=replace(ha.desk.intake, address=spot, area_names=Names(area, area)))
    ha.answers("zzz").says("intake.choose")
    [place] = [line for line in group.posts[-1].message.lines if line.key == "intake.preview_place"]
    assert place.values["place"].value == (f"{spot} ({area})" if shown else spot)


@pytest.mark.parametrize(
    ("located", "key"),
    [
        (Located("outside"), "intake.outside"),
        (Located("outside", served_by=AREAS[0].names), "intake.outside_known"),
        (Located("nowhere"), "desk.place.nowhere"),
        (Located("near", AREAS), "intake.ask_area"),
        (Located("inside", AREAS[:1]), "intake.suggested"),
        (Located("unmapped"), "intake.suggested"),
    ],
)
def test_a_position(located, key):
    group = Group("operators")
    group.located = located
    ha = group.person("Hà")
    ha.commands("nhap", "Đèn đường hỏng")
    ha.pins().says(key)


def test_a_button_of_somebody_else_or_of_yesterday_does_nothing():
    group = Group("operators")
    ha, bao = group.person("Hà"), group.person("Bảo")
    ha.commands("nhap", ALL)
    ha.presses("Chiếu sáng")
    assert bao.presses("Ghi nhận").toast == "desk.toast.not_yours"
    group.now += timedelta(days=1, minutes=1)
    assert ha.presses("Ghi nhận").toast == "desk.toast.finished"


def test_forgotten_after_a_day_by_itself():
    group = Group("operators")
    ha = group.person("Hà")
    first = ha.commands("nhap", ALL)
    ha.presses("Chiếu sáng")
    ha.timer(first, FORGET).nothing()  # it was touched since
    assert ha.desk.intake is None or ha.desk.intake.phone == PHONE


@pytest.mark.parametrize("said", [PHONE, f"{NAME} {PHONE}", NAME, "zzz"])
def test_a_name_typed_at_the_wrong_question_is_not_repeated(said):
    group = Group("operators")
    ha = group.person("Hà")
    ha.commands("nhap", "Đèn đường hỏng ba tối\n12 Nguyễn Huệ, phường An Cựu")
    ha.answers(said)
    assert said not in shown(group)
    assert ha.desk.intake.phone == (PHONE if PHONE in said else "")


def test_talk_between_two_answers_is_nobodys_business():
    group = Group("operators")
    ha = group.person("Hà")
    ha.commands("nhap")
    ha.says("chiều nay họp nhé").nothing()
    assert group.person("Bảo").replies(group.posts[-1], "Đèn đường hỏng").effects == ()


def test_every_channel_has_a_name_and_a_button():
    words = load(SETTINGS)
    for language in ("vi", "en"):
        names = [words.text(language, f"channel.{code}", {}) for code in CHANNELS]
        assert len(set(names)) == len(names) and all(len(name) <= 20 for name in names)


@tries(2)
@given(STEPS, st.booleans(), st.sampled_from(("inside", "near", "outside", "unmapped")))
def test_whatever_is_said_nothing_personal_comes_back(steps, replies, where):
    group = Group("operators", replies=replies)
    group.located = Located(where, AREAS if where == "near" else AREAS[:1] if where == "inside" else ())
    ha = group.person("Hà")
    ha.commands("nhap")
    for kind, said, pick in steps:
        offered = group.posts[-1].offered
        match kind:
            case "press" if offered:
                ha.presses(offered[pick % len(offered)].data)
            case "pin":
                ha.pins()
            case "photo":
                ha.sends(caption=said if pick % 2 else "")
            case "command":
                ha.commands("nhap", said)
            case "stop":
                ha.commands("huy")
            case _:
                ha.answers(said)
    read = shown(group)
    assert PHONE not in read and NAME not in read
    for _, effect in group.effects:
        if isinstance(effect, TakeDown):
            report = effect.report
            assert report.text and report.category and report.has_place and effect.channel in CHANNELS
