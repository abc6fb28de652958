"""Case codes such as PA-7K3M-9QXC: easy to say, hard to mistype, telling nothing about the case.

A code is a prefix, seven random symbols and a check symbol. The check is computed in the group of the
symmetries of a regular 13-gon, which has as many elements as the alphabet has symbols (26) and in which
order matters. A weighted sum cannot do it: modulo an even number no two neighbouring weights and their
difference can all be invertible.

Symbol number k below 13 is the turn R(k), symbol 13 + k the reflection S(k); the twist sends R(k) to R(-k)
and S(k) to S(k + 2). For x other than y, x * twist(y) differs from y * twist(x): between turns because x -
y = y - x has no other solution modulo 13, between reflections likewise, and between a turn and a reflection
because 2 is not 0. A code is right when the product of its symbols, the i-th twisted i times, is R(0).
Hence every wrong symbol and every two neighbours changed for each other are noticed, wherever they stand,
the check symbol included.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

ALPHABET = "2346789ACDEFGHJKMNPQRTVWXY"  # no look-alikes: 0 O, 1 I L, 5 S, B, U, Z are never used
RANDOM_SYMBOLS = 7
LENGTH = RANDOM_SYMBOLS + 1

_HALF = len(ALPHABET) // 2
_LONGEST = 60  # characters of a message that may still be a code and nothing else
_SEPARATOR = r"[\s\-‐-―_.]"


def make(prefix: str, numbers: Sequence[int]) -> str:
    """A code out of seven random ``numbers``, each from 0 to 25.

    Raises ValueError for a prefix that is not one to four letters, another count or a number out of range.
    """
    if not re.fullmatch(r"[A-Z]{1,4}", prefix):
        raise ValueError("a prefix has one to four capital letters A-Z")
    if len(numbers) != RANDOM_SYMBOLS or not all(0 <= number < len(ALPHABET) for number in numbers):
        raise ValueError(f"a code needs {RANDOM_SYMBOLS} numbers from 0 to {len(ALPHABET) - 1}")
    symbols = "".join(ALPHABET[number] for number in numbers)
    return _written(prefix, symbols + _check_symbol(numbers))


def parse(text: str, prefix: str) -> str | None:
    """The code that ``text`` is as a whole, in any case, with or without hyphens and spaces; else None.

    Look-alikes are not guessed at: the alphabet has none.
    """
    if len(text) > _LONGEST:
        return None
    joined = re.sub(_SEPARATOR, "", text).upper()
    symbols = joined.removeprefix(prefix)
    return _written(prefix, symbols) if joined.startswith(prefix) and _is_right(symbols) else None


def find_all(text: str, prefix: str) -> list[str]:
    """The codes inside a sentence, each once, in the order of their first mention."""
    group, gap = f"[{ALPHABET}]{{4}}", f"{_SEPARATOR}{{0,3}}"
    pattern = rf"(?<!\w){re.escape(prefix)}{gap}({group}){gap}({group})(?!\w)"
    found = (first + second for first, second in re.findall(pattern, text.upper()))
    return list(dict.fromkeys(_written(prefix, symbols) for symbols in found if _is_right(symbols)))


def _written(prefix: str, symbols: str) -> str:
    return f"{prefix}-{symbols[:4]}-{symbols[4:]}"


def _is_right(symbols: str) -> bool:
    if len(symbols) != LENGTH or not set(symbols) <= set(ALPHABET):
        return False
    return _product(ALPHABET.index(symbol) for symbol in symbols) == 0


def _check_symbol(numbers: Sequence[int]) -> str:
    """The symbol that makes the code right; there is exactly one, for the twist only rearranges symbols."""
    return next(symbol for check, symbol in enumerate(ALPHABET) if _product((*numbers, check)) == 0)


def _product(numbers: Iterable[int]) -> int:
    product = 0
    for place, number in enumerate(numbers, start=1):
        product = _times(product, _twisted(number, place))
    return product


def _times(left: int, right: int) -> int:
    """First ``left``, then ``right``: after a reflection turns count backwards."""
    left_reflects, right_reflects = left >= _HALF, right >= _HALF
    turn = (left - right if left_reflects else left + right) % _HALF
    return turn + _HALF * (left_reflects != right_reflects)


def _twisted(number: int, times: int) -> int:
    if number >= _HALF:
        return _HALF + (number + 2 * times) % _HALF
    return -number % _HALF if times % 2 else number
