from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from assess.plans.attached import attached_files
from assess.plans.copies import Copy
from assess.plans.pages import to_html
from assess.plans.sign_off import SHARES, sign_off_of
from tests.plans.records import scenario, text_of


@pytest.mark.parametrize("copy", ["business", "large", "coordinator"])
def test_the_page_has_lines_for_a_pen_and_says_what_the_copy_is(copy: Copy) -> None:
    record = scenario()
    page = BeautifulSoup(to_html(record, copy), "html.parser").select_one(".plan-sign-off")
    assert page is not None
    said = text_of(str(page))
    for word in ("Name:", "Role:", "Date:", "Signature:", f"Check code {record['reference']}"):
        assert word in said
    assert len(page.select(".plan-shares li")) == SHARES
    assert "It does not say that anybody checked the answers." in said


@pytest.mark.parametrize("copy", ["business", "large", "coordinator"])
def test_every_file_inside_is_named(copy: Copy) -> None:
    says = " ".join(sign_off_of("K7QF-2M9D", copy).says)  # type: ignore[arg-type]  # the three that hold the plan
    assert all(file.name in says for file in attached_files(scenario(), copy))
    assert ("actions.csv" in says) is (copy != "coordinator")


def test_each_copy_prints_its_own_check_code() -> None:
    record = scenario()
    own, buyers = to_html(record, "business"), to_html(record, "buyer")
    assert f"Action plan · check code {record['reference']}" in own
    assert record["reference"] not in buyers
    assert "Buyer copy · check code" in buyers
