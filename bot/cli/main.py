"""The command group `cli`: every command of `run_bot.py` hangs here, and every error becomes a sentence."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import OperationalError

from bot.cli.agencies import agencies
from bot.cli.areas import areas
from bot.cli.cases import cases
from bot.cli.categories import categories
from bot.cli.check import check
from bot.cli.db import db
from bot.cli.media import media
from bot.cli.out import Trouble
from bot.cli.people import people
from bot.cli.processes import poll, serve, tick, web, worker
from bot.cli.queue import queue
from bot.cli.sandbox import sandbox
from bot.cli.staff import staff
from bot.cli.telegram import telegram
from bot.problems import ProblemsFound
from handlers.administration import Refused


class Cli(click.Group):
    """A group whose commands may raise what rooms below raise; people get a sentence and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Refused as refused:
            raise Trouble(refused.vi, refused.en) from None
        except ProblemsFound as found:
            raise Trouble("cài đặt sai / wrong settings:\n" + str(found), "→ run_bot.py check") from None
        except OperationalError as away:
            kind = type(away.orig).__name__
            raise Trouble(
                f"không dùng được cơ sở dữ liệu ({kind}); kiểm tra BOT_DATABASE__URL",
                f"the database cannot be used ({kind}); see BOT_DATABASE__URL",
            ) from None


@click.group(cls=Cli, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """Phản Ánh: người dân phản ánh, cơ quan trả lời. / Citizens report, agencies answer."""


for command in (
    serve, web, worker, tick, poll, check, db, agencies, staff, categories, areas, cases, people, queue, media,
    telegram, sandbox,
):  # fmt: skip
    cli.add_command(command)
