"""What is typed beyond any use is a sentence in both languages, never a traceback, and nothing is kept."""

import errno
from pathlib import Path

import pytest

from bot.cli.main import Cli
from bot.cli.out import Trouble

HUE = Path(__file__).parents[3] / "storage" / "seed" / "policies" / "hue.yaml"
HUGE = "99999999999999999999999999"


@pytest.mark.parametrize(
    "words",
    [
        ("spots", "show", HUGE),
        ("roster", "remove", HUGE),
        ("policy", "due", "--sent", "9999-12-30T10:00"),
    ],
)
def test_numbers_and_dates_beyond_any_use(ready, words):
    told = ready.run(*words, code=1).stderr
    assert "Error" in told and "Traceback" not in told


def test_a_file_that_cannot_be_written_is_named(ready, tmp_path):
    told = ready.run("cases", "export", str(tmp_path / "nowhere" / "x.csv"), code=1).stderr
    assert "x.csv: không có tệp hoặc thư mục này" in told and "there is no such file or folder" in told
    told = ready.run("cases", "export", "/dev/null/x.csv", code=1).stderr
    assert "/dev/null/x.csv: kiểm tra đường dẫn" in told and "Not a directory; see path and permissions" in told


@pytest.mark.parametrize(
    ("wrong", "vi", "en"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "x.csv"), "x.csv: không có quyền", "not permitted"),
        (OSError(errno.ENOSPC, "No space left on device", "x.csv"), "x.csv: ổ đĩa đã đầy", "the disk is full"),
        (OSError(errno.ENOSPC, "No space left on device"), "tệp: ổ đĩa đã đầy", "the disk is full"),
    ],
)
def test_why_a_file_cannot_be_used_is_said_in_words(wrong, vi, en):
    def fails():
        raise wrong

    failed = Cli("cli", callback=fails, invoke_without_command=True)
    with pytest.raises(Trouble) as told:
        failed([], standalone_mode=False)
    assert vi in told.value.message and en in told.value.message and "Error" not in told.value.message


def test_what_the_command_line_does_not_know_is_said_in_both_languages(ready):
    told = ready.run("agencies", "add", "zz", code=2).stderr
    assert "câu lệnh chưa đúng" in told and "see --help" in told and "--vi" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("areas", "locate", "nan", "nan"), "a number is wanted"),
        (("areas", "locate", "16", "inf"), "not in the range"),
        (("areas", "find", " "), "words are wanted"),
        (("areas", "find", ""), "words are wanted"),
        (("agencies", "add", "zz", "--vi", " "), "words are wanted"),
        (("agencies", "rename", "an-cuu", "--vi", " "), "words are wanted"),
        (("categories", "add", "zz", "--vi", " "), "words are wanted"),
        (("categories", "rename", "trees", "--en", " "), "words are wanted"),
        (("people", "block", "PA-7K3M-9QXC", "--days", "2", "--reason", " "), "words are wanted"),
        (("cases", "correct", "PA-7K3M-9QXC", "--before", "2", "--reason", " "), "words are wanted"),
        (("holidays", "add", "0001-01-01", "--name", "x", "--source", "y"), "within 2000–2100"),
        (("holidays", "add", "9999-12-31", "--name", "x", "--source", "y"), "within 2000–2100"),
        (("holidays", "add", "2026-12-07", "--name", "x", "--source", "y", "--seen", "9999-12-31"), "within 2000–2100"),
        (("holidays", "withdraw", "9999-12-31"), "within 2000–2100"),
        (("agencies", "add", "zz", "--vi", "Đơn vị", "--from", "0001-01-01"), "within 2000–2100"),
        (("agencies", "retire", "an-cuu", "--on", "0001-01-01"), "within 2000–2100"),
        (("areas", "import", __file__, "--from", "0001-01-01"), "within 2000–2100"),
        (("areas", "retire", "an-cuu", "--on", "9999-12-31"), "within 2000–2100"),
        (("cases", "list", "--since", "0001-01-01"), "within 2000–2100"),
        (("cases", "export", "-", "--until", "9999-12-31"), "within 2000–2100"),
        (("report", "figures", "--from", "2026-01-01", "--to", "9999-12-31"), "within 2000–2100"),
        (("roster", "show", "--from", "9999-12-31"), "within 2000–2100"),
        (("staff", "leave", "1", "--from", "2026-01-01", "--until", "9999-12-31"), "within 2000–2100"),
        (("staff", "delegate", "1", "--to", "2", "--from", "0001-01-01", "--until", "2026-01-01"), "within 2000–2100"),
    ],
)
def test_what_is_no_word_no_number_and_no_day_of_ours(ready, words, told):
    assert told in ready.run(*words, code=2).stderr
    assert "zz" not in ready.run("agencies", "list").stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("resolve: {amount: 7", "resolve: {amount: 99999999999999"),
        ("call_out_minutes: 10", "call_out_minutes: 99999999999"),
        ("revive: {amount: 30", "revive: {amount: 3651"),
        ("answer_reminder_days: [1, 2]", "answer_reminder_days: [1, 99999999999]"),
        ("answer_reminder_days: [1, 2]", "answer_reminder_days: [0, 1]"),
        ("rating_levels: [5, 4, 3, 2, 1]", "rating_levels: [6, 5, 1]"),
        ("call_out_rounds: 3", "call_out_rounds: -1"),
        ("{days: 5, to: parent}", "{days: 99999999999, to: parent}"),
        ("{days: -1, to: holder}", "{days: -99999999999, to: holder}"),
        ("alarm: 3", "alarm: -1"),
    ],
)
def test_a_policy_with_a_slip_of_the_keyboard_is_refused(ready, tmp_path, old, new):
    text = HUE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "p.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    told = ready.run("policy", "import", str(file), code=1).stderr
    vi, en = told.strip().splitlines()  # one value is one mistake
    assert "phải từ" in vi and "p.yaml, dòng" in vi and "must be from" in en


def test_a_csv_whose_quotes_do_not_close_loses_no_row_in_silence(ready, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('code,vi\r\nq0,y\r\nq1,"unterminated\r\nq2,x', encoding="utf-8")
    vi, en = ready.run("agencies", "import", str(file), code=1).stderr.strip().splitlines()
    assert "a.csv, dòng 3: từ đây không còn đúng cú pháp CSV; hãy sửa dấu nháy kép" in vi and "(" not in vi
    assert "a.csv, line 3: not CSV from here on" in en
    assert "q0" not in ready.run("agencies", "list").stdout


@pytest.mark.parametrize(
    ("words", "head", "row"),
    [
        (("agencies", "import"), "code,vi", "q0,Sở Xây dựng, Giao thông"),
        (("areas", "aliases", "import"), "name,areas", "Đập Đá,vy-da,an-cuu"),
        (("roster", "import"), "agency,start,end", "an-cuu,2030-01-01 07:00,2030-01-01 19:00,Đức"),
    ],
)
def test_a_csv_loses_no_cell_in_silence(ready, tmp_path, words, head, row):
    file = tmp_path / "a.csv"
    file.write_text(f"{head}\n{row}\n", encoding="utf-8")
    told = ready.run(*words, str(file), code=1).stderr
    assert "a.csv, dòng 2: nhiều ô hơn số cột" in told and "a.csv, line 2: more cells than columns" in told


@pytest.mark.parametrize("name", ["A\nB\t<b>", "Đ" * 121])
def test_a_name_is_one_line_that_fits_a_card(ready, name):
    assert "120" in ready.run("agencies", "add", "zz", "--vi", name, code=1).stderr
