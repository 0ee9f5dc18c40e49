from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assess.banks.sheets import RefusedError
from assess.plans.papers import shelf
from assess.plans.papers.shelf import KINDS, for_question, for_sector, paper_at, papers_of
from tests.engine.real_banks import BANKS, TODAY
from tests.plans.papers.shelf_of_papers import IDS


def test_a_question_gets_its_papers_the_most_fitting_first() -> None:
    found = for_question("core_written_terms", TODAY)
    assert [ref.id for ref in found] == ["job_terms", "first_hour_card"]
    assert (found[0].address, found[0].title) == ("job-terms", "Your job in writing")
    assert found[0].says == "Written job terms to fill in and give to each worker before the first day."
    assert "Written from: " in found[0].rests_on
    assert for_question("no_such_question", TODAY) == ()
    assert for_question("core_written_terms") == found


@pytest.mark.parametrize("bank", BANKS)
def test_a_sector_gets_every_paper_once_by_kind(bank: str) -> None:
    groups = for_sector(bank, TODAY)
    assert [group.id for group in groups] == list(KINDS)
    assert sorted(ref.id for group in groups for ref in group.papers) == sorted(IDS)


def test_a_paper_is_found_by_its_address() -> None:
    found = paper_at("time-sheet", TODAY)
    assert found is not None
    assert found.id == "time_sheet"
    assert paper_at("time_sheet", TODAY) is None


def test_while_files_are_broken_the_last_good_papers_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    good = papers_of(TODAY)

    def broken(_folder: Path, _day: date) -> tuple[()]:
        raise RefusedError(())

    monkeypatch.setattr(shelf, "papers_on", broken)
    assert papers_of(TODAY) == good
    monkeypatch.setattr(shelf, "_last_good", [])
    with pytest.raises(RefusedError):
        papers_of(TODAY)
