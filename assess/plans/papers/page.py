"""A paper as finished HTML, ready to be printed."""

from __future__ import annotations

from functools import lru_cache

import jinja2

from assess.banks.papers import Paper
from assess.plans.pages import TEMPLATES
from assess.plans.papers.foot import foot_of
from assess.plans.words import day


@lru_cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = day
    return environment.get_template("plans/paper.html")


def to_html(paper: Paper) -> str:
    """The whole document. The same paper with the same rates gives the same text on any day."""
    return _template().render(paper=paper, foot=foot_of(paper))
