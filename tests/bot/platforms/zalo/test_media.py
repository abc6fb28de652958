"""Media: files are fetched from where they may come and nowhere else; photos are made to fit."""

import io
import random
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image
from structlog.testing import capture_logs

from bot.platforms.zalo import media
from bot.platforms.zalo.media import PHOTO_LIMIT, CannotFit, Fetcher, fitted
from handlers.ports import FileGone, SendLater, SendUnknown

LIMIT = 1000


@contextmanager
def host(answer):
    """A web server on this machine; ``answer`` is asked with the path and gives status, headers and body."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.headers["Host"], self.headers.get("access_token")))
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = asked
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def here(server, path="/a.jpg"):
    return f"http://photo.zdn.vn:{server.server_port}{path}"


def local(**more):
    """A fetcher for which every name is this machine."""
    return Fetcher(("zdn.vn",), private=True, resolve=lambda host, port: ["127.0.0.1"], **more)


def refused(fetcher, address):
    with capture_logs() as lines, pytest.raises(FileGone) as caught:
        fetcher.fetch(address, LIMIT)
    assert caught.value.code == "gone" and len(lines) == 1
    return lines[0]["why"]


def test_a_file_is_fetched_with_nothing_of_ours_in_the_request():
    with host(lambda path: (200, {}, b"jpeg")) as server:
        assert local().fetch(here(server, "/a b.jpg?sig=%C4%90&x=ảnh#part"), LIMIT) == b"jpeg"
    assert server.asked == [("/a%20b.jpg?sig=%C4%90&x=%E1%BA%A3nh", f"photo.zdn.vn:{server.server_port}", None)]


# --- where from ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.jpg",
        "https://zdn.vn.evil.example/a.jpg",
        "https://evilzdn.vn/a.jpg",
        "https://127.0.0.1/a.jpg",
        "https://[::1]/a.jpg",
        "https://2130706433/a.jpg",
        "http://localhost/a.jpg",
        "http://metadata.google.internal/",
    ],
)
def test_foreign_hosts_are_not_even_looked_up(address):
    def never(host, port):
        raise AssertionError("looked up")

    assert refused(Fetcher(("zdn.vn",), resolve=never), address) == "foreign host"


@pytest.mark.parametrize(
    "address",
    [
        "nothing",
        "",
        "ftp://photo.zdn.vn/a",
        "file:///etc/passwd",
        "//photo.zdn.vn/a",
        "https://user:pass@photo.zdn.vn/a",
        "https://photo.zdn.vn@evil.example/a",
        "https://photo.zdn.vn:99999/a",
        "https://ảnh.zdn.vn/a",
        "https://[zdn.vn/a",
    ],
)
def test_what_is_no_plain_address_is_refused(address):
    assert refused(Fetcher(("zdn.vn",)), address) == "no address"


def test_odd_ports_are_refused():
    assert refused(Fetcher(("zdn.vn",)), "https://photo.zdn.vn:8443/a") == "odd port"


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - looked up, not listened on
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
    ],
)
def test_a_known_name_that_leads_inside_is_refused(inside):
    """Also when only one of its addresses does."""
    for found in ([inside], ["203.113.131.1", inside]):
        fetcher = Fetcher(("zdn.vn",), resolve=lambda host, port, found=found: found)
        assert refused(fetcher, "https://photo.zdn.vn/a") == "inside address"


def test_a_name_that_changes_its_mind_leads_nowhere(monkeypatch):
    """DNS rebinding: the connection goes to the address that was looked at, and the name is looked up once."""
    answers, dialled = iter([["203.113.131.1"], ["127.0.0.1"]]), []

    def dial(address, timeout):
        dialled.append(address)
        raise TimeoutError

    monkeypatch.setattr(media.socket, "create_connection", dial)
    with pytest.raises(SendLater):
        Fetcher(("zdn.vn",), resolve=lambda host, port: next(answers)).fetch("http://photo.zdn.vn/a", LIMIT)
    assert dialled == [("203.113.131.1", 80)]
    assert next(answers) == ["127.0.0.1"]  # nobody asked


# --- redirects -----------------------------------------------------------------------------------------------------


def test_a_redirect_among_known_hosts_is_followed():
    def answer(path):
        return (302, {"Location": "/b.jpg"}, b"") if path == "/a.jpg" else (200, {}, b"jpeg")

    with host(answer) as server:
        assert local().fetch(here(server), LIMIT) == b"jpeg"
    assert [path for path, *_ in server.asked] == ["/a.jpg", "/b.jpg"]


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("http://127.0.0.1/admin", "foreign host"),
        ("http://evil.example/a", "foreign host"),
        ("//evil.example/a", "foreign host"),
        ("file:///etc/passwd", "no address"),
        ("http://u@photo.zdn.vn/", "no address"),
        ("http://[photo.zdn.vn/", "no address"),
    ],
)
def test_a_redirect_to_elsewhere_is_refused(to, why):
    with host(lambda path: (302, {"Location": to}, b"")) as server:
        assert refused(local(), here(server)) == why
    assert len(server.asked) == 1


def test_a_redirect_to_a_name_that_leads_inside_is_refused():
    with host(lambda path: (302, {"Location": "http://inner.zdn.vn/"}, b"")) as server:
        first = [True]

        def resolve(name, port):
            return ["127.0.0.1"] if name == "photo.zdn.vn" and first.pop() else ["10.0.0.1"]

        fetcher = Fetcher(("zdn.vn",), resolve=resolve)
        original = media._is_outside
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(media, "_is_outside", lambda address: address == "127.0.0.1" or original(address))
            patch.setitem(media.PORTS, "http", server.server_port)
            assert refused(fetcher, "http://photo.zdn.vn/a") == "inside address"


def test_redirects_in_a_circle_end():
    with host(lambda path: (302, {"Location": "/a.jpg"}, b"")) as server:
        assert refused(local(), here(server)) == "too many redirects"
    assert len(server.asked) == 4


# --- what comes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_link_that_is_no_longer_good_is_gone(status):
    with host(lambda path: (status, {}, b"")) as server, pytest.raises(FileGone) as caught:
        local().fetch(here(server), LIMIT)
    assert caught.value.code == "gone"


@pytest.mark.parametrize(("status", "error"), [(500, SendUnknown), (503, SendUnknown), (429, SendLater)])
def test_a_server_in_trouble_is_asked_again_later(status, error):
    with host(lambda path: (status, {}, b"")) as server, pytest.raises(error):
        local().fetch(here(server), LIMIT)


@pytest.mark.parametrize("announced", [True, False])
def test_what_is_too_large_is_given_up(announced):
    body = b"x" * (LIMIT + 1)
    headers = {"Content-Length": str(len(body))} if announced else {}
    with host(lambda path: (200, headers, body)) as server, pytest.raises(FileGone) as caught:
        local().fetch(here(server), LIMIT)
    assert caught.value.code == "too_large"


def test_a_file_of_exactly_the_limit_is_taken():
    with host(lambda path: (200, {}, b"x" * LIMIT)) as server:
        assert len(local().fetch(here(server), LIMIT)) == LIMIT


def test_a_body_that_breaks_off_is_asked_for_again():
    with host(lambda path: (200, {"Content-Length": "500"}, b"x")) as server, pytest.raises(SendUnknown):
        local().fetch(here(server), LIMIT)


def test_nobody_there_and_no_such_name_are_for_later():
    with host(lambda path: (200, {}, b"")) as server:
        address = here(server)
    with pytest.raises(SendLater):
        local().fetch(address, LIMIT)

    def unknown(host, port):
        raise OSError

    with pytest.raises(SendLater):
        Fetcher(("zdn.vn",), resolve=unknown).fetch("https://photo.zdn.vn/a", LIMIT)


def test_https_without_a_certificate_of_that_name_is_refused():
    with host(lambda path: (200, {}, b"jpeg")) as server, pytest.raises(SendLater) as caught:
        local().fetch(here(server).replace("http:", "https:"), LIMIT)
    assert caught.value.code == "no_certificate"


# --- photos that we send -------------------------------------------------------------------------------------------


def noise(width, height, form="JPEG", mode="RGB", **more):
    """A picture that no compression makes small."""
    image = Image.frombytes(mode, (width, height), random.Random(1).randbytes(width * height * len(mode)))
    made = io.BytesIO()
    image.save(made, form, **more)
    return made.getvalue()


def test_a_photo_that_fits_is_left_as_it_is():
    small = noise(100, 100)
    assert fitted(small, "image/jpeg") == (small, "image/jpeg")


@pytest.mark.parametrize(("form", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_a_photo_that_is_too_large_is_made_smaller(form, mime):
    large = noise(1600, 1200, form, **({"quality": 100} if form != "PNG" else {}))
    assert len(large) > PHOTO_LIMIT
    content, made = fitted(large, mime)
    assert made == "image/jpeg" and len(content) <= PHOTO_LIMIT
    assert Image.open(io.BytesIO(content)).width >= 400


def test_a_picture_of_another_type_becomes_a_jpeg():
    content, mime = fitted(noise(50, 50, "WEBP", "RGBA"), "image/webp")
    assert (mime, Image.open(io.BytesIO(content)).format) == ("image/jpeg", "JPEG")


BROKEN = {"empty": b"", "words": b"not a picture", "cut off": noise(200, 200, "PNG")[:-1000]}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_is_no_picture_cannot_fit(broken):
    with pytest.raises(CannotFit):
        fitted(broken, "image/heic")


def test_at_some_limit_nothing_fits():
    with pytest.raises(CannotFit):
        fitted(noise(300, 300), "image/jpeg", 100)
