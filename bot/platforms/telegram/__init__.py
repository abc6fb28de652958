"""Telegram: read by ourselves, sent by python-telegram-bot's Bot; only this folder imports that library."""

import os

# The library hands out waiting times as timedelta when asked to, and warns on every one of them when not.
os.environ.setdefault("PTB_TIMEDELTA", "1")
