from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import read_folder
from assess.banks.web_addresses import WebAddress, web_address
from assess.editor.law.fields import Wrong, address
from assess.editor.mending.allowed import What, leaves, mendable

READ_IN_TWO_WAYS = (
    r"https://evil.example\.gov.uk/x",
    r"https://evil.example\@www.gov.uk/x",
    r"https://www.gov.uk\.evil.example",
    r"https://www.gov.uk/x\y",
    r"https:\\www.gov.uk",
    "https://www.gov.uk@evil.example/",
    "https://user:word@www.gov.uk/",
    "https://evil.example%2f.gov.uk/x",
    "https://www%2egov.uk/",
    "https://www.gov.uk:443@evil.example",
    "https://www.gov.uk:x/",
    "https://www.gov.uk;evil.example/",
    "https://www..gov.uk/",
    "https://-www.gov.uk/",
    "https://www.gov.uk./",
    "https://xn--gv-emc.example/",
    "https://127.0.0.1/",
    "https://1.0x7f/",
    "https://localhost/",
    "https://[::1]/",
    "https://www.gov.uk/a b",
    "https://www.gov.uk/a\u202eb",
    "https://www.gov.uk/\n",
    "https://www.gov.u\u212a/",
    "https:///www.gov.uk/",
    "//www.gov.uk/",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("text", READ_IN_TWO_WAYS)
def test_what_browsers_could_read_differently_is_no_address(text: str) -> None:
    assert web_address(text) is None
    assert text.endswith("\n") or isinstance(address(text), Wrong)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://www.gov.uk", WebAddress("https", "www.gov.uk", None)),
        ("https://WWW.gov.uk/A?b=%20@c#d", WebAddress("https", "www.gov.uk", None)),
        ("https://gov.uk:8443/x", WebAddress("https", "gov.uk", 8443)),
        ("http://a-b.example?x", WebAddress("http", "a-b.example", None)),
    ],
)
def test_where_an_address_leads(text: str, read: WebAddress) -> None:
    assert web_address(text) == read


@given(st.text("ab.-/\\@%:?#[]; \t0", max_size=24))
@example(r"evil.example\.gov.uk")
def test_the_name_of_a_website_is_all_that_stands_before_the_first_sign_of_a_path(rest: str) -> None:
    found = web_address(f"https://{rest}")
    if found:
        before = re.split("[/?#]", rest, maxsplit=1)[0]
        assert re.fullmatch(rf"{re.escape(found.host)}(:[0-9]+)?", before)


def test_every_address_in_our_own_files_is_read() -> None:
    for name, sheet in read_folder(QUESTIONNAIRES).sheets.items():
        for steps, value in leaves(sheet.written):
            if mendable(name, steps) is What.LINK and value:
                assert web_address(str(value)), value
