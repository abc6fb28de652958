"""The map page in a real browser: where the device is, a pin by finger and keys, nothing from elsewhere."""

import base64
import re
import threading

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser

IN_AN_CUU = {"latitude": 16.4575, "longitude": 107.6227, "accuracy": 12}
IN_HANOI = {"latitude": 21.03, "longitude": 105.85, "accuracy": 1200}
PHONE = {"width": 360, "height": 640}
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def device(browser, site):
    """Open a telephone's page with a given position; no error may be written, and nobody else be asked."""
    faults, contexts = [], []

    def opened(link, *, position=IN_AN_CUU, allowed=True, others=(), faulty=False, **options):
        options = {"viewport": PHONE, "has_touch": True, "locale": "vi-VN"} | options
        context = browser.new_context(geolocation=position, permissions=["geolocation"] if allowed else [], **options)
        contexts.append(context)
        page = context.new_page()
        known = (site.address, "data:", *others)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" and not faulty else None)
        page.on("request", lambda asked: None if asked.url.startswith(known) else faults.append(asked.url))
        page.goto(site.address + link)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def lan(site):
    return site.asked("lan")


def drawn(page):
    """Wait until the areas are on the map."""
    expect(page.locator("#map[data-areas]")).to_be_visible()
    return page


def spot(page):
    return page.locator("#spot")


def pin(page):
    return page.locator("#map .pin")


def send(page):
    page.get_by_role("button", name=re.compile("Gửi vị trí này|Send this place")).click()
    expect(page.get_by_role("heading")).to_have_text(re.compile("Đã nhận vị trí|Place received"))


def place_of(page):
    """The hidden position as numbers."""
    return tuple(float(page.locator(f"input[name={name}]").input_value()) for name in ("lat", "lon"))


def test_the_position_of_the_device_becomes_the_place(site, lan, device):
    page = drawn(device(site.link(lan)))
    expect(page.get_by_role("button", name="Gửi vị trí này")).to_be_disabled()
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(spot(page)).to_have_text("Vị trí đã chọn: Phường An Cựu.")
    expect(page.locator("#accuracy")).to_contain_text("12 m")
    send(page)
    expect(page.locator("body")).to_contain_text("quay lại cuộc trò chuyện")
    site.settle()
    lan.hears("Đã ghi vị trí: Phường An Cựu")


def test_a_tap_drops_the_pin_and_a_finger_drags_it(site, lan, device):
    page = drawn(device(site.link(lan)))
    page.locator("#map").tap(position={"x": 168, "y": 150})
    expect(pin(page)).to_be_visible()
    before = place_of(page)
    expect(spot(page)).to_contain_text("Vị trí đã chọn: Phường")
    box = pin(page).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 20, steps=4)
    page.mouse.move(x + 20, y + 40, steps=4)
    page.mouse.up()
    after = place_of(page)
    assert after[0] < before[0]  # south
    assert after[1] > before[1]  # and east
    send(page)
    site.settle()
    lan.hears("Đã ghi")


def test_keys_alone_are_enough(site, lan, device):
    page = drawn(device(site.link(lan), has_touch=False))
    page.locator("#map").focus()
    page.keyboard.press("Enter")
    expect(pin(page)).to_be_visible()
    expect(spot(page)).to_contain_text("Vị trí đã chọn: Phường")
    start = place_of(page)
    pin(page).focus()
    page.keyboard.press("ArrowUp")
    north = place_of(page)
    assert north[0] > start[0]
    assert abs(north[1] - start[1]) < (north[0] - start[0]) / 2  # whole pixels, and no more
    page.keyboard.press("Shift+ArrowRight")
    east = place_of(page)
    assert east[1] - north[1] > 3 * (north[0] - start[0])  # shift leaps
    page.locator("#address").focus()
    page.keyboard.type("đối diện số 12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading")).to_have_text("Đã nhận vị trí")
    site.settle()
    lan.hears("Đã ghi vị trí").picks("Chiếu sáng").hears("Địa chỉ: đối diện số 12")


def test_the_middle_of_the_map_can_be_pinned(site, lan, device):
    page = drawn(device(site.link(lan)))
    page.get_by_role("button", name="Ghim giữa bản đồ").click()
    expect(spot(page)).to_contain_text("Vị trí đã chọn: Phường")
    assert pin(page).count() == 1


def test_outside_the_province_is_a_warning(site, lan, device):
    page = drawn(device(site.link(lan), position=IN_HANOI))
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(spot(page)).to_have_text("Vị trí này nằm ngoài địa bàn thành phố Huế. Mời anh/chị xem lại ghim.")
    expect(spot(page)).to_have_class("spot warn")
    expect(page.locator("#accuracy")).to_contain_text("1.200 m")
    send(page)
    site.settle()
    lan.hears("nằm ngoài địa bàn", "Sự việc xảy ra ở đâu")


def test_a_device_that_may_not_say_where_it_is_can_still_point(site, lan, device):
    page = drawn(device(site.link(lan), allowed=False))
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(page.locator("#accuracy")).to_contain_text("bật quyền vị trí")
    expect(page.get_by_role("button", name="Dùng vị trí của tôi")).to_be_enabled()
    page.locator("#map").tap(position={"x": 168, "y": 150})
    expect(page.locator("#accuracy")).to_be_empty()
    send(page)


def test_choosing_again_corrects_the_place(site, lan, device):
    page = drawn(device(site.link(lan)))
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    send(page)
    site.settle()
    lan.hears("Đã ghi vị trí: Phường An Cựu")
    page.context.set_geolocation({"latitude": 16.4815, "longitude": 107.6245, "accuracy": 8})
    page.get_by_role("link", name="Chọn lại vị trí").click()
    drawn(page).get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(spot(page)).to_have_text("Vị trí đã chọn: Phường Vỹ Dạ.")
    send(page)
    site.settle()
    lan.hears("Đã ghi vị trí: Phường Vỹ Dạ")


def test_going_back_and_sending_again_sends_nothing_twice(site, lan, device):
    page = drawn(device(site.link(lan)))
    page.get_by_role("button", name="Ghim giữa bản đồ").click()
    send(page)
    site.settle()
    lan.listens()
    page.reload()
    expect(page.get_by_role("heading")).to_have_text("Đã nhận vị trí")
    site.settle()
    lan.hears_nothing()


def test_without_scripts_there_is_the_address(site, lan, device):
    page = device(site.link(lan), java_script_enabled=False)
    expect(page.get_by_text("Trình duyệt này không mở được bản đồ")).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()
    page.get_by_label("Địa chỉ hoặc điều dễ nhận ra").fill("12 Nguyễn Huệ, phường An Cựu")
    send(page)
    site.settle()
    lan.hears("Đã ghi vị trí: Phường An Cựu")


def test_in_english_where_the_chat_is_english(site, lan, device):
    lan.says("/ngonngu").picks("English")
    page = drawn(device(site.link(lan)))
    page.get_by_role("button", name="Use my position").click()
    expect(spot(page)).to_have_text("Place chosen: An Cuu Ward.")
    send(page)
    site.settle()
    lan.hears("An Cuu Ward")


def test_without_a_safe_connection_the_position_is_not_offered(site, lan, device):
    page = device("/m/none", faulty=True)
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(site.address + site.link(lan))
    expect(drawn(page).get_by_role("button", name="Dùng vị trí của tôi")).to_be_hidden()
    page.get_by_role("button", name="Ghim giữa bản đồ").click()
    send(page)


def test_a_pin_can_be_sent_although_nobody_says_where_it_lies(site, lan, device):
    page = drawn(device(site.link(lan), faulty=True))
    page.route("**/spot", lambda asked: asked.abort())
    page.get_by_role("button", name="Ghim giữa bản đồ").click()
    expect(spot(page)).to_have_text("Đã đặt ghim.")
    send(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_fits_a_small_phone_and_can_be_read(site, lan, device, scheme):
    page = drawn(device(site.link(lan), position=IN_HANOI, color_scheme=scheme))
    page.get_by_role("button", name="Dùng vị trí của tôi").click()
    expect(spot(page)).to_have_class("spot warn")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for control in page.locator("button:visible, input:visible, .leaflet-control-zoom a").all():
        box = control.bounding_box()
        assert box["height"] >= 40
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    for selector in ("h1", "#how", "#here", "#spot", "#accuracy", "label", "#hint", "#send", "#center"):
        assert contrast(page, selector) >= 4.5, selector


def contrast(page, selector):
    """The contrast (WCAG 2) of a text against what is painted behind it."""
    return page.locator(selector).first.evaluate(
        """(element) => {
            const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
            const seen = (color) => { const parts = numbers(color); return parts.length < 4 || parts[3] > 0.99; };
            const light = (color) => {
                const [r, g, b] = numbers(color).map((c) => c / 255)
                    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            let ground = element;
            while (ground && !seen(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
            const pair = [light(getComputedStyle(element).color), light(getComputedStyle(ground).backgroundColor)];
            return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        }"""
    )


def test_everything_that_can_be_reached_has_a_name(site, lan, device):
    page = drawn(device(site.link(lan), has_touch=False))
    page.get_by_role("button", name="Ghim giữa bản đồ").click()
    expect(pin(page)).to_be_visible()
    page.locator("body").press("Tab")
    names = []
    for _ in range(9):
        names.append(
            page.evaluate("(e => e.ariaLabel || e.labels?.[0]?.innerText || e.innerText)(document.activeElement)")
        )
        page.keyboard.press("Tab")
    wanted = (
        "Dùng vị trí",
        "Bản đồ. Phím mũi tên",
        "Phóng to",
        "Thu nhỏ",
        "Ghim giữa",
        "Ghim vị trí.",
        "Địa chỉ",
        "Gửi",
    )
    for part in wanted:
        assert any(part in name for name in names), (part, names)


# --- with tiles ---------------------------------------------------------------------------------------------------


@pytest.fixture
def tiles():
    """Another server that has pieces of a map, and remembers how it was asked."""
    asked = []

    def app(environ, start):
        asked.append((environ["PATH_INFO"], environ.get("HTTP_REFERER", "")))
        start("200 OK", [("Content-Type", "image/png")])
        return [DOT]

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


class TestWithTiles:
    @pytest.fixture
    def web_settings(self, tiles):
        return {"map_tiles": f"{tiles[0]}/{{z}}/{{x}}/{{y}}.png", "map_attribution": "© <i>Bản đồ</i>"}

    def test_they_are_shown_and_their_server_learns_no_link(self, site, lan, device, tiles):
        address, asked = tiles
        link = site.link(lan)
        page = drawn(device(link, others=(address,)))
        expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()
        expect(page.locator(".leaflet-control-attribution")).to_contain_text("© <i>Bản đồ</i>")
        page.get_by_role("button", name="Dùng vị trí của tôi").click()
        expect(spot(page)).to_have_text("Vị trí đã chọn: Phường An Cựu.")
        send(page)
        assert asked
        for path, referer in asked:
            assert re.fullmatch(r"/\d+/\d+/\d+\.png", path)
            assert referer == f"{site.address}/"
