"""`cases contact`: what a reporter left to be reached by is shown for a written reason only, and that is logged."""

from tests.bot.cli.conftest import report


def test_a_contact_is_shown_for_a_reason_and_every_look_is_logged(world, ready):
    code, other = report(world), report(world, chat="minh")
    now = world.clock.now()
    with world.store.write() as uow:
        row = uow.cases.by_code(code)
        uow.cases.add_words("w-phone", row.id, row.case.reporter_id, "phone", "0912345678", now)
        uow.flush(now)
    assert "0912345678" not in ready.run("cases", "show", code, "--json").stdout
    assert "--reason" in ready.run("cases", "contact", code, "--reason", " . ", code=1).stderr
    ready.run("cases", "contact", code, code=2)
    assert ready.json("cases", "contact-log") == []
    assert ready.json("cases", "contact", code, "--reason", "hỏi vị trí")["phone"] == "0912345678"
    assert ready.json("cases", "contact", other, "--reason", "gọi lại báo tin")["phone"] is None
    looks = ready.json("cases", "contact-log")
    assert [(one["code"], one["by"], one["reason"]) for one in looks] == [
        (other, "cli", "gọi lại báo tin"),
        (code, "cli", "hỏi vị trí"),
    ]
    assert [one["code"] for one in ready.json("cases", "contact-log", code)] == [code]
    assert "0912345678" not in str(looks)
