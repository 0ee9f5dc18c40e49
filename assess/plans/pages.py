"""The printed documents as finished HTML. The web pages use the same partials inside the site's own frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from assess.banks.web_addresses import web_address
from assess.engine.bank import Edition
from assess.plans import charts, progress
from assess.plans.copies import Copy, Record, buyer_copy
from assess.plans.document import business_plan, coordinator_plan
from assess.plans.first_page import help_of
from assess.plans.register import phrases
from assess.plans.register.state import NOTHING_YET, RegisterState
from assess.plans.sign_off import Signed
from assess.plans.wall import wall_of
from assess.plans.words import day

_LINK = Markup('<a class="govuk-link" href="{}">{}</a>')
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
TEMPLATES = Path(__file__).parents[2] / "templates"


def _tel(number: str) -> str:
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def first_upper(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def first_lower(text: str) -> str:
    """The text as the second half of a sentence; a word in capitals stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def host(address: str) -> str:
    """The part of a web address people remember."""
    return urlsplit(address).netloc.removeprefix("www.") or address


def linked(text: str) -> Markup:
    """The text with its web and mail addresses as links that show where they lead."""
    return Markup(" ").join(_link(word) for word in text.split(" "))


def _link(word: str) -> Markup | str:
    if word.startswith("https://") and web_address(word):
        return _LINK.format(word, host(word))
    if _MAIL.fullmatch(word):
        return _LINK.format(f"mailto:{word}", word)
    return word


FILTERS: Mapping[str, Callable[..., str | bool]] = {
    "first_upper": first_upper,
    "first_lower": first_lower,
    "host": host,
    "linked": linked,
    "is_touched": progress.is_touched,
    "is_done": progress.is_done,
    "due_words": phrases.due_words,
    "owner_words": phrases.owner_words,
    "state_words": phrases.state_words,
    "note_words": phrases.note_words,
}
"""The filters the partials need beside those every page of the site has."""


@lru_cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({"day": day, "tel": _tel, "counted": _counted, **FILTERS})
    return environment


def to_html(
    record: Record,
    copy: Copy,
    state: RegisterState = NOTHING_YET,
    code: str | None = None,
    signed: Signed | None = None,
    edition: Edition | None = None,
) -> str:
    """One copy of a submission as a whole HTML document, ready to be printed.

    `state` is what the business made of its actions since. A buyer copy holds nothing of it. `code` is the check code of this
    copy; without one it is a copy no service knows, and says nothing of codes. `signed` is the sign-off as this copy shows it.
    `edition`, which the record answers, is needed for a buyer copy of a record made by engine 1.
    """
    if copy == "buyer":
        return draw(
            "plans/buyer.html", copy=buyer_copy(record, edition), code=code, help=help_of(record), signed=signed
        )
    if copy == "wall":
        return draw("plans/wall.html", wall=wall_of(record, state))
    if copy == "coordinator":
        return draw("plans/plan.html", plan=coordinator_plan(record, state, code, signed))
    return draw("plans/plan.html", plan=business_plan(record, state, copy, code, signed))


def draw(template: str, **values: Any) -> str:  # noqa: ANN401  # whatever a template prints
    """A template of paper with its values, as finished HTML: for rooms that print something of their own."""
    return _environment().get_template(template).render(charts=charts, **values)
