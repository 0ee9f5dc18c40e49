"""What is typed of a supplier is taken or refused alike on the pages and in the row of a file, and with the same words."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assess.core.forms.form import form_of
from assess.portfolio.views import details_form
from assess.suppliers.forms import InvitationChoices, supplier_details, supplier_fields
from assess.suppliers.models import Supplier
from assess.suppliers.supplier_import.columns import EXAMPLE_NAME, read_header
from assess.suppliers.supplier_import.validation import check_rows, spreadsheet_error
from tests.suppliers.supplier_import.supplier_lists import KNOWN

CHOICES = InvitationChoices(KNOWN.sectors, KNOWN.areas, {})
DIGITS = "0123456789"
LETTERS = st.characters(codec="utf-8")


def either_case(words: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(words).flatmap(lambda word: st.sampled_from([word, word.upper(), f" {word} ", f"{word}."]))


def made_of(signs: str, most: int = 20) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(signs), max_size=most)


LIKELY = {
    "name": made_of("Aé .,&’-\u200b\u202e/:wW", 130) | st.just("see www.prices.example"),
    "email": st.from_regex(r"[a-zA-Z.+@]{1,8}@?[a-zB.-]{1,10}\.(uk|example|Com)", fullmatch=True),
    "phone": made_of(DIGITS + " +()-/.ext", 24)
    | st.from_regex(r"\+?(44|0) ?1603 ?[0-9]{5,7}( ?(ext\.?|x) ?[0-9]{1,4})?", fullmatch=True),
    "company_number": made_of(DIGITS + "SCsc ", 10) | st.from_regex(r"[A-Za-z]{0,2}[0-9]{4,8}", fullmatch=True),
    "reference": made_of("AZ-09 /.#\u202e\u00a0", 64),
    "sector": either_case([*KNOWN.sectors, *KNOWN.sectors.values(), "fishing"]),
    "area": either_case([*KNOWN.areas, *KNOWN.areas.values(), "Suffolk"]),
    "size": either_case(["micro", "small", "medium", "large", "49 staff", "1,250 people", "staff", "huge"])
    | made_of(DIGITS + ",. -kpeol", 9),
    "spend_gbp": made_of(DIGITS + "£,. kKmMgbp-", 14) | st.from_regex(r"(£|GBP )?[0-9,]{1,9}(\.[0-9]{1,2})?[km]?"),
}
"""Typings near to what each field takes, so that many are taken."""


@pytest.mark.parametrize("field", sorted(LIKELY))
def test_pages_and_files_take_and_refuse_the_same(field: str) -> None:
    @settings(max_examples=400)
    @given(typed=LIKELY[field] | st.text(LETTERS, max_size=70))
    @example(typed="")
    @example(typed="x" * 2500)
    def alike(typed: str) -> None:
        held_alike(field, typed)

    alike()


def held_alike(field: str, typed: str) -> None:
    cells = {"name": "A Farm", field: typed}
    text = " ".join(typed.split())
    if spreadsheet_error(field, text) or text == EXAMPLE_NAME:
        return  # written by a program, so no page is sent it
    (row,) = check_rows([(3, list(cells.values()))], read_header(list(cells), 1), KNOWN, asks=False, sector=None)
    sent = MultiDict(cells)
    for page in (form_of(supplier_fields(CHOICES.sectors, CHOICES.areas)), details_form(Supplier(), CHOICES)):
        read = page.read(sent)
        words = field.removesuffix("_gbp").replace("_", " ")
        assert [fault.says for fault in row.errors] == [f"Row 3, {words}: {said}" for said in read.errors.values()]
        if row.details is None:
            assert list(read.errors) == [field]
        else:
            assert row.details == supplier_details(read.values)


@pytest.mark.parametrize("field", sorted(LIKELY))
def test_what_was_taken_is_taken_again_as_it_is_shown(field: str) -> None:
    """Whatever came by a file can be edited: the page shows it as it is kept, and takes that."""

    @settings(max_examples=200)
    @given(typed=LIKELY[field])
    def taken_again(typed: str) -> None:
        form = form_of(supplier_fields(CHOICES.sectors, CHOICES.areas))
        read = form.read(MultiDict({"name": "A Farm", field: typed}))
        if read.errors:
            return
        kept = getattr(supplier_details(read.values), field)
        again = form.read(MultiDict({"name": "A Farm", field: "" if kept is None else str(kept)}))
        assert again.errors == {}
        assert getattr(supplier_details(again.values), field) == kept

    taken_again()


def test_references_that_look_the_same_are_the_same() -> None:
    form = form_of(supplier_fields(CHOICES.sectors, CHOICES.areas))
    typed = ("S-1", "S\u200b-1", "S-1\u2060", "S-\u00ad1", "\u061cS-1")
    read = [form.read(MultiDict({"name": "A Farm", "reference": one})) for one in typed]
    assert {supplier_details(one.values).identity for one in read} == {supplier_details(read[0].values).identity}


def test_the_typings_are_near_enough_to_be_taken_and_refused() -> None:
    form = form_of(supplier_fields(CHOICES.sectors, CHOICES.areas))
    taken = {"phone": "01603-123456 ext. 12", "spend_gbp": "£12,500.50", "size": "49 staff", "area": "Somewhere else"}
    read = form.read(MultiDict({"name": "A Farm", **taken}))
    assert read.errors == {}
    refused = form.read(
        MultiDict({"name": "", "phone": "ask Jo", "spend_gbp": "lots", "size": "staff", "area": "here"})
    )
    assert set(refused.errors) == {"name", *taken}
    assert all(re.fullmatch(r"[A-Z].*\.", sentence) for sentence in refused.errors.values())
