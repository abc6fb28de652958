"""`media`: whether every photo, video and voice note that the database points to is really there."""

from __future__ import annotations

import click

from bot.cli.office import office
from bot.cli.out import Trouble, bar, dump, json_option, say


@click.group()
def media() -> None:
    """Kho ảnh và video. / Photos, videos and voice notes."""


@media.command()
@json_option
def check(as_json: bool) -> None:
    """Tệp nào thiếu hoặc hỏng; mã thoát 1 nếu có. / What is missing or damaged; exit code 1 if anything."""
    from handlers.media_check import check_all
    from storage.media import BadMediaUrl, MediaUnreachable, open_store

    with office() as desk, bar("media") as more:
        try:
            result = check_all(desk.store, open_store(desk.settings.media_url), more)
        except (BadMediaUrl, MediaUnreachable) as away:
            raise Trouble(
                f"không mở được kho ảnh: {away}", "the media store cannot be used; see BOT_MEDIA__URL"
            ) from None
    if as_json:
        dump({"files": result.files, "missing": list(result.missing), "damaged": list(result.damaged)})
    else:
        bad = len(result.missing), len(result.damaged)
        say(
            f"{result.files} tệp, thiếu {bad[0]}, hỏng {bad[1]}.",
            f"{result.files} files, {bad[0]} missing, {bad[1]} damaged.",
        )
        for key in (*result.missing, *result.damaged):
            click.echo(key)
    if result.missing or result.damaged:
        click.get_current_context().exit(1)
