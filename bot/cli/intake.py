"""`cases file`, `slip`, `callbacks`, `called`: reports of those who have no chat, from the counter and the hotline."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import click

from bot.cli.codes import case_code
from bot.cli.office import office
from bot.cli.out import Trouble, done, dry_run_option, dump, json_option, say, show
from handlers.administration import case_by_code
from storage.callbacks import CallbackStore
from storage.codec import load
from workflows.intake.sources import CHANNELS
from workflows.messages import Message

CALLS = {"code": "Mã/Code", "since": "Từ/Since", "purpose": "Việc/Purpose", "words": "Cần báo/To be told"}
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16pt/1.5 serif;max-width:34em;margin:2em auto;padding:0 1em}}
code{{font-size:1.6em;letter-spacing:.08em}}
p{{white-space:pre-line}}@media print{{body{{margin:0}}}}</style></head>
<body>{body}</body></html>
"""


@click.command("file")
@click.option("--text", required=True, help="Sự việc, từ khi nào. / What is wrong, since when.")
@click.option("--place", required=True, help="Địa chỉ, tọa độ hoặc liên kết bản đồ. / Address, position or map link.")
@click.option("--category", required=True, help="Mã lĩnh vực. / Code of the category.")
@click.option("--channel", required=True, type=click.Choice(CHANNELS), help="Đến từ nguồn nào. / How it came.")
@click.option(
    "--area", default="", help="Mã xã, phường, nếu địa chỉ không nêu. / Code of the area, if not in the place."
)
@click.option("--number", default="", help="Số hồ sơ ở nguồn đó. / The number it has there.")
@click.option("--phone", default="", help="Điện thoại để gọi lại. / Phone number to call back.")
@click.option("--name", default="", help="Họ tên người gửi. / Name of the reporter.")
@click.option(
    "--officials",
    type=click.Choice(["", "yes", "no"]),
    default="",
    help="Có nói về việc làm của cán bộ không. / Whether it is about what officials do.",
)
@dry_run_option
@json_option
def file(dry_run: bool, as_json: bool, **given: str) -> None:
    """Ghi phản ánh hộ người gọi, người đến, đơn thư. / File a report for a caller, a walk-in or a letter."""
    from bot.wiring import build  # loads the platforms: the slip says where the case can be followed
    from handlers.carry_out import values_of
    from handlers.filing import Filing
    from handlers.filing import file as file_report

    with office() as desk:
        world = build(desk.settings)
        try:
            filed = file_report(world.tools, Filing(**given), dry_run=dry_run)
            if filed.refusal is not None:
                key, values = filed.refusal.key, values_of(filed.refusal)
                raise Trouble(world.words.text("vi", key, values), world.words.text("en", key, values))
            slip = _plain(world.words, filed.slip, "vi")
        finally:
            world.close()
    if not as_json:
        click.echo(slip)
    done({"code": filed.code, "slip": slip}, f"Đã ghi {filed.code}.", f"{filed.code} filed.", as_json=as_json,
         dry_run=dry_run)  # fmt: skip


@click.command("slip")
@click.argument("code")
@click.option("--language", type=click.Choice(["vi", "en"]), default="vi", help="Tiếng nào. / In which language.")
@click.option("--secret", is_flag=True, help="Kèm mã riêng mới để theo dõi. / With a new second code to follow it by.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), help="Ghi trang để in. / Write a page to print."
)
@json_option
def slip(code: str, language: str, secret: bool, html: Path | None, as_json: bool) -> None:
    """Phiếu hẹn của CODE để đọc hoặc in. / The slip of CODE, to be read out or printed."""
    from bot.wiring import build
    from handlers.filing import slip as slip_for

    with office() as desk:
        known = case_code(code, desk.settings)
        world = build(desk.settings)
        try:
            with desk.writing() as uow:
                made = slip_for(world.tools, uow, case_by_code(uow, known), desk.now(), secret=secret)
            words = _plain(world.words, made, language)
            paragraphs = [world.words.text(language, line.key, line.values) for line in made.lines]
        finally:
            world.close()
    if html is not None:
        body = "".join(f"<p>{escape(one).replace(escape(known), f'<code>{known}</code>', 1)}</p>" for one in paragraphs)
        html.write_text(PAGE.format(language=language, title=known, body=body), encoding="utf-8")
    if as_json:
        dump({"code": known, "slip": words, "html": str(html) if html else None})
    elif html is None:
        click.echo(words)
    else:
        say(f"Đã ghi {html}.", f"{html} written.")


@click.command("callbacks")
@click.option("--limit", type=click.IntRange(1), default=100, help="Nhiều nhất. / At most so many.")
@json_option
def callbacks(limit: int, as_json: bool) -> None:
    """Ai không có tin nhắn và còn cần được gọi lại. / Reporters without a chat who are still to be told."""
    from bot.words import catalogue

    with office() as desk, desk.store.read() as uow:
        zone = desk.settings.province.zone
        words = catalogue.load(desk.settings.words, zone)
        rows = [_call(uow, words, one) for one in CallbackStore(uow).waiting(limit)]
    show(rows, CALLS, as_json=as_json, zone=zone)


@click.command("called")
@click.argument("code")
@click.option("--missed", is_flag=True, help="Không nghe máy; vẫn cần gọi lại. / No answer; still to be called.")
@json_option
def called(code: str, missed: bool, as_json: bool) -> None:
    """Đã gọi người gửi CODE và báo tin. / The reporter of CODE was called and told."""
    from bot.words import catalogue
    from handlers.filing import called as was_called

    with office() as desk:
        words = catalogue.load(desk.settings.words, desk.settings.province.zone)
        known = case_code(code, desk.settings)
        with desk.writing() as uow:
            count = was_called(uow, words, case_by_code(uow, known), desk.now(), told=not missed)
    vi = f"{known}: không nghe máy, vẫn ở danh sách." if missed else f"{known}: đã báo {count} tin."
    en = f"{known}: no answer, still on the list." if missed else f"{known}: {count} notices told."
    done({"code": known, "notices": count, "told": not missed}, vi, en, as_json=as_json)


def _call(uow: Any, words: Any, one: Any) -> dict[str, Any]:
    """What is to be told; of a case about officials only that something is (R61)."""
    row = uow.cases.get(one.case_id)
    hidden = row is None or row.case.sensitive
    said = "*" if hidden else _plain(words, load(one.body, Message), "vi")
    return {"code": one.code, "since": one.since, "purpose": one.purpose, "words": said}


def _plain(words: Any, message: Message | None, language: str) -> str:
    lines = message.lines if message is not None else ()
    return "\n".join(words.text(language, line.key, line.values) for line in lines)
