"""The Chromium of the browser tests: found on this machine, or brought to it."""

import functools
import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
PLACES = (  # where macOS keeps programs that are on nobody's PATH
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
INSTALL = {  # package manager: what brings a Chromium
    "apt-get": "apt-get update && apt-get install -y chromium",
    "dnf": "dnf install -y chromium",
    "apk": "apk add chromium",
    "pacman": "pacman -Sy --noconfirm chromium",
    "zypper": "zypper install -y chromium",
}
BRING_SECONDS = 900

ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@functools.cache
def find() -> str | None:
    """The path of a Chromium that runs on this machine, or None."""
    named = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), *PLACES]
    return next((path for path in named if path and _runs(path)), None) or _of_playwright()


def arguments() -> list[str]:
    """The command line options; Chromium's own sandbox does not work for root."""
    return [*ARGUMENTS, *(["--no-sandbox"] if os.getuid() == 0 else [])]


def command_that_helps() -> str:
    """The one command by which a person gets a Chromium here."""
    for manager, command in INSTALL.items():
        if shutil.which(manager):
            return command if os.getuid() == 0 else f"sudo sh -c '{command}'"
    return f"{sys.executable} -m playwright install chromium"


def bring() -> None:
    """Download Playwright's own Chromium, or as root install the system's; failing is not an error here."""
    _try([sys.executable, "-m", "playwright", "install", "chromium"])
    find.cache_clear()
    if find() is None and os.getuid() == 0 and any(map(shutil.which, INSTALL)):
        _try(["sh", "-c", command_that_helps()])
        find.cache_clear()


def main() -> int:
    """Make sure that there is a Chromium; under CI=true it is an error when none can be had."""
    if find() is None:
        print("No Chromium here yet: bringing one for the browser tests, this may take a few minutes")
        bring()
    if find() is not None:
        return 0
    print(f"No Chromium: the browser tests are skipped. This helps: {command_that_helps()}", file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


def _of_playwright() -> str | None:
    """Playwright's own download; asked in another process, since its event loop may be running here."""
    ask = "from playwright.sync_api import sync_playwright\nwith sync_playwright() as p:\n"
    ask += "    print(p.chromium.executable_path)"
    path = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True).stdout.strip()
    return path if path and _runs(path) else None


def _runs(path: str) -> bool:
    """A file may be there without the libraries that it needs, or be a stub that only names an app store."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _try(command: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, timeout=BRING_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as problem:
        print(f"{command[0]}: {problem}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
