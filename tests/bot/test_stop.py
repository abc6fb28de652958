"""Being told to stop: the signal may come at any moment of a wait, and is never lost."""

import os
import signal

from bot import processes


def test_a_signal_in_the_middle_of_a_signal_in_a_wait_stops_it(monkeypatch):
    before = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)]
    try:
        stopping = processes.stop_event()
        real = os.write

        def write(told, what):
            signal.raise_signal(signal.SIGTERM)  # once more, before the first is done with
            return real(told, what)

        monkeypatch.setattr(processes.os, "write", write)
        assert not stopping.wait(0)
        signal.raise_signal(signal.SIGTERM)
        assert stopping.wait() and stopping.is_set()
    finally:
        for one, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(one, handler)
