"""`agencies replies`: words that a unit sends often, ready on buttons."""

from __future__ import annotations

from dataclasses import asdict

import click

from bot.cli.office import office
from bot.cli.out import done, json_option, show
from bot.cli.typed import one_of
from handlers import replies as stock
from workflows.desk.flows import STOCK

COLUMNS = {
    "id": "Số/No.",
    "agency": "Đơn vị/Unit",
    "verb": "Dùng khi/For",
    "title": "Tên/Title",
    "text": "Lời/Words",
}


@click.group()
def replies() -> None:
    """Lời mẫu của đơn vị, xem lại trước khi gửi. / Stock replies, looked at before they are sent."""


@replies.command("list")
@click.option("--agency", default="", help="Chỉ của đơn vị này. / Only this unit's.")
@json_option
def list_replies(agency: str, as_json: bool) -> None:
    """Danh sách lời mẫu; không có đơn vị là của tổ vận hành. / Stock replies; without a unit the operators'."""
    with office() as desk, desk.store.read() as uow:
        rows = [asdict(one) for one in uow.replies.all() if agency in ("", one.agency)]
    show(rows, COLUMNS, as_json=as_json)


@replies.command()
@click.argument("agency", required=False)
@click.option("--operators", is_flag=True, help="Của tổ vận hành. / The operations team's.")
@click.option("--title", required=True, help="Chữ trên nút, tối đa 20 ký tự. / Words of the button, at most 20.")
@click.option("--text", required=True, help="Lời gửi người dân. / Words for the citizen.")
@click.option("--for", "verb", type=click.Choice([str(verb) for verb in STOCK]), default=None,
              help="Chỉ khi làm việc này. / Only with this.")  # fmt: skip
@json_option
def add(agency: str | None, operators: bool, title: str, text: str, verb: str | None, as_json: bool) -> None:
    """Thêm lời mẫu cho AGENCY. / Add a stock reply of AGENCY."""
    from bot.words import catalogue

    one_of(agency, operators, "AGENCY")
    with office() as desk, desk.writing() as uow:
        words = catalogue.load(desk.settings.words, desk.settings.province.zone)
        row = stock.add(uow, words, agency, verb or "", title, text, desk.now())
    done(asdict(row), f"Đã thêm lời mẫu số {row.id}.", f"Reply {row.id} added.", as_json=as_json)


@replies.command()
@click.argument("number", type=int)
@json_option
def remove(number: int, as_json: bool) -> None:
    """Bỏ lời mẫu NUMBER. / Remove the reply NUMBER."""
    with office() as desk, desk.writing() as uow:
        stock.remove(uow, number, desk.now())
    done({"id": number}, f"Đã bỏ lời mẫu số {number}.", f"Reply {number} removed.", as_json=as_json)
