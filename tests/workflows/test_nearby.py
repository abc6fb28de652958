"""What lies near, what is alike, and what may be shown: distances, and sentences as people write them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.case.model import Case, State
from workflows.case.policy import FARTHEST, Chronic, Near
from workflows.nearby import Found, Here, around, box, cell, cells_around, metres, similar

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LAT, LON = 16.4575, 107.6226
HERE = Here(LAT, LON, "lighting", "Đèn đường hỏng", 2, NOW)
OPEN = Case("PA-2222-2222", State.IN_PROGRESS, 3, NOW - timedelta(days=2), 1, "person", "lighting", assigned_at=NOW)
NEAR = Near()
ENDED = replace(OPEN, state=State.CLOSED, finished_at=NOW - timedelta(days=40))


def found(case=OPEN, north=0.0, number=1):
    return Found(number, case, LAT + north / 111_320, LON)


def offered(*cases, near=NEAR, here=HERE):
    return [one.found.id for one in around(here, cases, near, Chronic()).offers]


@given(st.floats(8.5, 23.4), st.floats(102.1, 109.5), st.floats(-1, 1), st.floats(-1, 1))
def test_what_is_near_lies_in_the_cells_around(lat, lon, north, east):
    other = (lat + north * FARTHEST / 111_320, lon + east * FARTHEST / 111_320)
    if metres(lat, lon, *other) <= FARTHEST:
        assert cell(*other) in cells_around(lat, lon)
        to_north, to_east = box(lat, FARTHEST)
        assert abs(other[0] - lat) <= to_north + 1e-9 and abs(other[1] - lon) <= to_east + 1e-9


def test_a_distance_is_what_a_map_says():
    assert metres(16.4575, 107.6226, 16.4585, 107.6226) == pytest.approx(111, abs=1)
    assert metres(16.4575, 107.6226, 16.4575, 107.6236) == pytest.approx(107, abs=1)


def test_the_nearest_first_and_no_more_than_the_policy_says():
    cases = [found(north=40, number=1), found(north=5, number=2), found(north=20, number=3), found(north=30, number=4)]
    assert offered(*cases) == [2, 3, 4]
    assert offered(*cases, near=Near(offers=1)) == [2]
    assert offered(*cases, near=Near(metres=10)) == [2]
    assert offered(*cases, near=Near(offers=0)) == []


@pytest.mark.parametrize(
    "hidden",
    [
        replace(OPEN, sensitive=True),
        replace(OPEN, assigned_at=None, state=State.RECEIVED),
        replace(OPEN, state=State.RESULT_SUBMITTED),
        replace(OPEN, state=State.RESOLVED),
        replace(OPEN, state=State.CANCELLED),
        replace(OPEN, state=State.MERGED),
        replace(OPEN, flags=("formal",)),
        replace(OPEN, flags=("secret",)),
        replace(OPEN, opened_at=NOW - timedelta(days=31)),
    ],
)
def test_what_is_not_offered(hidden):
    assert offered(found(hidden)) == []


def test_a_category_that_gives_people_away_is_offered_to_nobody_but_may_be_a_twin():
    near = around(replace(HERE, category="noise"), [found(replace(OPEN, category="noise"))], Near(), Chronic())
    assert (near.offers, near.alike) == ((), (1,))


def earlier(*cases):
    return around(HERE, cases, NEAR, Chronic()).earlier


def test_what_ended_here_before_newest_first():
    older = replace(ENDED, finished_at=NOW - timedelta(days=100))
    assert earlier(found(older, number=1), found(ENDED, number=2)) == (2, 1)


@pytest.mark.parametrize(
    "other",
    [
        found(replace(ENDED, finished_at=NOW - timedelta(days=29))),
        found(replace(ENDED, finished_at=NOW - timedelta(days=366))),
        found(replace(ENDED, category="drainage")),
        found(replace(ENDED, sensitive=True)),
        found(replace(ENDED, state=State.CANCELLED)),
        found(ENDED, north=51),
    ],
)
def test_what_is_no_earlier_case(other):
    assert earlier(other) == ()


def test_a_trouble_that_ended_yesterday_is_not_there_again():
    yesterday = replace(ENDED, finished_at=NOW - timedelta(days=1))
    assert earlier(found(ENDED, number=1), found(yesterday, number=2)) == ()


# --- alike, measured by examples ---------------------------------------------------------------------------------

# Written by us as people write: (category, words), (category, words), whether a person would call it one matter.
PAIRS = [
    (("rubbish", "Rác chất đống trước cổng chợ"), ("air", "rac chat dong truoc cong cho hoi thoi qua"), True),
    (
        ("fallen-tree", "Cây đổ đè đứt dây điện trước trường"),
        ("power-line", "cây đổ đứt dây điện trước trường học"),
        True,
    ),
    (
        ("drainage", "Cống nghẹt nước tràn ra đường hẻm 45"),
        ("waste-water", "cong nghet nuoc tran ra duong hem 45"),
        True,
    ),
    (("manhole", "Nắp cống bị mất ở ngã ba"), ("road", "mat nap cong o nga ba ko ai lam"), True),
    (
        ("parking", "Xe tải đậu chắn lối ra vào kiệt 12"),
        ("encroachment", "xe tải đậu chắn lối ra vào kiệt 12 cả ngày"),
        True,
    ),
    (
        ("pruning", "Cành cây che khuất đèn tín hiệu ngã tư"),
        ("traffic-light", "canh cay che khuat den tin hieu nga tu"),
        True,
    ),
    (
        ("building-works", "Đào đường rồi bỏ đó cả tháng không lấp"),
        ("road", "dao duong roi bo do ca thang k lap lai"),
        True,
    ),
    (
        ("risky-tree", "Cây nghiêng sắp đổ vào nhà dân"),
        ("fallen-tree", "cây xanh nghiêng sắp đổ vào nhà dân nguy hiểm"),
        True,
    ),
    (("manhole", "Nắp cống bị mất ở ngã ba"), ("road", "Hố ga giữa đường không có nắp"), True),
    (("drainage", "Cứ mưa là ngập"), ("waste-water", "Nước dâng lên tới cửa nhà mỗi khi mưa"), True),
    (("lighting", "Đèn đường hỏng ba tối nay"), ("power-cut", "Khu phố tối om mấy bữa ni"), True),
    (("rubbish", "Rác chất đống trước cổng chợ"), ("lighting", "Đèn đường tắt trước cổng chợ ba hôm rồi"), False),
    (("drainage", "Cứ mưa là ngập cả đoạn đường"), ("road", "Đoạn đường này đầy ổ gà, xe té hoài"), False),
    (("lighting", "Kiệt tối om mô có đèn"), ("animals", "Chó thả rông trong kiệt không rọ mõm"), False),
    (("parking", "Xe hơi đậu giữa đường cả ngày"), ("rubbish", "Cả ngày không ai tới lấy rác"), False),
    (("noise", "Karaoke loa kẹo kéo tới khuya"), ("lighting", "Đèn hỏng tối khuya đi không thấy đường"), False),
    (("pavement", "Gạch vỉa hè bong tróc"), ("encroachment", "Quán nhậu bày bàn ghế kín vỉa hè"), False),
    (("manhole", "Nắp cống kênh xe đi kêu ầm ầm"), ("noise", "Xưởng cưa chạy máy ầm ầm giữa trưa"), False),
    (("fallen-tree", "Cây đổ chắn ngang đường"), ("building-works", "Rào tôn công trình chắn ngang đường đi"), False),
    (("road", "Ổ gà trước nhà số 12"), ("water-cut", "Nước máy trước nhà số 12 yếu quá"), False),
]


def judged(pair):
    (category, words), (other, theirs), _ = pair
    here = replace(HERE, category=category, text=words)
    return similar(here, Found(1, replace(OPEN, category=other), LAT, LON, theirs))


def test_words_tell_one_matter_from_two():
    right = {expected: [judged(pair) for pair in PAIRS if pair[2] is expected] for expected in (True, False)}
    assert (sum(right[True]), len(right[True])) == (8, 11)  # found under another category; the rest is worded otherwise
    assert (sum(right[False]), len(right[False])) == (0, 9)  # nobody is shown something else


def test_the_same_category_is_alike_whatever_the_words():
    assert similar(replace(HERE, text=""), found())
    assert not similar(replace(HERE, text="đèn"), Found(1, replace(OPEN, category="road"), LAT, LON, "đèn"))
