"""`categories`: the fields that a report may have."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.office import office
from bot.cli.out import done, dry_run_option, dump, imported, json_option, say, show
from bot.cli.typed import Words
from handlers import categorising
from storage.categories import CategoryRow
from workflows.conversation.accuracy import Accuracy
from workflows.frozen import field_names

COLUMNS = {
    "code": "Mã/Code",
    "parent": "Nhóm/Group",
    "vi": "Tên/Name",
    "en": "English",
    "sensitive": "Nhạy cảm/Sensitive",
    "photo_required": "Cần ảnh/Photo",
    "active": "Dùng/Active",
}

LEARNED = {"names": "Tên/Names", "sentences": "+ câu mẫu/sentences", "corrections": "+ cán bộ sửa/corrections"}
MEASURED = {"learned": "Học từ/Learned from", "top1": "Đúng ngay/First", "top3": "Trong ba/In three"}


@click.group()
def categories() -> None:
    """Lĩnh vực phản ánh, hai cấp. / Categories, in two levels."""


@categories.command("list")
@click.option("--all", "everything", is_flag=True, help="Kể cả lĩnh vực đã ngừng. / Retired ones too.")
@json_option
def list_categories(everything: bool, as_json: bool) -> None:
    """Danh sách lĩnh vực. / Every category."""
    with office() as desk, desk.store.read() as uow:
        found = [row for row in uow.categories.all() if row.active or everything]
    order = {row.code: row.position for row in found}
    found.sort(key=lambda row: (order.get(row.parent or row.code, 0), row.parent is not None, row.position))
    show([{name: getattr(row, name) for name in field_names(CategoryRow)} for row in found], COLUMNS, as_json=as_json)


@categories.command()
@click.argument("code")
@click.option("--vi", type=Words(), required=True, help="Tên tiếng Việt. / Vietnamese name.")
@click.option("--en", default="", help="Tên tiếng Anh. / English name.")
@click.option("--parent", help="Mã nhóm. / Code of the group it belongs to.")
@click.option("--emoji", default="", help="Biểu tượng trên nút. / Sign on its button.")
@click.option("--word", "words", multiple=True, help="Từ người dân hay gọi. / What people call it; repeatable.")
@click.option("--danger", multiple=True, help="Từ báo nguy hiểm. / Words of danger to life; repeatable.")
@click.option("--sensitive", is_flag=True, help="Chỉ tổ vận hành xem. / For the operations team only.")
@click.option("--photo-required", is_flag=True, help="Bắt buộc có ảnh. / A photo may not be skipped.")
def add(
    code: str,
    vi: str,
    en: str,
    parent: str | None,
    emoji: str,
    words: tuple[str, ...],
    danger: tuple[str, ...],
    sensitive: bool,
    photo_required: bool,
) -> None:
    """Thêm lĩnh vực CODE. / Add the category CODE."""
    with office() as desk, desk.writing() as uow:
        position = categorising.next_position(uow, parent)
        row = CategoryRow(
            code, parent, vi, en or vi, emoji, (), words, danger, sensitive, photo_required, position, True
        )
        categorising.add_category(uow, row, desk.now())
    say(f"Đã thêm {code}.", f"Added {code}.")


@categories.command()
@click.argument("code")
@click.option("--vi", type=Words(), help="Tên tiếng Việt mới. / New Vietnamese name.")
@click.option("--en", type=Words(), help="Tên tiếng Anh mới. / New English name.")
def rename(code: str, vi: str | None, en: str | None) -> None:
    """Đổi tên lĩnh vực CODE. / Rename the category CODE."""
    if not vi and not en:
        raise click.UsageError("cần --vi hoặc --en / --vi or --en is needed")
    with office() as desk, desk.writing() as uow:
        categorising.rename_category(uow, code, vi, en, desk.now())
    say(f"Đã đổi tên {code}.", f"Renamed {code}.")


@categories.command()
@click.argument("code")
@dry_run_option
def retire(code: str, dry_run: bool) -> None:
    """Ngừng dùng lĩnh vực CODE và các mục con. / Offer CODE and what is under it no more."""
    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        gone = ", ".join(categorising.retire_category(uow, code, desk.now()))
    done({}, f"Đã ngừng: {gone}.", f"Retired: {gone}.", dry_run=dry_run)


@categories.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dry_run_option
@json_option
def import_file(file: Path, dry_run: bool, as_json: bool) -> None:
    """Nhập lĩnh vực từ YAML (mẫu: storage/seed/categories.yaml). / Import categories from a YAML file."""
    from handlers.importing import import_categories

    with office() as desk, desk.writing(dry_run=dry_run) as uow:
        result = import_categories(uow, file, desk.now())
    imported(result, "lĩnh vực", "categories", as_json=as_json, dry_run=dry_run)


@categories.command()
@click.option(
    "--last",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Số phản ánh mới nhất. / How many of the newest cases.",
)
@json_option
def evaluate(last: int, as_json: bool) -> None:
    """Gợi ý lĩnh vực đúng đến đâu, trên các phản ánh chưa học. / How right suggestions are, on cases held out."""
    with office() as desk, desk.store.read() as uow:
        found = categorising.measure(uow, last)
    kinds = {name: getattr(found, name) for name in LEARNED}
    if as_json:
        shares = {name: _shares(accuracy) for name, accuracy in kinds.items()}
        dump({"cases": found.corrections.asked, "corrected": found.corrected} | shares["corrections"] | {"by": shares})
        return
    if not found.corrections.asked:
        say(
            "Chưa có phản ánh nào được cán bộ sửa lĩnh vực hoặc trả kết quả.",
            "No case has had its category corrected or a result given yet.",
        )
        return
    show(
        [{"learned": LEARNED[name], **_percent(accuracy)} for name, accuracy in kinds.items()], MEASURED, as_json=False
    )
    say(
        f"{found.corrections.asked} phản ánh; {found.corrected} đã được sửa lĩnh vực.",
        f"{found.corrections.asked} cases; {found.corrected} had their category corrected.",
    )


def _shares(found: Accuracy) -> dict[str, float | None]:
    return {"top1": found.top1, "top3": found.top3}


def _percent(found: Accuracy) -> dict[str, str]:
    return {name: "" if share is None else f"{share:.1%}" for name, share in _shares(found).items()}
