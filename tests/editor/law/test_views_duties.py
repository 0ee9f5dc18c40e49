from __future__ import annotations

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import read_folder
from assess.editor.law.kinds import DUTIES, things
from assess.editor.law.views_duties import by_place
from tests.conftest import Visitor
from tests.editor.conftest import AtDesk

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
DUTY = "uk_s54_approval"


def test_every_duty_stands_under_where_it_holds() -> None:
    duties = list(things(read_folder(QUESTIONNAIRES), DUTIES))
    groups = dict(by_place(duties))
    assert sum(map(len, groups.values())) == len(duties)
    assert all(one.data["jurisdiction"] == ["UK"] for one in groups["United Kingdom"])


@SQLITE
def test_a_review_names_a_person_and_a_day_and_can_be_taken_off(at_desk: AtDesk, visit: Visitor) -> None:
    assert "Not reviewed." in visit(f"{at_desk.draft}/duties").text
    visit(f"{at_desk.draft}/duties/{DUTY}/review")
    assert visit.send("", reviewed_by="", reviewed_on="25/11/2026").status == 422
    assert visit.page
    assert {one["href"] for one in visit.page.soup.select(".govuk-error-summary a")} == {"#reviewed_by", "#reviewed_on"}
    visit.send("", follow=False, reviewed_by="A. Lawyer, solicitor", reviewed_on="23/11/2026")
    assert "Reviewed by A. Lawyer, solicitor on 23 November 2026." in visit(f"{at_desk.draft}/duties").text
    page = visit(f"{at_desk.draft}/things/duties/{DUTY}")
    assert "It prints under “You must”" in page.text
    same = {name: page.fields("")[name] for name in ("csrf_token", "seen")}
    visit.client.post(f"{at_desk.draft}/duties/{DUTY}/review", data={**same, "none": "1"})
    assert "Reviewed by" not in visit(f"{at_desk.draft}/duties").text
