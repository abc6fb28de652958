"""A citizen who reports a broken lamp in six messages: photo, consent, pin, words, category, send."""

from __future__ import annotations

from typing import Any

import msgspec

from workflows.frozen import frozen
from workflows.messages import Message

WORDS = "Đèn đường trước số 12 Lê Lợi hỏng ba tối nay, đi lại rất nguy hiểm."
PIN = {"latitude": 16.4575, "longitude": 107.6226}
CORNER = (16.436, 107.610)  # of the middle of a ward of the sample
APART, ROWS, COLUMNS = 0.0006, 50, 42  # some 65 metres, in degrees: what is nearer may be offered as the same matter
STEPS = 6


@frozen
class Step:
    """One message: what it holds, and what our question must offer (a part of a button's data) or say before it."""

    content: dict[str, Any]
    presses: str = ""
    after: str = ""


REPORT = (
    Step({"photo": [{"file_id": "photo", "file_unique_id": "photo", "width": 64, "height": 48, "file_size": 1000}]}),
    Step({}, presses=":consent:", after="consent"),
    Step({"location": PIN}, after="place"),
    Step({"text": WORDS}, after="category"),
    Step({}, presses=":category:at.", after="category"),
    Step({}, presses=":confirm:send", after="review"),
)


def update(chat: int, step: int, pressed: str = "") -> bytes:
    """The Bot API update of one step; ``pressed`` is the data of the button, where it presses one."""
    wanted = REPORT[step]
    update_id = chat * 10 + step
    person = {"id": chat, "is_bot": False, "first_name": "Lan", "last_name": "Nguyễn", "language_code": "vi"}
    place = {"id": chat, "type": "private", "first_name": "Lan", "last_name": "Nguyễn"}
    message = {"message_id": 2 * step + 1, "from": person, "chat": place, "date": 1_795_000_000, **_own(wanted, chat)}
    body: dict[str, Any] = {"update_id": update_id, "message": message}
    if wanted.presses:
        press = {"id": str(update_id), "from": person, "chat_instance": str(chat), "data": pressed}
        body = {"update_id": update_id, "callback_query": press | {"message": message | {"text": "?"}}}
    return msgspec.json.encode(body)


def _own(step: Step, chat: int) -> dict[str, Any]:
    """A photo of one's own in every chat, and a lamp of one's own."""
    if "location" in step.content:
        return {"location": spot(chat)}
    if "photo" not in step.content:
        return step.content
    return {"photo": [one | {"file_id": f"photo{chat}", "file_unique_id": f"p{chat}"} for one in step.content["photo"]]}


def spot(number: int) -> dict[str, float]:
    """One of 2,100 places in the same ward, none of them near another."""
    row, column = divmod(number % (ROWS * COLUMNS), COLUMNS)
    return {"latitude": round(CORNER[0] + row * APART, 6), "longitude": round(CORNER[1] + column * APART, 6)}


def chosen(step: int, said: Message) -> str:
    """The data of the button that this step presses, among those we were offered; "" where it presses none.

    Raises ValueError when there is no such button.
    """
    wanted = REPORT[step].presses
    offered = [button.data for row in said.buttons for button in row if wanted and wanted in button.data]
    if wanted and not offered:
        raise ValueError(f"no button with {wanted!r}")
    return offered[0] if offered else ""


def is_answer(step: int, said: Message) -> bool:
    """Whether this message answers the step (there may be others, about photos or cases)."""
    if step + 1 == STEPS:
        return True
    expected = REPORT[step + 1].after
    return any(line.key.startswith(f"{expected}.") for line in said.lines)
