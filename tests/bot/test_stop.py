"""Being told to stop: the signal may come at any moment of a wait, and is never lost."""

import fcntl
import os
import select
import signal
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from bot import processes, supervisor


@pytest.fixture(autouse=True)
def signals():
    """What the signals did before, they do again afterwards."""
    before = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)}
    yield
    for one, handler in before.items():
        signal.signal(one, handler)


def test_a_signal_in_the_middle_of_a_signal_in_a_wait_stops_it(monkeypatch):
    stopping = processes.stop_event()
    real = os.write

    def write(told, what):
        signal.raise_signal(signal.SIGTERM)  # once more, before the first is done with
        return real(told, what)

    monkeypatch.setattr(processes.os, "write", write)
    assert not stopping.wait(0)
    signal.raise_signal(signal.SIGTERM)
    assert stopping.wait() and stopping.is_set()


def test_a_program_with_many_files_open_waits_as_well(monkeypatch):
    """`select` refuses a descriptor beyond 1023."""
    told, tell = os.pipe()
    far = fcntl.fcntl(told, fcntl.F_DUPFD, 2000)
    monkeypatch.setattr(processes.os, "pipe", lambda: (far, tell))
    stopping = processes.stop_event()
    assert not stopping.wait(0)
    signal.raise_signal(signal.SIGTERM)
    assert stopping.wait()
    for one in (told, tell, far):
        os.close(one)


def told_in_a_child(before):
    """Somebody forks a child, which hears Ctrl-C. The end of the pipe that the parent waits at, and its event."""
    told, tell = os.pipe()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes.os, "pipe", lambda: (told, tell))
        stopping = processes.stop_event()

    def hears():
        before()
        signal.raise_signal(signal.SIGINT)

    child = supervisor.FORK.Process(target=hears)
    child.start()
    child.join()
    assert child.exitcode == 0
    return told, stopping


def test_what_a_child_hears_before_it_is_one_wakes_its_parent_once():
    told, stopping = told_in_a_child(lambda: None)
    assert select.select([told], [], [], 0)[0] == [told]
    assert not stopping.wait(0) and not stopping.is_set()
    assert select.select([told], [], [], 0)[0] == []
    signal.raise_signal(signal.SIGTERM)
    assert stopping.wait()


def test_ctrl_c_in_a_child_is_for_its_parent():
    told, stopping = told_in_a_child(supervisor._be_a_child)
    assert select.select([told], [], [], 0)[0] == []
    assert not stopping.wait(0)


def test_any_number_of_threads_wait_at_once():
    stopping = processes.stop_event()
    with ThreadPoolExecutor(3) as threads:
        waits = [threads.submit(stopping.wait, 60) for _ in range(3)]
        assert not wait(waits, timeout=0.05).done
        signal.raise_signal(signal.SIGTERM)
        assert [one.result() for one in waits] == [True] * 3
