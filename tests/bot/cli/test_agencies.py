"""`agencies` and `staff`: who answers for what, whose groups are whose, and who may act."""

import pytest

from tests.bot.cli.conftest import report


def by_code(shell, *words):
    return {row["code"]: row for row in shell.json("agencies", "list", *words)}


def test_add_rename_and_retire(ready):
    ready.run("agencies", "add", "vy-da", "--vi", "UBND phường Vỹ Dạ", "--parent", "so-xay-dung")
    assert by_code(ready)["vy-da"]["parent"] == "so-xay-dung"
    ready.run("agencies", "rename", "vy-da", "--en", "Vy Da Ward")
    assert (by_code(ready)["vy-da"]["vi"], by_code(ready)["vy-da"]["en"]) == ("UBND phường Vỹ Dạ", "Vy Da Ward")
    ready.run("agencies", "retire", "vy-da", "--dry-run")
    assert "vy-da" in by_code(ready)
    ready.run("agencies", "retire", "vy-da")
    assert "vy-da" not in by_code(ready) and "vy-da" in by_code(ready, "--all")


def test_what_cannot_be_done_is_said_in_both_languages(ready):
    for words in (("an-cuu", "--vi", "X"), ("Sai Mã", "--vi", "X"), ("moi", "--vi", "X", "--parent", "khong")):
        told = ready.run("agencies", "add", *words, code=1).stderr
        assert len(told.strip().splitlines()) == 2
    assert "'an-cuu'" in ready.run("agencies", "rename", "an-cu", "--vi", "X", code=1).stderr
    ready.run("agencies", "rename", "an-cuu", code=2)


def test_an_agency_with_open_cases_is_not_retired(ready, world):
    report(world)
    assert "1" in ready.run("agencies", "retire", "an-cuu", code=1).stderr
    assert by_code(ready)["an-cuu"]["open_cases"] == 1


def test_import_is_all_or_nothing_with_every_line_that_is_wrong(ready, tmp_path):
    file = tmp_path / "agencies.csv"
    file.write_text("code,vi,en,kind,parent\nso-a,Sở A,,agency,\nso-b,Sở B,,wrong,\nso-c,,,,\n", encoding="utf-8")
    told = ready.run("agencies", "import", str(file), code=1).stderr
    assert "dòng 3" in told and "line 4" in told and "so-a" not in by_code(ready)
    file.write_text(
        "\ufeffcode,vi,en,kind,parent\nso-a,Sở A,,,\nphong-a,Phòng A,,team,so-a\nan-cuu,An Cựu mới,,,\n",
        encoding="utf-8",
    )
    assert ready.json("agencies", "import", str(file), "--dry-run") == {"added": 2, "changed": 1, "dry_run": True}
    assert "so-a" not in by_code(ready)
    ready.run("agencies", "import", str(file))
    assert by_code(ready)["phong-a"]["parent"] == "so-a" and by_code(ready)["an-cuu"]["vi"] == "An Cựu mới"
    file.write_text("ma,ten\n1,2\n", encoding="utf-8")
    ready.run("agencies", "import", str(file), code=1)
    file.write_bytes("code,vi\nso-d,Sở D\n".encode("utf-16"))
    assert "UTF-8" in ready.run("agencies", "import", str(file), code=1).stderr


def listed(shell, code):
    row = by_code(shell)[code]
    return row["vi"], row["en"], row["kind"], row["parent"]


def test_an_import_changes_only_the_columns_of_its_file(ready, tmp_path):
    ready.run("agencies", "add", "thanh-tra", "--vi", "Thanh tra", "--en", "Inspectorate", "--kind", "inspection",
              "--parent", "so-xay-dung")  # fmt: skip
    file = tmp_path / "agencies.csv"
    file.write_text("code,vi\nthanh-tra,Thanh tra thành phố\n", encoding="utf-8")
    ready.run("agencies", "import", str(file))
    assert listed(ready, "thanh-tra") == ("Thanh tra thành phố", "Inspectorate", "inspection", "so-xay-dung")
    file.write_text("code,vi,en,kind,parent\nthanh-tra,Thanh tra,,,\n", encoding="utf-8")
    ready.run("agencies", "import", str(file))
    assert listed(ready, "thanh-tra") == ("Thanh tra", "Thanh tra", "inspection", None)


@pytest.mark.parametrize(
    ("line", "vi", "en"),
    [
        ("thanh-tra,Thanh tra,agency", "không đổi được thành agency", "does not become agency"),
        ("an-cuu,An Cựu,inspection", "không đổi được thành inspection", "does not become inspection"),
        ("an-cuu,An Cựu,enterprise", "không đổi được thành enterprise", "does not become enterprise"),
        ("an-cuu,An Cựu,phuong", "không có loại cơ quan 'phuong'", "there is no kind of agency 'phuong'"),
        ("an-cuu,,agency", "cần tên tiếng Việt", "needs a Vietnamese name"),
        (f"an-cuu,{'Đ' * 121},agency", "dài nhất 120", "120 characters at most"),
    ],
)
def test_an_import_asks_of_a_known_agency_what_is_asked_of_a_new_one(ready, tmp_path, line, vi, en):
    ready.run("agencies", "add", "thanh-tra", "--vi", "Thanh tra", "--kind", "inspection")
    before = by_code(ready)
    file = tmp_path / "agencies.csv"
    file.write_text(f"code,vi,kind\nvy-da,Vỹ Dạ,agency\n{line}\n", encoding="utf-8")
    told = ready.run("agencies", "import", str(file), code=1).stderr
    assert "dòng 3" in told and vi in told and "line 3" in told and en in told
    assert by_code(ready) == before


def test_an_agency_cannot_be_put_below_itself(ready, tmp_path):
    file = tmp_path / "agencies.csv"
    file.write_text("code,vi,en,kind,parent\nan-cuu,A,,,thuan-hoa\nthuan-hoa,B,,,an-cuu\n", encoding="utf-8")
    ready.run("agencies", "import", str(file), code=1)
    assert by_code(ready)["an-cuu"]["parent"] is None


def test_a_printed_code_links_a_group_once(ready, world):
    code = ready.json("agencies", "link", "an-cuu")["code"]
    world.line("nhom", "duc", group=True, name="Đức", text=f"/lienket {code.lower()}")
    assert [group["status"] for group in by_code(ready)["an-cuu"]["groups"]] == ["open"]
    world.line("nhom-2", "mai", group=True, name="Mai", text=f"/lienket {code}")
    assert len(by_code(ready)["an-cuu"]["groups"]) == 1
    ready.run("agencies", "unlink", "an-cuu")
    assert by_code(ready)["an-cuu"]["groups"] == []


def test_the_operators_group_is_linked_the_same_way(ready, world):
    code = ready.json("agencies", "link", "--operators")["code"]
    world.line("nhom", "ha", group=True, name="Hà", text=f"/lienket {code}")
    assert len(by_code(ready)["operators"]["groups"]) == 1
    ready.run("agencies", "unlink", "--operators", "--dry-run")
    ready.run("agencies", "unlink", "--operators")
    assert by_code(ready)["operators"]["groups"] == []
    ready.run("agencies", "link", code=2)
    ready.run("agencies", "link", "an-cuu", "--operators", code=2)


def test_routes_with_their_gaps_and_overlaps(ready):
    assert ready.json("agencies", "routes", "gaps") == []
    everywhere = next(
        row for row in ready.json("agencies", "routes", "list") if not row["area"] and not row["category"]
    )
    ready.run("agencies", "routes", "drop", str(everywhere["id"]))
    gaps = ready.json("agencies", "routes", "gaps", code=1)
    assert {row["problem"] for row in gaps} == {"gap"} and "vy-da" in {row["area"] for row in gaps}
    ready.run("agencies", "routes", "add", "so-xay-dung")
    ready.run("agencies", "routes", "add", "cong-an", "--area", "an-cuu")
    overlaps = ready.json("agencies", "routes", "gaps", code=1)
    assert {(row["problem"], row["area"], tuple(row["agencies"])) for row in overlaps} == {
        ("overlap", "an-cuu", ("an-cuu", "cong-an"))
    }
    ready.run("agencies", "routes", "add", "cong-an", "--area", "an-cuu", code=1)
    ready.run("agencies", "routes", "add", "cong-an", "--area", "khong", code=1)
    ready.run("agencies", "routes", "drop", "999", code=1)


def test_a_sensitive_category_cannot_be_routed_to_an_agency(ready):
    ready.run("categories", "add", "thai-do", "--vi", "Thái độ cán bộ", "--sensitive")
    assert "nhạy cảm" in ready.run("agencies", "routes", "add", "cong-an", "--category", "thai-do", code=1).stderr
    assert all(row["category"] != "thai-do" for row in ready.json("agencies", "routes", "gaps"))


def test_staff_are_confirmed_named_head_and_removed(ready, world):
    world.link("nhom", "duc", "Đức", "an-cuu")
    world.line("nhom", "mai", group=True, name="Mai", text="/viec")
    (waiting,) = ready.json("staff", "pending", "--agency", "an-cuu")
    number = str(waiting["id"])
    assert waiting["name"] == "Mai"
    assert "staff confirm" in ready.run("staff", "head", number, code=1).stderr
    ready.run("staff", "confirm", number)
    ready.run("staff", "head", number)
    assert [row["role"] for row in ready.json("staff", "list") if row["name"] == "Mai"] == ["head"]
    ready.run("staff", "head", number, "--off")
    ready.run("staff", "remove", number)
    assert [row["status"] for row in ready.json("staff", "list") if row["name"] == "Mai"] == ["removed"]
    ready.run("staff", "confirm", "99", code=1)
    assert ready.json("staff", "list", "--agency", "operators") == []


def test_every_change_is_on_record(ready, world):
    ready.run("agencies", "add", "vy-da", "--vi", "Vỹ Dạ")
    ready.run("agencies", "link", "vy-da")
    with world.store.read() as uow:
        lines = [(row["actor"], row["what"], row["subject"]) for row in uow.registers.records(None, 2)]
    assert lines == [("cli", "link.code", "vy-da"), ("cli", "agency.added", "vy-da")]


def test_stock_replies_of_a_unit(ready):
    made = ready.json(
        "agencies", "replies", "add", "an-cuu", "--title", "Đã xong", "--text", "Đã xử lý xong.", "--for", "ask"
    )
    ready.run("agencies", "replies", "add", "--operators", "--title", "Gửi ảnh", "--text", "Mời gửi ảnh.")
    ready.run("agencies", "replies", "add", "an-cuu", "--operators", "--title", "x", "--text", "x", code=2)
    assert "0912" not in ready.run("agencies", "replies", "add", "an-cuu", "--title", "Gọi", "--text",
                                   "Gọi 0912345678", code=1).stderr  # fmt: skip
    rows = ready.json("agencies", "replies", "list")
    assert [(row["agency"], row["verb"], row["title"]) for row in rows] == [
        ("an-cuu", "ask", "Đã xong"), (None, "", "Gửi ảnh")
    ]  # fmt: skip
    assert ready.json("agencies", "replies", "list", "--agency", "an-cuu") == rows[:1]
    ready.run("agencies", "replies", "remove", str(made["id"]))
    ready.run("agencies", "replies", "remove", str(made["id"]), code=1)
