"""What every page shares: strict templates, a few filters, and the words that stand on all of them.

Our own templates stop at a name that is not there. The macros of govuk-frontend-jinja rest on names that may be missing,
so they live in an environment of their own, which forgives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask
from flask.sansio.app import App
from flask.templating import Environment as FlaskEnvironment
from markupsafe import Markup

from assess.kit.page_parts import PagePart
from assess.kit.static_files import open_static_files, read_shelf

TEMPLATES = Path(__file__).parents[2] / "templates"
COMPONENTS = "govuk_frontend_jinja"
TIDY: dict[str, Any] = {"trim_blocks": True, "lstrip_blocks": True}
FOOTER = (
    ("/help", "Worried about someone?"),
    ("/privacy", "Privacy"),
    ("/cookies", "Cookies"),
    ("/accessibility", "Accessibility"),
    ("/complaints", "Complaints"),
    ("/ask-a-person", "Ask a person to look again"),
    ("/check", "Check a code"),
)
"""Links at the foot of every page: address and words."""


@dataclass(frozen=True, slots=True)
class Phone:
    """Somebody to call: who it is, and the number as people write it."""

    who: str
    number: str


SERVICE = "Assess"
"""What the service is called."""


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says: the name of the service, who runs it, and whom to call.

    `contact` and `complaints` are an address or a number of the operator, or None while unset. `desk` is whose coordinators
    a business can ask for help: the operator's, unless an independent desk is named. `exit_to` is where the quick exit of the help pages
    leads: an ordinary site that says nothing about its visitor.
    """

    operator: str
    contact: str | None
    complaints: str | None
    desk: str
    helpline: Phone
    emergency: Phone
    exit_to: str
    full_minutes: int = 0
    """About how long the full assessment takes; 0: nobody knows."""
    quick_minutes: int = 0
    name: str = SERVICE
    help_page: str = "/help"
    footer: Sequence[tuple[str, str]] = FOOTER


class StrictEnvironment(FlaskEnvironment):
    """Flask's environment, strict about missing names, with a lenient side room for the bought-in macros."""

    def __init__(self, app: App, **options: Any) -> None:  # noqa: ANN401  # Jinja's own options
        super().__init__(app, **{**options, **TIDY, "undefined": jinja2.StrictUndefined})
        self.components = jinja2.Environment(
            loader=jinja2.PrefixLoader({COMPONENTS: jinja2.PackageLoader(COMPONENTS)}),
            autoescape=True,
            undefined=jinja2.ChainableUndefined,
            auto_reload=self.auto_reload,  # where ours are looked at anew for each page, these are
            **TIDY,
        )
        self.components.globals = self.globals

    def get_template(
        self,
        name: str | jinja2.Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  # Jinja's name
    ) -> jinja2.Template:
        """One of ours, or one of the macros."""
        if isinstance(name, str) and name.startswith(f"{COMPONENTS}/"):
            return self.components.get_template(name, parent, globals)
        return super().get_template(name, parent, globals)


def day(value: date | str) -> str:
    """“24 November 2026” for a date or for "2026-11-24"."""
    moment = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment.day} {moment:%B %Y}"


def tel(number: str) -> str:
    """The address that dials a number: "tel:" and its digits. A part in brackets is for people only."""
    return "tel:" + re.sub(r"[^0-9+]", "", re.sub(r"\(.*?\)", "", number))


def counted(number: int, one: str, many: str | None = None) -> str:
    """“1 question”, “12 questions”."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


ACCOUNT_LINK: PagePart[..., dict[str, str] | None] = PagePart("account_link")
"""In the header of each page: address (`href`) and words (`text`) of the link to the account; None where none stands."""
HELP_NOTICE: PagePart[[], Markup] = PagePart("help_notice")
"""On every page about an assessment while somebody of the staff helps with it: that they do. Empty on all other pages."""


def open_pages(app: Flask, site: Callable[[], Site]) -> None:
    """Give an app with the strict environment its filters, its static files and the words of every page.

    `site` is asked anew for every page, for numbers are dated.
    """
    for filter_ in (day, tel, counted):
        app.add_template_filter(filter_)
    app.context_processor(lambda: {"site": site()})
    open_static_files(app, read_shelf())
