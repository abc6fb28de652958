"""One call of the OA's API: who calls, with what; its readers refuse what is written wrongly."""

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.call import Upload
from bot.sandbox.store import Json, Tx, is_utf8
from bot.sandbox.zalo import world
from bot.sandbox.zalo.account import Account
from bot.sandbox.zalo.errors import ZaloError


@dataclass
class Call:
    """The parts of a call within its transaction. `base` is the address under which files can be had."""

    tx: Tx
    account: Account
    base: str
    body: Json = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    file: Upload | None = None

    def data(self) -> Json:
        """The one query parameter `data` of older calls, which holds JSON text."""
        try:
            found = json.loads(self.query.get("data") or "{}")
        except ValueError as fault:
            raise ZaloError(-201, "data is not a valid JSON") from fault
        if not isinstance(found, dict) or not is_utf8(found):
            raise ZaloError(-201, "data is not an object")
        return found

    def mapping(self, name: str, source: Json | None = None) -> Json:
        """An object of the body, or of another object; must be there."""
        found = (self.body if source is None else source).get(name)
        if not isinstance(found, dict):
            raise ZaloError(-201, f"{name} is required")
        return found

    def text(self, name: str, source: Json | None = None) -> str:
        """A text that must be there and not be empty."""
        found = (self.body if source is None else source).get(name)
        if not isinstance(found, str) or not found:
            raise ZaloError(-201, f"{name} is required")
        return found

    def number(self, name: str, default: int, most: int, source: dict[str, Any] | None = None) -> int:
        """A number from zero to `most`."""
        given = (self.query if source is None else source).get(name, default)
        try:
            found = int(given)
        except (TypeError, ValueError) as fault:
            raise ZaloError(-201, f"{name} is not a number") from fault
        if not 0 <= found <= most:
            raise ZaloError(-210, f"{name} is out of range")
        return found

    def person(self, source: Json) -> sqlite3.Row:
        """The person that `user_id` of an object names; visitors of the web widget are not named so."""
        found = world.find_person(self.tx, self.text("user_id", source))
        if found is None or world.conversation_of(found):
            raise ZaloError(-201, "user_id is invalid")
        return found

    def group(self, group_id: object) -> sqlite3.Row:
        """A group of this OA. Raises ZaloError -403 for one that it is not in."""
        found = world.group(self.tx, str(group_id or ""))
        if found is None or found["state"] == "deleted":
            raise ZaloError(-403)
        return found
