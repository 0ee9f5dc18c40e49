from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.kit.mail.addresses import AddressUnfitError, domain_of, fit_address, mailbox_of


@pytest.mark.parametrize("typed", ["jo@farm.example", " jo.o'neil+plan@a-b.farm.example ", "J_1@x.co"])
def test_an_ordinary_address_is_taken_without_its_spaces(typed: str) -> None:
    assert fit_address(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "jo",
        "@farm.example",
        "jo@",
        "jo@farm",
        "jo@@farm.example",
        ".jo@farm.example",
        "jo@-farm.example",
        "jo@farm..example",
        "jo bloggs@farm.example",
        "Jo <jo@farm.example>",
        "jo@farm.example, al@farm.example",
        "jo@farm.example\r\nBcc: al@farm.example",
        "jo@farm.example\n",
        "jö@farm.example",
        "jo@[127.0.0.1]",
        "a" * 65 + "@farm.example",
        "jo@" + "a." * 130 + "example",
    ],
)
def test_what_is_no_address_or_more_than_one_is_refused(typed: str) -> None:
    with pytest.raises(AddressUnfitError):
        fit_address(typed)


@given(st.text())
def test_nothing_that_is_taken_can_begin_a_new_line(typed: str) -> None:
    try:
        address = fit_address(f"{typed}@farm.example")
    except AddressUnfitError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' ,;:<>()[]\\"')


def test_one_mailbox_is_known_under_its_several_spellings() -> None:
    assert mailbox_of("Jo+a@Farm.example") == mailbox_of("jo+b@farm.EXAMPLE") == "jo@farm.example"
    assert mailbox_of("al@farm.example") != mailbox_of("jo@farm.example")
    assert mailbox_of("J.o.e+x@googlemail.com") == mailbox_of("joe@gmail.com") == "joe@gmail.com"
    assert mailbox_of("j.oe@farm.example") != mailbox_of("joe@farm.example"), "elsewhere a dot is a letter"
    assert mailbox_of("J.o-e_+x@ProtonMail.com") == mailbox_of("joe@pm.me") == "joe@proton.me"
    assert mailbox_of("j.oe@me.com") == mailbox_of("j.oe@mac.com") == "j.oe@icloud.com"
    assert mailbox_of("_@proton.me") != mailbox_of("-@proton.me"), "a name is never empty"
    assert mailbox_of("+x@farm.example") != mailbox_of("+y@farm.example"), "a name is never empty"


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("x@jo.fastmail.com", "jo@fastmail.com"),
        ("y+z@a.b.Jo.fastmail.com", "jo@fastmail.com"),
        ("x@jo.yahoo.co.uk", "jo@yahoo.co.uk"),
        ("x@jo.me.com", "jo@icloud.com"),
        ("x@j-o.protonmail.com", "jo@proton.me"),
        ("x@notfastmail.com", "x@notfastmail.com"),
        ("x@fastmail.com.farm.example", "x@fastmail.com.farm.example"),
    ],
)
def test_only_the_host_of_a_provider_itself_has_a_mailbox_for_each_name(address: str, mailbox: str) -> None:
    assert mailbox_of(address) == mailbox
    assert mailbox_of(mailbox) == mailbox


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("farm.example", "farm.example"),
        ("a.b.Farm.example", "farm.example"),
        ("farm.co.uk", "farm.co.uk"),
        ("post.farm.co.uk", "farm.co.uk"),
        ("council.gov.uk", "council.gov.uk"),
        ("packhouse.pl", "packhouse.pl"),
        ("x.packhouse.pl", "packhouse.pl"),
        ("co.uk", "co.uk"),
        ("googlemail.com", "gmail.com"),
    ],
)
def test_the_machines_and_branches_of_one_owner_are_one_domain(host: str, domain: str) -> None:
    assert domain_of(f"jo@{host}") == domain
