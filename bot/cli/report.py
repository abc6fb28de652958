"""`report`: the figures of a period, in tables that add up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, cast

import click

from bot.cli.office import office
from bot.cli.out import dump, json_option, say, show
from bot.cli.typed import Day
from handlers import reporting
from workflows.figures import UNDIVIDED, Split

SPLITS = ["area", "agency", "category", "channel"]
TITLES = {
    "by_case": ("Theo phản ánh: mỗi phản ánh đứng ở đâu vào cuối kỳ", "By case: where each stands at the end"),
    "by_cycle": ("Theo lượt trả lời: mỗi kết quả một lần", "By cycle: every result once"),
    "interactions": ("Tin nhắn thêm của người dân", "Further messages of citizens"),
    "sanctions": ("Xử phạt", "Sanctions"),
    "equipment": ("Thiếu thiết bị", "Missing equipment"),
    "promises": ("Lời hẹn ngày với người dân", "Dates promised to citizens"),
}
LABELS = {
    "received": "Tiếp nhận/Received",
    "waiting": "Chờ chuyển/Waiting intake",
    "processing": "Đang xử lý/Processing",
    "finished": "Đã xử lý/Finished",
    "cancelled": "Đã hủy/Cancelled",
    "merged": "Đã gộp/Merged",
    "referred": "Chuyển ngoài/Referred",
    "accepted": "Đủ điều kiện/Accepted",
    "on_time": "Đúng hạn/On time",
    "extended": "Đúng hạn gia hạn/On time after extension",
    "late": "Quá hạn/Late",
    "within_term": "Đang xử lý, còn hạn/Processing, within term",
    "past_term": "Đang xử lý, quá hạn/Processing, past term",
    "first_round": "Đang xử lý lần đầu/First time in processing",
    "back_in_processing": "Xử lý lại/Back in processing",
    "waiting_past_term": "Chờ chuyển, quá hạn/Waiting intake, past term",
    "cancelled_late": "Hủy sau hạn/Cancelled after the due date",
    "contested": "Đề nghị xử lý lại/Contested",
    "reopened": "Đã mở lại/Reopened",
    "claimed_solved": "Báo đã khắc phục/Claimed solved",
    "confirmed_solved": "Người dân xác nhận/Confirmed solved",
    "rated_5": "Rất hài lòng/Very satisfied",
    "rated_4": "Hài lòng/Satisfied",
    "rated_3": "Bình thường/Normal",
    "rated_2": "Không hài lòng/Not satisfied",
    "rated_1": "Rất không hài lòng/Very dissatisfied",
    "silent": "Không có ý kiến/Silent",
    "unrated": "Chưa đánh giá/Not rated",
    "distinct": "Vấn đề khác nhau/Distinct problems",
    "results": "Kết quả/Results",
    "first_results": "Kết quả lần đầu/First results",
    "reworked_results": "Kết quả xử lý lại/Results of rework",
    "fixed": "Đã khắc phục/Fixed",
    "partly_fixed": "Khắc phục một phần/Partly fixed",
    "nothing_found": "Kiểm tra không thấy/Nothing found",
    "not_possible": "Không thể thực hiện/Not possible",
    "explained": "Đã giải thích/Explained",
    "sanctioned": "Đã xử phạt/Sanctioned",
    "promised": "Hẹn ngày/Promised",
    "messages": "Tin nhắn/Messages",
    "sanctions": "Xử phạt/Sanctions",
    "warnings": "Cảnh cáo/Warnings",
    "fined": "Phạt tiền/Fined",
    "unrecorded": "Chưa ghi mức phạt/Amount not recorded",
    "amount": "Tiền phạt (đồng)/Amount (đồng)",
    "shortages": "Nêu thiếu thiết bị/Named as missing",
    "more_time": "Xin gia hạn/More time asked for",
    "passed_on": "Đề nghị chuyển/Passed on",
    "not_done": "Không thể thực hiện/Result not possible",
    "help_declined": "Không phối hợp được/Help declined",
    "late_for_shortage": "Trong đó trễ hẹn/Of these late",
    "answered_in_time": "Trả lời đúng hạn/Answered in time",
    "answered_late": "Trả lời muộn/Answered late",
    "unanswered": "Chưa trả lời, còn hạn/Unanswered, within term",
    "unanswered_late": "Chưa trả lời, quá hạn/Unanswered, past term",
    "promises": "Lời hẹn/Promises",
    "promises_kept": "Làm đúng hẹn/Kept",
    "promises_kept_late": "Làm trễ hẹn/Kept late",
    "promises_open": "Chưa đến ngày hẹn/Still open",
    "promises_replaced": "Xử lý lại trước ngày hẹn/Replaced by rework",
    "promises_broken": "Quá ngày hẹn, chưa làm/Broken",
    "open": "Còn lại/Still open",
    "elsewhere": "Chờ chuyển, gộp, chuyển ngoài/Waiting, merged, referred",
}
LINES = {"": "(không rõ)/(none)", UNDIVIDED: "nhạy cảm/sensitive"}
SENSITIVE = {
    "undivided": ("Phản ánh nhạy cảm được tính chung, không chia theo đơn vị, địa bàn hay lĩnh vực.",
                  "Sensitive cases are counted together, never by agency, area or category."),
    "left_out": ("Không gồm phản ánh nhạy cảm: chúng không bao giờ được tính cho một đơn vị hay địa bàn.",
                 "Sensitive cases are left out: they are never counted for an agency or an area."),
    "fewer_than_5": ("Không gồm phản ánh nhạy cảm, vì ít hơn 5.", "Sensitive cases are left out: fewer than 5."),
}  # fmt: skip


@click.group()
def report() -> None:
    """Số liệu của một kỳ. / Figures of a period."""


@report.command()
@click.option("--from", "first", type=Day(), required=True, help="Từ ngày. / From this day on.")
@click.option("--to", "last", type=Day(), required=True, help="Đến hết ngày. / Up to the end of this day.")
@click.option("--area", default="", help="Chỉ địa bàn này. / Only this area.")
@click.option("--agency", default="", help="Chỉ cơ quan này và cấp dưới. / Only this agency and those below it.")
@click.option("--category", default="", help="Chỉ lĩnh vực này. / Only this category, or the fields of this group.")
@click.option("--by", type=click.Choice(SPLITS), help="Chia theo. / A line for each.")
@json_option
def figures(first: date, last: date, area: str, agency: str, category: str, by: str | None, as_json: bool) -> None:
    """Số liệu từ ngày đến ngày; không khớp thì từ chối. / Figures of these days; refused if they do not add up."""
    with office() as desk, desk.store.read() as uow:
        zone = desk.settings.province.zone
        start = datetime.combine(first, time.min, zone)
        end = datetime.combine(last + timedelta(days=1), time.min, zone)
        wanted = reporting.Wanted(start, end, area, agency, category, cast(Split, by or ""))
        found = reporting.figures(uow, wanted, desk.now())
    if as_json:
        dump(found)
        return
    say(*SENSITIVE[found["sensitive"]])
    for name, title in TITLES.items():
        _print(name, title, found[name])
    old = found["old_style"]
    _print("old_style", ("Mẫu báo cáo của tỉnh", "The provinces' table"), old | {"lines": {}})


def _print(name: str, title: tuple[str, str], table: dict[str, Any]) -> None:
    """A column for the total and for each line, and below them each identity in numbers."""
    click.echo()
    click.echo(click.style(" / ".join(title), bold=True))
    lines = table["lines"]
    columns = {"cell": "", "total": "Tổng/Total", **{f"line {key}": LINES.get(key, key) for key in lines}}
    rows = [
        {"cell": LABELS[cell], "total": count, **{f"line {key}": cells[cell] for key, cells in lines.items()}}
        for cell, count in table["total"].items()
    ]
    show(rows, columns, as_json=False)
    for one in table["identities"]:
        click.echo(f"{one['total']} = {' + '.join(one['parts'])}: {one['numbers']}")
