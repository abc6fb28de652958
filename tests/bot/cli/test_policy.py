"""`policy`: what is shipped, what is imported or refused, and each clock's due instant with the days that led to it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.holidays import unconfirmed_years
from storage.policy_file import shipped
from tests.bot.cli.conftest import report

SENT = "2025-08-31T12:13+07:00"


@pytest.fixture
def changed(tmp_path):
    """A file with a shipped policy, some words of it replaced."""

    def write(*pairs, name="quang-ninh", file="own.yaml"):
        text = shipped(name)
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / file
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def line_of(path, words):
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def without_examples(path):
    """The file without its examples, which hold for the shipped numbers only."""
    text = Path(path).read_text(encoding="utf-8")
    Path(path).write_text(text[: text.index("tests:")], encoding="utf-8")
    return path


SIX_DAYS = ("resolve: {amount: 5,", "resolve: {amount: 6,")
NEXT_CENTURY = ("valid_from: 2020-03-13", "valid_from: 2099-01-01")
TWO_SPECIALS = (
    "specials: [{category: lighting, resolve: {amount: 3}}, {when: urgent, resolve: {amount: 8, unit: hours}}]"
)
OVERLAP = "specials: [{category: lighting, claim: {amount: 3}}, {category: lighting, check: {amount: 2}}]"
FORWARD = "forward: {amount: 1, unit: working_days, ends: closing}"


def test_two_policies_are_shipped_and_the_first_is_in_use(ready):
    listed = {row["policy"]: row for row in ready.json("policy", "list")}
    assert set(listed) == {"quang-ninh/1", "hue/1"}
    assert [row["policy"] for row in listed.values() if row["in_force"]] == ["quang-ninh/1"]
    assert listed["quang-ninh/1"]["regulation"] == "07/2020/QĐ-UBND"
    assert "07/2020/QĐ-UBND" in ready.run("policy", "list").stdout


@pytest.mark.parametrize("name", ["quang-ninh", "hue"])
def test_the_examples_of_what_is_shipped_hold(ready, name):
    assert all(row["ok"] for row in ready.json("policy", "test", name))
    assert ready.run("policy", "show", name).stdout == f"# {name}/1\n{shipped(name)}"


# Public case pages of Huế (sent, day shown as due).
@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ("2021-01-05T16:17+07:00", "2021-01-14"),
        ("2021-01-17T08:25+07:00", "2021-01-27"),
        ("2021-02-21T19:37+07:00", "2021-03-03"),
        ("2022-05-29T09:06+07:00", "2022-06-08"),
        ("2025-06-17T09:29+07:00", "2025-06-26"),
    ],
)
def test_golden_vectors(ready, sent, due):
    clocks = ready.json("policy", "due", "--sent", sent, "--policy", "hue")["clocks"]
    assert datetime.fromisoformat(clocks["resolve"]["due"]).date().isoformat() == due
    assert datetime.fromisoformat(clocks["resolve"]["due"]).utcoffset() == timedelta(hours=7)


def test_every_clock_has_its_due_instant_and_the_days_that_led_to_it(ready):
    told = ready.json("policy", "due", "--sent", SENT)
    assert told["policy"] == "quang-ninh/1"
    assert set(told["clocks"]) == {
        "forward", "arbitration", "claim", "resolve", "interaction", "urgent", "urgent_again", "answer", "rating",
        "check",
    }  # fmt: skip
    assert all(datetime.fromisoformat(one["due"]).tzinfo and one["why"] for one in told["clocks"].values())
    why = told["clocks"]["forward"]["why"]
    assert told["clocks"]["forward"]["due"] == "2025-09-03T17:00:00+07:00"
    assert [line for line in why if line.startswith("2025-09-02") and "Quốc khánh, không tính" in line]
    assert [(one["to"], one["at"][:10]) for one in told["reminders"]] == [
        ("holder", "2025-09-09"),
        ("holder", "2025-09-10"),
        ("holder", "2025-09-11"),
        ("head", "2025-09-15"),
        ("parent", "2025-09-17"),
    ]
    assert "resolve (xử lý xong): 2025-09-10" in ready.run("policy", "due", "--sent", SENT).stdout


def test_options_of_due(ready, changed):
    path = without_examples(changed(("specials: []", TWO_SPECIALS), ("name: quang-ninh", "name: own")))
    ready.run("policy", "import", path)

    def due(*more, clock="resolve"):
        return ready.json("policy", "due", "--sent", "2026-11-16T08:00", *more)["clocks"][clock]["due"][:16]

    assigned = ("--assigned", "2026-11-16T09:00+07:00")
    assert due(*assigned) == "2026-11-23T23:59"
    assert due(*assigned, "--policy", "own") == "2026-11-23T23:59"
    assert due(*assigned, "--policy", "own", "--category", "lighting") == "2026-11-19T23:59"
    assert due(*assigned, "--policy", "own", "--category", "lighting", "--urgent") == "2026-11-16T17:00"
    assert due("--urgent", clock="forward") == "2026-11-16T10:00"
    late = due("--assigned", "2026-11-30T09:00+07:00")
    assert late == due() == "2026-11-25T23:59", "assigned late, the promise at reception still holds"
    assert "'lihgting'" in ready.run("policy", "due", "--sent", SENT, "--category", "lihgting", code=1).stderr
    assert "'huế'" in ready.run("policy", "due", "--sent", SENT, "--policy", "huế", code=1).stderr
    ready.run("policy", "due", "--sent", "2026-11-16T08:00", "--assigned", "2026-11-15T08:00", code=1)
    ready.run("policy", "due", "--sent", "yesterday", code=2)


def test_old_cases_keep_their_version(world, ready, changed):
    old = report(world)
    before = ready.json("cases", "show", old)
    made = ready.json("policy", "import", without_examples(changed(SIX_DAYS)))
    assert (made["policy"], made["new"]) == ("quang-ninh/2", True)
    world.tools.knowledge.forget()
    world.clock.forward(hours=1)
    new = report(world, chat="hoa")
    now = ready.json("cases", "show", old)
    assert [one["data"].get("policy") for one in now["events"][:1]] == ["quang-ninh/1"]
    assert (now["due_at"], now["why_due"]) == (before["due_at"], before["why_due"])
    later = ready.json("cases", "show", new)
    assert later["events"][0]["data"]["policy"] == "quang-ninh/2"
    assert later["due_at"] > now["due_at"]


def test_importing_the_same_again_adds_nothing(ready, changed):
    path = without_examples(changed(SIX_DAYS))
    assert ready.json("policy", "import", path)["new"]
    again = ready.json("policy", "import", path)
    assert (again["policy"], again["new"]) == ("quang-ninh/2", False)
    assert len(ready.json("policy", "list")) == 3


def test_a_dry_run_imports_nothing(ready, changed):
    ready.run("policy", "import", without_examples(changed(SIX_DAYS)), "--dry-run")
    assert len(ready.json("policy", "list")) == 2


def test_a_version_for_later_waits_for_its_day(ready, changed):
    path = without_examples(changed(SIX_DAYS, NEXT_CENTURY))
    ready.run("policy", "import", path)
    in_force = [row["policy"] for row in ready.json("policy", "list") if row["in_force"]]
    assert in_force == ["quang-ninh/1"]
    told = ready.json("policy", "due", "--sent", "2099-01-05T09:00+07:00")
    assert told["policy"] == "quang-ninh/2"
    again = without_examples(changed(("resolve: {amount: 5,", "resolve: {amount: 7,"), NEXT_CENTURY))
    refused = ready.run("policy", "import", again, code=1).stderr
    assert "chồng lấn: phiên bản 2" in refused and f"dòng {line_of(again, 'valid_from')}" in refused


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("  claim: {amount: 1, unit: working_days}\n", "", "policy:", "thiếu (khoảng trống): claim"),
        ("resolve: {amount: 5,", "resolve: {amount: -5,", "resolve: {", "phải từ 0 đến 3650: -5"),
        ("specials: []", "specials: [{category: lihgting, resolve: {amount: 3}}]", "specials", "lĩnh vực 'lihgting'"),
        ("specials: []", OVERLAP, "specials", "chồng lấn: lighting"),
        ("specials: []", "specials: [{category: lighting}]", "specials", "không nêu thời hạn"),
        ("specials: []", "specials: [{category: lighting, result_check: nobody}]", "specials", "nobody"),
        ("{metres: 50, days: 30,", "{metres: 900, days: 30,", "metres: 900", "phải từ 0 đến 200: 900"),
        ("days: 30, offers: 3,", "days: -30, offers: 3,", "days: -30", "phải từ 0 đến 3650: -30"),
        ("offers: 3,", "offers: 9,", "offers: 9", "phải từ 0 đến 3: 9"),
        ("photo: true", "photo: maybe", "photo: maybe", "bool"),
        ("never: [noise,", "never: [noize,", "noize", "lĩnh vực 'noize'"),
        ("alarm: 3", "alarm: 1", "alarm: 1", "phải từ 2 đến 3650: 1"),
        ("alarm: 3, units: []", "alarm: 3", "chronic:", "thiếu (khoảng trống): units"),
        ("units: []", "units: [{agency: a}, {agency: b}]", "agency: b", "chồng lấn: *"),
        ("units: []", "units: [{category: noise}]", "category: noise", "thiếu (khoảng trống): agency"),
        ("result_check: auto", "result_check: anybody", "result_check", "anybody"),
        ("  claim: {amount: 1,", "  resolve: {amount: 9}\n  claim: {amount: 1,", "resolve: {amount: 9}", "hai lần"),
        ('["13:30", "17:00"]', '["11:00", "17:00"]', "monday", "chồng lấn"),
        ("unit: working_hours", "unit: moons", "arbitration", "moons"),
        ("day_zero: event_day", "day_zero: someday", "day_zero", "someday"),
        ("cut_off: closing", "cut_off: late", "cut_off", "HH:MM"),
        (FORWARD, FORWARD.replace("working_days", "hours"), "forward", "hết giờ"),
        ("draft_reminder: {amount: 1, unit: days}", "draft_reminder: {amount: 1}", "draft_reminder", "bản nháp"),
        ("[1, 2]", "[2, 1]", "answer_reminder_days", "tăng dần"),
        ("[5, 4, 3, 2, 1]", "[5, 5]", "rating_levels", "từ 5 xuống 1"),
        ("questions_per_cycle: 2", "questions_per_cycle: two", "questions_per_cycle", "int"),
        ("pauses: {}", "pauses: {claim: [citizen]}", "pauses", "claim"),
        ("{days: 0, to: holder}", "{days: -9, to: holder}", "reminders", "thứ tự"),
        ('quiet: ["21:00", "07:00"]', 'quiet: ["21:00"]', "quiet", "giờ yên lặng"),
        ('quiet: ["21:00", "07:00"]', 'quiet: ["07:00", "07:00"]', "quiet", "giờ yên lặng"),
        ('quiet: ["21:00", "07:00"]', 'quiet: ["25:00", "07:00"]', "25:00", "HH:MM"),
        ('digest_at: "07:30"', "digest_at: 7", "digest_at", "HH:MM"),
        ("name: quang-ninh", "name: ''", "name", "không để trống"),
        ("valid_from: 2020-03-13", "valid_from: soon", "valid_from", "YYYY-MM-DD"),
        ("regulation: #", "regulation_of: #", "regulation_of", "không có mục này"),
        ("due: 2026-11-26}", "due: 2026-11-25}", "due: 2026-11-25", "cần 2026-11-25"),
        ("policy:\n", "policy: [\n", "tests:", "không đúng cú pháp YAML"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_line_and_the_old_one_stays(ready, changed, old, new, line, reason):
    path = changed((old, new))
    told = ready.run("policy", "import", path, code=1).stderr
    assert reason in told and "own.yaml, dòng " in told and "own.yaml, line " in told
    if line != "tests:":
        assert f"dòng {line_of(path, line)}:" in told
    assert [row["policy"] for row in ready.json("policy", "list")] == ["hue/1", "quang-ninh/1"]
    assert ready.json("policy", "due", "--sent", SENT)["policy"] == "quang-ninh/1"


@pytest.mark.parametrize("content", ["", "3", "- a", "a: b"])
def test_what_is_no_policy_at_all_is_refused(ready, tmp_path, content):
    path = tmp_path / "x.yaml"
    path.write_text(content, encoding="utf-8")
    assert "x.yaml, dòng 1" in ready.run("policy", "import", str(path), code=1).stderr
    path.write_bytes(b"\xff\xfe")
    assert "UTF-8" in ready.run("policy", "import", str(path), code=1).stderr


def test_a_policy_of_ones_own_is_used_when_it_is_named(world, ready, changed):
    path = without_examples(changed(("name: quang-ninh", "name: nha-trang"), SIX_DAYS))
    ready.run("policy", "due", "--sent", SENT, code=1, BOT_PROVINCE__POLICY="nha-trang")
    assert "BOT_PROVINCE__POLICY" in ready.run("policy", "import", path).stdout
    told = ready.json("policy", "due", "--sent", SENT, BOT_PROVINCE__POLICY="nha-trang")
    assert told["policy"] == "nha-trang/1"
    assert "province.policy" in ready.run("check", code=1, BOT_PROVINCE__POLICY="nowhere").output


def test_what_differs_between_two_policies(ready, changed):
    found = {row["key"]: (row["from"], row["to"]) for row in ready.json("policy", "diff", "quang-ninh", "hue/1")}
    assert found["policy.resolve.amount"] == (5, 7)
    assert found["policy.resolve_from"] == ("assigned", "received")
    assert "policy.forward.amount" not in found
    by_file = ready.json("policy", "diff", "quang-ninh", changed(SIX_DAYS))
    assert [(row["key"], row["from"], row["to"]) for row in by_file] == [("policy.resolve.amount", 5, 6)]


def test_a_file_that_breaks_its_own_examples_fails_its_test(ready, changed):
    path = changed(SIX_DAYS)
    told = ready.run("policy", "test", path, code=1)
    assert "own.yaml: sai ở dòng" in told.stderr
    assert not all(row["ok"] for row in json.loads(ready.run("policy", "test", path, "--json", code=1).stdout))


# --- days off ---


def test_a_decreed_day_off_moves_what_is_due(ready):
    before = ready.json("policy", "due", "--sent", "2026-11-26T09:00+07:00")["clocks"]["forward"]["due"]
    ready.run("holidays", "add", "2026-11-27", "--name", "Nghỉ bão", "--source", "Công điện 9/CĐ-UBND")
    after = ready.json("policy", "due", "--sent", "2026-11-26T09:00+07:00")["clocks"]["forward"]
    assert (before[:10], after["due"][:10]) == ("2026-11-27", "2026-11-30")
    assert any("Nghỉ bão, không tính" in line for line in after["why"])
    ready.run("holidays", "withdraw", "2026-11-27")
    assert ready.json("policy", "due", "--sent", "2026-11-26T09:00+07:00")["clocks"]["forward"]["due"] == before


def test_days_are_added_removed_and_swapped_with_their_source(ready):
    said = ("--name", "Hoán đổi", "--source", "Thông báo 1", "--seen", "2026-12-01")
    ready.run("holidays", "swap", "2027-02-03", "2027-02-20", *said)
    ready.run("holidays", "remove", "2027-11-24", *said)
    listed = {row["day"]: row for row in ready.json("holidays", "list", "--year", "2027")}
    assert [listed[day]["works"] for day in ("2027-02-03", "2027-02-20", "2027-11-24")] == [False, True, True]
    assert (listed["2027-02-20"]["source"], listed["2027-02-20"]["seen"]) == ("Thông báo 1", "2026-12-01")
    assert listed["2027-01-01"]["vi"] == "Tết Dương lịch" and not listed["2027-01-01"]["entered"]
    told = ready.json("policy", "due", "--sent", "2027-02-19T09:00+07:00")["clocks"]["forward"]
    assert told["due"] == "2027-02-20T17:00:00+07:00" and any("ngày làm bù, có tính" in line for line in told["why"])
    ready.run("holidays", "withdraw", "2027-02-20")
    days = {row["day"] for row in ready.json("holidays", "list", "--year", "2027")}
    assert not {"2027-02-03", "2027-02-20"} & days, "both halves of a swap go together"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "2027-01-01"), "đã là ngày nghỉ"),
        (("remove", "2027-01-05"), "đã là ngày làm việc"),
        (("swap", "2027-01-02", "2027-01-09"), "đã là ngày nghỉ"),
        (("swap", "2027-01-05", "2027-01-06"), "đã là ngày làm việc"),
    ],
)
def test_a_day_that_is_so_already_is_refused(ready, words, told):
    assert told in ready.run("holidays", *words, "--name", "x", "--source", "y", code=1).stderr


def test_refused_without_a_source_and_withdrawn_without_an_entry(ready):
    assert "--source" in ready.run("holidays", "add", "2027-01-05", "--name", "x", "--source", " ", code=1).stderr
    assert "2027-01-05" in ready.run("holidays", "withdraw", "2027-01-05", code=1).stderr
    ready.run("holidays", "add", "tomorrow", "--name", "x", "--source", "y", code=2)


def test_a_coming_year_that_nobody_confirmed_is_warned_of(ready, clock):
    [coming, *_] = unconfirmed_years(range(2026, 2100))
    clock.at = datetime(coming - 1, 11, 23, 2, tzinfo=UTC)
    warning = f"ngày nghỉ năm {coming} chưa được xác nhận"
    assert warning in ready.run("check", code=1).output
    ready.run("holidays", "confirm", str(coming), "--source", "Thông báo 12/TB-VPCP")
    assert warning not in ready.run("check", code=1).output


def test_a_store_from_before_there_were_policies_gets_the_shipped_ones(ready):
    ready.run("db", "downgrade", "0003", "--yes")
    ready.run("db", "upgrade")
    assert [row["policy"] for row in ready.json("policy", "list")] == ["hue/1", "quang-ninh/1"]
    assert ready.json("policy", "due", "--sent", SENT)["clocks"]["forward"]["due"][:10] == "2025-09-03"
