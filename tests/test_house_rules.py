"""The rules of the house: what every file, every word, every command and every lock file keeps to."""

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from bot.cli.main import cli
from bot.words.catalogue import read_texts

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "storage", "workflows")
LONGEST_BUTTON = 20
# Folders that `make` or a running program fills; none is part of the project.
NOT_OURS = {".git", ".venv", ".tools", "var", "htmlcov", "__pycache__", "node_modules"}


def our_files(folder: Path = ROOT) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in NOT_OURS or path.name.endswith("_cache") or path.name == ".hypothesis":
            continue
        if path.is_dir():
            yield from our_files(path)
        elif path.is_file() and path.name != ".env" and not path.name.startswith(".coverage"):
            yield path


def our_texts() -> Iterator[tuple[str, str]]:
    """Every text file of the project as (path from the top, content)."""
    for path in our_files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def python_files() -> list[str]:
    found = [path for room in ROOMS for path in our_files(ROOT / room)]
    return [str(path.relative_to(ROOT)) for path in found if path.suffix == ".py"]


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every text of a language by its dotted key, from all its files."""
    return read_texts()[language]


# What is said by key, and which of its arguments is the key.
SPEAKERS = {"say": 0, "Line": 0, "word": 0, "choice": 1, "Refusal": 0}


def keys_in_code() -> dict[str, str]:
    """Every key that is written out in the code: {key: where}. Keys made of parts are the catalogue's own tests'."""
    found: dict[str, str] = {}
    for path in python_files():
        if not path.startswith(("workflows/", "handlers/")):
            continue
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            place = SPEAKERS.get(node.func.id)
            if place is None or len(node.args) <= place:
                continue
            key = node.args[place]
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and "." in key.value:
                found[key.value] = f"{path}:{node.lineno}"
    return found


# Filled from settings in every text; English has no use for some of them.
EVERYWHERE = {"province", "team", "Team", "address_form", "Address_form", "upper", "complaint_office"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None} - EVERYWHERE


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for part in command.list_commands(context):
            inner = command.get_command(context, part)
            assert inner is not None
            yield from commands(inner, f"{name} {part}")


def every_command() -> list[tuple[str, click.Command]]:
    return list(commands(cli, "run_bot.py"))


@pytest.mark.parametrize("path", python_files())
def test_every_file_says_its_one_idea_in_its_first_line(path):
    source = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith("__init__.py") and not source:
        return  # an empty one only marks its folder as a package
    assert source.startswith(('"""', 'r"""')), f"{path} does not begin with a docstring"
    first = (ast.get_docstring(ast.parse(source)) or "").split("\n")[0]
    assert first.endswith((".", "?", "…")), f"{path}: the first line is no whole sentence: {first!r}"


def test_the_rooms_are_there():
    assert all(any(path.startswith(f"{room}/") for path in python_files()) for room in ROOMS)


def test_every_folder_of_code_is_a_package():
    """Import contracts do not see what lies in a folder without `__init__.py`."""
    folders = {Path(path).parent for path in python_files()}
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder / "__init__.py").exists()] == []


def test_both_languages_have_the_same_words():
    vietnamese, english = catalogue("vi"), catalogue("en")
    assert sorted(vietnamese.keys() - english.keys()) == [], "missing in en.yaml"
    assert sorted(english.keys() - vietnamese.keys()) == [], "missing in vi.yaml"


def test_both_languages_have_the_same_placeholders():
    vietnamese, english = catalogue("vi"), catalogue("en")
    differ = {
        key: (placeholders(vietnamese[key]), placeholders(english[key]))
        for key in vietnamese.keys() & english.keys()
        if placeholders(vietnamese[key]) != placeholders(english[key])
    }
    assert differ == {}


def test_no_words_are_empty():
    empty = [
        f"{language}: {key}"
        for language in ("vi", "en")
        for key, text in catalogue(language).items()
        if not text.strip()
    ]
    assert empty == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("namespace", ["button.", "card_button.", "desk_button.", "rating."])
def test_buttons_are_short_enough_for_a_phone(language, namespace):
    buttons = {key: text for key, text in catalogue(language).items() if key.startswith(namespace)}
    assert buttons, f"no key under {namespace}"
    assert {key: text for key, text in buttons.items() if len(text) > LONGEST_BUTTON} == {}


def test_every_key_in_the_code_has_words():
    used = keys_in_code()
    assert len(used) > 100
    assert {key: where for key, where in used.items() if key not in catalogue("vi")} == {}


def test_every_command_and_option_has_help():
    silent = []
    for name, command in every_command():
        if not command.help:
            silent.append(name)
        for option in command.params:
            if isinstance(option, click.Option) and not option.help:
                silent.append(f"{name} {option.opts[0]}")
    assert silent == []


@pytest.mark.parametrize("lock", sorted(path.name for path in ROOT.glob("requirements*.txt")))
def test_locks_hold_names_versions_and_hashes_but_no_addresses(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-f|-i|--index|--extra|--find)", text, re.MULTILINE)
    pinned = re.findall(r"^([a-z0-9_.-]+(?:\[[^]]*\])?)==[^\n]*\\\n\s+--hash=sha256:", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[^\s#]", text, re.MULTILINE)) > 0


def test_what_runs_is_what_is_tested():
    pins = {
        lock: set(re.findall(r"^\S+==[^\s;\\]+", (ROOT / lock).read_text(), re.MULTILINE))
        for lock in ("requirements.txt", "requirements-dev.txt")
    }
    assert pins["requirements.txt"] <= pins["requirements-dev.txt"]


def test_who_is_to_hear_nothing_listens_before_it_could_be_said():
    """Right after `listens()` there is nothing to hear, whatever was said."""
    idle = re.compile(r"\.listens\(\)\s*\.(?:hears_nothing|does_not_hear)")
    tests = [(path, text) for path, text in our_texts() if path.startswith("tests/")]
    assert [f"{path}: {match[0]}" for path, text in tests for match in idle.finditer(text)] == []


def test_nothing_names_a_folder_of_somebodys_machine():
    machine = re.compile(r"(?<![\w.])/(?:work|root|home|Users)/\w+")
    named = [f"{path}: {match[0]}" for path, text in our_texts() for match in machine.finditer(text)]
    assert named == []


def test_nothing_names_a_package_registry():
    registries = re.compile(r"(?:pypi\.or[g]|pythonhosted\.or[g]|registry\.npmjs|deb\.debian)", re.IGNORECASE)
    named = [f"{path}: {match[0]}" for path, text in our_texts() for match in registries.finditer(text)]
    assert named == []
