from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from assess.banks.checking import check_path
from assess.banks.papers import NO_BREAK, Paper, Source, papers_from, papers_on
from assess.banks.sheets import RefusedError
from tests.banks.test_papers_check import ROTA, shelf
from tests.shelves import TODAY, sound_but


def written(folder: Path) -> Path:
    """The sound folder with one paper, on disk. Returns the file of the paper."""
    for name, sheet in shelf().sheets.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sheet.text, encoding="utf-8")
    return folder / "papers" / "rota.yaml"


def test_a_paper_comes_filled_with_numbers_that_are_never_broken() -> None:
    (paper,) = papers_from(shelf(("[S1]", "[S1]")), TODAY)
    number = f"01234{NO_BREAK}567{NO_BREAK}890"
    assert paper == Paper(
        id="rota",
        title="A rota",
        says="Who works when.",
        group="plans",
        size="page",
        questions=("staff",),
        blocks=(
            ("text", f"Call {number}."),
            ("table", {"caption": "Hours", "columns": ["Day", "Hours"], "empty": 2}),
        ),
        sources=paper.sources,
        reviewed="2026-11-24",
        review_by="2027-11-24",
    )
    (source,) = paper.sources
    assert isinstance(source, Source)
    assert source.url.startswith("https://")


def test_a_folder_without_papers_has_none() -> None:
    assert papers_from(sound_but(), TODAY) == ()


def test_a_broken_paper_is_refused_and_an_old_one_is_not() -> None:
    with pytest.raises(RefusedError, match="BANK070"):
        papers_from(shelf(("{helpline}", "{nothing}")), TODAY)
    assert len(papers_from(shelf(), TODAY + timedelta(days=60))) == 1


def test_papers_are_read_anew_when_a_file_changes(tmp_path: Path) -> None:
    file = written(tmp_path)
    (first,) = papers_on(tmp_path, TODAY)
    assert papers_on(tmp_path, TODAY)[0] is first
    file.write_text(ROTA.replace("A rota", "Another rota"), encoding="utf-8")
    assert papers_on(tmp_path, TODAY)[0].title == "Another rota"


def test_one_paper_or_the_folder_of_papers_can_be_checked_alone(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert check_path(file, TODAY).problems == ()
    file.write_text(ROTA.replace("[staff]", "[stuff]"), encoding="utf-8")
    for path in (file, file.parent, tmp_path):
        (problem,) = check_path(path, TODAY).problems
        assert (problem.file, problem.line, problem.number) == (str(file), 6, "BANK084")
