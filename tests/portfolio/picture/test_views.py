from __future__ import annotations

from tests.portfolio.conftest import Council
from tests.portfolio.picture.filled_world import fill


def test_the_picture_has_every_drawing_with_its_table(council: Council) -> None:
    with council.database.writing() as session:
        fill(session, council.organisation)
    page = council.visit(f"{council.address}/picture")
    assert (page.status, page.heading) == (200, "The picture of all suppliers")
    text = page.text
    assert text.index("Stay and help fix it") < text.index("Bands by kind of work")
    assert "The business’s own answers. Not a finding. Not for selection or exclusion." in text
    assert "8 of 12 suppliers show a band." in text
    for drawing in page.soup.select("main svg"):
        assert drawing.find("title").text.strip()
        assert drawing["role"] == "img"
    captions = [caption.text.strip() for caption in page.soup.select("main caption")]
    assert captions == [
        "Suppliers by kind of work and band",
        "How far along safeguards are",
        "Bands by month",
        "How suppliers stood by month",
        "Place in the order by size",
    ]
    for section in page.soup.select(".portfolio-picture section"):
        if section.select_one("svg"):
            assert section.select_one("table"), section.h2.text
    print(text)


def test_an_empty_picture_says_what_to_do(council: Council) -> None:
    page = council.visit(f"{council.address}/picture")
    assert "You have no suppliers here yet." in page.text
