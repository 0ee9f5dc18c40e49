from __future__ import annotations

import io
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import defusedxml.ElementTree as Trees
import docx
import pytest
from docx.oxml.ns import qn

from assess.kit.formulas import writable
from assess.plans.actions import Register
from assess.plans.document import Plan, business_plan
from assess.plans.exports.rows import rows_of
from assess.plans.exports.word import NO_ROWS, as_docx
from assess.plans.first_page import Head, Help
from assess.plans.register.state import EvidenceNote, ItemState
from assess.plans.words import day
from tests.kit.payloads import PAYLOADS
from tests.plans.exports.soffice import FLAT_TEXT, opened
from tests.plans.records import SCENARIOS, scenario


def written(plan: Plan) -> Any:
    return docx.Document(io.BytesIO(as_docx(plan.register, plan.head, plan.help)))


def _parts(plan: Plan) -> tuple[Register, Head, Help]:
    return plan.register, plan.head, plan.help


def text_of(document: Any) -> str:
    return "\n".join(text.text or "" for text in document.element.iter(qn("w:t")))


def lines_of(document: Any) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for table in document.tables[:-1] for line in table.rows[1:]]


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_tables_hold_every_ordinary_action_once_with_who_when_and_how_far(bank: str, title: str) -> None:
    plan = business_plan(scenario(bank, title))
    rows = rows_of(plan.register, plan.head, plan.help)[:-1]
    lines = lines_of(written(plan))
    assert [line[0] for line in lines] == [str(row.number) for row in rows]
    for line, row in zip(lines, rows, strict=True):
        assert line[1].startswith(row.do)
        assert row.why in line[1]
        assert row.basis in line[1]
        assert f"What will show it: {row.proof}" in line[1] or not row.proof
        assert line[2:5] == [row.owner, day(row.due) if row.due else "", row.status]


def test_headings_and_tables_are_real_and_each_table_repeats_its_first_row() -> None:
    document = written(business_plan(scenario()))
    headings = [(line.style.name, line.text) for line in document.paragraphs if line.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "Action plan"),
        ("Heading 2", "By 24 December 2026"),
        ("Heading 2", "By 24 February 2027"),
        ("Heading 2", "By 25 November 2027"),
        ("Heading 2", "Who to call"),
    ]
    for table in document.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(line._tr.trPr.find(qn("w:cantSplit")) is not None for line in table.rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None


def test_a_date_that_was_moved_moves_its_row_under_another_heading() -> None:
    first = rows_of(*_parts(business_plan(scenario())))[0].id
    document = written(business_plan(scenario(), {first: ItemState(due="2028-01-01", revision=1)}))
    assert [line.text for line in document.paragraphs if line.style.name == "Heading 2"][-2:] == [
        "Later",
        "Who to call",
    ]
    numbers = [int(line[0]) for line in lines_of(document)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_it_says_what_it_is_and_whom_to_call_on_every_page() -> None:
    document = written(business_plan(scenario()))
    assert "the business’s own answers" in text_of(document)
    assert "08000 121 700" in text_of(document)
    assert "08000 121 700" in document.sections[0].footer.paragraphs[0].text


def test_it_is_british_english_names_nobody_and_the_bytes_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = business_plan(scenario())
    first = as_docx(plan.register, plan.head, plan.help)
    moment = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: moment)
    assert as_docx(plan.register, plan.head, plan.help) == first
    document = docx.Document(io.BytesIO(first))
    known = document.core_properties
    assert (known.title, known.language, known.author, known.last_modified_by) == ("Action plan", "en-GB", "", "")
    assert (known.created, known.comments) == (datetime(2026, 11, 24, tzinfo=UTC), "")
    assert {tongue.get(qn("w:val")) for tongue in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    with ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_plan_without_ordinary_actions_says_when_to_answer_again_and_not_that_nothing_is_open() -> None:
    plan = business_plan(scenario())
    assert NO_ROWS in text_of(written(replace(plan, register=replace(plan.register, groups=(), travelling=()))))


def test_40_payloads_stay_text_in_libreoffice_and_no_field_is_made(tmp_path: Path) -> None:
    record = scenario()
    keys = [item.key for item in business_plan(record).register.ordinary]
    state = {}
    for number, payload in enumerate(PAYLOADS):
        key = keys[number % len(keys)]
        before = state.get(key, ItemState(revision=1))
        state[key] = replace(before, notes=(*before.notes, EvidenceNote(number, payload, "form", None, None, "said")))
    record["organisation"]["name"] = PAYLOADS[1]
    plan = business_plan(record, state)
    (tmp_path / "plan.docx").write_bytes(as_docx(plan.register, plan.head, plan.help))
    (path,) = opened([tmp_path / "plan.docx"], FLAT_TEXT, tmp_path)
    tree = Trees.parse(path)
    said = "".join("".join(tree.getroot().itertext()).split())
    for payload in PAYLOADS:
        assert "".join(writable(payload).split()) in said, payload
    made = {node.tag for node in tree.iter() if node.tag.startswith("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}")}
    assert {tag.rpartition("}")[2] for tag in made} & {
        "a",
        "dde-connection",
        "script",
        "expression",
        "execute-macro",
    } == set()
