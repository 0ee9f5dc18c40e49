from __future__ import annotations

from tests.conftest import Visitor
from tests.editor.conftest import AtDesk


def test_every_page_of_the_menus_opens_and_says_which_one_it_is(visit: Visitor, at_desk: AtDesk) -> None:
    for start in ("/banks", at_desk.draft):
        links = visit(start).soup.select(".assess-buyer-menu a")
        assert links
        for link in links:
            page = visit(str(link["href"]))
            assert page.status == 200, link["href"]
            assert [one.text for one in page.soup.select(".assess-buyer-menu [aria-current]")] == [link.text]
