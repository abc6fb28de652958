"""Gunicorn with our settings, on a socket that is open already."""

from __future__ import annotations

import os
import socket
from typing import Any

from gunicorn.app.base import BaseApplication

from bot.settings import Settings
from bot.web import create_app
from bot.wiring import build

# The far end of Zalo takes its keys in headers with an underscore, which gunicorn drops unless they are named.
SANDBOX = {"forwarder_headers": "ACCESS_TOKEN,SECRET_KEY,APPSECRET_PROOF"}


class WebServer(BaseApplication):
    """One arbiter, threads, no magic. The socket outlives it: whoever calls during a restart waits, not fails."""

    def __init__(self, settings: Settings, listening: socket.socket) -> None:
        self._settings = settings
        self._listening = listening
        super().__init__()

    def load_config(self) -> None:
        """Our settings as gunicorn's."""
        for key, value in {
            "bind": f"fd://{os.dup(self._listening.fileno())}",  # gunicorn closes what it is given
            "workers": self._settings.web.workers,
            "threads": self._settings.web.threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": 75,
            "accesslog": None,
            "loglevel": "warning",
            "proc_name": "phan-anh-web",
            **(SANDBOX if self._settings.sandbox_on else {}),
        }.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """Called in each worker process: nothing is shared across the fork."""
        return create_app(build(self._settings, only_doors=True))
