from __future__ import annotations

import re

import html5lib
import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from assess.plans.copies import COPIES, Copy
from assess.plans.pages import first_lower, first_upper, host, linked, to_html
from tests.plans.records import SCENARIOS, scenario, text_of


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_every_copy_is_proper_html_with_no_gap_and_straight_quotes_nowhere(bank: str, title: str, copy: Copy) -> None:
    html = to_html(scenario(bank, title), copy)
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
    html = to_html(record, copy)
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
            assert blame.findall(text_of(to_html(record, copy))) == []


def test_no_sentence_of_ours_is_longer_than_people_can_follow() -> None:
    record = scenario("farming", "farming low")
    record.update(duties=[], actions=[], do_first=[], strengths=[], sections=[], evidence=[], settings=[])
    record["result"]["lines"] = []
    record["short_set"]["questions"] = []
    for copy in COPIES:
        soup = BeautifulSoup(to_html(record, copy), "html.parser")
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
