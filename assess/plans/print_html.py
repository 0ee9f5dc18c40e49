"""The printed documents as HTML, and the files that are attached inside the PDF of the business."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from assess.core import package_folder
from assess.core.forms.fields import web_address
from assess.core.pdf import AttachedFile
from assess.engine.bank import Edition
from assess.engine.record import canonical_json
from assess.engine.result_json import without_private_purchases
from assess.plans import actions, charts
from assess.plans.action_tracker import phrases
from assess.plans.action_tracker.state import EMPTY_STATE, TrackerState
from assess.plans.actions import action_list_of
from assess.plans.annex import PrintedSignOff
from assess.plans.copies import Copy, Record, business_record, buyer_copy
from assess.plans.exports import actions_csv
from assess.plans.first_page import head_of, help_contacts_of
from assess.plans.law import law_in_full
from assess.plans.plan_page import business_plan, coordinator_plan, wall_page_of
from assess.plans.printed_plan import printed_plan_of
from assess.plans.words import first_lower, first_upper, format_day, whole_number, with_parts

_LINK = Markup('<a class="govuk-link" href="{}">{}</a>')
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"\b0\d{2,4} \d{3,4} \d{3,4}\b")
TEMPLATE_FOLDER = package_folder("templates")


def _tel_address(number: str) -> str:
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def host(address: str) -> str:
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
    "whole_number": whole_number,
    "first_upper": first_upper,
    "first_lower": first_lower,
    "host": host,
    "linked": linked,
    "with_parts": with_parts,
    "is_touched": actions.is_touched,
    "due_words": phrases.due_words,
    "owner_words": phrases.owner_words,
    "state_words": phrases.state_words,
    "note_words": phrases.note_words,
}
"""The filters the partials need beside those every page of the site has."""


@lru_cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update({"day": format_day, "tel": _tel_address, "counted": _counted, **FILTERS})
    return environment


def copy_html(
    record: Record,
    copy: Copy,
    state: TrackerState = EMPTY_STATE,
    code: str | None = None,
    signed: PrintedSignOff | None = None,
    edition: Edition | None = None,
) -> str:
    """One copy of a submission as a whole HTML document, ready to be printed.

    `state` is what the business made of its actions since. A buyer copy holds nothing of it. `code` is the check code of this
    copy; without one it is a copy no service knows, and says nothing of codes. `signed` is the sign-off as this copy shows it.
    `edition`, which the record answers, is needed for an annex or a buyer copy of a record made by engine 1.
    """
    if copy == "buyer":
        return render_print_template(
            "plans/buyer_copy_print.html",
            copy=buyer_copy(record, edition),
            code=code,
            help=help_contacts_of(record),
            signed=signed,
        )
    if copy == "annex":
        plan = business_plan(record, state, code=code)
        html = render_print_template(
            "plans/annex_print.html",
            plan=plan,
            buyer_steps=buyer_copy(record, edition).by_date,
            left=printed_plan_of(record, plan).steps.left,
            law=law_in_full(record) if plan.law else (),
        )
        return _PHONE.sub(lambda found: found.group().replace(" ", "\N{NO-BREAK SPACE}"), html)
    if copy == "wall":
        return render_print_template("plans/wall_page.html", wall=wall_page_of(record, state))
    plan = (
        coordinator_plan(record, state, code, signed)
        if copy == "coordinator"
        else business_plan(record, state, copy, code, signed)
    )
    return render_print_template("plans/plan_print.html", plan=plan, printed=printed_plan_of(record, plan))


def render_print_template(template: str, **values: Any) -> str:  # noqa: ANN401  # whatever a template prints
    return _environment().get_template(template).render(charts=charts, **values)


ASSESSMENT_FILE, ACTIONS_FILE = "assessment.json", "actions.csv"

_HIDDEN_ACTION_KEYS = frozenset({"exportable", "held", "find_out", "fails"})
"""What our own pages need, and what would sort the sensitive questions from the others for any program that reads the file."""


def attached_files(record: Record, copy: Copy, state: TrackerState = EMPTY_STATE) -> tuple[AttachedFile, ...]:
    made_on = record["made_on"]
    if copy == "coordinator":
        return (
            AttachedFile(
                ASSESSMENT_FILE,
                "The whole record of this assessment, signs included",
                canonical_json(without_private_purchases(record)),
                made_on,
                "Source",
            ),
        )
    if copy not in {"business", "large"}:
        return ()
    own = business_record(record)
    return (
        AttachedFile(
            ACTIONS_FILE,
            "Ordinary actions as a list for a spreadsheet",
            actions_csv(action_list_of(own, state), head_of(record), help_contacts_of(record)),
            made_on,
            "Data",
        ),
        AttachedFile(
            ASSESSMENT_FILE,
            "This assessment for a program to read",
            canonical_json(_without_hidden_keys(without_private_purchases(own))),
            made_on,
            "Source",
        ),
    )


def _without_hidden_keys(own: Record) -> dict[str, Any]:
    rows = [
        {
            key: _short_parts(part) if key == "parts" else part
            for key, part in row.items()
            if key not in _HIDDEN_ACTION_KEYS
        }
        for row in own["actions"]
    ]
    left = {key: part for key, part in own.items() if key not in {"charges", "waiting", "advice_first", "buyer_view"}}
    if own["engine"] != 1:
        left["result"] = {key: part for key, part in own["result"].items() if key != "pending"}
    return {**left, "actions": rows}


def _short_parts(parts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The parts of an action without what a check has none of."""
    return [{key: part[key] for key in ("question", "title", "do", "why_ask")} for part in parts]
