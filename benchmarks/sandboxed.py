"""Whole reports through the real program: `serve`, its HTTP clients, the sandbox at the far end, people who write."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from PIL import Image

from benchmarks import citizen
from benchmarks.place import Place
from benchmarks.serving import serving
from benchmarks.table import median
from bot.sandbox.client import Person, SandboxClient, World
from bot.sandbox.store import Json
from workflows.frozen import frozen

THREADS = 4  # each with people and connections of its own
DEADLINE = 300.0  # seconds for all reports
LOOK_SECONDS = 0.05
ASKS = {"place": "Sự việc xảy ra ở đâu", "category": "thuộc lĩnh vực nào"}  # before a message that presses nothing
RECEIPT = "Mã phản ánh"


@frozen
class Sandboxed:
    """Whole reports a second from the first message to the last receipt, and what one person waited (seconds)."""

    rate: float
    wait: float

    @property
    def messages(self) -> float:
        """Citizens' messages a second."""
        return self.rate * citizen.STEPS


@dataclass(slots=True)
class Reporter:
    """Somebody who sends the six messages, each when the one before is answered."""

    at: Person
    step: int = 0
    heard: int = 0  # the newest message that has been answered
    begun: float = 0.0
    ended: float = 0.0

    def go_on(self, world: World) -> None:
        """Send the next message when what it answers has been said; note when the receipt is there."""
        said = self._cue([one for one in world.from_bot(self.at.chat) if one["message_id"] > self.heard])
        if said is None:
            return
        if self.step == citizen.STEPS:
            self.ended = time.monotonic()
            return
        self.heard = said.get("message_id", 0)
        self._send(citizen.REPORT[self.step], said)
        self.step += 1

    def _cue(self, fresh: Sequence[Json]) -> Json | None:
        """The message that the next step answers; the first answers none."""
        if self.step == 0:
            return {}
        if self.step == citizen.STEPS:
            return next((one for one in fresh if RECEIPT in one["text"]), None)
        wanted = citizen.REPORT[self.step]
        if wanted.presses:
            return next((one for one in fresh if _button(one, wanted.presses)), None)
        return next((one for one in fresh if ASKS[wanted.after] in one["text"]), None)

    def _send(self, step: citizen.Step, said: Json) -> None:
        if step.presses:
            self.at.presses(said["message_id"], _button(said, step.presses))
        elif "photo" in step.content:
            self.begun = time.monotonic()
            self.at.act("photo", files=[("photo.jpg", _picture(), "image/jpeg")])
        elif "location" in step.content:
            pin = citizen.spot(self.at.chat)  # where others report the same, it might be offered as one matter
            self.at.sends_location(pin["latitude"], pin["longitude"])
        else:
            self.at.says(step.content["text"])


def run(place: Place, conversations: int) -> Sandboxed:
    """So many people report at once. Raises TimeoutError when a report is not finished, EndedTooEarly when `serve` is.

    `serve` has the processes that `make run` starts; PostgreSQL and the Redis-protocol server are those of the run.
    """
    stores = {"BOT_DATABASE__URL": place.database("postgresql"), "BOT_REDIS__URL": place.redis()}
    with serving(place.subfolder("sandboxed"), BOT_SANDBOX__ENABLED="true", **stores) as served:
        _report(served.address, THREADS)  # what is loaded and opened once belongs to a start
        reported = _report(served.address, conversations)
    spent = max(one.ended for one in reported) - min(one.begun for one in reported)
    return Sandboxed(len(reported) / spent, median(one.ended - one.begun for one in reported))


def _report(address: str, conversations: int) -> list[Reporter]:
    """One report by each of so many new people, shared out among the threads."""
    with SandboxClient(address) as client:
        people = client.add_people(*(f"Người dân {number}" for number in range(1, conversations + 1)))
    with ThreadPoolExecutor(THREADS) as threads:
        done = threads.map(lambda own: _one_thread(address, own), (people[n::THREADS] for n in range(THREADS)))
        return [one for each in done for one in each]


def _one_thread(address: str, people: Sequence[int]) -> list[Reporter]:
    until = time.monotonic() + DEADLINE
    with SandboxClient(address) as client:
        reporters = [Reporter(client.citizen(person)) for person in people]
        while waiting := [one for one in reporters if not one.ended]:
            world = client.look(*(one.at.chat for one in waiting))
            for one in waiting:
                one.go_on(world)
            if time.monotonic() > until:
                steps = ", ".join(str(one.step) for one in waiting)
                raise TimeoutError(f"{len(waiting)} of {len(people)} reports were not finished; they stand at {steps}")
            time.sleep(LOOK_SECONDS)
    return reporters


def _button(message: Json, part: str) -> str:
    """The data of the first button with this in it; "" when there is none."""
    datas = (button.get("callback_data", "") for row in message["buttons"] for button in row)
    return next((data for data in datas if part in data), "")


def _picture() -> bytes:
    """A JPEG of 64 × 48 pixels that nobody else has: the platform makes its photos anew from the pixels alone."""
    kept = io.BytesIO()
    Image.effect_noise((64, 48), 60).convert("RGB").save(kept, "JPEG")
    return kept.getvalue()
