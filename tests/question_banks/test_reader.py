from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from assess.engine.bank_reader import document_digest, read_edition
from assess.question_banks.files import BankFilesRefusedError, read_folder
from assess.question_banks.reader import compile_bank, load_bank
from tests.content_files import FACTS, SHOP, SOUND, START, UK, sound_but


def refused(*edits: tuple[str, str, str], bank: str = "shop") -> list[str]:
    with pytest.raises(BankFilesRefusedError) as caught:
        compile_bank(sound_but(*edits), bank)
    return [f"{one.file}:{one.line}: {one.number}" for one in caught.value.problems]


def test_a_bank_is_compiled_into_one_document_with_its_includes() -> None:
    document = compile_bank(read_folder(SOUND), "shop").document
    assert list(document) == [
        "format", "bank", "title", "sections", "checks", "dimensions", "groups", "owners", "sources", "duty_book",
    ]  # fmt: skip
    assert [(section["id"], section.get("common", False)) for section in document["sections"]] == [
        ("people", True),
        ("work", False),
    ]
    assert [check["id"] for check in document["checks"]] == ["D1"]
    assert {name: len(part) for name, part in document["duty_book"].items()} == {
        "gates": 1, "facts": 3, "terms": 1, "duties": 2,
    }  # fmt: skip
    assert "worked_examples" not in document


def test_a_document_is_plain_json_and_has_one_digest() -> None:
    compiled = compile_bank(read_folder(SOUND), "shop")
    again: dict[str, Any] = json.loads(json.dumps(compiled.document))
    assert again == compiled.document
    assert compiled.digest == document_digest(again)
    assert read_edition(again).title == "Corner shops"


def test_every_part_of_a_document_knows_its_file_and_line() -> None:
    places = compile_bank(read_folder(SOUND), "shop").source_lines
    assert places.at(("sections", 0, "questions", 1, "bands", 1, "points")) == (START, 28)
    assert places.at(("sections", 1, "questions", 0, "options", 1)) == (SHOP, 19)
    assert places.at(("checks", 0, "when")) == (SHOP, 24)
    assert places.at(("groups", 0)) == ("dimensions.yaml", 6)
    assert places.at(("duty_book", "terms", "in_england")) == (FACTS, 15)
    assert places.at(("duty_book", "duties", 1)) == (UK, 19)
    assert places.at(("sources", "S1", "url")) == ("sources.yaml", 3)
    assert places.at(("owners", "owner")) == ("owners.yaml", 2)
    assert places.at(("worked_examples", 1)) == (SHOP, 29)
    assert places.at(("title",)) == (SHOP, 3)


def test_the_files_it_was_made_from_are_kept_as_written() -> None:
    texts = compile_bank(read_folder(SOUND), "shop").texts
    assert sorted(texts) == [START, "dimensions.yaml", FACTS, UK, "owners.yaml", SHOP, "sources.yaml"]
    assert texts[SHOP] == (SOUND / SHOP).read_text(encoding="utf-8")


def test_a_remark_or_a_source_nobody_names_changes_no_digest() -> None:
    digest = compile_bank(sound_but(), "shop").digest
    stranger = "sources:\n  S2: {document: Another, url: 'https://example.org/2', how_far_read: not}"
    edits = [(SHOP, "format: 1", "# a remark\nformat: 1"), ("sources.yaml", "sources:", stranger)]
    assert compile_bank(sound_but(*edits), "shop").digest == digest
    assert compile_bank(sound_but((START, "Who works here?", "Who works here today?")), "shop").digest != digest


def test_reading_a_bank_twice_changes_nothing_in_the_files_read() -> None:
    bank_files = sound_but(
        (START, "{id: hired,", "{id: 2,"),
        (START, "{staff: {is: hired}}", "{staff: {is: 2}}"),
        (SHOP, "{staff: {is: hired}}", "{staff: {is: 2}}"),
        (SHOP, "{staff: hired,", "{staff: 2,"),
    )
    first, second = compile_bank(bank_files, "shop"), compile_bank(bank_files, "shop")
    assert first.digest == second.digest
    assert first.document["sections"][0]["questions"][1]["show_if"] == {"staff": {"is": "2"}}
    assert first.examples[1].answers["staff"] == "2"


def test_numbers_compared_with_numbers_stay_numbers() -> None:
    compiled = compile_bank(sound_but((SHOP, "{hours: {at_least: 60}}", "{not: {hours: {is: 60}}}")), "shop")
    assert compiled.document["checks"][0]["when"]["all"][1] == {"not": {"hours": {"is": 60}}}


def test_option_ids_of_facts_are_text_too() -> None:
    edits = [
        (FACTS, "{id: ENG,", "{id: 1,"),
        (FACTS, "{includes: ENG}", "{is: [1]}"),
        (UK, "when: {turnover: {more_than: 5000000}}", "when: {places: {is: 1}}"),
    ]
    book = compile_bank(sound_but(*edits), "shop").document["duty_book"]
    assert book["terms"]["in_england"] == {"places": {"is": ["1"]}}
    assert book["duties"][0]["must_do"][1]["when"] == {"places": {"is": "1"}}


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([(SHOP, "uses: [start]", "uses: [begin]")], ["shop.yaml:4: BANK013"]),
        ([(SHOP, "bank: shop", "bank: shops")], ["shop.yaml:2: BANK014"]),
        ([(START, "common: start", "common: begin")], ["common/start.yaml:2: BANK014"]),
        ([("owners.yaml", "owners: {owner: Owner}", "sources: {}")], ["owners.yaml:1: BANK014"]),
        (
            [("owners.yaml", "{owner: Owner}", "[]"), (START, "common: start", "comon: start")],
            ["common/start.yaml:1: BANK012", "owners.yaml:2: BANK022"],
        ),
        ([(SHOP, "title: Corner", "title: Corner:")], ["shop.yaml:3: BANK004"]),
    ],
)
def test_what_a_bank_rests_on_must_be_sound(edits: list[tuple[str, str, str]], said: list[str]) -> None:
    assert refused(*edits) == said


def test_a_bank_that_is_not_there_is_refused_with_the_closest_name() -> None:
    with pytest.raises(BankFilesRefusedError, match=r"There is no file shopp\.yaml; did you mean “shop”"):
        compile_bank(sound_but(), "shopp")


def test_without_duties_or_owners_there_is_no_bank() -> None:
    bank_files = sound_but()
    for name in [FACTS, "owners.yaml", "dimensions.yaml", "sources.yaml"]:
        left = type(bank_files)({key: content_file for key, content_file in bank_files.files.items() if key != name})
        with pytest.raises(BankFilesRefusedError, match=re.escape(f"BANK013 There is no file {name}")):
            compile_bank(left, "shop")


def test_duties_are_read_in_their_order_whatever_the_files_are_called() -> None:
    bank_files = sound_but()
    text = bank_files.files[UK].text
    more = {
        f"duties/{name}.yaml": type(bank_files.files[UK])(
            f"duties/{name}.yaml", text.replace("id: ", f"id: {name}_").encode()
        )
        for name in ["abroad", "international"]
    }
    duties = compile_bank(type(bank_files)({**bank_files.files, **more}), "shop").document["duty_book"]["duties"]
    assert [duty["id"] for duty in duties] == [
        "payslips", "accounts", "international_payslips", "international_accounts", "abroad_payslips", "abroad_accounts",
    ]  # fmt: skip


def test_the_banks_of_a_folder_are_named(folder: Path) -> None:
    (folder / "stall.yaml").write_text("")
    assert read_folder(folder).banks() == ["shop", "stall"]


def test_a_loaded_bank_is_kept_with_its_files() -> None:
    files = sound_but()
    first = load_bank(files, "shop")
    assert (first.id, first.ref.bank, first.ref.number) == (None, "shop", 0)
    assert load_bank(files, "shop") is first
    second = load_bank(sound_but((SHOP, "Corner shops", "Corner stores")), "shop")
    assert (first.edition.title, second.edition.title) == ("Corner shops", "Corner stores")
    assert first.ref.digest != second.ref.digest


def test_a_bank_the_checker_refuses_is_not_loaded() -> None:
    warned = sound_but((SHOP, "workers’ papers", "workers' papers"))
    assert load_bank(warned, "shop").edition.title == "Corner shops", "a warning refuses nothing"
    with pytest.raises(BankFilesRefusedError, match=r"shop\.yaml:13: BANK036"):
        load_bank(sound_but((SHOP, "dimension: freedom", "dimension: fredom")), "shop")


def test_a_folder_that_is_gone_is_refused(folder: Path) -> None:
    shutil.rmtree(folder)
    with pytest.raises(BankFilesRefusedError, match="BANK001 The folder cannot be read"):
        read_folder(folder)
