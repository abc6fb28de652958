"""A browser is to be had for the tests, and what is told when it is not."""

import pytest

from tests import browser as chromium


@pytest.mark.browser
def test_a_page_runs_scripts_and_shows_vietnamese(page):
    page.set_content("<p id=a></p><script>a.textContent = 'Phản Ánh'.normalize('NFC')</script>")
    assert page.inner_text("#a") == "Phản Ánh"


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_no_browser_is_an_error_only_in_ci_and_names_the_command(ci, code, monkeypatch, capsys):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(chromium, "find", lambda: None)
    monkeypatch.setattr(chromium, "bring", lambda: None)
    assert chromium.main() == code
    assert chromium.command_that_helps() in capsys.readouterr().err


def test_a_named_file_that_does_not_run_is_passed_over(monkeypatch, tmp_path):
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\nexit 1\n")
    stub.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(stub))
    chromium.find.cache_clear()
    assert chromium.find() != str(stub)
