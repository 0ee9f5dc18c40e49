from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from assess.kit.formulas import guarded, unguarded
from tests.kit.payloads import PAYLOADS

HOSTILE = some.text(alphabet=some.sampled_from("=+-@＝'\";\t\r\n aé\N{MINUS SIGN}‘’"), max_size=12)
LEADS = " \t\r\n\"'`‘’\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}\N{NO-BREAK SPACE}"
RUN = "=+-@＝＋－＠﹢﹣﹦﹫\N{MINUS SIGN}"


def is_run(cell: str) -> bool:
    """Whether the first letter that counts is one a spreadsheet runs; written without the guard's own pattern."""
    return cell[:1] != "'" and cell.lstrip(LEADS)[:1] in tuple(RUN)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_stays_a_formula(payload: str) -> None:
    assert (
        guarded(payload) != payload or "," in payload
    )  # a comma is our own separator, and every cell stands in quotes
    assert not is_run(guarded(payload))


@pytest.mark.parametrize(
    "text", ["", "Fen Edge Growers Ltd", "Half a day - or more", "a=b", "£3 + tip", "it’s", "‘quoted’"]
)
def test_ordinary_text_stands_as_it_is(text: str) -> None:
    assert guarded(text) == text


@given(HOSTILE)
def test_nothing_that_is_cut_off_by_another_separator_is_run(text: str) -> None:
    for separator in ";\t\r\n":
        assert not any(is_run(part) for part in guarded(text).split(separator) if part)


@given(HOSTILE | some.text())
@example("'\r")
@example("''\n=1")
def test_a_program_gets_the_text_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
