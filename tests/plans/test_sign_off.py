from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from assess.plans.attached import attached_files
from assess.plans.copies import COPIES, Copy
from assess.plans.pages import to_html
from assess.plans.sign_off import SHARES, sign_off_of
from tests.plans.records import scenario, text_of

CODE = "K7QF-2M9D"


@pytest.mark.parametrize("copy", ["business", "large", "coordinator"])
def test_the_page_has_lines_for_a_pen_and_says_what_the_copy_is(copy: Copy) -> None:
    record = scenario()
    page = BeautifulSoup(to_html(record, copy, code=CODE), "html.parser").select_one(".plan-sign-off")
    assert page is not None
    said = text_of(str(page))
    for word in ("Name:", "Role:", "Date:", "Signature:", f"Check code {CODE}"):
        assert word in said
    assert len(page.select(".plan-shares li")) == SHARES
    assert "It does not say that anybody checked the answers." in said


@pytest.mark.parametrize("copy", ["business", "large", "coordinator"])
def test_every_file_inside_is_named(copy: Copy) -> None:
    says = " ".join(sign_off_of(CODE, copy).says)  # type: ignore[arg-type]  # the three that hold the plan
    assert all(file.name in says for file in attached_files(scenario(), copy))
    assert ("actions.csv" in says) is (copy != "coordinator")


def test_each_copy_but_the_walls_prints_the_code_it_was_given_and_none_of_its_own() -> None:
    record = scenario()
    for copy in COPIES:
        html = to_html(record, copy, code=CODE)
        assert html.count(CODE) == {"wall": 0, "buyer": 3}.get(copy, 4)
        assert record["reference"] not in html
    assert f"Action plan · check code {CODE}" in to_html(record, "business", code=CODE)
    assert f"Buyer copy · check code {CODE}" in to_html(record, "buyer", code=CODE)


def test_a_copy_no_service_made_says_that_it_has_no_code() -> None:
    record = scenario()
    for copy in COPIES:
        said = text_of(to_html(record, copy))
        assert "/check" not in said
        assert record["reference"] not in said
        assert said.count("check code") == ("it has no check code" in said) == (copy != "wall")
