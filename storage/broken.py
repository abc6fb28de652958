"""A file that cannot be used: where its mistake is and what to do about it, in Vietnamese and English."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import yaml

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


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where a reader stumbled, counted from 1, and its own words for it."""

    form: str  # YAML | JSON
    line: int
    column: int
    detail: str

    @property
    def vi(self) -> str:
        """What to do, without the place."""
        return f"không đúng cú pháp {self.form}; hãy sửa chỗ này ({CORRECT[self.form][0]}) rồi chạy lại; {self.detail}"

    @property
    def en(self) -> str:
        """The same in English."""
        return f"not {self.form}; correct this place ({CORRECT[self.form][1]}) and run it again; {self.detail}"

    def of(self, file: str) -> BadFile:
        """The whole sentence."""
        return BadFile(
            f"{file}, dòng {self.line}, cột {self.column}: {self.vi}",
            f"{file}, line {self.line}, column {self.column}: {self.en}",
        )


def in_yaml(error: yaml.YAMLError, text: str) -> Mistake:
    """Where the reader of YAML stumbled; a character that may not be there has only its distance from the start."""
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return Mistake("YAML", mark.line + 1, mark.column + 1, getattr(error, "problem", None) or "")
    before = text[: getattr(error, "position", 0)]
    detail = f"U+{error.character:04X}" if isinstance(error, yaml.reader.ReaderError) else type(error).__name__
    return Mistake("YAML", before.count("\n") + 1, len(before) - before.rfind("\n"), detail)


def in_json(error: json.JSONDecodeError) -> Mistake:
    """Where the reader of JSON stumbled."""
    return Mistake("JSON", error.lineno, error.colno, error.msg)


def not_utf8(file: str) -> BadFile:
    """A file whose bytes are no text."""
    return BadFile(f"{file} phải là UTF-8; hãy lưu lại bằng UTF-8", f"{file} must be UTF-8; save it as UTF-8")
