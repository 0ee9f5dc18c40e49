from __future__ import annotations

import re
from datetime import date

import pytest

from assess.portfolio.files.naming import file_name

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("supplier", "middle"),
    [
        ("Fen Edge Growers", "fen-edge-growers"),
        ("Müller & Söhne, Ltd.", "muller-sohne-ltd"),
        ("../../etc/passwd", "etc-passwd"),
        ("..", "supplier"),
        ("🍓🍓", "supplier"),
        ("CON", "con"),
        ("a\r\nb\0c\\d:e", "a-b-c-d-e"),
        ("=HYPERLINK(1)", "hyperlink-1"),
        ("x" * 200, "x" * 60),
        ("株式会社 Acle", "acle"),
    ],
)
def test_a_name_is_safe_everywhere_and_says_whose_it_is(supplier: str, middle: str) -> None:
    name = file_name(7, supplier, DAY)
    assert name == f"007-{middle}-2026-11-24.pdf"
    assert re.fullmatch(r"[0-9]{3,}-[a-z0-9-]+\.pdf", name)


def test_no_two_are_alike() -> None:
    assert file_name(1, "Farm", DAY) != file_name(2, "FARM", DAY)
    assert file_name(1000, "Farm", DAY).startswith("1000-")
