"""`python -m benchmarks`: measure, print one table, end with 1 when a limit is broken."""

from __future__ import annotations

import importlib
import signal
import sys
import time

import click

from benchmarks.place import Place
from benchmarks.table import Row, show

PARTS = ("webhook", "report", "memory", "size")


@click.command()
@click.option(
    "--quick", is_flag=True, help="Smaller counts, fewer repeats, 100,000 cases: for a look, not for a verdict."
)
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Measure only this part (may be given again).")
def main(quick: bool, only: tuple[str, ...]) -> None:
    """Measure speed and memory against limits taken in the same run."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the servers of this run are ended on the way out
    rows: list[Row] = []
    begun = time.monotonic()
    with Place(quick=quick) as place:
        for part in only or PARTS:
            print(f"… {part}", file=sys.stderr, flush=True)
            for row in importlib.import_module(f"benchmarks.{part}").measure(place):
                rows.append(row)
                print(f"    {row.what}: {row.ours} ({row.against or row.limit})", file=sys.stderr, flush=True)
    show(rows, f"{'Quick run' if quick else 'Run'} of {time.monotonic() - begun:.0f} s")
    if any(row.passed is False for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
