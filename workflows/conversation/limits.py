"""The numbers of a policy that bound a citizen's conversation."""

from __future__ import annotations

from datetime import timedelta

from workflows.frozen import frozen


@frozen
class Limits:
    """All are policy values. ``max_text`` and ``max_address`` count characters; times are elapsed time."""

    reports_per_day: int = 10  # one person, any channel
    reminder_after: timedelta = timedelta(days=1)  # silence in a draft
    drop_after: timedelta = timedelta(days=7)  # T2
    album_quiet: timedelta = timedelta(seconds=1.5)  # telegram.md: items of an album come one by one
    max_media: int = 5  # photos and videos of one report
    max_voice: int = 3
    max_text: int = 2000
    max_address: int = 200
    min_text: int = 8  # without a photo, fewer characters than this tell nothing
    list_length: int = 8  # cases in "my reports"
    same_matter: timedelta = timedelta(minutes=10)  # how long a photo may be more of what was just filed
