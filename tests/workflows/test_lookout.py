"""What sounds like danger, a formal complaint or a state secret, and what only looks like it."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from workflows.lookout import flags, heard
from workflows.text import fold

SEED = Path(__file__).parents[2] / "storage" / "seed"
DATA = yaml.safe_load((SEED / "lookout.yaml").read_text(encoding="utf-8"))
DANGER, FORMAL, SECRET = (tuple(DATA[name]) for name in ("danger", "formal", "secret"))


def flagged(text):
    return flags(text, DANGER, FORMAL, SECRET)


@pytest.mark.parametrize(
    "text",
    [
        "Cháy!",
        "Nhà hàng xóm đang cháy to lắm",
        "NHÀ CHÁY Ở KIỆT 12",
        "chay nha so 12 Nguyen Hue",
        "co hoa hoan o cho Dong Ba",
        "hoả hoạn ở chợ",
        "Cột điện rò điện, có người bị điện giật",
        "dien giat chet nguoi",
        "Dây điện đứt rớt xuống đường",
        "day dien rot xuong duong ni",
        "Bức tường sắp sập",
        "Cầu sập rồi",
        "sap cau treo, co nguoi bi thuong",
        "Sạt lở ngay sau nhà",
        "Có quả bom cũ trong vườn",
        "qua bom cu trong vuon",
        "Trẻ con rớt xuống cống",
        "chau be bi chet duoi",
        "Đám thanh niên đánh nhau, có mã tấu",
        "Bị chó cắn ở công viên",
        "Bình gas bị xì gas nồng nặc",
        "There is a gas leak here",
    ],
)
def test_danger_is_heard(text):
    assert flagged(text) == ("danger",)


@pytest.mark.parametrize(
    "text",
    [
        "Xe tải chạy quá nhanh",
        "xe tai chay qua nhanh qua",
        "nuoc chay tran ra duong",
        "Nước chảy tràn ra đường",
        "Đường sắp xong mà rào chắn còn đó",
        "duong sap xong ma chua don dep",
        "Đèn đường bị cháy bóng ba tối nay",
        "bong den chay, duong toi om",
        "Bóng đèn cháy mấy hôm ni",
        "Thủ tục phòng cháy chữa cháy quá lâu",
        "Quán ăn chay mở nhạc to",
        "quan an chay nha hang xom mo nhac to",
        "Trạm bơm hỏng",
        "tram bom hong",
        "cây sung trước ngõ",
        "cay sung truoc ngo",
        "xin cho can bo xuong xem",
        "bao hanh cong trinh duong",
        "lo dat trong day rac",
        "lam tu tu mai khong xong",
        "ho dien thoai khong ai nghe",
        "Ổ gà dễ gây tai nạn",
        "Xe máy nổ máy ồn ào cả đêm",
        "Quán nhậu chặt chém du khách",
        "Mạng sập từ sáng",
        "hàng cây to cao",
        "hang cay to cao che bien bao",
        "toi mat giay to",
        "tai lieu mat khong ai tra",
        "Rác chất đống mấy bữa ni",
        "",
        "😡😡😡",
    ],
)
def test_what_only_looks_like_it_is_let_pass(text):
    assert flagged(text) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Đơn khiếu nại về việc đèn đường hỏng", ("formal",)),
        ("don khieu nai quyet dinh thu hoi dat", ("formal",)),
        ("Tôi tố cáo ông chủ tịch", ("formal",)),
        ("don to cao", ("formal",)),
        ("Tài liệu tuyệt mật bị vứt ngoài đường", ("secret",)),
        ("Văn bản mật nằm trong bãi rác", ("secret",)),
        ("bi mat nha nuoc", ("secret",)),
        ("Khiếu nại về vụ cháy, có tài liệu mật", ("danger", "secret", "formal")),
    ],
)
def test_formal_complaints_and_secrets(text, found):
    assert flagged(text) == found


def test_diacritics_that_were_typed_are_compared_exactly():
    assert heard("chạy nhà", ["cháy nhà"]) == ()
    assert heard("Cháy nhà", ["cháy nhà"]) == ("cháy nhà",)
    assert heard("chay nha", ["cháy nhà"]) == ("cháy nhà",)
    assert heard("chay", ["=cháy"]) == ()
    assert heard("cháy", ["=cháy"]) == ("=cháy",)


def test_only_whole_words_are_heard():
    assert heard("sập", ["ập"]) == ()
    assert heard("bomnha", ["bom"]) == ()
    assert heard("có cháy, nhà số 5", ["cháy nhà"]) == ("cháy nhà",)


def test_harmless_words_only_silence_themselves():
    entries = ("=cháy", "-cháy bóng")
    assert heard("đèn cháy bóng", entries) == ()
    assert heard("cháy bóng cháy bóng cháy bóng", entries) == ()
    assert heard("đèn cháy bóng rồi cháy nhà", entries) == ("=cháy",)


@pytest.mark.parametrize("entry", [entry for entry in (*DANGER, *FORMAL, *SECRET) if entry[0] != "-"])
def test_every_entry_is_heard_as_spelled_and_without_diacritics(entry):
    spelled = entry.lstrip("=")
    context = f"Ở đây {spelled} ạ"
    assert entry in heard(context, (*DANGER, *FORMAL, *SECRET))
    unmarked = heard(f"o day {fold(spelled)} a", (*DANGER, *FORMAL, *SECRET))
    assert (entry in unmarked) is (not entry.startswith("="))


def test_nothing_is_listed_twice():
    for entries in (DANGER, FORMAL, SECRET):
        assert len(entries) == len(set(entries))


def test_the_emergency_numbers_are_data():
    assert [entry["number"] for entry in DATA["emergency"]] == ["113", "114", "115"]
    assert all(entry["vi"] and entry["en"] for entry in DATA["emergency"])


@given(st.text())
def test_no_text_breaks_listening(text):
    assert set(flagged(text)) <= {"danger", "formal", "secret"}


def test_a_long_text_is_listened_to_as_a_whole():
    assert flagged("rác " * 20_000 + "cháy nhà") == ("danger",)


def test_an_entry_without_words_is_never_heard():
    assert heard("a b", ["", "=", "-", "…"]) == ()
    assert heard("", ["", "cháy"]) == ()
