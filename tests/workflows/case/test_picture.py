"""The page about the lifecycle shows the table as it is."""

from pathlib import Path

from workflows.case.model import State
from workflows.case.moves import MOVES
from workflows.case.picture import mermaid, table

PAGE = Path(__file__).parents[3] / "docs" / "lifecycle.md"
AGAIN = "draw it again: .venv/bin/python -m tests.workflows.case.test_picture"


def between(page: str, name: str, drawn: str) -> str:
    """The page with what stands between the marks of ``name`` drawn again."""
    before, _, rest = page.partition(f"<!-- {name} -->\n")
    _, _, after = rest.partition(f"<!-- end of {name} -->")
    return f"{before}<!-- {name} -->\n{drawn}<!-- end of {name} -->{after}"


def drawn_again(page: str) -> str:
    return between(between(page, "diagram", f"```mermaid\n{mermaid()}```\n"), "table", table())


def test_the_page_shows_the_diagram_and_the_table_as_they_are():
    page = PAGE.read_text(encoding="utf-8")
    assert drawn_again(page) == page, AGAIN
    assert mermaid() in page
    assert table() in page


def test_every_arrow_is_a_row_and_every_row_that_moves_is_an_arrow():
    lines = mermaid().splitlines()[1:]
    stay = {(move.code, move.action) for move in MOVES if move.to is None or len(move.froms) == len(State)}
    for move in MOVES:
        drawn = [line for line in lines if f"{move.code} {move.action.value}" in line]
        moves = move.to is not None and len(move.froms) < len(State)
        assert bool(drawn) or not moves
        assert not drawn or moves or (move.code, move.action) in stay
        for state in move.froms if moves else ():
            assert any(line.strip().startswith(f"{state.value} -->") for line in drawn)


def test_the_page_explains_every_state_in_both_languages():
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"| `{state.value}` |" in page for state in State)


if __name__ == "__main__":
    PAGE.write_text(drawn_again(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
