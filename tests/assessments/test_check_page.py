"""What the check page is made of."""

from __future__ import annotations

import pytest

from assess.assessments.facts import NOT_SURE, get_facts_state
from assess.assessments.question_pages import (
    has_urgent_option,
    missing_rows,
    reread_rows,
    summary_facts,
    summary_sections,
)
from assess.engine.bank import Edition
from assess.engine.settings import DatedSettings
from assess.engine.visibility import settle_visibility
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import load_bank
from assess.question_banks.settings import settings_from


@pytest.fixture(scope="module")
def settings() -> DatedSettings:
    from datetime import date  # noqa: PLC0415 - only here

    return settings_from(bundled_files(), date(2026, 11, 24))


@pytest.fixture(scope="module", params=bundled_files().banks())
def edition(request: pytest.FixtureRequest) -> Edition:
    return load_bank(bundled_files(), request.param).edition


def sections_of(edition: Edition, answers: dict[str, object], settings: DatedSettings):  # noqa: ANN201 - a test
    return summary_sections(edition, answers, {}, settle_visibility(edition, answers).answers, settings.texts)


def test_every_shown_question_is_said_back_once(edition: Edition, settings: DatedSettings) -> None:
    rows = [row for section in sections_of(edition, {}, settings) for row in section.rows]
    assert len({row.id for row in rows}) == len(rows) == settle_visibility(edition, {}).shown
    assert [row.id for row in missing_rows(sections_of(edition, {}, settings), {})] == list(
        settle_visibility(edition, {}).missing
    )
    assert all("{" not in row.ask for row in rows)


def test_the_list_to_read_again_depends_on_what_is_shown_and_on_nothing_else(
    edition: Edition, settings: DatedSettings
) -> None:
    for question in edition.questions():
        if not has_urgent_option(question) or not question.options:
            continue
        lists = set()
        for option in question.options:
            answers = {question.id: [option.id] if question.type == "choices" else option.id}
            sections = sections_of(edition, answers, settings)
            shown = {row.id for section in sections for row in section.rows}
            again = tuple(row.id for row in reread_rows(edition, sections))
            assert set(again) == {one.id for one in edition.questions() if has_urgent_option(one)} & shown
            lists.add(question.id in again)
        assert len(lists) == 1


def test_facts_are_said_back_by_where_they_come_from(edition: Edition) -> None:
    now = get_facts_state(edition, {"core_worker_types": ["agency"]}, {}, {"has_website": True, "fye": NOT_SURE})
    given, derived = summary_facts(edition, now)
    assert [(fact.id, fact.said) for fact in given] == [("has_website", "Yes"), ("fye", "Not sure")]
    assert ("uses_agency_workers", "Yes") in [(fact.id, fact.said) for fact in derived]
