"""The lifecycle as a Mermaid diagram and as a table, drawn from the moves so that the docs cannot drift."""

from __future__ import annotations

from collections.abc import Iterable

from workflows.case.model import State
from workflows.case.moves import MOVES, Computed, Move

BEGIN = "[*]"


def mermaid(moves: Iterable[Move] = MOVES) -> str:
    """A state diagram: one arrow for each pair of states, with the codes and actions that lead along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in moves:
        for pair in _pairs(move):
            label = f"{move.code} {move.action.value}"
            if label not in arrows.setdefault(pair, []):
                arrows[pair].append(label)
    lines = [f"    {before} --> {after}: {', '.join(labels)}" for (before, after), labels in arrows.items()]
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"


def table(moves: Iterable[Move] = MOVES) -> str:
    """Every row of the table of moves as Markdown: code, action, from, to, who, what is needed, guards, clocks."""
    head = ("Code", "Action", "From", "To", "Who", "Needed", "Guards", "Clocks fixed")
    rows = [head, ("---",) * len(head), *(_row(move) for move in moves)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def _pairs(move: Move) -> list[tuple[str, str]]:
    """The arrows of a move that changes the state; remarks and T33, from anywhere to anywhere, would hide the rest."""
    if move.to is None or _anywhere(move):
        return []
    return [(before, after) for before in _befores(move) for after in _afters(move)]


def _anywhere(move: Move) -> bool:
    return len(move.froms) == len(State)


def _befores(move: Move) -> tuple[str, ...]:
    return tuple(state.value for state in move.froms) or (BEGIN,)


def _afters(move: Move) -> tuple[str, ...]:
    if isinstance(move.to, State):
        return (move.to.value,)
    return tuple(state.value for state in move.to.options) if isinstance(move.to, Computed) else ()


def _row(move: Move) -> tuple[str, ...]:
    guards = [guard.__name__ for guard in (*move.standing, *move.guards)]
    when = [f"when {move.when.__name__.strip('_')}"] if move.when else []
    return (
        move.code or "–",
        f"`{move.action.value}`",
        "any" if _anywhere(move) else ", ".join(_befores(move)),
        "any" if len(_afters(move)) == len(State) else " or ".join(_afters(move)) or "stays",
        ", ".join(role.value for role in move.roles),
        ", ".join(move.needs) or "–",
        ", ".join([*when, *guards]) or "–",
        ", ".join(move.clocks) or "–",
    )
