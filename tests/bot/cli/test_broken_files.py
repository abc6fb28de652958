"""Files that nobody can read: the place is told in both languages first, and nothing is kept."""

import gzip
import re

import pytest

from tests.bot.cli.test_knowledge import codes

YAML, JSON = "không đúng cú pháp YAML; hãy sửa chỗ này", "không đúng cú pháp JSON; hãy sửa chỗ này"
CUT = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03junk"
COMMA = b'{"type": "FeatureCollection",\n "features": [{,}]}'
UNCLOSED, MARKED = b'- {code: a,\n   vi: "x\n', b"a: 1\nbc: \x07\n"
ACCENTED = "a: đường\nb: phường\nc: \x07\nd: một\n".encode()
NO_DAY, NO_NUMBER = b"name: own\nvalid_from: 2026-02-31\n", b"- {code: a, vi: x,\n   position: !!int foo}\n"
NO_VALUE = "không phải ngày, giờ hay số có thật; hãy sửa rồi chạy lại"


@pytest.mark.parametrize(
    ("words", "name", "content", "place", "told"),
    [
        (("policy", "import"), "x.yaml", b"name: own\nrules: [1\nb: 2\n", "dòng 3, cột 2", YAML),
        (("policy", "import"), "x.yaml", MARKED, "dòng 2, cột 5", YAML),
        (("policy", "import"), "x.yaml", ACCENTED, "dòng 3, cột 4", f"{YAML} (thụt dòng"),
        (("policy", "import"), "x.yaml", NO_DAY, "dòng 2, cột 13", f"'2026-02-31' {NO_VALUE}"),
        (("categories", "import"), "x.yaml", NO_NUMBER, "dòng 2, cột 14", f"'foo' {NO_VALUE}"),
        (("categories", "import"), "x.yaml", b"- !!timestamp x", "dòng 1, cột 3", NO_VALUE),
        (("categories", "import"), "x.yaml", b"- !!bool x", "dòng 1, cột 3", NO_VALUE),
        (("categories", "import"), "x.yaml", b"- !!int ''", "dòng 1, cột 3", NO_VALUE),
        (("categories", "import"), "x.yaml", b"- *x", "dòng 1, cột 3", YAML),
        (("policy", "test"), "x.yaml", UNCLOSED, "dòng 3, cột 1", YAML),
        (("categories", "import"), "x.yaml", UNCLOSED, "dòng 3, cột 1", YAML),
        (("categories", "import"), "x.yaml", MARKED, "dòng 2, cột 5", YAML),
        (("categories", "import"), "x.yaml", b"\xff\xfe", "x.yaml", "phải là UTF-8"),
        (("categories", "import"), "x.yaml", b"- just words\n", "x.yaml", "cần 'code' và 'vi'"),
        (("categories", "import"), "x.yaml", b"- {code: a, vi: x, children: 5}", "x.yaml", "a: children là danh sách"),
        (("categories", "import"), "x.yaml", b"- {code: a, vi: x, position: z}", "x.yaml", "a: position là số nguyên"),
        (("roster", "import"), "x.yaml", UNCLOSED, "dòng 3, cột 1", YAML),
        (("roster", "import"), "x.yaml", b"\xff\xfe", "x.yaml", "phải là UTF-8"),
        (("areas", "import"), "x.geojson", COMMA, "dòng 2, cột 16", JSON),
        (("areas", "import"), "x.geojson", b"\xff\xfe\xff", "x.geojson", "phải là UTF-8"),
        (("areas", "import"), "x.geojson.gz", gzip.compress(b"{}" * 999, mtime=0)[:30], "x.geojson.gz", "gzip hỏng"),
        (("areas", "import"), "x.geojson.gz", CUT, "x.geojson.gz", "gzip hỏng"),
        (("areas", "import"), "x.geojson", b"[]", "x.geojson", "FeatureCollection"),
    ],
)  # fmt: skip
def test_where_it_is_broken_and_what_to_do(ready, tmp_path, words, name, content, place, told):
    file = tmp_path / name
    file.write_bytes(content)
    before = codes(ready, "categories"), codes(ready, "areas")
    failed = ready.run(*words, str(file), code=1).stderr
    vi, en = failed.strip().splitlines()
    assert place in vi and told in vi and name in vi
    assert not re.search("found|expected|could not|Expecting", vi)  # the readers' own words
    assert name in en and place.replace("dòng", "line").replace("cột", "column") in en
    assert (codes(ready, "categories"), codes(ready, "areas")) == before


@pytest.mark.parametrize(
    ("content", "where"),
    [(MARKED, "config.yaml:2:5"), (b"web:\n  port: !!int x", "config.yaml:2:9"), (b"\xff\xfe", "config.yaml")],
)
def test_settings_that_nobody_can_read_are_a_problem(shell, tmp_path, content, where):
    file = tmp_path / "config.yaml"
    file.write_bytes(content)
    assert [one["where"] for one in shell.json("check", code=1, BOT_CONFIG=str(file))] == [where]
