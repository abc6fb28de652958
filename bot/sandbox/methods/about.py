"""Methods by which the bot says who it is: name, commands, descriptions."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import bad
from bot.sandbox.store import dump


def keep(parameter: str, most: int, empty: object = "") -> Callable[[Call], bool]:
    def method(call: Call) -> bool:
        value = call.data(parameter) if isinstance(empty, list) else call.text(parameter)
        if len(value or "") > most:
            raise bad(f"{parameter} is too long")
        facts = call.tx.fact(f"about:{parameter}", {})
        scope = dump([call.data("scope"), call.text("language_code")])
        call.tx.keep_fact(f"about:{parameter}", {**facts, scope: value or empty})
        return True

    return method


def tell(parameter: str, empty: object = "") -> Callable[[Call], Any]:
    def method(call: Call) -> Any:
        scope = dump([call.data("scope"), call.text("language_code")])
        value = call.tx.fact(f"about:{parameter}", {}).get(scope, empty)
        return value if isinstance(empty, list) else {parameter: value}

    return method
