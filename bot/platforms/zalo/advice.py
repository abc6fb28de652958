"""Advice: what an administrator should do about a refusal of Zalo, in both languages, by its number (zalo.md, 6)."""

from __future__ import annotations

import requests

from bot.platforms.zalo.client.errors import ZaloException, ZaloHTTPException
from bot.platforms.zalo.client.tokens import RenewalFailed
from bot.platforms.zalo.consent import ConsentRefused

Words = tuple[str, str]  # Vietnamese, English

_AUTHORIZE: Words = (
    "OA cần cấp quyền lại: run_bot.py zalo authorize",
    "the OA must grant access again: run_bot.py zalo authorize",
)
_CONSOLE: Words = (
    "hãy đăng ký quyền gọi API này cho ứng dụng và OA trên trang quản trị Zalo, rồi cấp quyền lại",
    "register this call for the app and the OA in Zalo's console, then authorize again",
)
_APP: Words = (
    "hãy kiểm tra BOT_ZALO_OA__APP_ID và ứng dụng trên trang quản trị Zalo",
    "check BOT_ZALO_OA__APP_ID and the app in Zalo's console",
)
_ACCOUNT: Words = ("hãy kiểm tra tình trạng OA trong OA Manager", "check the OA's state in OA Manager")
_PACKAGE: Words = (
    "OA cần được xác thực và có gói dịch vụ phù hợp; xem OA Manager",
    "the OA must be verified and have a fitting package; see OA Manager",
)
_ASSET: Words = (
    "gói nhóm (GMF) đã dùng, hết hạn hoặc bị khóa; hãy chọn gói khác bằng --asset",
    "the group package (GMF) is in use, expired or disabled; choose another with --asset",
)
_PROOF: Words = (
    "hãy đặt BOT_ZALO_OA__APPSECRET_PROOF=true và kiểm tra BOT_ZALO_OA__APP_SECRET",
    "set BOT_ZALO_OA__APPSECRET_PROOF=true and check BOT_ZALO_OA__APP_SECRET",
)
_BILLING: Words = (
    "hãy liên kết hoặc nạp tiền tài khoản Zalo Business",
    "link the Zalo Business account, or put money on it",
)
_LATER: Words = ("Zalo đang giới hạn tốc độ; hãy thử lại sau ít phút", "Zalo limits our speed; try again in minutes")

ADVICE: dict[int, Words] = {
    -32: _LATER,
    -201: ("tham số không đúng; hãy kiểm tra các mã đã nhập", "a parameter is wrong; check the ids that were given"),
    -202: _APP,
    -204: _ACCOUNT,
    -205: _ACCOUNT,
    -207: _CONSOLE,
    -208: _CONSOLE,
    -209: _APP,
    -210: ("tham số ngoài giới hạn cho phép", "a parameter is outside its range"),
    -211: (
        "đã hết hạn mức; hãy mua thêm hoặc chờ kỳ sau",
        "the quota is used up; buy more or wait for the next period",
    ),
    -212: _CONSOLE,
    -213: ("người này chưa quan tâm OA", "this person does not follow the OA"),
    -215: _APP,
    -216: _AUTHORIZE,
    -219: _APP,
    -220: _AUTHORIZE,
    -221: _PACKAGE,
    -223: _CONSOLE,
    -224: _PACKAGE,
    -235: _PACKAGE,
    -237: ("nhóm đã hết hạn hoặc bị khóa; hãy gia hạn trong OA Manager", "the group lapsed; renew it in OA Manager"),
    -238: _ASSET,
    -241: _ASSET,
    -242: _PROOF,
    -320: _BILLING,
    -321: _BILLING,
    -403: ("OA không ở trong nhóm này", "the OA is not in this group"),
    -14002: ("ứng dụng chưa được kích hoạt trên trang quản trị Zalo", "the app is not active in Zalo's console"),
    -14003: (
        "địa chỉ callback phải trùng với địa chỉ đã khai trên trang quản trị Zalo",
        "the callback must be the one that stands in Zalo's console",
    ),
    -14029: ("ứng dụng chưa được duyệt", "the app is not approved yet"),
}

_RENEWALS: dict[str, Words] = {
    "no_pair": (
        "chưa có quyền truy cập Zalo OA; hãy chạy: run_bot.py zalo authorize",
        "there is no access to the Zalo OA yet; run: run_bot.py zalo authorize",
    ),
    "sealed": (
        "không mở được mã đã lưu: BOT_ZALO_OA__APP_SECRET hoặc __TOKEN_KEY đã đổi; đặt lại như cũ hoặc zalo authorize",
        "the kept tokens cannot be opened: BOT_ZALO_OA__APP_SECRET or __TOKEN_KEY changed; set it back, or authorize",
    ),
    "busy": ("một tiến trình khác đang gia hạn; hãy thử lại sau một phút", "another process renews; try in a minute"),
    "not_kept": (
        "đã được gia hạn nhưng chưa ghi được vào cơ sở dữ liệu; đừng tắt tiến trình, hãy sửa cơ sở dữ liệu",
        "renewed, but the database did not keep it; leave the process running and mend the database",
    ),
    "unreachable": ("không kết nối được máy chủ Zalo", "Zalo's server cannot be reached"),
    "no_answer": ("máy chủ Zalo không trả lời", "Zalo's server does not answer"),
}
_CONSENTS: dict[str, Words] = {
    "no_code": (
        "địa chỉ này không có mã (code=…); hãy dán cả địa chỉ mà trình duyệt được đưa về",
        "there is no code in it (code=…); paste the whole address to which the browser came back",
    ),
    "no_consent": (
        "không khớp với liên kết cấp quyền nào đang chờ; hãy chạy lại: run_bot.py zalo authorize",
        "it belongs to no consent that waits; start again: run_bot.py zalo authorize",
    ),
    "too_late": (
        "liên kết cấp quyền đã quá một giờ; hãy chạy lại: run_bot.py zalo authorize",
        "the link is older than an hour; start again: run_bot.py zalo authorize",
    ),
    "other_oa": (
        "một OA khác đã cấp quyền; hãy đăng nhập đúng OA của BOT_ZALO_OA__OA_ID",
        "another OA has consented; use the one of BOT_ZALO_OA__OA_ID",
    ),
}

Trouble = ZaloException | RenewalFailed | ConsentRefused | requests.RequestException
TROUBLES = (ZaloException, RenewalFailed, ConsentRefused, requests.RequestException)


def advice(error: Trouble) -> Words:
    """What went wrong and what to do, without anything that Zalo or we keep secret."""
    match error:
        case ConsentRefused():
            return _CONSENTS[error.code]
        case RenewalFailed():
            return _RENEWALS.get(error.code, _refused(error.code, _AUTHORIZE))
        case ZaloHTTPException():
            return (
                f"Zalo trả lời không đúng dạng (HTTP {error.status}); hãy kiểm tra địa chỉ và mạng",
                f"Zalo's answer is none of its API (HTTP {error.status}); check the address and the network",
            )
        case ZaloException():
            return _refused(str(error.code), ADVICE.get(error.code, ("", "")))
        case requests.Timeout():
            return _RENEWALS["no_answer"]
        case _:
            return _RENEWALS["unreachable"]


def _refused(code: str, what_to_do: Words) -> Words:
    vi, en = what_to_do
    return f"Zalo từ chối (mã {code})" + (f": {vi}" if vi else ""), f"Zalo refused ({code})" + (f": {en}" if en else "")
