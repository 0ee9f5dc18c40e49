"""The cover as finished HTML, ready to be printed."""

from __future__ import annotations

from functools import lru_cache

import jinja2

from assess.plans.cover.listing import Cover
from assess.plans.pages import TEMPLATES
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
    return environment.get_template("plans/cover.html")


def to_html(cover: Cover) -> str:
    """The whole document. The same plans on the same day give the same text."""
    return _template().render(cover=cover)
