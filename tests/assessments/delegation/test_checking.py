from __future__ import annotations

from typing import Any


def test_the_owner_is_led_to_what_came_in_and_reads_it(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague()
    assert "from a colleague" not in visit(home).text
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7777")
    another_visit(here)
    another_visit.send(core_people_peak="8888", core_housing="own")
    page = visit(home)
    assert "2 answers came from a colleague." in page.text
    page = visit(page.soup.find("a", string="Look at them")["href"])
    link = page.soup.select_one("a[href$='#answers']")
    assert "Look at 2 answers" in link.text
    rows = visit(link["href"].partition("#")[0]).soup.select("main dl .govuk-summary-list__row")
    assert len(rows) == 2
    assert "8,888 people" in rows[0].text
    assert "Something else was there. You decide." in rows[0].text
