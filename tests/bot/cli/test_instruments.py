"""`instruments`: the register of what communes lack and others own (R47)."""


def test_an_instrument_is_put_on_the_register_and_taken_off(ready):
    made = ready.json("instruments", "add", "so-xay-dung", "noise", "--vi", "Máy đo tiếng ồn", "--serial", "S-1")
    assert (made["agency"], made["kind"], made["usable"]) == ("so-xay-dung", "noise", True)
    assert "S-1" in ready.run("instruments", "list").stdout
    assert not ready.json("instruments", "usable", str(made["id"]), "--off")["usable"]
    ready.run("instruments", "remove", str(made["id"]))
    assert ready.json("instruments", "list") == []
    logged = [one["what"] for one in ready.json("records", "--last", "3")]
    assert logged == ["instrument.removed", "instrument.unusable", "instrument.added"]


def test_what_makes_no_sense_is_refused_with_what_to_do(ready):
    add = ("instruments", "add", "so-xay-dung", "noise", "--vi", "Máy đo tiếng ồn")
    ready.run(*add)
    assert "--serial" in ready.run(*add, code=1).stderr
    assert "so-xay-dung" in ready.run("instruments", "add", "so-xay-dun", "noise", "--vi", "x", code=1).stderr
    assert "tên tiếng Việt" in ready.run("instruments", "add", "an-cuu", "noise", "--vi", " ", code=1).stderr
    ready.run("instruments", "add", "an-cuu", "smell", "--vi", "x", code=2)
    assert "instruments list" in ready.run("instruments", "usable", "99", code=1).stderr
    assert "instruments list" in ready.run("instruments", "remove", "99", code=1).stderr
