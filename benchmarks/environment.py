"""The rivals' own environment: made from its lock with uv or pip, and the lock written anew."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = HERE / "requirements.txt"
STAMP = VENV / ".lock"
HEADER = "# Written by `python -m benchmarks.environment lock` from requirements.in: no addresses, only hashes.\n"


def ensure() -> Path:
    """The rivals' interpreter; the environment is made when it is missing or the lock has changed."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text("ascii") == wanted:
        return PYTHON
    uv = _uv()
    if uv:
        _run(uv, "venv", "--quiet", "--allow-existing", "--python", _base(), str(VENV))
        _run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(LOCK))
    else:
        _run(_base(), "-m", "venv", str(VENV))
        _run(str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(LOCK))
    STAMP.write_text(wanted, "ascii")
    return PYTHON


def lock() -> None:
    """Resolve requirements.in anew. Needs uv."""
    uv = _uv()
    if uv is None:
        raise SystemExit("không có uv: chạy `make env` trước / no uv: run `make env` first")
    options = ["--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--upgrade"]
    options += ["--no-emit-index-url", "--no-emit-find-links"]
    _run(uv, "pip", "compile", *options, str(LOCK.with_suffix(".in").relative_to(ROOT)), "-o", str(LOCK))
    LOCK.write_text(HEADER + LOCK.read_text("utf-8"), "utf-8")


def _uv() -> str | None:
    brought = ROOT / ".tools" / "bin" / "uv"
    return str(brought) if brought.exists() else shutil.which("uv")


def _base() -> str:
    """The interpreter under our own environment, not the environment's link to it."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())


def _run(*command: str) -> None:
    environ = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    subprocess.run(command, check=True, cwd=ROOT, env=environ)


if __name__ == "__main__":
    lock() if sys.argv[1:] == ["lock"] else print(ensure())
