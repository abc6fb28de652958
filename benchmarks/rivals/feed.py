"""What both rivals share: the reports to be fed, their words, where photos and reports are kept, and the figure."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OPEN_CHATS = 100

ASK_CONSENT = "Ảnh đã nhận. Anh/chị đồng ý để chúng tôi xử lý dữ liệu của phản ánh này chứ?"
ASK_PLACE = "Cảm ơn anh/chị. Sự việc ở đâu? Vui lòng gửi vị trí."
ASK_WORDS = "Đã nhận vị trí. Vui lòng mô tả ngắn sự việc."
ASK_CATEGORY = "Sự việc thuộc lĩnh vực nào?"
ASK_SEND = "Vui lòng kiểm tra lại rồi bấm Gửi.\nLĩnh vực: {category}\nVị trí: {lat}, {lon}\nMô tả: {words}"
SENT = "Đã gửi phản ánh. Mã số: {code}"

CONSENT = r"^c:\d+:consent:yes$"
CATEGORY = r"^c:\d+:category:at\.(.+)$"
SEND = r"^c:\d+:confirm:send$"


class Feed:
    """Conversations of six updates each, a hundred open at a time."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text("utf-8").splitlines()
        self.conversations: list[list[str]] = [json.loads(line) for line in lines]
        self._waiting = iter(self.conversations)

    def next(self) -> list[str] | None:
        """The updates of the next conversation, as text; None when there are no more."""
        return next(self._waiting, None)

    def in_turn(self) -> Iterator[str]:
        """Update by update, turn by turn among the open chats."""
        open_ones = [iter(one) for _ in range(OPEN_CHATS) if (one := self.next())]
        while open_ones:
            for place, updates in reversed(list(enumerate(open_ones))):
                update = next(updates, None)
                if update is not None:
                    yield update
                    continue
                following = self.next()
                if following is None:
                    del open_ones[place]
                else:
                    open_ones[place] = iter(following)
                    yield next(open_ones[place])


class Register:
    """Where finished reports are kept: a file that is flushed to the disk at every report."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self.count = 0

    def keep(self, report: dict[str, Any]) -> str:
        """Keep a report; its code."""
        self.count += 1
        self._file.write(json.dumps(report, ensure_ascii=False) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        return f"PA-{self.count:07d}"


class Photos:
    """The one photo that every file id has at the far end, and the folder where those that were fetched are kept."""

    def __init__(self, folder: Path) -> None:
        self._picture = (folder / "photo.jpg").read_bytes()
        self._folder = folder / "photos"
        self._folder.mkdir()

    def at_the_far_end(self, handle: str) -> bytes:
        """A photo that nobody else sent: what follows the picture's end belongs to the file."""
        return self._picture + handle.encode()

    def keep(self, content: bytes) -> str:
        """Keep a photo under its hash, flushed to the disk, name and all; the hash."""
        key = hashlib.sha256(content).hexdigest()
        with (self._folder / f"{key}.new").open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        (self._folder / f"{key}.new").replace(self._folder / key)
        names = os.open(self._folder, os.O_RDONLY)
        os.fsync(names)
        os.close(names)
        return key

    @property
    def count(self) -> int:
        """How many are kept."""
        return sum(1 for _ in self._folder.iterdir())


def finish(feed: Feed, register: Register, photos: Photos, begun: float) -> None:
    """Print conversations a second. Exits with 1 when a report or a photo is missing."""
    spent = time.perf_counter() - begun
    if not register.count == photos.count == len(feed.conversations):
        sys.exit(f"{register.count} reports and {photos.count} photos of {len(feed.conversations)} were kept")
    print(json.dumps({"rate": len(feed.conversations) / spent}))
