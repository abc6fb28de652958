"""One call of the Bot API: its parameters from JSON, form or multipart, read strictly."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import entities, limits
from bot.sandbox.errors import bad
from bot.sandbox.store import Json, Tx

ENTITY_FIELDS = ("type", "offset", "length", "url", "user", "language", "custom_emoji_id")


@dataclass(frozen=True)
class Upload:
    """A file sent along in multipart."""

    name: str
    mime: str
    data: bytes


@dataclass
class Call:
    """The parameters of a call within its transaction. Readers raise ApiError 400 for what cannot be read."""

    tx: Tx
    params: Json
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.params.get(name)
        return default if value is None else str(value)

    def integer(self, name: str) -> int | None:
        value = self.params.get(name)
        if value is None or value == "":
            return None
        try:
            number = int(value)
        except (TypeError, ValueError) as fault:
            raise bad(f"{name} must be an integer") from fault
        if abs(number) >= 2**53:
            raise bad(f"{name} is out of range")
        return number

    def number(self, name: str) -> float:
        try:
            return float(self.params[name])
        except (KeyError, TypeError, ValueError) as fault:
            raise bad(f"{name} must be a number") from fault

    def flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).lower() in ("true", "1", "yes")

    def data(self, name: str) -> Any:
        """A nested value: JSON text in a form, plain in a JSON body; None when absent."""
        value = self.params.get(name)
        if value in (None, ""):
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as fault:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from fault

    def mapping(self, name: str) -> Json:
        value = self.data(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise bad(f"object expected as {name.replace('_', ' ')}")
        return value

    def caption(self, source: Json | None = None) -> Json:
        """`{"caption": …, "caption_entities": […]}` of the call or of an item of an album; may be empty."""
        words, marks = self.formatted("caption", "caption_entities", source)
        if entities.utf16(words) > limits.CAPTION_UNITS:
            raise bad("message caption is too long")
        if not words:
            return {}
        return {"caption": words, **({"caption_entities": marks} if marks else {})}

    def formatted(self, name: str, marks: str, source: Json | None = None) -> tuple[str, list[Json]]:
        """Text after entity parsing, with what the platform recognises by itself."""
        values = self.params if source is None else source
        words = str(values.get(name) or "")
        mode = str(values.get("parse_mode") or "").lower()
        if mode == "html":
            words, found = entities.parse_html(words)
        elif mode:
            raise bad("unsupported parse_mode")
        else:
            given = Call(self.tx, values).data(marks) or []
            words, found = entities.trim(words, _checked(given))
        return words, entities.detect(words, found)


def _checked(given: Any) -> list[Json]:
    if not isinstance(given, list):
        raise bad("can't parse entities: expected an Array")
    kept = []
    for entity in given:
        if not isinstance(entity, dict) or not {"type", "offset", "length"} <= entity.keys():
            raise bad("can't parse MessageEntity: expected type, offset and length")
        if not all(isinstance(entity[name], int) and entity[name] >= 0 for name in ("offset", "length")):
            raise bad("can't parse MessageEntity: offset and length are numbers")
        kept.append({name: entity[name] for name in ENTITY_FIELDS if name in entity})
    return kept
