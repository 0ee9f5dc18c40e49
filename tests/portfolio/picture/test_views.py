from __future__ import annotations

from tests.portfolio.conftest import Council
from tests.portfolio.picture.filled_world import fill_world


def test_the_picture_has_every_drawing_with_its_table(council: Council) -> None:
    with council.database.writing() as session:
        fill_world(session, council.organisation)
    page = council.visit(f"{council.address}/picture")
    assert (page.status, page.heading) == (200, "The picture of all suppliers")
    text = page.text
    assert text.index("Stay and help fix it") < text.index("Bands by kind of work")
    assert "The business’s own answers. Not a finding. Not for selection or exclusion." in text
    assert "8 of 12 suppliers show a band." in text
    assert "There is no earlier month yet." in text
    for drawing in page.soup.select("main svg"):
        title = drawing.find("title")
        assert title is not None
        assert title.text.strip()
        assert drawing["role"] == "img"
    assert [caption.text.strip() for caption in page.soup.select("main caption")] == [
        "Suppliers by kind of work and band",
        "How far along safeguards are",
        "Bands by month",
        "How suppliers stood by month",
        "Goods by country",
        "Duties",
        "Place in the order by size",
    ]
    for section in page.soup.select(".portfolio-picture section"):
        assert not section.select("svg") or section.select("table"), "every drawing has its table"
    rows = [
        " ".join(row.get_text(" ").split())
        for row in page.soup.select(".portfolio-picture section:first-child tbody tr")
    ]
    assert rows == [
        "Car washes 1 0 2 0 3",
        "Farming 1 2 1 2 6",
        "Hospitality 0 1 0 0 1",
        "Kind of work not told 0 0 0 2 2",
        "All together 2 3 3 4 12",
    ]
    assert "Late farm, 7 weeks" in text.replace(" ,", ",")
    assert "1 copy is left out here" in text
    assert "1 duty of fewer than 3 suppliers is left out." in text
    assert "1 supplier has answers that are too old to count." in text


def test_an_empty_picture_says_what_to_do(council: Council) -> None:
    assert "You have no suppliers here yet." in council.visit(f"{council.address}/picture").text
    page = council.visit(f"{council.address}/picture/summary")
    assert "there is nothing to sum up" in page.text
    assert council.visit(f"{council.address}/picture/summary.pdf").address == f"{council.address}/picture/summary"
