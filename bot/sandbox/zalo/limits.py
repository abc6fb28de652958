"""How much Zalo lets an Official Account do: windows, quotas, sizes, lifetimes, and its way of repeating events.

What Zalo's documents leave open has here the value that is harder for the program; all can be changed for a test.
"""

from bot.sandbox.store import Json, Tx

TEXT_CHARACTERS = 2000
BUTTONS = 5
TITLE_CHARACTERS, PAYLOAD_CHARACTERS, SMS_CHARACTERS = 100, 1000, 160
INFO_TITLE, INFO_SUBTITLE = 100, 500
GROUP_MEMBERS = range(1, 100)
IMAGE_BYTES, GIF_BYTES, FILE_BYTES = 1024 * 1024, 5 * 1024 * 1024, 5 * 1024 * 1024
RETRY_SECONDS = (30.0, 300.0, 900.0, 1800.0, 3600.0)

DEFAULTS: Json = {
    "per_minute": 4000,  # calls of one app
    "free_hours": 48.0,  # after a person's last interaction
    "last_hours": 168.0,  # then consultation messages are refused
    "free_replies": 0,  # of the free window; 0: any number
    "quota_month": 2000,  # billed messages
    "late_price": 55,  # VND for a billed message
    "uploads_month": 5000,
    "upload_days": 7.0,
    "media_hours": 168.0,  # that a link to a photo or file works
    "group_days": 45.0,  # that a group lives without renewal
    "access_seconds": 90_000.0,
    "refresh_days": 90.0,
    "code_minutes": 10.0,
    "answer_seconds": 2.0,  # that a webhook may take
    "retry_factor": 1.0,  # of the pauses before an event is sent again
    "buttons": True,  # false: payloads with only buttons are refused with -233
    "proof": False,  # true: every call needs appsecret_proof
    "group_locations": False,  # whether an OA is told of locations in groups
    "quotes": True,  # whether an answer in a group says what it quotes
    "echoes": False,  # whether oa_send_… events are ticked in the console
    "receipts": False,  # whether user_received_message and user_seen_message are ticked
}


def read(tx: Tx) -> Json:
    """The limits in force: the defaults, changed by whoever drives the sandbox."""
    return {**DEFAULTS, **tx.fact("zalo_limits", {})}


def change(tx: Tx, wanted: Json) -> Json:
    """Set some limits. Raises ValueError for an unknown name or a value of another kind."""
    for name, value in wanted.items():
        if name not in DEFAULTS:
            raise ValueError(f"unknown limit: {name}")
        if isinstance(DEFAULTS[name], bool) is not isinstance(value, bool):
            raise ValueError(f"{name} is {'true or false' if isinstance(DEFAULTS[name], bool) else 'a number'}")
        if not isinstance(value, int | float) or value < 0:
            raise ValueError(f"{name} is a number from zero")
    tx.keep_fact("zalo_limits", {**tx.fact("zalo_limits", {}), **wanted})
    return read(tx)
