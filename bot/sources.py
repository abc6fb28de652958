"""Where settings come from: `config.yaml` with line numbers, and the environment above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.problems import Problem
from storage.broken import in_yaml, not_utf8
from storage.yaml_text import LOADER
from workflows.frozen import frozen
from workflows.text import nearest

PREFIX = "BOT_"
BETWEEN = "__"
CONFIG_VARIABLE = "BOT_CONFIG"  # names another config.yaml; the only BOT_ name that is no setting

Key = tuple[str, ...]


@frozen
class Given:
    """One value somebody gave, and where: ``config.yaml:12`` or the variable's name."""

    value: Any
    where: str


@frozen
class Known:
    """Which settings there are: every leaf's key, and which of them are secrets."""

    keys: frozenset[Key]
    secrets: frozenset[Key]


def variable(key: Key) -> str:
    """The environment variable of a setting: ``("web", "port")`` is ``BOT_WEB__PORT``."""
    return PREFIX + BETWEEN.join(key).upper()


def from_yaml(path: Path, known: Known, problems: list[Problem]) -> dict[Key, Given]:
    """Settings of a YAML file; a file that is not there gives none. What is wrong goes to ``problems``."""
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        wrong = not_utf8(path.name)
        problems.append(Problem(path.name, wrong.vi, wrong.en))
        return {}
    try:
        loader = LOADER(text)
        node = loader.get_single_node()
        given = dict(_leaves(loader, node, path.name, known, problems)) if node else {}
    except yaml.YAMLError as error:
        mistake = in_yaml(error, text)
        problems.append(Problem(f"{path.name}:{mistake.line}:{mistake.column}", mistake.vi, mistake.en))
        return {}
    return {key: value for key, value in given.items() if not _refused_secret(key, value, known, problems)}


def from_environment(environ: Mapping[str, str], known: Known, problems: list[Problem]) -> dict[Key, Given]:
    """Settings of ``BOT_…`` variables, and of files that ``BOT_…_FILE`` names. Empty means not set."""
    by_name = {variable(key): key for key in known.keys}
    by_file = {f"{variable(key)}_FILE": key for key in known.secrets}
    given: dict[Key, Given] = {}
    for name in sorted(environ):
        value = environ[name].strip()
        if not name.startswith(PREFIX) or name == CONFIG_VARIABLE:
            continue
        if name not in by_name and name not in by_file:
            problems.append(_unknown(name, name, [*by_name, *by_file]))
        elif value and name in by_file and variable(by_file[name]) not in environ:
            _take_file(given, by_file[name], name, Path(value), problems)
        elif value and name in by_name:
            given[by_name[name]] = Given(value, name)
    return given


def tree(given: Mapping[Key, Given]) -> dict[str, Any]:
    """Flat settings as nested maps."""
    root: dict[str, Any] = {}
    for key, value in given.items():
        branch = root
        for part in key[:-1]:
            branch = branch.setdefault(part, {})
        branch[key[-1]] = value.value
    return root


def _unknown(where: str, name: str, names: Iterable[str]) -> Problem:
    meant = "".join(nearest(name, names))
    vi = f"không có cài đặt {name}" + (f"; có phải là {meant}?" if meant else "")
    en = f"there is no setting {name}" + (f"; did you mean {meant}?" if meant else "")
    return Problem(where, vi, en)


def _leaves(
    loader: yaml.SafeLoader, node: yaml.Node, file: str, known: Known, problems: list[Problem], at: Key = ()
) -> Iterable[tuple[Key, Given]]:
    if not isinstance(node, yaml.MappingNode):
        where = f"{file}:{node.start_mark.line + 1}"
        problems.append(Problem(where, "cần một mục gồm các cài đặt", "a section with settings is wanted here"))
        return
    seen: set[str] = set()
    for name_node, value_node in node.value:
        key = (*at, str(loader.construct_object(name_node)))
        where = f"{file}:{name_node.start_mark.line + 1}"
        if key[-1] in seen:
            problems.append(Problem(where, f"{'.'.join(key)} có hai lần", f"{'.'.join(key)} is there twice"))
        seen.add(key[-1])
        if key in known.keys:
            yield key, Given(loader.construct_object(value_node, deep=True), where)
        elif any(leaf[: len(key)] == key for leaf in known.keys):
            if isinstance(value_node, yaml.MappingNode) or value_node.value:  # an empty section says nothing
                yield from _leaves(loader, value_node, file, known, problems, key)
        else:
            siblings = {".".join(leaf[: len(key)]) for leaf in known.keys if leaf[: len(at)] == at}
            problems.append(_unknown(where, ".".join(key), siblings | {".".join(leaf) for leaf in known.keys}))


def _refused_secret(key: Key, given: Given, known: Known, problems: list[Problem]) -> bool:
    if key not in known.secrets or given.value in (None, ""):
        return False
    name = variable(key)
    problems.append(
        Problem(
            given.where,
            f"bí mật không được nằm trong tệp này; hãy đặt {name} hoặc {name}_FILE",
            f"a secret may not be in this file; set {name} or {name}_FILE",
        )
    )
    return True


def _take_file(given: dict[Key, Given], key: Key, name: str, path: Path, problems: list[Problem]) -> None:
    try:
        given[key] = Given(path.read_text(encoding="utf-8").strip(), name)
    except (OSError, UnicodeDecodeError) as wrong:
        why = type(wrong).__name__
        problems.append(Problem(name, f"không đọc được tệp {path} ({why})", f"the file {path} cannot be read ({why})"))
