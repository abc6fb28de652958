"""A policy file read: YAML with its line numbers, so that whatever is wrong is told with the line it stands in."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from storage.broken import BadFile, in_yaml
from storage.yaml_text import LOADER, read_yaml
from workflows.case.policy_data import BadData, PolicyData, Where, Wrong, read

FOLDER = Path(__file__).parent / "seed" / "policies"
DEFAULT = "quang-ninh"  # the rule of a new installation
SHIPPED = (DEFAULT, "hue")

Lines = dict[Where, int]


def shipped(name: str) -> str:
    """The text of a policy that came with the program."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def read_text(text: str, file: str, categories: Collection[str] | None = None, *, whole: bool = True) -> PolicyData:
    """The policy that a file's text says. ``categories``: the codes there are. Raises BadFile.

    ``whole``: every key must be there; not asked of a version that was imported long ago.
    """
    data, lines = _plain(text, file)
    try:
        return read(data, categories, whole=whole)
    except BadData as bad:
        raise BadFile.in_lines(file, [(_line(lines, one), one.vi, one.en) for one in bad.wrong]) from None


def lines_of_tests(text: str) -> list[int]:
    """The lines in which the examples of a readable policy begin."""
    _, lines = _plain(text, "")
    return [line for where, line in sorted(lines.items(), key=lambda item: item[1]) if _is_test(where)]


def plain_rules(text: str) -> dict[str, Any]:
    """A readable policy as flat plain data, for comparing two of them: ``policy.resolve.amount`` to its value."""
    data, _ = _plain(text, "")
    flat: dict[str, Any] = {}
    for section in sorted(set(data) - {"tests"}):
        _flatten(section, data[section], flat)
    return flat


def _is_test(where: Where) -> bool:
    return len(where) == 2 and where[0] == "tests" and isinstance(where[1], int)


def _flatten(name: str, value: Any, flat: dict[str, Any]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(f"{name}.{key}", inner, flat)
    else:
        flat[name] = value


def _plain(text: str, file: str) -> tuple[Any, Lines]:
    """The data and the line of each of its values. Raises BadFile for what is no YAML, or a key said twice."""
    try:
        root = yaml.compose(text, Loader=LOADER)
        data = read_yaml(text)
    except yaml.YAMLError as error:
        raise in_yaml(error, text).of(file) from None
    lines: Lines = {(): 1}
    twice: list[tuple[int, str, str]] = []
    if root is not None:
        _walk(root, (), lines, twice)
    if twice:
        raise BadFile.in_lines(file, twice)
    return data, lines


def _walk(node: yaml.Node, where: Where, lines: Lines, twice: list[tuple[int, str, str]]) -> None:
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            line = key.start_mark.line + 1
            inner = (*where, key.value)
            if inner in lines:
                twice.append((line, f"chồng lấn: {key.value} có hai lần", f"overlap: {key.value} stands twice"))
            lines[inner] = line
            _walk(value, inner, lines, twice)
    if isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            _walk(value, (*where, at), lines, twice)


def _line(lines: Lines, wrong: Wrong) -> int:
    """The line of the value, or of the nearest thing around it that is there."""
    where = wrong.where
    while where not in lines:
        where = where[:-1]
    return lines[where]
