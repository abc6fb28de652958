"""A file that cannot be used: where its mistake is and what to do about it, in Vietnamese and English."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Self

import yaml

from storage.yaml_text import BadValue
from workflows.frozen import frozen

CORRECT = {
    "YAML": ("thụt dòng, dấu hai chấm, dấu nháy, dấu ngoặc", "indentation, colons, quotes, brackets"),
    "JSON": ("dấu phẩy, dấu nháy, dấu ngoặc", "commas, quotes, brackets"),
}


class BadFile(ValueError):
    """What a file says is not as agreed; says where and why in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi} / {en}")
        self.vi = vi
        self.en = en

    @classmethod
    def in_lines(cls, file: str, wrong: Iterable[tuple[int, str, str]]) -> Self:
        """Everything that is wrong, by line: why, in Vietnamese and English."""
        told = sorted(wrong)
        return cls(
            "\n".join(f"{file}, dòng {line}: {vi}" for line, vi, _ in told),
            "\n".join(f"{file}, line {line}: {en}" for line, _, en in told),
        )


@frozen
class Mistake:
    """Where a reader stumbled, counted from 1, and what to do about it, without the place."""

    line: int
    column: int
    vi: str
    en: str

    def of(self, file: str) -> BadFile:
        """The whole sentence."""
        return BadFile(
            f"{file}, dòng {self.line}, cột {self.column}: {self.vi}",
            f"{file}, line {self.line}, column {self.column}: {self.en}",
        )


def in_yaml(error: yaml.YAMLError, text: str) -> Mistake:
    """Where the reader of YAML stumbled; of a character that may not be there it knows no line."""
    if isinstance(error, yaml.reader.ReaderError):
        before, *_ = text.partition(chr(error.character))
        detail = f"; U+{error.character:04X}"
        return _syntax("YAML", before.count("\n") + 1, len(before) - before.rfind("\n"), detail, detail)
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    if isinstance(error, BadValue):
        return Mistake(
            line, column,
            f"{error.value!r} không phải ngày, giờ hay số có thật; hãy sửa rồi chạy lại",
            f"{error.value!r} is no real date, time or number; correct it and run it again",
        )  # fmt: skip
    problem = getattr(error, "problem", None)
    return _syntax("YAML", line, column, en=f"; {problem}" if problem else "")


def in_json(error: json.JSONDecodeError) -> Mistake:
    """Where the reader of JSON stumbled."""
    return _syntax("JSON", error.lineno, error.colno, en=f"; {error.msg}")


def _syntax(form: str, line: int, column: int, vi: str = "", en: str = "") -> Mistake:
    """``vi`` and ``en``: what more is known. The readers' own words are English and stay there."""
    look, see = CORRECT[form]
    return Mistake(
        line,
        column,
        f"không đúng cú pháp {form}; hãy sửa chỗ này ({look}) rồi chạy lại{vi}",
        f"not {form}; correct this place ({see}) and run it again{en}",
    )


def not_utf8(file: str) -> BadFile:
    """A file whose bytes are no text."""
    return BadFile(f"{file} phải là UTF-8; hãy lưu lại bằng UTF-8", f"{file} must be UTF-8; save it as UTF-8")
