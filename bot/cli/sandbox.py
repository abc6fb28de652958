"""`sandbox`: play a whole report, skip time, or start over; only where the far end is our own."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import click

from bot import settings as all_settings
from bot.cli.out import Trouble, done, dry_run_option, dump, json_option, say
from bot.settings import Settings

PROGRAM = Path(__file__).parent.parent.parent / "run_bot.py"
START_SECONDS = 60
STOP_SECONDS = 20
# What a program that lives for one play must not share with the one that is meant for people.
ELSEWHERE = ("BOT_DATABASE__URL", "BOT_REDIS__URL", "BOT_MEDIA__URL", "BOT_WEB__PUBLIC_URL")
LEFTOVERS = ("sandbox*", "bot.sqlite3*", "media", "valkey")  # what `serve` made in the state folder


@click.group()
def sandbox() -> None:
    """Sân thử, không cần mã bí mật hay máy chủ nào. / Try everything without tokens or servers."""


# As in bot/sandbox/play, whose libraries `--help` does without.
SCENARIOS = (
    *("telegram", "zalo-telegram", "telegram-zalo", "zalo", "window", "fallback", "tokens"),
    *("extension", "transfer", "interaction", "appeal", "urgent", "joint", "sensitive"),
)
GROUPS = ("telegram", "supergroup", "zalo")
CITIZENS = ("telegram", "zalo")


@sandbox.command()
@click.argument("scenarios", nargs=-1, type=click.Choice(SCENARIOS))
@click.option("--all", "everything", is_flag=True, help="Mọi kịch bản. / Every scenario.")
@click.option("--group", type=click.Choice(GROUPS), help="Nhóm của cơ quan. / Where the agency's group is.")
@click.option("--citizen", type=click.Choice(CITIZENS), help="Người dân dùng gì. / Where the citizens are.")
def play(
    scenarios: tuple[str, ...], everything: bool, group: str | None, citizen: Literal["telegram", "zalo"] | None
) -> None:
    """Diễn trọn một phản ánh và in ra. / Play one whole report: with the `serve` that runs, else all by itself.

    Kịch bản / scenarios: telegram, zalo-telegram, telegram-zalo, zalo (người dân – nhóm cơ quan / citizen – group),
    window (quá 7 ngày mới có kết quả / a result after more than 7 days),
    fallback (như vậy, nhưng đã liên kết Telegram / the same with Telegram linked),
    tokens (mã Zalo hết hạn giữa chừng / Zalo's token runs out on the way),
    extension (gia hạn kèm văn bản / more time, with the document),
    transfer (chuyển ba lần, lãnh đạo quyết định / three hops, the leader decides),
    interaction (nhắn thêm và được trả lời / a message that is answered),
    appeal (đề nghị xem lại, xử lý lại / appealed against and reworked),
    urgent (khẩn: gọi đến khi có người nhận / urgent: called until somebody takes it),
    joint (ba người cùng báo một việc / one matter, three citizens),
    sensitive (về cán bộ: chỉ thanh tra xem / about officials: only the inspection line sees it).
    """
    from bot.options import local_url
    from bot.sandbox.client import SandboxError
    from bot.sandbox.play import PlayStopped
    from bot.sandbox.play import play as play_one

    settings = _settings()
    running = contextlib.nullcontext(local_url(settings)) if _answers(settings) else _for_one_play()
    try:
        with running as address:
            for name in SCENARIOS if everything else scenarios or SCENARIOS[:1]:
                click.echo(f"—— {name}")
                code = play_one(address, click.echo, name, group, citizen)
                say(f"Xong: {code} đã đóng.", f"Done: {code} is closed.")
    except PlayStopped as stopped:
        raise Trouble(f"dừng ở / stopped at: {stopped}", "→ run_bot.py queue dead") from None
    except SandboxError as wrong:
        raise Trouble("sân thử không trả lời như mong đợi", str(wrong)) from None


@sandbox.command()
@click.argument("step", required=False)
@json_option
def clock(step: str | None, as_json: bool) -> None:
    """Xem giờ sân thử, hoặc tua nhanh STEP như +3d, +2h. / Show the sandbox's clock, or skip STEP like +3d."""
    from bot.sandbox import clock as its_clock

    settings = _settings()
    if step:
        try:
            its_clock.advance(settings.state_dir, its_clock.parse_delta(step))
        except ValueError as wrong:
            raise Trouble("hãy viết như +3d, +2h hoặc +90m", str(wrong)) from None
    now = its_clock.now(settings.state_dir).astimezone(settings.province.zone)
    ahead = its_clock.read_offset(settings.state_dir)
    if as_json:
        dump({"now": now, "ahead_seconds": ahead.total_seconds()})
        return
    say(f"Bây giờ là {now:%d/%m/%Y %H:%M}, nhanh hơn {ahead}.", f"It is {now:%d/%m/%Y %H:%M}, {ahead} ahead.")


@sandbox.command()
@click.option("--yes", is_flag=True, help="Đồng ý xóa hết. / Yes, delete everything of the sandbox.")
@dry_run_option
def reset(yes: bool, dry_run: bool) -> None:
    """Xóa mọi thứ của sân thử để chơi lại từ đầu. / Delete everything of the sandbox and start over."""
    settings = _settings()
    if settings.database.url or settings.media.url:
        raise Trouble("chỉ xóa dữ liệu trong thư mục state_dir", "only what lies in the state folder can be reset")
    if not (yes or dry_run):
        raise Trouble("lệnh này xóa dữ liệu; thêm --yes nếu chắc", "this deletes data; add --yes to do it")
    if _answers(settings):
        raise Trouble("hãy dừng `serve` trước", "stop `serve` first")
    found = sorted(path for pattern in LEFTOVERS for path in settings.state_dir.glob(pattern))
    for path in () if dry_run else found:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    names = ", ".join(path.name for path in found) or "–"
    done({}, f"Đã xóa: {names}", f"Deleted: {names}", dry_run=dry_run)


@contextlib.contextmanager
def _for_one_play() -> Iterator[str]:
    """A whole program in a folder and at a port of its own, gone afterwards; its address."""
    say("Chưa có gì chạy ở đây: mở một sân thử tạm.", "Nothing runs here: a sandbox is opened for this play.")
    with tempfile.TemporaryDirectory(prefix="pa-", ignore_cleanup_errors=True) as folder:
        port = _free_port()
        kept = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
        own = {"BOT_STATE_DIR": folder, "BOT_WEB__HOST": "127.0.0.1", "BOT_WEB__PORT": str(port)}
        with (Path(folder) / "log").open("wb") as log:
            command = [sys.executable, str(PROGRAM), "serve"]
            program = subprocess.Popen(command, env=kept | own, stdout=log, stderr=log)  # noqa: S603 - our own
        try:
            address = f"http://127.0.0.1:{port}"
            _await(address, program)
            yield address
        finally:
            program.terminate()
            try:
                program.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(address: str, program: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while not _alive(address):
        if program.poll() is not None or time.monotonic() > until:
            raise Trouble(
                "sân thử tạm không mở được; hãy chạy: run_bot.py check", "it did not start; try: run_bot.py check"
            )
        time.sleep(0.1)


def _settings() -> Settings:
    settings = all_settings.load()
    if not settings.sandbox_on:
        raise Trouble("sân thử đang tắt", "the sandbox is turned off")
    return settings


def _answers(settings: Settings) -> bool:
    from bot.options import local_url

    return _alive(local_url(settings))


def _alive(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/alive", timeout=5):  # noqa: S310 - our own address
            return True
    except (urllib.error.URLError, OSError):
        return False
