"""Commands by any of their names, with and without the slash, in both languages."""

import pytest

from tests.talk import Talk, case_line
from workflows.conversation.commands import ALIASES, COMMANDS, DO, SPOKEN, might_be_code
from workflows.effects import SetLanguage, ShowMyData


def test_every_command_is_done_and_named_in_both_languages():
    assert ALIASES.keys() == DO.keys()
    assert all(len(aliases) >= 2 for aliases in ALIASES.values())
    assert sum(map(len, ALIASES.values())) == len(COMMANDS)
    assert set(SPOKEN.values()) <= set(COMMANDS)


@pytest.mark.parametrize("typed", ["/trogiup", "/help", "/HELP", "trợ giúp", "tro giup", "help", "menu"])
def test_help(typed):
    Talk().says(typed).hears("help.text").offers("report", "mine", "help", "language")


def test_help_speaks_of_numbers_where_they_are_written():
    assert "bấm nút" in Talk().says("/trogiup").reads()
    by_number = Talk(numbers=True).says("/trogiup").reads()
    assert "gõ số đứng trước lựa chọn" in by_number
    assert "nút" not in by_number


@pytest.mark.parametrize("typed", ["/phananh", "/report", "phản ánh mới", "new report"])
def test_a_new_report(typed):
    Talk().says(typed).hears("photo.ask")


@pytest.mark.parametrize("typed", ["/cuatoi", "/my", "phản ánh đã gửi", "phản ánh của tôi", "my reports"])
def test_my_reports(typed):
    Talk(cases=(case_line(),)).says(typed).hears("my.list", "my.item", "my.list_how")


def test_language_by_button_number_or_words():
    for said in ("2", "English", "english"):
        assert Talk().says("/ngonngu").says(said).does(SetLanguage).language == "en"
    assert Talk().says("/language").says("tieng viet").does(SetLanguage).language == "vi"


def test_data():
    assert Talk().says("/dulieu").does(ShowMyData)
    assert Talk().says("/mydata").does(ShowMyData)


def test_what_looks_like_a_code():
    assert might_be_code("PA-7K3M-9QXC")
    assert might_be_code(" pa7k3m9qxc")
    assert not might_be_code("Đèn đường hỏng")
    assert not might_be_code("")
