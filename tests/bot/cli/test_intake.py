"""`cases file`, `slip`, `callbacks`, `called`, `contact`: what the counter and the hotline do at a shell."""

import pytest

from tests.bot.cli.conftest import report

PHONE = "0912345678"
GOOD = {
    "--text": "Đèn đường hỏng ba tối nay",
    "--place": "12 Nguyễn Huệ, phường An Cựu",
    "--category": "lighting",
    "--channel": "hotline",
    "--number": "1022-2026-00123",
    "--phone": "0912 345 678",
    "--name": "Trần Thị Tý",
}


def filing(**other):
    """The words of `cases file`, some of them changed."""
    given = GOOD | {f"--{name}": value for name, value in other.items()}
    return ("cases", "file", *(word for pair in given.items() for word in pair))


def test_a_report_is_filed_found_by_its_number_and_shown_without_its_reporter(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    filed = ready.json(*filing())
    code = filed["code"]
    assert code in filed["slip"] and PHONE not in filed["slip"]
    world.settle()
    assert any(code in text for text in world.said("nhom")) and not any(PHONE in text for text in world.said("nhom"))
    assert [row["code"] for row in ready.json("cases", "list", "--number", "1022/2026/00123")] == [code]
    assert [row["code"] for row in ready.json("cases", "list", "--channel", "hotline")] == [code]
    assert ready.json("cases", "list", "--channel", "letter") == []
    shown = ready.json("cases", "show", code)
    assert shown["source"] == {"channel": "hotline", "number": "1022-2026-00123"}
    assert shown["events"][0]["role"] == "admin"
    assert PHONE not in str(shown) and "Tý" not in str(shown)
    assert ready.json("cases", "verify")["wrong"] == []


def test_a_dry_run_keeps_nothing(ready, world):
    assert ready.json(*filing(), "--dry-run")["dry_run"]
    assert ready.json("cases", "list") == []


@pytest.mark.parametrize(
    ("other", "complaint"),
    [
        ({"category": "lightning"}, "lighting"),
        ({"category": "đèn đường"}, "không có lĩnh vực 'đèn đường'; có phải là 'lighting'? Xem categories list"),
        ({"category": "zzz"}, "categories list"),
        ({"phone": "12345"}, "--phone"),
        ({"name": "Lan 2"}, "--name"),
        ({"text": "đèn"}, "--text"),
        ({"place": "21.0278, 105.8342"}, "ngoài địa bàn"),
        ({"place": "12"}, "--place '12' không phải địa chỉ; hãy ghi số nhà, tên đường"),
        ({"place": ""}, "give house number, street and ward, or coordinates"),
        ({"place": "https://maps.app.goo.gl/abc"}, "--place"),
        ({"area": "an-cu"}, "an-cuu"),
        ({"number": "không có"}, "--number"),
        ({"number": PHONE}, "--phone"),
    ],
)
def test_what_cannot_be_right_is_refused_with_what_to_do(ready, other, complaint):
    assert complaint in ready.run(*filing(**other), code=1).stderr
    assert ready.json("cases", "list") == []


def test_an_unknown_channel_is_no_channel(ready):
    ready.run(*filing(channel="pigeon"), code=2)


def test_a_number_that_is_filed_already_names_its_case(ready, world):
    code = ready.json(*filing())["code"]
    assert code in ready.run(*filing(number="1022 2026 00123", text="Đèn khác cũng hỏng"), code=1).stderr
    assert ready.json(*filing(channel="portal"))["code"] != code  # the same number of another register is another


def test_a_slip_to_read_out_and_to_print(ready, tmp_path):
    code = ready.json(*filing())["code"]
    read = ready.run("cases", "slip", code.lower()).stdout
    assert code in read and PHONE not in read and "Tý" not in read
    page = tmp_path / "slip.html"
    ready.run("cases", "slip", code, "--secret", "--language", "en", "--html", str(page))
    assert f"<code>{code}</code>" in page.read_text() and "works once" in page.read_text()


def test_a_secret_is_only_for_whom_was_filed(ready, world):
    assert "tin nhắn" in ready.run("cases", "slip", report(world), "--secret", code=1).stderr


def test_who_has_no_chat_is_called_and_that_is_recorded(ready, world):
    code = ready.json(*filing())["code"]
    assert ready.json("cases", "callbacks") == []  # the receipt was read out
    assert "không có gì" in ready.run("cases", "called", code, code=1).stderr
    ready.run("cases", "move", code, "cancel", "--reason", "unclear", "--text", "Đèn ở đoạn nào?")
    world.settle()
    (call,) = ready.json("cases", "callbacks")
    assert call["code"] == code and "Đèn ở đoạn nào?" in call["words"]
    assert ready.json("cases", "called", code, "--missed")["told"] is False
    assert len(ready.json("cases", "callbacks")) == 1
    ready.json("cases", "called", code)
    assert ready.json("cases", "callbacks") == []
    told = [line for line in ready.json("cases", "show", code)["told"] if line["to"] == "reporter"]
    assert [line["status"] for line in told] == ["sent"] and "Đèn ở đoạn nào?" in told[0]["text"]
    assert [one["outcome"] for one in told[0]["attempts"]] == ["held", "not_answered", "told"]


def test_what_a_caller_answers_is_entered_for_them(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    code = ready.json(*filing())["code"]
    world.settle()
    for words in (f"{code} 1", f"{code} hỏi Đèn ở đoạn nào?", "1"):
        world.line("nhom", "duc", group=True, name="Đức", text=words)
    assert ready.json("cases", "show", code)["state"] == "need_info"
    ready.run("cases", "move", code, "answer", "--text", "Đoạn trước số 12")
    world.settle()
    assert ready.json("cases", "show", code)["state"] == "in_progress"
    assert any("Đoạn trước số 12" in text for text in world.said("nhom"))


def test_figures_by_source_add_up(ready, world):
    report(world)
    ready.json(*filing())
    ready.json(*filing(channel="portal"))
    world.clock.forward(days=1)
    found = ready.json("report", "figures", "--from", "2026-01-01", "--to", "2099-12-31", "--by", "channel")["by_case"]
    assert found["total"]["received"] == 3
    assert {name: line["received"] for name, line in found["lines"].items()} == {"chat": 1, "hotline": 1, "portal": 1}


def test_words_about_officials_want_an_answer_first(ready, world):
    words = {"text": "Cán bộ phường vòi vĩnh tiền mới cấp giấy"}
    assert "--officials" in ready.run(*filing(**words), code=1).stderr
    code = ready.json(*filing(**words), "--officials", "yes")["code"]
    assert ready.json("cases", "list")[0]["sensitive"]
    assert ready.json("cases", "show", code, "--reason", "kiểm tra việc ghi")["sensitive"]


def test_the_queue_says_that_somebody_must_call(ready, world):
    code = ready.json(*filing())["code"]
    ready.run("cases", "move", code, "cancel", "--reason", "unclear", "--text", "Chưa rõ ở đâu")
    world.settle()
    (line,) = [one for one in ready.json("queue", "forecast")["notices"] if one["waits"] == "call"]
    assert line["notices"] == 1
    assert "người trực gọi lại" in ready.run("queue", "forecast").stdout
    (phone,) = [one for one in ready.json("queue", "status")["channels"] if one["channel"] == "phone"]
    assert (phone["status"], phone["held"]) == ("up", {"call": 1})
