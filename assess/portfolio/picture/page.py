"""The summary for the buyer's own board as finished HTML, ready to be printed."""

from __future__ import annotations

from assess.plans.pages import draw
from assess.portfolio.calling.words import PARTS, sector_name
from assess.portfolio.picture import shapes
from assess.portfolio.picture.counting import BAND_WORDS
from assess.portfolio.picture.gathering import Picture
from assess.portfolio.picture.rows import GROUPS


def to_html(picture: Picture, *, names: bool) -> str:
    """The whole document. `names`: with the names of those to call first. The same picture gives the same text."""
    return draw(
        "portfolio/summary.html",
        picture=picture,
        names=names,
        bands=BAND_WORDS,
        groups=GROUPS,
        parts_of=PARTS,
        sector_name=sector_name,
        shapes=shapes,
    )
