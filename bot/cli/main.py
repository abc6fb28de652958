"""The command group `cli`: every command of `run_bot.py` hangs here."""

from __future__ import annotations

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """Phản Ánh: người dân phản ánh, cơ quan trả lời. / Citizens report, agencies answer."""
