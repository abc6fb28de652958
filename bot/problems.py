"""A problem that an administrator should know about: where it is, and what to do, in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from workflows.frozen import frozen

Weight = Literal["error", "warning"]


@frozen
class Problem:
    """One problem. ``where``: a file with line, a variable, a part of the program. Never holds a secret."""

    where: str
    vi: str
    en: str
    weight: Weight = "error"

    def __str__(self) -> str:
        return f"{self.where}: {self.vi} / {self.en}"


class ProblemsFound(Exception):
    """Something cannot go on; ``problems`` says everything that is wrong at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether something must be put right before the program may run."""
    return any(problem.weight == "error" for problem in problems)
