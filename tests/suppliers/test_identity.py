"""When two entries of one buyer are the same supplier."""

from __future__ import annotations

from assess.suppliers.identity import identity_of


def test_spelling_does_not_make_another_supplier() -> None:
    assert identity_of("Fen  Edge Ltd.", "a@b.example", None, "") == identity_of(
        "FEN EDGE LTD", "A@b.example", None, ""
    )
    assert identity_of("A", "", "sc123456", "") == identity_of("a", "x@y.example", "SC123456", "")


def test_a_reference_decides_alone() -> None:
    assert identity_of("A", "", None, "S-1") == identity_of("B", "b@b.example", "01234567", " s-1 ")


def test_two_sites_of_one_company_are_two() -> None:
    assert identity_of("North", "", "01234567", "") != identity_of("South", "", "01234567", "")
    assert identity_of("North", "a@b.example", None, "") != identity_of("South", "a@b.example", None, "")
