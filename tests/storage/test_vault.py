"""What is sealed opens again only for whom and as what it was sealed."""

import pytest

from storage.vault import BadSeal, Vault

SECRET = "an app's secret"


def test_what_is_sealed_opens_again_and_shows_nothing():
    vault = Vault([SECRET], "tokens")
    sealed = vault.seal("zalo_oa", "mã bí mật")
    assert vault.open("zalo_oa", sealed) == "mã bí mật"
    assert "bí mật" not in sealed
    assert vault.seal("zalo_oa", "mã bí mật") != sealed


@pytest.mark.parametrize("other", [Vault(["another"], "tokens"), Vault([SECRET], "pages")], ids=["secret", "purpose"])
def test_another_secret_or_purpose_does_not_open_it(other):
    with pytest.raises(BadSeal):
        other.open("zalo_oa", Vault([SECRET], "tokens").seal("zalo_oa", "x"))


def test_it_does_not_open_under_another_name():
    vault = Vault([SECRET], "tokens")
    with pytest.raises(BadSeal):
        vault.open("pages", vault.seal("zalo_oa", "x"))


@pytest.mark.parametrize("sealed", ["", "v1.", "v1.AAAA", "x", "v1.ơ", "v2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_what_was_never_sealed_is_refused(sealed):
    with pytest.raises(BadSeal):
        Vault([SECRET], "tokens").open("zalo_oa", sealed)


def test_one_changed_letter_is_noticed():
    vault = Vault([SECRET], "tokens")
    sealed = vault.seal("zalo_oa", "x")
    changed = sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]
    with pytest.raises(BadSeal):
        vault.open("zalo_oa", changed)


def test_a_secret_can_be_changed():
    before = Vault([SECRET], "tokens").seal("zalo_oa", "x")
    now = Vault(["a key of its own", SECRET], "tokens")
    assert now.open("zalo_oa", before) == "x"
    with pytest.raises(BadSeal):
        Vault([SECRET], "tokens").open("zalo_oa", now.seal("zalo_oa", "x"))


@pytest.mark.parametrize("secrets", [[], [""], ["a", ""]], ids=["none", "empty", "one empty"])
def test_an_empty_secret_seals_nothing(secrets):
    with pytest.raises(ValueError, match="secret"):
        Vault(secrets, "tokens")
