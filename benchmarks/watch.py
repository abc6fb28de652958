"""Processes that a measurement has started: which has ended too early and how, and an orderly end for each."""

from __future__ import annotations

import os
import signal
from multiprocessing.process import BaseProcess

END_SECONDS = 30.0


class EndedTooEarly(RuntimeError):
    """A process of the measurement is gone; the words say which, and how it ended."""


def must_run(*processes: BaseProcess) -> None:
    """Raises EndedTooEarly when one of these has ended."""
    for process in processes:
        if not process.is_alive():
            raise EndedTooEarly(
                f"{process.name} (process {process.pid}) has ended too early, exit code {process.exitcode}"
            )


def end(process: BaseProcess, by: signal.Signals = signal.SIGTERM) -> None:
    """Ask it to end, wait, and end it when it does not."""
    if process.pid and process.is_alive():
        os.kill(process.pid, by)
    process.join(END_SECONDS)
    if process.is_alive():
        process.kill()
        process.join()
