"""What the document templates say: the commonest actions have one, and none endangers or blames anybody."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from assess.question_banks.document_templates import NO_BREAK, DocumentTemplate
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import settings_from
from tests.engine.golden_cases import files
from tests.engine.real_banks import BANKS, QUESTIONNAIRES, TODAY, edition_of
from tests.plans.document_templates.template_files import IDS, PAPERS, paper_called, words_of

NUMBERS = {
    one.number.replace(" ", NO_BREAK)
    for one in settings_from(bundled_files(), TODAY).contacts
    if one.number and one.area is None
}
ON_A_WALL = ("helpline_poster", "first_hour_card")
MOST_SCENARIOS = 4
"""Twenty-one questions bring an action in four or more of the nine scenarios; see docs/decisions/document-templates.md."""


def commonest() -> list[str]:
    """The questions of the nine scenarios that most often bring an action, alone or with others."""
    scenarios = [path for path in files() if re.search(r"-(low|medium|critical)$", path.stem)]
    assert len(scenarios) == 9
    brought = Counter(
        name
        for path in scenarios
        for action in json.loads(path.read_text())["outcome"]["actions"]
        for name in action["questions"]
    )
    return sorted(name for name, times in brought.items() if times >= MOST_SCENARIOS)


def test_each_of_the_commonest_actions_has_a_template() -> None:
    names = commonest()
    assert len(names) == 21
    assert [name for name in names if not any(name in paper.questions for paper in PAPERS)] == []


def test_every_template_is_for_all_three_sectors() -> None:
    for bank in BANKS:
        asked = {question.id for question in edition_of(bank).questions()}
        assert all(asked.intersection(paper.questions) for paper in PAPERS)


@pytest.mark.parametrize("paper", PAPERS, ids=IDS)
def test_every_gap_is_filled_and_every_template_has_a_source_and_a_way_to_be_used(paper: DocumentTemplate) -> None:
    assert all("{" not in text and "}" not in text for text in words_of(paper))
    assert paper.sources
    assert paper.reviewed < paper.review_by
    kinds = {kind for kind, _held in paper.blocks}
    assert kinds & {"line", "space", "checklist", "table"} or paper.size == "poster"


@pytest.mark.parametrize("paper", PAPERS, ids=IDS)
def test_sentences_are_short_and_words_are_plain(paper: DocumentTemplate) -> None:
    for text in words_of(paper):
        for sentence in re.split(r"(?<=[.?!:])\s", text):
            assert len(sentence.split()) <= 24, sentence
        assert not re.search(
            r"\b(gangs?|victims?|traffick\w*|perpetrators?|illegals?|suspicious)\b", text, re.IGNORECASE
        ), text
        assert "must not be told" not in text


@pytest.mark.parametrize("paper", PAPERS, ids=IDS)
def test_nothing_suggests_keeping_papers_deposits_or_fines(paper: DocumentTemplate) -> None:
    for text in words_of(paper):
        if re.search(r"\b(passport|ID|deposit|fines?)\b", text):
            telling = r"stay with you|no fines|as a deposit|keep a passport|whatever|by name, accent|name, accent"
            assert re.search(telling, text), text


@pytest.mark.parametrize("paper", PAPERS, ids=IDS)
def test_only_job_terms_ask_for_the_name_of_a_worker(paper: DocumentTemplate) -> None:
    asked = [held for kind, held in paper.blocks if kind == "line"]
    asked += [held["label"] for kind, held in paper.blocks if kind == "space"]
    asked += [title for kind, held in paper.blocks if kind == "table" for title in held["columns"]]
    naming = [text for text in asked if re.search(r"\b(worker|name)s?\b", text, re.IGNORECASE)]
    allowed = {"time_sheet": ["Payroll number of the worker"]}
    if paper.id == "speaking_up":
        assert all("need not write your name" in text for text in naming)
    elif paper.id == "job_terms":
        assert "Worker" in naming
    else:
        assert [text for text in naming if "initials" not in text] == allowed.get(paper.id, [])


@pytest.mark.parametrize("name", ON_A_WALL)
def test_what_hangs_on_a_wall_or_is_carried_names_the_helpline_and_nothing_to_look_for(name: str) -> None:
    said = " ".join(words_of(paper_called(name)))
    assert f"08000{NO_BREAK}121{NO_BREAK}700" in said
    assert not re.search(
        r"\b(signs?|report|threat\w*|debt|fees?|police|forced|abuse|control\w*|worried)\b", said, re.IGNORECASE
    )


def test_no_number_or_rate_is_typed_into_a_template() -> None:
    for path in (QUESTIONNAIRES / "papers").glob("*.yaml"):
        text = re.sub(r"(?m)^(#.*|reviewed:.*|review_by:.*|sources:.*)$", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"£|\b0\d{3,}|\b999\b|\b101\b", text), path.name
    assert any(number in text for paper in PAPERS for text in words_of(paper) for number in NUMBERS)


def test_the_licence_line_is_never_offered_for_a_worry() -> None:
    for paper in PAPERS:
        for text in words_of(paper):
            if f"0345{NO_BREAK}161" in text:
                assert "questions about a licence" in text
