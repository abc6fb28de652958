"""`roster`: shifts in from a file all or nothing, one by one, shown, and where nobody is on duty."""

from datetime import timedelta

import pytest

from storage.roster import RosterStore
from workflows.duty.shifts import Shift

HEAD = "agency,start,end,person,stand_in\n"


@pytest.fixture
def officers(ready, world):
    """Two officers of An Cựu ward and one operator, by name; their officer numbers."""
    numbers = {}
    with world.store.write() as uow:
        unit = uow.agencies.by_code("an-cuu").id
        for name, agency_id in (("Đức", unit), ("Chi", unit), ("Hương", None)):
            now = world.clock.now()
            person = uow.people.meet("plain", f"user-{name}", "vi", now)
            uow.people.change(person.id, name=name)
            duty = uow.people.join_staff(person.id, agency_id, now)
            uow.people.change_staff(duty.id, status="confirmed", confirmed_at=now)
            numbers[name] = duty.id
    return numbers


def written(tmp_path, text, name="truc.csv"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def shifts(ready, *words):
    return ready.json("roster", "show", "--from", "2030-01-01", "--days", "30", *words)


def test_a_file_goes_in_and_again_with_other_people(ready, officers, tmp_path):
    file = written(
        tmp_path,
        HEAD
        + f"an-cuu,2030-01-01 07:00,2030-01-01 19:00,{officers['Đức']},Chi\n"
        + "an-cuu,2030-01-01 19:00,2030-01-02 07:00,,\n"
        + "operators,2030-01-01T07:00+07:00,2030-01-01T19:00+07:00,huong,\n",
    )
    assert ready.json("roster", "import", file, "--dry-run") == {"added": 3, "changed": 0, "dry_run": True}
    assert shifts(ready) == []
    assert ready.json("roster", "import", file)["added"] == 3
    rows = shifts(ready)
    assert [(row["agency"], row["person"], row["stand_in"], row["state"]) for row in rows] == [
        ("an-cuu", "Đức", "Chi", "ahead"),
        ("operators", "Hương", "", "ahead"),
        ("an-cuu", "", "", "empty"),
    ]
    assert rows[0]["starts_at"].startswith("2030-01-01T00:00:00")  # 07:00 here
    assert ready.json("roster", "import", file) == {"added": 0, "changed": 0, "dry_run": False}
    file = written(tmp_path, HEAD + "an-cuu,2030-01-01 19:00,2030-01-02 07:00,Chi,\n")
    assert ready.json("roster", "import", file)["changed"] == 1
    assert [row["person"] for row in shifts(ready, "--agency", "an-cuu")] == ["Đức", "Chi"]


def test_yaml_is_read_as_it_is_written(ready, officers, tmp_path):
    file = written(
        tmp_path,
        "# tháng một\n- {agency: an-cuu, start: 2030-01-01 07:00, end: 2030-01-01 19:00, person: Đức}\n"
        "- agency: an-cuu\n  start: 2030-01-01 19:00\n  end: 2030-01-02 07:00\n  person: Chi\n",
        "truc.yaml",
    )
    assert ready.json("roster", "import", file)["added"] == 2
    assert [row["person"] for row in shifts(ready)] == ["Đức", "Chi"]


BAD = [
    ("khong-co,2030-01-01 07:00,2030-01-01 19:00,,", "khong-co"),
    ("an-cuu,2030-01-01 07:00,2030-01-01 07:00,,", "sau giờ bắt đầu"),
    ("an-cuu,2030-01-01 19:00,2030-01-01 07:00,,", "sau giờ bắt đầu"),
    ("an-cuu,2030-01-01,2030-01-02,,", "YYYY-MM-DD HH:MM"),
    ("an-cuu,sáng,tối,,", "YYYY-MM-DD HH:MM"),
    ("an-cuu,2030-01-01 07:00,2031-01-01 07:00,,", "7 ngày"),
    ("an-cuu,2030-01-01 07:00,2030-01-01 19:00,Người Lạ,", "Người Lạ"),
    ("an-cuu,2030-01-01 07:00,2030-01-01 19:00,Hương,", "Hương"),  # of the operators
    ("an-cuu,2030-01-01 07:00,2030-01-01 19:00,99999,", "99999"),
    ("an-cuu,2030-01-01 07:00,2030-01-01 19:00,Đức,Đức", "người khác"),
    ("an-cuu,2030-01-01 07:00,2030-01-01 19:00,,Đức", "phải có người trực"),
    ("an-cuu,,2030-01-01 19:00,Đức,", "start"),
    ("an-cuu,2030-01-01 07:00,2030-01-01 19:00,Đức,,thừa", "nhiều ô hơn số cột"),
    ("an-cuu,2030-01-01 07:00", "thiếu"),
    ("an-cuu,2030-02-01 08:00,2030-02-01 09:00,Đức,", "dòng 2"),  # at the time of the good line
]


@pytest.mark.parametrize(("row", "why"), BAD)
def test_one_bad_row_keeps_everything_out(ready, officers, tmp_path, row, why):
    good = "an-cuu,2030-02-01 07:00,2030-02-01 19:00,Đức,\n"
    told = ready.run("roster", "import", written(tmp_path, HEAD + good + row + "\n"), code=1).stderr
    assert "truc.csv, dòng 3" in told and "truc.csv, line 3" in told
    assert why in told
    assert ready.json("roster", "show", "--from", "2030-01-01", "--days", "60") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ma,ten\n1,2\n", "a.csv"),
        ("", "a.csv"),
        (HEAD, "a.csv"),
        ("agency: an-cuu", "a.yaml"),
        ("- [1, 2]", "a.yaml"),
        ("- {agency: [an-cuu], start: x, end: y}", "a.yaml"),
        ("- {agency: an-cuu", "a.yaml"),
        ("", "a.yaml"),
        ("- {agency: an-cuu, start: 2030-01-01 07:00, end: 2030-01-01 09:00, who: Đức}", "a.yaml"),
    ],
)
def test_a_file_of_another_form_is_refused_with_its_line(ready, officers, tmp_path, text, name):
    told = ready.run("roster", "import", written(tmp_path, text, name), code=1).stderr
    assert f"{name}, dòng" in told and f"{name}, line" in told


def test_what_is_in_the_way_in_the_store_is_said(ready, officers, tmp_path):
    ready.run("roster", "add", "an-cuu", "2030-01-01 07:00", "2030-01-01 19:00", "--person", "Đức")
    file = written(tmp_path, HEAD + "an-cuu,2030-01-01 18:00,2030-01-02 07:00,Chi,\n")
    assert "roster show" in ready.run("roster", "import", file, code=1).stderr
    ready.run("roster", "add", "an-cuu", "2030-01-01 18:00", "2030-01-02 07:00", code=1)
    ready.run("roster", "add", "operators", "2030-01-01 18:00", "2030-01-02 07:00", "--person", "Hương")


def test_one_by_one_and_off_again_until_it_has_begun(ready, officers, world):
    added = ready.json("roster", "add", "an-cuu", "2030-01-01 07:00", "2030-01-01 19:00", "--person", "duc",
                       "--stand-in", str(officers["Chi"]))  # fmt: skip
    assert (added["person"], added["stand_in"]) == ("Đức", "Chi")
    ready.run("roster", "remove", str(added["id"]), "--dry-run")
    assert len(shifts(ready)) == 1
    ready.run("roster", "remove", str(added["id"]))
    assert shifts(ready) == []
    ready.run("roster", "remove", str(added["id"]), code=1)
    with world.store.write() as uow:
        begun = RosterStore(uow).add(Shift(0, None, world.clock.now() - timedelta(days=9000), world.clock.now(), None))
    assert "đã bắt đầu" in ready.run("roster", "remove", str(begun), code=1).stderr


def test_gaps_are_empty_shifts_and_times_without_one(ready, officers, clock):
    assert ready.json("roster", "gaps") == []  # who has no roster has no gaps
    begins = clock.now() + timedelta(days=1)
    times = [(begins + timedelta(hours=hours)).isoformat() for hours in (0, 12, 24)]
    ready.run("roster", "add", "an-cuu", times[0], times[1], "--person", "Đức")
    ready.run("roster", "add", "an-cuu", times[1], times[2])
    found = ready.json("roster", "gaps", "--days", "2", "--agency", "an-cuu")
    assert [one["kind"] for one in found[:2]] == ["uncovered", "empty"]
    assert [one["hours"] for one in found[:2]] == [24, 12]
    assert ready.json("roster", "gaps", "--agency", "operators") == []
    ready.run("roster", "gaps", "--agency", "khong-co", code=1)
