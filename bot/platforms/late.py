"""Platforms that are built when one is first asked for: a web process hardly ever needs one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping

from handlers.ports import Platform


class Late(Mapping[str, Platform]):
    """All platforms in use, by name; built together, once, by whichever thread asks first."""

    def __init__(self, build: Callable[[], Mapping[str, Platform]]) -> None:
        self._build = build
        self._built: Mapping[str, Platform] | None = None
        self._building = threading.Lock()

    def __getitem__(self, name: str) -> Platform:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def close(self) -> None:
        """Let go of what was built."""
        for platform in (self._built or {}).values():
            close = getattr(platform, "close", None)  # not every platform has something open
            if close:
                close()

    def _all(self) -> Mapping[str, Platform]:
        with self._building:
            if self._built is None:
                self._built = self._build()
            return self._built
