from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from assess.core.db import Database
from assess.question_banks.contracts import FOLDER, STEM, check_contracts, contract_rules_from
from assess.question_banks.document_templates import (
    NO_BREAK,
    DocumentTemplate,
    TemplateSource,
    check_document_templates,
    document_templates_from,
    template_texts,
)
from assess.question_banks.files import (
    QUESTIONNAIRES,
    BankFilesRefusedError,
    ContentFile,
    ContentFiles,
    bundled_files,
    content_files,
    read_folder,
)
from assess.question_banks.models import DraftStage, EditionEvent, EditionRow, EditionStage
from assess.question_banks.validation import check_path
from tests.content_files import TODAY as CONTENT_FILES_TODAY
from tests.content_files import sound_but


@pytest.mark.parametrize("stage", DraftStage)
def test_a_draft_is_open_until_it_is_published_or_given_up(stage: DraftStage) -> None:
    assert stage.open == (stage.value in {"draft", "in_review"})


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def an_edition(number: int = 1) -> EditionRow:
    return EditionRow(
        bank="shop",
        number=number,
        stage=EditionStage.PUBLISHED,
        source={"shop.yaml": "format: 1\n"},
        compiled={"format": 1, "title": "Läden"},
        digest="d" * 64,
        published_at=NOW,
    )


@pytest.fixture
def stored(database: Database) -> Database:
    """A database with one edition and its event."""
    with database.writing() as session:
        row = an_edition()
        session.add(row)
        session.flush()
        session.add(EditionEvent(edition_id=row.id, stage=EditionStage.PUBLISHED, at=NOW))
    return database


@pytest.mark.both_databases
def test_an_edition_comes_back_as_it_was_stored(stored: Database) -> None:
    with stored.reading() as session:
        row = session.get_one(EditionRow, 1)
        assert (row.compiled, row.source, row.stage, row.published_at) == (
            {"format": 1, "title": "Läden"},
            {"shop.yaml": "format: 1\n"},
            EditionStage.PUBLISHED,
            NOW,
        )


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE edition SET compiled = '{}'",
        "UPDATE edition SET digest = 'e'",
        "UPDATE edition SET number = 2",
        "UPDATE edition SET bank = 'stall'",
        "UPDATE edition SET source = '{}'",
        "UPDATE edition SET published_at = CURRENT_TIMESTAMP",
        "UPDATE edition SET id = 7",
        "DELETE FROM edition",
        "UPDATE edition_event SET at = CURRENT_TIMESTAMP",
        "DELETE FROM edition_event",
    ],
)
def test_the_database_refuses_to_change_or_remove_what_was_published(stored: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="never changed or removed"), stored.writing() as session:
        session.execute(text(statement))
    with stored.reading() as session:
        assert session.get_one(EditionRow, 1).digest == "d" * 64


@pytest.mark.both_databases
def test_only_its_stage_may_change_and_only_to_one_that_is_known(stored: Database) -> None:
    with stored.writing() as session:
        session.get_one(EditionRow, 1).stage = EditionStage.WITHDRAWN
    with pytest.raises(IntegrityError), stored.writing() as session:
        session.execute(text("UPDATE edition SET stage = 'gone'"))


@pytest.mark.both_databases
@pytest.mark.parametrize("number", [0, 1])
def test_a_number_is_given_once_and_from_one_on(stored: Database, number: int) -> None:
    with pytest.raises(IntegrityError), stored.writing() as session:
        session.add(an_edition(number))


NAME = f"{FOLDER}/{STEM}.yaml"
TEXT = read_folder(QUESTIONNAIRES).files[NAME].text
TODAY = date(2026, 11, 24)


def files_with(old: str = "", new: str = "", *, name: str = NAME) -> ContentFiles:
    assert old in TEXT
    return ContentFiles({name: ContentFile(name, TEXT.replace(old, new, 1).encode())})


def numbers(bank_files: ContentFiles, day: date = TODAY) -> list[str]:
    return [one.number for one in check_contracts(bank_files, day)]


def test_the_file_of_the_house_is_read_whole() -> None:
    rules = contract_rules_from(bundled_files())
    assert list(rules.regimes) == ["nhs", "ppn_009_binding", "ppn_009_adopted", "own"]
    assert [one.name for one in rules.characteristics.values()] == [
        "Industry type",
        "Nature of the workforce",
        "Supplier location",
        "Context in which the supplier works",
        "Commodity type",
        "Business and supply-chain model",
    ]
    assert {name: tier.asks for name, tier in rules.tiers.items()} == {
        "low": "nothing",
        "medium": "quick",
        "high": "full",
    }
    assert list(rules.schemes) == ["msat", "smeta", "grasp", "red_tractor"]
    assert contract_rules_from(bundled_files()) is rules


def test_what_rests_on_no_source_says_that_it_is_not_confirmed() -> None:
    for scheme in contract_rules_from(bundled_files()).schemes.values():
        assert scheme.source is not None or scheme.interviews.startswith("Not confirmed.")


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        ("id: nhs", "id: own", "BANK030"),
        ("{id: low, name: Low, asks: nothing}", "{id: low, name: Low, asks: full}", "BANK022"),
        ("months: 12", "months: soon", "BANK022"),
        ("id: msat", "id: ours", "BANK023"),
        ("contract_rules:", "contract_rule:", "BANK012"),
    ],
)
def test_what_is_wrong_is_found_in_the_file(old: str, new: str, number: str) -> None:
    assert numbers(files_with(old, new)) == [number]
    with pytest.raises(BankFilesRefusedError):
        contract_rules_from(files_with(old, new))


def test_a_review_that_is_late_is_a_warning_and_the_rules_still_serve() -> None:
    (late,) = check_contracts(files_with(), date(2027, 6, 1))
    assert (late.number, late.warning) == ("BANK071", True)
    assert numbers(files_with(), date(2027, 5, 31)) == []


def test_the_folder_takes_no_other_file_and_needs_none_unless_asked() -> None:
    assert numbers(files_with(name=f"{FOLDER}/rules.yaml")) == ["BANK014"]
    assert numbers(ContentFiles({})) == []
    with pytest.raises(BankFilesRefusedError, match=r"There is no file buyers/contracts\.yaml"):
        contract_rules_from(ContentFiles({}))


def written(folder: Path) -> Path:
    """The sound folder with one paper, on disk. Returns the file of the paper."""
    for name, content_file in bank_files().files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content_file.text, encoding="utf-8")
    return folder / "papers" / "rota.yaml"


def test_a_template_comes_filled_with_numbers_that_are_never_broken() -> None:
    (paper,) = document_templates_from(bank_files(("[S1]", "[S1]")), CONTENT_FILES_TODAY)
    number = f"01234{NO_BREAK}567{NO_BREAK}890"
    assert paper == DocumentTemplate(
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
    assert isinstance(source, TemplateSource)
    assert source.url.startswith("https://")


def test_a_folder_without_templates_has_none() -> None:
    assert document_templates_from(sound_but(), CONTENT_FILES_TODAY) == ()


def test_a_broken_template_is_refused_and_an_old_one_is_not() -> None:
    with pytest.raises(BankFilesRefusedError, match="BANK070"):
        document_templates_from(bank_files(("{helpline}", "{nothing}")), CONTENT_FILES_TODAY)
    assert len(document_templates_from(bank_files(), CONTENT_FILES_TODAY + timedelta(days=60))) == 1


def test_templates_are_kept_with_their_files() -> None:
    files = bank_files()
    (first,) = document_templates_from(files, CONTENT_FILES_TODAY)
    assert document_templates_from(files, CONTENT_FILES_TODAY)[0] is first
    assert document_templates_from(bank_files(("A rota", "Another rota")), CONTENT_FILES_TODAY)[0] is not first


def test_one_template_or_the_folder_of_templates_can_be_checked_alone(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert check_path(file, CONTENT_FILES_TODAY).problems == ()
    file.write_text(ROTA.replace("[staff]", "[stuff]"), encoding="utf-8")
    for path in (file, file.parent, tmp_path):
        (problem,) = check_path(path, CONTENT_FILES_TODAY).problems
        assert (problem.file, problem.line, problem.number) == (str(file), 6, "BANK084")


ROTA = """\
format: 1
paper: rota
title: A rota
says: Who works when.
group: plans
for: [staff]
blocks:
  - {text: "Call {helpline}."}
  - {table: {caption: Hours, columns: [Day, Hours], empty: 2}}
sources: [S1]
reviewed: 2026-11-24
review_by: 2027-11-24
"""
TEXTS = {"helpline": "01234 567 890", "wage": "£12.34"}


def bank_files(*edits: tuple[str, str], name: str = "papers/rota.yaml") -> ContentFiles:
    text = ROTA
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return ContentFiles({**sound_but().files, **content_files({name: text.encode()}).files})


def said(*edits: tuple[str, str], day: date = CONTENT_FILES_TODAY, name: str = "papers/rota.yaml") -> list[str]:
    return [str(one) for one in check_document_templates(bank_files(*edits, name=name), day, {"staff", "hours"}, TEXTS)]


def test_nothing_is_wrong_with_a_sound_template() -> None:
    assert said() == []


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        (("[staff]", "[stuff]"), "papers/rota.yaml:6: BANK084 No bank has a question “stuff”; did you mean “staff”?"),
        (("[S1]", "[S9]"), "papers/rota.yaml:10: BANK038 There is no source “S9”"),
        (("{helpline}", "{helplin}"), "papers/rota.yaml:8: BANK070 Nothing fills the gap {helplin}"),
        (("A rota", "A worker's rota"), "papers/rota.yaml:3: BANK028 warning: A straight quote (')"),
        (("Hours, columns", "Call 01234 567 890, columns"), "papers/rota.yaml:9: BANK076 warning: “01234 567 890”"),
        (
            ("paper: rota", "paper: plan"),
            "papers/rota.yaml:2: BANK014 The file is called rota, but it says “paper: plan”.",
        ),
        (("group: plans", "group: walls"), "papers/rota.yaml:5: BANK023 “walls” is not one of: "),
    ],
)
def test_each_fault_is_told_with_its_line(edit: tuple[str, str], found: str) -> None:
    problems = said(edit)
    assert len(problems) == 1, problems
    assert problems[0].startswith(found)


def test_a_review_that_is_due_is_a_warning() -> None:
    assert said(day=date(2027, 11, 24)) == []
    (problem,) = said(day=date(2027, 11, 25))
    assert problem.startswith("papers/rota.yaml:12: BANK071 warning: “rota” was to be looked at again by 2027-11-24.")


def test_only_templates_lie_among_templates() -> None:
    other = content_files({"papers/owners.yaml": b"format: 1\nowners: {owner: Owner}\n"})
    (problem,) = check_document_templates(
        ContentFiles({**sound_but().files, **other.files}), CONTENT_FILES_TODAY, None, None
    )
    assert str(problem).startswith("papers/owners.yaml:1: BANK014 This file lies under papers, but it holds “owners”.")


def test_what_is_not_known_is_not_judged() -> None:
    edited = bank_files(("[staff]", "[stuff]"), ("{helpline}", "{helplin}"))
    assert check_document_templates(edited, CONTENT_FILES_TODAY, None, None) == []


def test_every_text_has_its_place() -> None:
    content_file = bank_files().files["papers/rota.yaml"]
    assert dict(template_texts(content_file.data)) == {
        ("title",): "A rota",
        ("says",): "Who works when.",
        ("blocks", 0, "text"): "Call {helpline}.",
        ("blocks", 1, "table", "caption"): "Hours",
        ("blocks", 1, "table", "columns", 0): "Day",
        ("blocks", 1, "table", "columns", 1): "Hours",
    }
