"""The pages people work with lead to “What you buy”, but not while advice is needed today."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from typing import Any

import html5lib
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from markupsafe import Markup

from assess.core.pdf import html_to_pdf
from assess.engine.purchases import Purchase
from assess.engine.record import canonical_json
from assess.engine.result_json import PurchaseList, purchases_for_record
from assess.plans.action_tracker.state import ItemState
from assess.plans.copies import COPIES, Copy, business_record
from assess.plans.plan_page import business_plan
from assess.plans.print_html import ACTIONS_FILE, ASSESSMENT_FILE, attached_files, copy_html, first_upper, host, linked
from assess.plans.words import first_lower
from tests.plans.conftest import submit_record
from tests.plans.printed_pdfs import opened, printed, render_copy
from tests.plans.purchases.purchase_records import buying, hotel
from tests.plans.records import SCENARIOS, a_record, scenario, text_of
from tests.reference_data import real

SIGN_WORDS = ("sign", "signs", "can_sign", "urgent_signs", "serious_signs", "unknown_signs", "notes", "finding_texts")


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for part in value.values() for name in keys_of(part)}
    return {name for part in value for name in keys_of(part)} if isinstance(value, list) else set()


def inside(content: bytes) -> dict[str, bytes]:
    file = opened(content)  # its attachments must not outlive it
    return {name: file.attachments[name].get_file().read_bytes() for name in list(file.attachments)}


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_assessment_comes_back_equal_and_without_signs(bank: str, title: str) -> None:
    record = scenario(bank, title)
    actions, assessment = attached_files(record, "business")
    assert (actions.name, assessment.name) == (ACTIONS_FILE, ASSESSMENT_FILE)
    read, own = json.loads(assessment.content), business_record(record)
    for mark in ("charges", "waiting", "advice_first", "buyer_view"):
        del own[mark]
    del own["result"]["pending"]
    for action in own["actions"]:
        for mark in ("exportable", "held", "find_out", "fails"):
            del action[mark]
        action["parts"] = [
            {key: part[key] for key in ("question", "title", "do", "why_ask")} for part in action["parts"]
        ]
    assert read == own
    assert canonical_json(read) == assessment.content
    assert keys_of(read).isdisjoint(SIGN_WORDS)
    assert attached_files(record, "large") == (actions, assessment)


def test_the_list_of_actions_holds_the_ordinary_ones_and_their_state() -> None:
    record = scenario("farming", "farming critical")
    action_list = business_plan(record).action_list
    wanted = action_list.ordinary[0]
    other = next(item for item in action_list.items if item.key not in {one.key for one in action_list.ordinary})
    state = {wanted.key: ItemState(owner="Jo Fenland", revision=1), other.key: ItemState(owner="Nobody", revision=1)}
    actions, _ = attached_files(record, "business", state)
    rows = list(csv.reader(io.StringIO(actions.content.decode("utf-8-sig"), newline="")))
    listed = {row[-1] for row in rows[1:]}
    assert {item.key for item in action_list.ordinary} <= listed
    assert other.key not in listed
    assert "Jo Fenland" in actions.content.decode()
    assert "Nobody" not in actions.content.decode().replace("Nobody has checked", "")


def test_a_buyer_and_a_wall_get_nothing_and_the_coordinator_the_record() -> None:
    record = scenario("farming", "farming critical")
    nothing: tuple[Copy, ...] = ("buyer", "wall")
    assert all(attached_files(record, copy) == () for copy in nothing)
    (whole,) = attached_files(record, "coordinator")
    assert json.loads(whole.content) == record


@pytest.mark.parametrize("copy", ["business", "large"])
def test_the_files_stand_in_the_pdf_with_their_names_dates_and_meaning(copy: Copy) -> None:
    content = printed("farming low", copy)
    record = scenario("farming", "farming low")
    given = {file.name: file for file in attached_files(record, copy)}
    assert inside(content) == {name: file.content for name, file in given.items()}
    file = opened(content)
    assert len(file.Root.AF) == 2
    for name, one in given.items():
        spec = file.attachments[name]
        assert spec.description == one.description
        assert str(spec.obj.AFRelationship) == "/" + one.relationship
        assert spec.get_file().creation_date == spec.get_file().mod_date
        assert f"{spec.get_file().creation_date:%Y-%m-%d}" == record["made_on"]


def test_copies_without_files_say_nothing_of_files() -> None:
    for copy in ("buyer", "wall"):
        file = opened(printed("farming low", copy))
        assert len(file.attachments) == 0
        assert "/AF" not in file.Root


def test_a_file_inside_gives_the_document_another_name() -> None:
    html = "<html lang=en><head><title>t</title></head><body><h1>t</h1></body></html>"
    files = attached_files(scenario("farming", "farming low"), "business")
    names = {bytes(opened(html_to_pdf(html, some)).trailer.ID[0]) for some in ((), files, files[:1])}
    assert len(names) == 3


def test_the_same_files_give_the_same_bytes() -> None:
    record = scenario("farming", "farming low")
    assert render_copy(record, "business") == printed("farming low", "business")


def test_no_file_inside_names_a_supplier_or_says_what_the_business_typed() -> None:
    purchases = (
        Purchase("cleaning", "GB", 10, "Zyx Cleaners"),
        Purchase("Cocoa", "CI", 5, "Zyx Cocoa"),
        Purchase("Quux Sons", "GB"),
    )
    record = scenario("hospitality", "hospitality low")
    block = purchases_for_record(PurchaseList(purchases, real()), advice_first=False)
    record["purchases"] = json.loads(json.dumps(block))
    for copy in COPIES:
        for file in attached_files(record, copy):
            assert b"Zyx" not in file.content
            assert b"Quux" not in file.content
            assert file.name != ASSESSMENT_FILE or b"In your own words (line 3)" in file.content
    (whole,) = attached_files(record, "coordinator")
    assert [line["risk"] for line in json.loads(whole.content)["purchases"]["lines"]] == [70, 90, 15]


def test_the_page_for_the_wall_tells_nothing_of_purchases() -> None:
    record = scenario("hospitality", "hospitality low")
    purchases = (Purchase("Cocoa", "CI", 5, "Zyx Cocoa"),)
    bought = {**record, "purchases": purchases_for_record(PurchaseList(purchases, real()), advice_first=False)}
    assert copy_html(bought, "wall") == copy_html(record, "wall")


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_copy_is_proper_html_with_no_gap_and_straight_quotes_nowhere(bank: str, title: str, copy: Copy) -> None:
    html = copy_html(scenario(bank, title), copy)
    html5lib.HTMLParser(strict=True).parse(html)
    said = text_of(html)
    assert not re.search(r"\{[a-z_]+\}|\bTrue\b|\bundefined\b|\.\.", said)
    ours = BeautifulSoup(html, "html.parser").select(".plan-facts, .plan-small, .plan-bars, h1, h2, h3, h4")
    assert "None" not in " ".join(found.get_text() for found in ours)
    assert "'" not in said
    assert '"' not in said
    assert "!" not in said


@pytest.mark.parametrize("copy", COPIES)
def test_what_a_business_typed_is_text_and_never_markup(copy: Copy) -> None:
    record = scenario()
    record["organisation"]["name"] = '<script>alert(1)</script><a href="file:///etc/passwd">x</a>'
    html = copy_html(record, copy)
    assert "<script>" not in html
    assert 'href="file' not in html
    assert "&lt;script&gt;" in html


def test_no_word_of_blame_stands_on_any_copy() -> None:
    blame = re.compile(
        r"\b(failed|failure|non-compliant|offender|guilty|violat\w+|suspect(ed)? business)\b", re.IGNORECASE
    )
    for bank, title in SCENARIOS:
        for copy in COPIES:
            record = scenario(bank, title)
            record["duties"] = []  # the law has words of its own
            assert blame.findall(text_of(copy_html(record, copy))) == []


def test_no_sentence_of_ours_is_longer_than_people_can_follow() -> None:
    record = scenario("farming", "farming low")
    record.update(duties=[], actions=[], do_first=[], strengths=[], sections=[], evidence=[], settings=[])
    record["result"]["lines"] = []
    record["short_set"]["questions"] = []
    for copy in COPIES:
        soup = BeautifulSoup(copy_html(record, copy), "html.parser")
        texts = [" ".join(found.get_text(" ").split()) for found in soup.select("p, li")]
        sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.:;?])\s", text)]
        assert [sentence for sentence in sentences if len(sentence.split()) > 25] == []


def test_words_of_sentences_are_joined_with_the_right_letters() -> None:
    assert first_upper("by Monday") == "By Monday"
    assert first_lower("Payroll list") == "payroll list"
    assert first_lower("UK rules") == "UK rules"
    assert first_upper("") == ""


def test_addresses_become_links_and_everything_else_is_escaped() -> None:
    assert linked("see https://www.example.org/a?b=1&c=2 <now>") == Markup(
        'see <a class="govuk-link" href="https://www.example.org/a?b=1&amp;c=2">example.org</a> &lt;now&gt;'
    )
    for other in (r"https://evil.example\.gov.uk/x", "https://www.gov.uk@evil.example"):
        assert "href" not in linked(other), "where browsers and readers would go differs"
    assert 'href="mailto:help@example.org"' in linked("help@example.org")
    assert host("not an address") == "not an address"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_actions_say_how_many_are_high_and_lead_to_the_steps(app: Flask, visit: Any, now: datetime) -> None:
    made = submit_record(app, visit, hotel(), now)
    page = visit(f"{made.address}/result/actions")
    assert "You listed 15 purchases: 7 high, 5 medium, 2 not known, 1 lower." in page.text
    (link,) = page.soup.select("a[href$='#buys-steps']")
    assert link["href"] == f"{made.address}/result/purchases#buys-steps"
    assert visit(f"{made.address}/result").soup.select(f"a[href='{made.address}/result/purchases']")
    assert visit(f"{made.address}/result/purchases").soup.select("#buys-steps")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_while_advice_is_needed_today_they_say_nothing_of_it(app: Flask, visit: Any, now: datetime) -> None:
    urgent = a_record("hospitality", "hospitality medium", change={"core_documents": "employer"})
    made = submit_record(app, visit, buying(urgent), now)
    for page in (visit(f"{made.address}/result"), visit(f"{made.address}/result/actions")):
        assert "You listed" not in page.text
        assert not page.soup.select("a[href*='#buys']")
