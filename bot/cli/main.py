"""The command group `cli`: every command of `run_bot.py` hangs here, and every error becomes a sentence."""

from __future__ import annotations

import errno
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

# Name: the file of bot/cli in which the command stands, and its line in the list of commands, which is printed
# without loading any of them (loading them all takes seconds). A test compares the lines with the commands' own.
COMMANDS = {
    "serve": ("processes", "Chạy tất cả trên một máy."),
    "web": ("processes", "Chỉ máy chủ web."),
    "worker": ("processes", "Chỉ một tiến trình xử lý."),
    "tick": ("processes", "Chỉ nhịp quét định kỳ."),
    "poll": ("processes", "Chỉ việc hỏi tin mới."),
    "check": ("check", "Nêu mọi vấn đề của cài đặt; có lỗi thì mã thoát 1."),
    "db": ("db", "Cơ sở dữ liệu: tạo, nâng cấp, sao lưu, khôi phục."),
    "agencies": ("agencies", "Cơ quan xử lý, nhóm chat và tuyến chuyển."),
    "instruments": ("instruments", "Thiết bị đo và đơn vị có thiết bị."),
    "staff": ("staff", "Cán bộ trong các nhóm chat."),
    "roster": ("roster", "Lịch trực của các đơn vị và Tổ vận hành."),
    "storm": ("storm", "Chế độ bão: bật, tắt, gộp phản ánh."),
    "categories": ("categories", "Lĩnh vực phản ánh, hai cấp."),
    "policy": ("policy", "Quy định thời hạn: nhập, xem, so sánh, thử, tính hạn."),
    "holidays": ("holidays", "Ngày nghỉ và ngày làm bù theo thông báo."),
    "areas": ("areas", "Xã, phường, đặc khu và ranh giới."),
    "cases": ("cases", "Phản ánh: tìm, xem, chuyển, xuất, kiểm."),
    "spots": ("spots", "Điểm tái diễn: danh sách, hồ sơ, nối, gỡ."),
    "report": ("report", "Số liệu của một kỳ."),
    "people": ("people", "Tạm chặn người gửi, liên kết tài khoản."),
    "records": ("records", "Sổ ghi những thay đổi của quản trị."),
    "queue": ("queue", "Hàng đợi: đang chờ, kẹt, đã bỏ."),
    "media": ("media", "Kho ảnh và video."),
    "telegram": ("telegram", "Webhook và thông tin bot trên Telegram."),
    "zalo": ("zalo", "Quyền truy cập và tình trạng Zalo OA."),
    "sandbox": ("sandbox", "Sân thử, không cần mã bí mật hay máy chủ nào."),
}

FULL = (errno.ENOSPC, errno.EDQUOT)  # such an error need not name the file


class Cli(click.Group):
    """A group that loads the one command that is asked for, and turns what rooms below raise into a sentence."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order in which they are met."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        file, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"bot.cli.{file}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What stands before the name of the command."""
        with _in_both_languages():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. What people can put right becomes a sentence and exit code 1."""
        try:
            with _in_both_languages():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            sentence = _sentence(error)
            if sentence is None:
                raise
            raise sentence from None


@contextmanager
def _in_both_languages() -> Iterator[None]:
    """The library's own words are English; what to do next is said in both languages. Help stays as it is."""
    try:
        yield
    except click.UsageError as wrong:
        if isinstance(wrong, NoArgsIsHelpError):
            raise
        said = "câu lệnh chưa đúng, xem --help / not a valid command line, see --help"
        raise click.UsageError(f"{said}: {wrong.format_message()}", wrong.ctx) from None


def _sentence(error: Exception) -> click.ClickException | None:
    """What to tell people about an error that a command may raise; None for a mistake in the program."""
    from sqlalchemy.exc import OperationalError, StatementError

    from bot.cli.out import Trouble
    from bot.problems import ProblemsFound
    from handlers.administration import Refused

    match error:
        case Refused():
            return Trouble(error.vi, error.en)
        case ProblemsFound():
            return Trouble("cài đặt sai / wrong settings:\n" + str(error), "→ run_bot.py check")
        case OperationalError():
            kind = type(error.orig).__name__
            return Trouble(
                f"không dùng được cơ sở dữ liệu ({kind}); kiểm tra BOT_DATABASE__URL",
                f"the database cannot be used ({kind}); see BOT_DATABASE__URL",
            )
        case OverflowError() | StatementError(orig=OverflowError()):
            return Trouble(
                "có số hoặc ngày nằm ngoài phạm vi dùng được; kiểm tra lại các số, ngày đã gõ",
                "a number or a date is out of any useful range; look again at what was typed",
            )
        case OSError() if isinstance(error.filename, str) or error.errno in FULL:
            vi, en = _why(error)
            return Trouble(
                f"không đọc hoặc ghi được {error.filename or 'tệp'}: {vi}",
                f"{error.filename or 'a file'} cannot be read or written: {en}",
            )
        case _:
            return None


def _why(error: OSError) -> tuple[str, str]:
    """Why a file cannot be used, and what to do."""
    match error:
        case FileNotFoundError():
            return "không có tệp hoặc thư mục này; kiểm tra đường dẫn", "there is no such file or folder; see its path"
        case PermissionError():
            return "không có quyền; kiểm tra quyền của tệp và thư mục", "not permitted; see its permissions"
        case OSError() if error.errno in FULL:
            return "ổ đĩa đã đầy; hãy dọn bớt rồi chạy lại", "the disk is full; make room and run it again"
        case _:
            return "kiểm tra đường dẫn và quyền", f"{error.strerror}; see path and permissions"


@click.group(cls=Cli, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """Phản Ánh: người dân phản ánh, cơ quan trả lời. / Citizens report, agencies answer."""
