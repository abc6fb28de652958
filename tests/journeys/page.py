"""Officers who work at the page of a case instead of in the group: real HTTP, forms as a browser without scripts."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import requests
from werkzeug.serving import make_server

from bot import web, wiring
from bot.pages.signing import SignedPages
from bot.settings import Settings
from handlers.courier import Pace
from handlers.deliver import Sender
from handlers.process import Drain
from handlers.web_access import hash_of
from storage.pages import PageStore
from tests.journeys.scene import LAMP, Scene, Someone
from tests.world import World

LINK = re.compile(r"Mở trang xử lý: (\S+)")
PIN = "407193"
SILENT = {"script", "style", "title"}


@dataclass
class Form:
    """One form: where it goes, what is filled in already, and its buttons as (name, value, label)."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Reader(HTMLParser):
    """What somebody sees of a page, and its forms."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.pieces: list[str] = []
        self.images: list[str] = []
        self._open: list[str] = []
        self._button: list[str] | None = None
        self.feed(source)

    @property
    def text(self) -> str:
        return re.sub(r"[ \t]*\n\s*", "\n", "".join(self.pieces))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in ("input", "img", "meta", "link", "br"):
            self._open.append(tag)
        if tag == "form":
            self.forms.append(Form(given["action"]))
        elif tag == "img":
            self.images.append(given["src"])
        elif tag == "input" and given.get("type") == "file":
            self.forms[-1].files.append(given["name"])
        elif tag in ("input", "textarea"):
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "button":
            self._button = [given.get("name", ""), given.get("value", ""), ""]
        elif tag in ("p", "h1", "h2", "label", "section", "br"):
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._button:
            name, value, label = self._button
            self.forms[-1].buttons.append((name, value, label.strip()))
            self._button = None
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._button:
            self._button[2] += data
        elif not SILENT & set(self._open):
            self.pieces.append(data)


class Visitor:
    """A browser at one link."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.http = requests.Session()
        self.status = 0
        self.source = ""
        self.page = Reader("")
        self.headers: dict[str, str] = {}

    def goes(self, address: str = "") -> Visitor:
        return self._came(self.http.get(address or self.address, timeout=20))

    def sends(self, label: str, files: list[bytes] | None = None, **fields: str) -> Visitor:
        """Fill in the form that has this button, and press it."""
        form, (name, value, _) = self.button(label)
        filled = form.fields | fields | ({name: value} if name else {})
        parts = [(form.files[0], (f"p{n}.jpg", one, "image/jpeg")) for n, one in enumerate(files or [])]
        return self._came(self.http.post(self._url(form.action), data=filled, files=parts or None, timeout=20))

    def button(self, label: str) -> tuple[Form, tuple[str, str, str]]:
        """The button with this label, else the first that begins so."""
        every = [(form, button) for form in self.page.forms for button in form.buttons]
        for form, button in every:
            if button[2] == label:
                return form, button
        for form, button in every:
            if button[2].startswith(label):
                return form, button
        offered = [button[2] for form in self.page.forms for button in form.buttons]
        raise AssertionError(f"no button {label!r}, but {offered}; the page says:\n{self.page.text}")

    def offers(self, label: str) -> bool:
        return any(button[2] == label for form in self.page.forms for button in form.buttons)

    def reads(self, *parts: str) -> Visitor:
        for part in parts:
            assert part in self.page.text, f"{part!r} is not on the page, but:\n{self.page.text}"
        return self

    def does_not_read(self, *parts: str) -> Visitor:
        for part in parts:
            assert part not in self.page.text, self.page.text
        return self

    def signs_in(self, number: int | str, secret: str = PIN) -> Visitor:
        return self.sends("Mở phản ánh", number=str(number), secret=secret)

    def _url(self, path: str) -> str:
        return requests.compat.urljoin(self.address, path)

    def _came(self, answer: requests.Response) -> Visitor:
        self.status, self.headers = answer.status_code, dict(answer.headers)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            self.source = answer.text
            self.page = Reader(answer.text)
        return self


class Site:
    """The program's web server with one scene behind it."""

    def __init__(self, scene: Scene, folder: Path, base_url: str) -> None:
        world = scene.world
        self.scene = scene
        self.pages = SignedPages(lambda: "the secret of a test", base_url, world.clock.now)
        use_pages(world, self.pages)
        self.app = web.create_app(
            wiring.World(
                settings=Settings(state_dir=folder, sandbox={"enabled": False}),
                engine=world.store.engine,
                store=world.store,
                clock=world.clock,
                words=world.words,
                platforms=world.tools.platforms,
                doors={},
                tools=world.tools,
                redis_url=None,
                pages=self.pages,
            )
        )

    def visits(self, address: str) -> Visitor:
        return Visitor(address).goes()

    def gives_pin(self, someone: Someone, pin: str = PIN) -> int:
        """As an administrator does by command line; the officer's number."""
        with self.scene.world.store.write() as uow:
            person = uow.people.find("plain", someone.user)
            assert person is not None
            PageStore(uow).set_pin(person.id, hash_of(pin), self.scene.world.clock.now())
            return uow.people.duties(person.id)[0].id


def use_pages(world: World, pages: SignedPages) -> None:
    """From here on messages carry links to pages."""
    world.tools = replace(world.tools, pages=pages)
    world.drain, world.sender = Drain(world.tools), Sender(world.tools, Pace())


@contextmanager
def serving(scene: Scene, folder: Path) -> Iterator[Site]:
    """A real server on loopback."""
    site: Site | None = None

    def app(environ: Any, start: Any) -> Any:
        assert site is not None
        return site.app(environ, start)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    site = Site(scene, folder, f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass
class AtPage(Someone):
    """An officer who opens the link of a card, and does there what others do in the group; commands go there too."""

    site: Site | None = None
    number: int = 0
    visitor: Visitor | None = field(default=None, repr=False)
    visitors: dict[str, Visitor] = field(default_factory=dict, repr=False)

    def link(self, code: str) -> str:
        found = [LINK.search(text) for text in self.told if code in text]
        links = [one[1] for one in found if one]
        assert links, f"no card of {code} has a link:\n" + "\n---\n".join(self.told[-3:])
        return links[-1]

    def opens(self, code: str) -> Visitor:
        """Open the page anew; sign in where that is asked."""
        assert self.site is not None
        self.number = self.number or self.site.gives_pin(self)
        self.visitor = self.visitors.setdefault(code, Visitor(self.link(code)))
        self.visitor.goes()
        if self.visitor.offers("Mở phản ánh"):
            self.visitor.signs_in(self.number)
        self._keeps_secrets()
        return self.visitor

    def picks(self, label: str, of: str = "", **_more: Any) -> AtPage:
        visitor = self.opens(of) if of else self.visitor
        assert visitor is not None
        self._from = len(self.told)
        visitor.sends(label)
        return self._settled()

    def says(self, text: str, **more: Any) -> AtPage:
        if text.startswith("/") or text[:3] == "PA-" or self.visitor is None:
            self.visitor = None
            super().says(text, **more)
            return self
        self._from = len(self.told)
        label = next(one for one in ("Tiếp tục", "Tìm", "Ghi chú") if self.visitor.offers(one))
        self.visitor.sends(label, words=text)
        return self._settled()

    def sends_photo(self, content: bytes = LAMP, text: str = "") -> AtPage:
        assert self.visitor is not None
        self._from = len(self.told)
        label = "Tiếp tục" if self.visitor.offers("Tiếp tục") else "Ghi chú"
        self.visitor.sends(label, files=[content], words=text)
        return self._settled()

    def hears(self, *parts: str) -> AtPage:
        new = "\n".join((*self.told[self._from :], self.visitor.page.text if self.visitor else ""))
        offered = [one[2] for form in self.visitor.page.forms for one in form.buttons] if self.visitor else []
        for part in parts:
            label = re.sub(r"^\d+\. ", "", part)
            assert part in new or label in offered, f"{self.name} does not read {part!r}, but:\n{new}"
        return self

    def offers(self, label: str) -> bool:
        return self.visitor.offers(label) if self.visitor else super().offers(label)

    def listens(self) -> AtPage:
        self.visitor = None
        super().listens()
        return self

    def _settled(self) -> AtPage:
        assert self.visitor is not None
        assert self.visitor.status == 200, self.visitor.page.text
        self._keeps_secrets()
        self.scene.world.forward(seconds=1)
        return self

    def _keeps_secrets(self) -> None:
        """Who reported stands nowhere on the page, nor in what is behind it."""
        assert self.visitor is not None
        secrets = [secret for one in self.scene.people for secret in (one.name, one.user, one.chat)]
        assert not [secret for secret in secrets if secret in self.visitor.source]
