"""Every file in questionnaires/ is sound, its worked examples hold, and its reference says what is true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from assess.assessments.question_parts import question_texts
from assess.engine.bank import Option, Question
from assess.engine.bank_reader import COMPARISONS, CONDITION_KEYWORDS
from assess.engine.bank_validation import DEADLINE_KEYS
from assess.engine.bank_validation_questions import RULE_STEPS
from assess.engine.examples import run_example
from assess.engine.problems import PROBLEM_KINDS
from assess.engine.schema import file_fields
from assess.question_banks.files import (
    QUESTIONNAIRES,
    ContentFile,
    ContentFiles,
    FileProblem,
    bundled_files,
    is_table,
    read_folder,
    read_lines,
)
from assess.question_banks.reader import compile_bank, load_bank
from assess.question_banks.schema_fields import check_shape
from assess.question_banks.settings import settings_from
from assess.question_banks.validation import check_files, check_path
from tests.content_files import SOUND

TODAY = date(2026, 11, 24)
README = (QUESTIONNAIRES / "README.md").read_text(encoding="utf-8")
BANKS = bundled_files().banks()


def test_nothing_is_wrong_with_any_file() -> None:
    assert [str(problem) for problem in check_path(QUESTIONNAIRES, TODAY).problems] == []


def test_the_three_sectors_are_there() -> None:
    assert BANKS == ["car_washes", "farming", "hospitality"]


@pytest.mark.parametrize("bank", BANKS)
def test_every_bank_has_worked_examples_and_they_hold(bank: str) -> None:
    settings = settings_from(bundled_files(), TODAY)
    examples = compile_bank(bundled_files(), bank).examples
    assert len(examples) >= 3
    edition = load_bank(bundled_files(), bank).edition
    assert [run_example(edition, example, settings.scoring) for example in examples] == [{}] * len(examples)


def test_what_a_file_holds_is_read_once_and_changed_by_nobody() -> None:
    """Whoever changed it would change it for all that read the file later in the same process."""
    first, second = read_folder(QUESTIONNAIRES).files, read_folder(QUESTIONNAIRES).files
    check_path(QUESTIONNAIRES, TODAY)
    settings_from(bundled_files(), TODAY)
    for bank in BANKS:
        compile_bank(bundled_files(), bank)
    for name, content_file in first.items():
        assert content_file.data is second[name].data
        if isinstance(content_file.content, bytes) and not is_table(name):
            assert content_file.data == check_shape(read_lines(content_file.content).data).data, name
            anew = ContentFile(name, content_file.content + b"\n# another remark\n")
            assert anew.data is not content_file.data
            assert anew.data == content_file.data


# --- the reference ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class Sample:
    """A piece of YAML of the reference. Its remark above says what is done with it."""

    line: int
    what: str
    text: str


def samples() -> Iterator[Sample]:
    for match in re.finditer(r"<!-- sample: (?P<what>[^\n]+) -->\n\n?```yaml\n(?P<text>.*?)```", README, re.DOTALL):
        yield Sample(README.count("\n", 0, match.start()) + 1, match["what"], match["text"])


SAMPLES = list(samples())


def test_every_sample_of_the_reference_is_tested() -> None:
    assert README.count("```yaml") == len(SAMPLES) > 8


def placed(sample: Sample) -> dict[str, str]:
    """The files of the sound folder with the sample in its place: a whole file, or something after a line of one."""
    texts = {name: content_file.text for name, content_file in read_folder(SOUND).files.items()}
    whole = re.fullmatch(r"whole (\S+)", sample.what)
    if whole:
        return {**texts, whole[1]: sample.text}
    into = re.fullmatch(r"(before|after|instead of) “(.+)” in (\S+)", sample.what)
    assert into, sample.what
    how, old, name = into.groups()
    text = texts[name]
    assert old in text, f"“{old}” does not stand in {name}"
    start = text.index(old)
    first = text[:start].rstrip(" ")
    indent, end = " " * (start - len(first)), text.index("\n", start) + 1
    moved = "".join(f"{indent}{line}\n" for line in sample.text.splitlines())
    before, after = {"before": (first, text[len(first) :]), "after": (text[:end], text[end:])}.get(
        how, (first, text[end:])
    )
    return {**texts, name: before + moved + after}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"line {sample.line}")
def test_every_sample_does_what_it_says(sample: Sample) -> None:
    bank_files = ContentFiles({name: ContentFile(name, text.encode()) for name, text in placed(sample).items()})
    problems = [one for one in check_files(bank_files, TODAY).problems if not changes_figures(one, sample)]
    assert [str(one) for one in problems] == []


def changes_figures(problem: FileProblem, sample: Sample) -> bool:
    """A new question changes the score, and the reference says so: only samples of worked examples must get them right."""
    return problem.number == "BANK090" and "expect:" not in sample.text


def rows(heading: str) -> dict[str, str]:
    """The table under a heading: first cell to the others."""
    part = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in part.splitlines() if line.startswith("| `")
    ]
    return {row[0].strip(" `|"): " | ".join(row[1:]) for row in cells}


def test_there_is_one_row_for_each_key_of_a_question_and_of_an_option() -> None:
    assert list(rows("Keys of a question")) == list(file_fields(Question))
    assert list(rows("Keys of an option")) == list(file_fields(Option))


def test_there_is_one_row_for_each_problem_with_its_title_and_repair() -> None:
    table = rows("Problems and repairs")
    assert list(table) == sorted(PROBLEM_KINDS)
    for number, kind in PROBLEM_KINDS.items():
        title = f"{kind.title} (warning)" if kind.warning else kind.title
        assert table[number].rstrip(" |") == f"{title} | {kind.repair}"


def test_every_word_of_conditions_every_rule_and_every_deadline_is_explained() -> None:
    conditions = README.split("## Conditions in words\n", 1)[1].split("\n## ", 1)[0]
    assert [
        word
        for word in (*COMPARISONS, *CONDITION_KEYWORDS, "always")
        if f"{word}: " not in conditions and f"`{word}`" not in conditions
    ] == []
    assert [rule for rule in RULE_STEPS if f"`{rule}`" not in README] == []
    assert [kind for kind in DEADLINE_KEYS if f"`{kind}`" not in README] == []


def test_the_reference_names_every_file() -> None:
    names = [path.name for path in QUESTIONNAIRES.rglob("*.yaml")]
    assert [name for name in names if f"`{name}`" not in README and f"/{name}`" not in README] == []


def test_every_question_with_a_number_says_what_is_likely() -> None:
    """If only some asked back, their silence or their question would tell what an answer means."""
    asked = [
        question
        for bank in bundled_files().banks()
        for question in load_bank(bundled_files(), bank).edition.questions()
    ]
    numbers = [question for question in asked if question.type == "number"]
    assert numbers
    assert [question.id for question in numbers if question.likely_to is None] == []
    assert [question.id for question in numbers if question.unit == "people" and not question.whole] == []


TURNED_ROUND = re.compile(r"\b(missing|lack|lacks|lacking|do not have|does not have|none of)\b", re.IGNORECASE)
SAYS_SO = re.compile(r"\b(missing|lacking|without|not)\b", re.IGNORECASE)
HOW_MANY = re.compile(r"\b(tick|choose|select)\b", re.IGNORECASE)


@pytest.mark.parametrize("bank", BANKS)
def test_a_name_keeps_the_sense_of_a_question_that_asks_what_is_missing(bank: str) -> None:
    """The name stands before the answer wherever it is read again: “Missing in homes on the farm: A written fire risk check”."""
    turned = [
        question
        for question in load_bank(bundled_files(), bank).edition.questions()
        if TURNED_ROUND.search(f"{question.ask} {question.hint or ''}")
    ]
    assert bank == "car_washes" or turned
    assert [question.name for question in turned if not SAYS_SO.search(question.name or "")] == []


@pytest.mark.parametrize("bank", BANKS)
def test_a_question_with_boxes_says_once_how_to_answer(bank: str) -> None:
    boxes = [one for one in load_bank(bundled_files(), bank).edition.questions() if one.type == "choices"]
    shown = {one.id: question_texts(one, settings_from(bundled_files(), TODAY).texts) for one in boxes}
    said = {name: len(HOW_MANY.findall(f"{texts.ask} {texts.hint}")) for name, texts in shown.items()}
    assert {name: count for name, count in said.items() if count != 1} == {}
