"""Run a rival's intake in its own environment, on the same updates."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Literal

from benchmarks import citizen, environment
from benchmarks.place import Place
from benchmarks.sink import small_photo

FOLDER = Path(__file__).parent / "rivals"
TIMEOUT = 600
PRESSED = ("", "c:1:consent:yes", "", "", "c:1:category:at.lighting", "c:1:confirm:send")

Rival = Literal["ptb", "ptb --one-write", "aiogram", "aiogram --side-by-side"]


def rate(place: Place, rival: Rival, conversations: int) -> float:
    """Conversations a second. Raises RuntimeError with what the rival said when it lost a report or a photo."""
    framework, *manner = rival.split()
    folder = place.subfolder(framework)
    updates = folder / "updates.jsonl"
    updates.write_text("".join(_conversation(chat) for chat in range(1, conversations + 1)), "utf-8")
    (folder / "photo.jpg").write_bytes(small_photo())
    command: list[str | Path] = [environment.ensure(), FOLDER / f"with_{framework}.py", updates, folder]
    if framework == "aiogram":
        command.append(place.redis())
    done = subprocess.run([*command, *manner], check=False, capture_output=True, text=True, timeout=TIMEOUT)
    if done.returncode:
        raise RuntimeError(f"the rival {rival!r} ended with {done.returncode}: {done.stderr[-2000:].strip()}")
    return float(json.loads(done.stdout)["rate"])


def _conversation(number: int) -> str:
    """Six updates as the same citizens send them to us: our buttons' data does not depend on the chat."""
    chat = 100_000 + number
    return json.dumps([citizen.update(chat, step, PRESSED[step]).decode() for step in range(citizen.STEPS)]) + "\n"
