"""Run a rival's intake in its own environment, on the same updates."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Literal

from benchmarks import citizen, environment
from benchmarks.place import Place

FOLDER = Path(__file__).parent / "rivals"
TIMEOUT = 600
PRESSED = ("", "c:1:consent:yes", "", "", "c:1:category:at.lighting", "c:1:confirm:send")

Rival = Literal["ptb", "aiogram", "aiogram side by side"]


def rate(place: Place, rival: Rival, conversations: int) -> float:
    """Conversations a second. Raises CalledProcessError when the rival lost a report."""
    framework, _, manner = rival.partition(" ")
    folder = place.subfolder(framework)
    updates = folder / "updates.jsonl"
    updates.write_text("".join(_conversation(chat) for chat in range(1, conversations + 1)), "utf-8")
    command: list[str | Path] = [environment.ensure(), FOLDER / f"with_{framework}.py", updates, folder]
    if framework == "aiogram":
        command.append(place.redis())
    if manner:
        command.append("--side-by-side")
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=TIMEOUT)
    return float(json.loads(done.stdout)["rate"])


def _conversation(number: int) -> str:
    """Six updates as the same citizens send them to us: our buttons' data does not depend on the chat."""
    chat = 100_000 + number
    return json.dumps([citizen.update(chat, step, PRESSED[step]).decode() for step in range(citizen.STEPS)]) + "\n"
