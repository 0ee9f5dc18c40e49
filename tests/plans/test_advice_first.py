"""That advice comes first everywhere: no page, mail or file soothes or promises, and no address tells which answer was poor."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from flask import Flask

from assess.assessments.assisted_completion import ASSISTANCE_LASTS
from assess.bank_editor.review.dry_runs import MIN_SUBMISSIONS
from assess.engine.ordinary import ADVICE_FIRST_QUESTIONS
from assess.plans.copies import mark_exportable_and_held
from assess.plans.plan_page import business_plan
from assess.plans.print_html import copy_html
from assess.plans.reminders import reminder_email, reminder_notice_on
from tests.conftest import TODAY, Visitor
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import Record, a_record, scenario
from tests.plans.test_copies import TO_SHOW, base_of, sign_cases

ROOT = Path(__file__).parent.parent.parent
NEVER = (
    # that nothing is to be done, which a wall or a file would say while somebody is in danger
    r"nothing is (left )?open",
    r"nothing (is )?left to do",
    r"nothing waits",
    r"nothing in your answers calls for",
    r"no (ordinary )?actions? (is|are) (open|needed|left)",
    r"there is no (ordinary )?action in",
    r"all (is )?done",
    r"all clear",
    # praise, whose absence would tell
    r"keep (them|it) up",
    r"safeguards are (strong|good)",
    r"good part of the safeguards",
    r"well done",
    # that somebody watches, answers or comes
    r"coordinators? on duty",
    r"coordinators? (can then )?(sees?|reads?|looks?)\b",
    r"may offer (you )?advice",
    r"to offer you advice",
    r"(somebody|someone) (will )?(reads?|looks? at) (it|this|your)",
    r"we (will )?(call|ring|phone) you",
    r"within (a|one) day\b",
    r"within 24 hours",
    r"we have reported",
    # which and how many rows wait
    r"waits? for advice \(",
    r"more waits? for advice",
)
FOR_THOSE_WHO_KEEP_IT = ("templates/bank_editor/", "assess/bank_editor/", "assess/cli/operations.py")
"""What coordinators read of questions, and whoever runs the machine of jobs. No business and no worker sees it."""
WORDS = re.compile("|".join(NEVER), re.IGNORECASE)


def told_in_templates() -> Iterator[tuple[str, str]]:
    """The words of every template, and its name. Comments are for us, and what is put in stands elsewhere."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = re.sub(r"\{#.*?#\}", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        yield str(path.relative_to(ROOT)), " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def told_in_code() -> Iterator[tuple[str, str]]:
    """Every text in the code that is no docstring: of pages, mails, files and the command line."""
    for path in sorted((ROOT / "assess").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                yield f"{path.relative_to(ROOT)}:{node.lineno}", " ".join(node.value.split())


def test_no_text_of_ours_says_that_nothing_is_open_praises_or_promises_somebody() -> None:
    told = [one for one in (*told_in_templates(), *told_in_code()) if not one[0].startswith(FOR_THOSE_WHO_KEEP_IT)]
    assert len(told) > 2000
    assert [(place, found[0]) for place, text in told if (found := WORDS.search(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "Nothing is open now",
        "Nothing is left open in: Pay",
        "Your safeguards are strong. Keep them up.",
        "the coordinator on duty at Norfolk can see your answers",
        "9 more wait for advice",
        "There is no ordinary action in this plan.",
    ],
)
def test_what_was_once_said_would_be_found(text: str) -> None:
    assert WORDS.search(text)


def test_who_can_see_answers_is_said_in_one_sentence_on_every_page_that_says_it(
    visit: Any, submitted: Submitted
) -> None:
    sentence = "Nobody at Norfolk test desk reads your answers, unless you ask a coordinator to help you"
    visit("/start?bank=car_washes")
    home = visit.send(length="full").address.split("/questions")[0].rstrip("/")
    for address in ("/", "/before-you-start", "/privacy", f"{home}/check", f"{submitted.address}/result/keep"):
        page = visit(address)
        assert page.status == 200, address
        assert sentence in page.text, address
        assert "tel:08000121700" in page.html, address
    privacy = visit("/privacy").text
    assert f"for {ASSISTANCE_LASTS.days} days at most" in privacy
    assert f"never of fewer than {MIN_SUBMISSIONS} businesses" in privacy
    assert len(visit("/before-you-start").soup.select(".assess-ten > li")) == 10


FINDING_OUT = 6
"""Of so many other questions about signs the step that finds out is tried: it waits by one rule for all."""


def waiting(bank: str) -> Iterator[tuple[str, Record]]:
    """Every question whose action can wait for advice, each with an answer that has it wait now."""
    asked_first = {"core_controller": "yes"}
    finding_out = 0
    for question in edition_of(bank).questions():
        own = (question.action, question.dk_action, *(option.action for option in question.options))
        waits = question.id in ADVICE_FIRST_QUESTIONS or any(action.after_advice for action in own if action)
        if not waits:
            finding_out += question.can_sign
        if not waits and not (question.can_sign and finding_out <= FINDING_OUT):
            continue
        options: list[Any] = [[one.id] if question.type == "choices" else one.id for one in question.options]
        base = base_of(bank, question.id)
        for answer in ["dk", *options]:
            change = {**TO_SHOW.get(question.id, {}), **asked_first, question.id: answer}
            try:
                record = a_record(bank, base, change=change)
            except (KeyError, ValueError):
                continue
            actions = mark_exportable_and_held(record)["actions"]
            held = {name for action in actions if action["held"] for name in action["questions"]}
            if question.id in held:
                yield question.id, record
                break


@pytest.mark.parametrize("bank", BANKS)
def test_all_that_waits_for_advice_is_one_row_that_reads_alike_whatever_waits(bank: str) -> None:
    rows: dict[str, set[str]] = {"business": set(), "large": set()}
    found: dict[str, int] = {}
    for question, record in waiting(bank):
        held = sum(action["held"] for action in mark_exportable_and_held(record)["actions"])
        found[question] = held
        action_list = business_plan(record).action_list
        assert action_list.waiting
        assert question not in {item.key for item in action_list.items}
        for copy, seen in rows.items():
            html = copy_html(record, copy)  # type: ignore[arg-type]  # two of its words
            row = re.findall(r"<article[^>]*when-advised.*?</article>", html, re.DOTALL)
            assert len(row) == 1, (question, copy)
            seen.update(row)
            assert "helpline first; ask and move nobody" not in html.replace(row[0], ""), (question, copy)
    assert len(found) > 10
    assert len(set(found.values())) > 1, "one and several waited"
    own = {
        question for question in ADVICE_FIRST_QUESTIONS if question in {one.id for one in edition_of(bank).questions()}
    }
    assert own & set(found)
    assert {copy: len(seen) for copy, seen in rows.items()} == {"business": 1, "large": 1}


@pytest.mark.parametrize("bank", BANKS)
def test_where_no_advice_is_needed_no_row_waits(bank: str) -> None:
    for level in ("low", "medium"):
        assert "when-advised" not in copy_html(scenario(bank, f"{bank} {level}"), "business")


def addresses_from(visit: Visitor, made: Submitted) -> dict[str, str]:
    """Every page of a business that links lead to from its result, with its HTML; and every address they name."""
    waiting, seen, named = [f"{made.address}/result", f"{made.address}/"], dict[str, str](), set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = visit.client.get(address)
        seen[address] = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        for attribute, value in re.findall(r'\b(href|action|src|formaction)="([^"]*)"', seen[address]):
            full = urljoin(f"http://localhost:5000{address}", unescape(value)).removeprefix("http://localhost:5000")
            named.add(full)
            here = urldefrag(full)[0]
            files = (".pdf", ".xlsx", ".csv", ".docx", ".ics")
            if attribute == "href" and here.startswith(made.address) and not here.split("?")[0].endswith(files):
                waiting.append(here)
    return seen | dict.fromkeys(named - set(seen), "")


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("bank", BANKS)
def test_no_address_tells_which_answer_was_poor(app: Flask, bank: str) -> None:
    """Pages of results name no question at all. Other pages name each question that is asked, whatever the answer was."""
    edition = edition_of(bank)
    ids = {question.id for question in edition.questions()} | {check.id for check in edition.checks}
    named = []
    for world in _two_worlds(bank):
        visit = Visitor(app.test_client())
        made = submit_record(app, visit, world, TODAY)
        found = addresses_from(visit, made)
        assert len(found) > 40
        parts = {address: set(re.split(r"[^A-Za-z0-9_]+", unquote(address))) for address in found}
        of_result = [address for address in parts if address.startswith(f"{made.address}/result")]
        assert len(of_result) > 10
        assert [address for address in of_result if parts[address] & ids] == []
        others = {address.replace(str(made.id), "") for address in parts if parts[address] & ids}
        named.append(others)
        text = " ".join(found.values())
        assert not WORDS.search(re.sub(r"<[^>]*>", " ", text))
    assert named[0] == named[1]


def _two_worlds(bank: str) -> tuple[Record, Record]:
    """A firm, and the same with one grave answer, asked the same questions."""
    title = f"{bank} low"
    calm = scenario(bank, title)
    asked = {row["id"] for section in calm["sections"] for row in section["questions"]}
    poor = []
    for kind, question, sign, answer in sign_cases():
        if kind != bank or sign != "urgent" or question not in asked:
            continue
        record = a_record(bank, title, change={question: answer})
        if {row["id"] for section in record["sections"] for row in section["questions"]} == asked:
            poor.append(record)
    assert len(poor) > 2
    return calm, poor[len(poor) // 2]


@pytest.mark.parametrize("answer", ["employer", "third"])
@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_list_says_to_get_advice_first_and_sends_nobody_away_for_a_year(app: Flask, answer: str) -> None:
    """Also where the list is what one comes back to, and where everything waits."""
    visit = Visitor(app.test_client())
    made = submit_record(app, visit, a_record("car_washes", "car_washes low", change={"core_documents": answer}), TODAY)
    page = visit(f"{made.address}/result/actions")
    assert page.soup.select_one("#advice, #when-advised")
    if business_plan(made.record).urgent:
        place = page.html.index('id="advice"')
        assert place < page.html.find('class="plan-card plan-row"') or "plan-row" not in page.html
    for text in (page.text, copy_html(made.record, "business")):
        assert "Answer again when something changes" not in text
        assert "No step of this list is due" not in text
    calm = submit_record(app, visit, scenario("car_washes", "car_washes low"), TODAY)
    assert not visit(f"{calm.address}/result/actions").soup.select("#advice, #when-advised")


def test_a_reminder_on_any_day_tells_the_same_with_and_without_a_sign() -> None:
    compared = 0
    first = {(bank, question): answer for bank, question, _, answer in reversed(sign_cases())}
    for (bank, question), answer in first.items():
        base = base_of(bank, question)
        calm = a_record(bank, base, change=TO_SHOW.get(question, {}))
        grave = a_record(bank, base, change={**TO_SHOW.get(question, {}), question: answer})
        mails = []
        for record in (calm, grave):
            action_list = business_plan(record).action_list
            for day in (date(2026, 12, 20), date(2027, 2, 20)):
                notice = reminder_notice_on(action_list, record, {}, day)
                mails.append(
                    ""
                    if notice is None
                    else reminder_email(record, notice, "https://x.example/s", day.isoformat()).body
                )
        assert mails[:2] == mails[2:], question
        compared += any(mails)
    assert compared > 50
