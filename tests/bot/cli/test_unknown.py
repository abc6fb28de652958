"""What is named by command and is not there: the wrong value is said again, with what there is, and nothing changes."""

import pytest

from tests.bot.cli.conftest import report

AREA = "there is no area 'an-cu'; did you mean one of 'an-cuu', "
CATEGORY = "there is no category 'pothol'; did you mean one of "


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("agencies", "retire", "an-cu"), "there is no agency 'an-cu', only 'an-cuu', 'cong-an'"),
        (("agencies", "routes", "add", "an-cuu", "--category", "pothol"), CATEGORY),
        (
            ("agencies", "routes", "add", "an-cuu", "--area", "An Cựu"),
            "there is no area 'An Cựu'; did you mean one of 'an-cuu', ",
        ),
        (("areas", "retire", "an-cu", "--on", "2026-01-01"), "'; có phải là một trong: 'an-cuu', "),
        (("agencies", "routes", "drop", "99"), "99; see agencies routes list"),
        (("agencies", "replies", "remove", "99"), "99; see agencies replies list"),
        (("areas", "retire", "an-cu", "--on", "2026-01-01"), AREA),
        (("areas", "retire", "vy-da", "--on", "2026-01-01", "--successor", "an-cu"), AREA),
        (("areas", "aliases", "drop", "Đập Đá"), "'Đập Đá'; see areas aliases list"),
        (("categories", "retire", "pothol"), CATEGORY),
        (("cases", "list", "--agency", "an-cu"), "there is no agency 'an-cu', only 'an-cuu'"),
        (("cases", "show", "PA-7K3M-9QXC"), "see cases list"),
        (("holidays", "withdraw", "2026-03-03"), "there is no day entered here '2026-03-03'; see holidays list"),
        (("policy", "due", "--sent", "2026-11-20T08:00", "--category", "pothol"), CATEGORY),
        (("policy", "show", "huế"), "there is no policy 'huế', only 'hue/1', 'quang-ninh/1'; see policy list"),
        (("report", "figures", "--from", "2026-01-01", "--to", "2026-01-31", "--area", "an-cu"), AREA),
        (("report", "figures", "--from", "2026-01-01", "--to", "2026-01-31", "--category", "pothol"), CATEGORY),
        (("spots", "list", "--category", "pothol"), CATEGORY),
        (("spots", "list", "--area", "an-cu"), AREA),
        (("storm", "on", "--area", "an-cu", "--text", "Bão"), AREA),
        (("storm", "merge", "--category", "pothol"), "see storm status"),
        (("storm", "off"), "see storm status"),
    ],
)
def test_what_is_not_there_is_said_again_with_what_there_is(ready, words, told):
    failed = ready.run(*words, code=1).stderr
    assert told in failed and "không có" in failed


def test_a_case_is_not_moved_to_a_category_or_an_area_that_is_not_there(ready, world):
    code = report(world)
    assert CATEGORY in ready.run("cases", "move", code, "correct_category", "--category", "pothol", code=1).stderr
    assert AREA in ready.run("cases", "move", code, "correct_category", "--area", "an-cu", code=1).stderr
