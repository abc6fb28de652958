"""`records`: who changed what, newest first."""


def test_what_was_changed_is_listed_newest_first(world, ready):
    now = world.clock.now()
    with world.store.write() as uow:
        uow.registers.record("cli", "chat.linked", "7", now, agency_id=3)
        uow.registers.record("cli", "person.blocked", "8", now, days=2)
    found = ready.json("records", "--last", "2")
    assert [(one["what"], one["data"]) for one in found] == [
        ("person.blocked", {"days": 2}),
        ("chat.linked", {"agency_id": 3}),
    ]
    [one] = ready.json("records", "--what", "chat.linked")
    assert (one["actor"], one["subject"]) == ("cli", "7")
    shown = ready.run("records", "--what", "person.blocked").stdout
    assert "days=2" in shown and "chat.linked" not in shown
    assert "(nothing)" in ready.run("records", "--what", "no.such").stdout


def test_a_count_that_makes_no_sense_is_refused(ready):
    assert "0" in ready.run("records", "--last", "0", code=2).stderr
