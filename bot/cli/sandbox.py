"""`sandbox`: play a whole report, skip time, or start over; only where the far end is our own."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request

import click

from bot import settings as all_settings
from bot.cli.out import Trouble, done, dry_run_option, dump, json_option, say
from bot.settings import Settings

LEFTOVERS = ("sandbox*", "bot.sqlite3*", "media", "valkey")  # what `serve` made in the state folder


@click.group()
def sandbox() -> None:
    """Sân thử, không cần mã bí mật hay máy chủ nào. / Try everything without tokens or servers."""


@sandbox.command()
def play() -> None:
    """Diễn trọn một phản ánh và in ra; cần `serve` đang chạy. / Play one whole report; `serve` must be running."""
    from bot.sandbox.play import PlayStopped
    from bot.sandbox.play import play as play_all
    from bot.wiring import local_url

    settings = _settings()
    if not _answers(settings):
        raise Trouble("chưa có gì chạy ở đây; hãy chạy: run_bot.py serve", "nothing runs here; start: run_bot.py serve")
    try:
        code = play_all(local_url(settings), click.echo)
    except PlayStopped as stopped:
        raise Trouble(f"dừng ở / stopped at: {stopped}", "→ run_bot.py queue dead") from None
    say(f"Xong: {code} đã đóng.", f"Done: {code} is closed.")


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


def _settings() -> Settings:
    settings = all_settings.load()
    if not settings.sandbox_on:
        raise Trouble("sân thử đang tắt", "the sandbox is turned off")
    return settings


def _answers(settings: Settings) -> bool:
    from bot.wiring import local_url

    try:
        with urllib.request.urlopen(f"{local_url(settings)}/alive", timeout=5):  # noqa: S310 - our own address
            return True
    except (urllib.error.URLError, OSError):
        return False
