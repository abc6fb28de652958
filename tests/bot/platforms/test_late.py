"""Platforms that are built late: once, whoever asks, and only when somebody does."""

from __future__ import annotations

import threading

from bot.platforms.late import Late


class Far:
    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_they_are_built_once_and_only_when_asked_for():
    far, built = Far(), []
    late = Late(lambda: built.append(1) or {"far": far})
    late.close()
    assert built == []
    threads = [threading.Thread(target=lambda: late.get("far")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == [1]
    assert (late["far"], list(late), len(late)) == (far, ["far"], 1)
    assert late.get("other") is None
    late.close()
    assert far.closed == 1
