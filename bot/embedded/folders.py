"""Where an embedded server keeps its socket: in its own folder, or in a shorter one when that is too long."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

# A unix socket's address holds 107 bytes on Linux and 103 on macOS; the smaller limit serves both.
LONGEST_SOCKET_PATH = 103


def socket_folder(folder: Path, socket_name: str) -> Path:
    """Return the folder for a socket called `socket_name`: `folder` itself, or a short private one.

    The short folder depends only on the path of `folder` and on who asks, so every process finds the same
    one. Nothing is created here: see `make_private`.
    """
    folder = folder.resolve()
    if len(os.fsencode(folder / socket_name)) <= LONGEST_SOCKET_PATH:
        return folder
    return short_folder(folder)


def short_folder(folder: Path, base: Path | None = None) -> Path:
    """Name a folder under `base` (the system's folder for temporary files) that stands for `folder`."""
    mark = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return (base or Path(tempfile.gettempdir())) / f"phan-anh-{os.getuid()}-{mark}"


def make_private(folder: Path, owner: int | None = None) -> Path:
    """Create `folder` with mode 700 for the user number `owner` (ourselves when None) and return it.

    Raises PermissionError when the folder is a link or belongs to somebody else: in a shared folder for
    temporary files another user could have made it first, to listen where our servers are expected.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    allowed = {os.getuid()} if owner is None else {os.getuid(), owner}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in allowed:
        raise PermissionError(f"{folder} thuộc về người dùng khác / belongs to another user; remove it")
    if owner is not None and found.st_uid != owner:
        os.chown(folder, owner, -1)
    folder.chmod(0o700)
    return folder
