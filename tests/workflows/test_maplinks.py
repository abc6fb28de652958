"""Positions in pasted links and in coordinates written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.maplinks import is_short_link, plausible, read

HUE = (16.4637, 107.5909)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.google.com/maps/@16.4637,107.5909,17z",
        "https://www.google.com/maps/@16.4637,107.5909,17z?entry=ttu",
        "https://maps.google.com/?q=16.4637,107.5909",
        "https://maps.google.com/maps?q=loc:16.4637,107.5909&z=17",
        "https://www.google.com/maps?q=16.4637%2C107.5909",
        "https://www.google.com/maps/search/?api=1&query=16.4637%2C107.5909",
        "https://www.google.com/maps/search/16.4637,+107.5909?sa=X",
        "https://www.google.com/maps/place/16.4637,107.5909",
        "https://www.google.com/maps/place/Ch%E1%BB%A3/@16.4000,107.5000,17z/data=!3m1!4b1!4m5!3m4!1s0x0!8m2"
        "!3d16.4637!4d107.5909",
        "https://www.google.com/maps/dir/?api=1&destination=16.4637,107.5909",
        "https://www.google.com/maps/dir/Hu%E1%BA%BF/16.4637,107.5909",
        "geo:16.4637,107.5909",
        "geo:16.4637,107.5909;u=35",
        "geo:0,0?q=16.4637,107.5909(Nhà%20văn%20hóa)",
        "https://maps.apple.com/?ll=16.4637,107.5909&q=Ghim",
        "https://maps.apple.com/place?coordinate=16.4637,107.5909&name=Ghim",
        "https://www.openstreetmap.org/#map=18/16.4637/107.5909",
        "https://www.openstreetmap.org/?mlat=16.4637&mlon=107.5909#map=12/16.0/107.0",
        "https://bing.com/maps?cp=16.4637~107.5909&lvl=16",
        "16.4637, 107.5909",
        "16.4637,107.5909",
        "16.4637 107.5909",
        "16,4637; 107,5909",
        "16,4637, 107,5909",
        "Chỗ này nè: 16.4637, 107.5909. Nhờ xem giúp",
        "(16.4637, 107.5909)",
        "16.4637°N, 107.5909°E",
        "16.4637B 107.5909Đ",
        "Vĩ độ: 16.4637, kinh độ: 107.5909",
        "lat=16.4637 lng=107.5909",
        "N đây: https://maps.google.com/?q=16.4637,107.5909 gần chợ",
    ],
)
def test_a_place_in_hue(text):
    assert read(text) == pytest.approx(HUE)


@pytest.mark.parametrize(
    "text",
    [
        "16°27'49.3\"N 107°35'27.2\"E",
        "16°27′49.3″N, 107°35′27.2″E",
        "16°27'49,3\"B 107°35'27,2\"Đ",
        "https://www.google.com/maps/place/16%C2%B027'49.3%22N+107%C2%B035'27.2%22E/",
        "16° 27.822' N 107° 35.4535' E",
    ],
)
def test_degrees_minutes_and_seconds(text):
    assert read(text) == pytest.approx(HUE, abs=2e-4)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("33°51'31\"S 151°12'54\"E", (-33.8586, 151.215)),
        ("33°51'31\"N 151°12'54\"Đ", (-33.8586, 151.215)),
        ("40°26'46\"N 79°58'56\"W", (40.4461, -79.9822)),
        ("40°26'46\"B 79°58'56\"T", (40.4461, -79.9822)),
        ("-33.8586, 151.2150", (-33.8586, 151.215)),
        ("https://www.google.com/maps/@-33.8586,151.215,15z", (-33.8586, 151.215)),
    ],
)
def test_other_hemispheres_in_both_languages(text, position):
    assert read(text) == pytest.approx(position, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 Nguyễn Huệ, phường An Cựu",
        "Số nhà 12, 107 đường Lê Lợi",
        "0935.123.456, 0914.567.890",
        "0,0",
        "0.0000, 0.0000",
        "geo:0,0",
        "https://www.google.com/maps/@0,0,3z",
        "https://www.google.com/maps/@96.4637,107.5909,17z",
        "16.4637, 187.5909",
        "https://maps.app.goo.gl/AbCdEf123",
        "https://maps.google.com/?q=Ch%E1%BB%A3+%C4%90%C3%B4ng+Ba",
        "giá 1.500.000, 2.300.000 đồng",
        "ngày 22.11.2026, 23.11.2026",
        "5.500 đồng",
    ],
)
def test_no_place(text):
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("https://maps.app.goo.gl/AbCdEf123", True),
        ("goo.gl/maps/xyz", True),
        ("Ở đây https://maps.apple/p/xyz nhé", True),
        ("https://osm.org/go/abc", True),
        ("https://www.google.com/maps/@16.4637,107.5909,17z", False),
        ("chợ Đông Ba", False),
    ],
)
def test_short_links(text, short):
    assert is_short_link(text) is short


@pytest.mark.parametrize(
    ("lat", "lon", "good"),
    [
        (16.46, 107.59, True),
        (0.0, 0.0, False),
        (0.001, -0.001, False),
        (0.0, 107.0, True),
        (90.0, 180.0, True),
        (90.1, 107.0, False),
        (16.0, 180.1, False),
        (float("nan"), 107.0, False),
        (16.0, float("inf"), False),
    ],
)
def test_plausible(lat, lon, good):
    assert plausible(lat, lon) is good


@given(st.text())
def test_no_text_breaks_reading(text):
    position = read(text)
    assert position is None or plausible(*position)
    assert is_short_link(text) in (True, False)


@given(st.text(alphabet="0123456789.,;@!/#?=&%°'\"NSEWBĐT+- 34dqlgeo:map", max_size=80))
def test_nothing_that_looks_like_a_position_breaks_reading(text):
    position = read(text)
    assert position is None or plausible(*position)


@given(st.floats(-89, 89), st.floats(-179, 179))
def test_what_is_written_is_read(lat, lon):
    expected = (round(lat, 6), round(lon, 6)) if plausible(round(lat, 6), round(lon, 6)) else None
    for text in (
        f"{lat:.6f}, {lon:.6f}",
        f"https://maps.google.com/?q={lat:.6f},{lon:.6f}",
        f"geo:{lat:.6f},{lon:.6f}",
    ):
        assert read(text) == expected


def test_a_very_long_text_is_read_only_as_far_as_links_reach():
    assert read("1" * 100_000) is None
    assert read("@" * 100_000 + "16.4637,107.5909") is None
