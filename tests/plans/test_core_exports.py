"""Records of engine 1 are printed as they were: no new word, order or number. Whoever changes a digest here says why."""

from __future__ import annotations

import hashlib
import io
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from flask import Flask
from fontTools.ttLib import TTFont

from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core import fonts
from assess.core.db import database
from assess.core.exports import STYLES, TEXT_WIDTH_MM, document_to_bytes, new_document, new_table, prevent_row_splits
from assess.core.fonts import FontsUnavailableError, cache_folder, fontconfig_file
from assess.core.pdf import html_to_pdf
from assess.plans.action_tracker.carry_over import source_keys
from assess.plans.action_tracker.services import ItemChange, change_item, get_tracker_state
from assess.plans.copies import Copy
from assess.plans.pages import copy_html
from assess.plans.plan_page import business_plan
from assess.plans.words import (
    add_days,
    answer_text,
    area_name,
    exact_decimal,
    format_day,
    format_record_text,
    join_and,
    one_decimal,
    plain_number,
    round_half_up,
)
from tests.plans.conftest import submit_record
from tests.plans.printed_pdfs import kids, kinds, opened, tree
from tests.plans.records import a_record, engine_1, scenario


def a_document() -> Document:
    document = new_document("Our plan", "2026-11-24")
    document.add_heading("Our plan", 1)
    table = new_table(document, "What to do", ("Who", "When"), 2)
    table.add_row()  # type: ignore[no-untyped-call]  # the library forgot to say what it returns
    prevent_row_splits(table)
    return document


def test_the_same_document_is_the_same_bytes_on_any_day(monkeypatch: pytest.MonkeyPatch) -> None:
    first = document_to_bytes(a_document())
    now = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: now)
    assert document_to_bytes(a_document()) == first
    with ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.testzip() is None


def test_it_names_nobody_and_no_program_and_is_dated_as_asked() -> None:
    content = document_to_bytes(a_document())
    known = docx.Document(io.BytesIO(content)).core_properties
    assert (known.title, known.language) == ("Our plan", "en-GB")
    assert (known.author, known.last_modified_by, known.comments, known.keywords) == ("", "", "", "")
    assert known.created == known.modified == datetime(2026, 11, 24, tzinfo=UTC)
    assert known.revision == 1
    with ZipFile(io.BytesIO(content)) as parts:
        assert b"python-docx" not in parts.read("docProps/core.xml")


def test_its_words_are_british_and_its_fonts_come_from_no_theme() -> None:
    styles = docx.Document(io.BytesIO(document_to_bytes(a_document()))).styles
    assert {tongue.get(qn("w:val")) for tongue in styles.element.iter(qn("w:lang"))} == {"en-GB"}
    for name in STYLES:
        fonts = styles[name].element.rPr.rFonts
        assert styles[name].font.name == "Arial"
        assert not [mark for mark in fonts.attrib if mark.endswith("heme")]


def test_a_page_is_a4_and_leaves_room_between_its_margins() -> None:
    section = a_document().sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert round((section.page_width - section.left_margin - section.right_margin) / 36_000) == TEXT_WIDTH_MM


def test_a_table_repeats_its_titles_is_named_aloud_and_cuts_no_row() -> None:
    (table,) = a_document().tables
    assert [cell.text for cell in table.rows[0].cells] == ["Who", "When"]
    assert all(cell.paragraphs[0].runs[0].bold for cell in table.rows[0].cells)
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "What to do"


def test_a_five_is_rounded_up_as_people_do() -> None:
    assert [one_decimal(value) for value in (41.25, 41.249999, 0.05, 0.0499, 100)] == [
        "41.3",
        "41.2",
        "0.1",
        "0.0",
        "100.0",
    ]


def test_noise_of_floating_point_sums_does_not_move_a_rounding() -> None:
    assert one_decimal(0.1 + 0.2 - 0.05) == "0.3"
    assert exact_decimal(0.1 + 0.2) == Decimal("0.3")
    assert round_half_up(2.675, 2) == Decimal("2.68")


@pytest.mark.parametrize(("value", "said"), [(4.0, "4"), (2.5, "2.5"), (11.10, "11.1"), (100, "100"), (0, "0")])
def test_a_number_has_no_needless_zeros(value: float, said: str) -> None:
    assert plain_number(value) == said


def test_dates_are_written_out_and_other_words_stand_as_they_are() -> None:
    assert format_day("2026-11-04") == "4 November 2026"
    assert format_day("29 October 2015 (some years)") == "29 October 2015 (some years)"
    assert add_days("2026-12-30", 7) == "2027-01-06"


def test_dates_and_pounds_inside_a_text_stand_in_words() -> None:
    assert format_record_text("Looked up: 2025-05-03") == "Looked up: 3 May 2025"
    assert format_record_text("A day, in pounds: 9.5, Beds: 3") == "A day: £9.50, Beds: 3"
    assert format_record_text("A day, in pounds: 1,200") == "A day: £1,200.00"
    assert format_record_text("0300 123 1100, 2025-99-99") == "0300 123 1100, 2025-99-99"
    assert (
        answer_text(["Kind: Caravan, A day, in pounds: 9.5", "Kind: House"])
        == "Kind: Caravan, A day: £9.50; Kind: House"
    )


def test_lists_read_like_a_sentence() -> None:
    assert join_and(["a"]) == "a"
    assert join_and(["a", "b", "c"]) == "a, b and c"
    assert answer_text(["Yes", "No"]) == "Yes; No"
    assert answer_text("Yes") == "Yes"
    assert answer_text(None) == ""


def test_an_area_is_named_and_elsewhere_is_not() -> None:
    assert area_name("north_norfolk") == "North Norfolk"
    assert area_name("other") is None
    assert area_name(None) is None


DIGESTS: dict[tuple[str, Copy], str] = {
    ("farming medium", "business"): "151355e228f63277",
    ("farming medium", "large"): "07f042b821a02b1e",
    ("farming critical", "business"): "064230ef0569fa03",
    ("farming critical", "large"): "20f9e828884f7b8d",
}
"""The beginnings of SHA-256 of the finished HTML, by title and copy."""


@pytest.mark.parametrize(("title", "copy"), DIGESTS)
def test_what_is_printed_stays_byte_for_byte(title: str, copy: Copy) -> None:
    html = copy_html(engine_1(title), copy, {}, "ABCD-EFGH")
    assert hashlib.sha256(html.encode()).hexdigest()[:16] == DIGESTS[title, copy]


def test_it_has_no_verdict_and_no_sums() -> None:
    plan = business_plan(engine_1())
    assert plan.verdict is None
    assert not plan.pay.sums
    assert not any(item.title or item.parts or item.later for item in plan.action_list.items)


def test_the_first_result_by_new_rules_says_so_and_the_pay_page_opens(app: Flask, visit: Any, now: datetime) -> None:
    made = submit_record(app, visit, engine_1(), now)
    before = visit(f"{made.address}/result")
    assert "How we count has changed" not in before.text
    assert "Your pay sums" not in before.text
    away = visit(f"{made.address}/result/pay", follow=False)
    assert (away.status, away.headers["Location"]) == (303, f"{made.address}/result")
    for _ in range(2):
        with app.app_context(), database().writing() as session:
            reopen_assessment(session, made.id, now)
            submit_assessment(session, made.id, lambda _said: scenario(), now)
        after = visit(f"{made.address}/result")
        said = "How we count has changed since 24 November 2026. Your earlier result stays as it was."
        assert (said in after.text) == (_ == 0), "only beside the first that is counted otherwise"
        assert visit(f"{made.address}/result/pay").status == 200


def both() -> tuple[dict[str, Any], dict[str, Any]]:
    """A record of engine 1, and one of engine 2 of the same answers where both ask the same."""
    old = engine_1()
    new = a_record()
    said = {question["id"]: question for section in old["sections"] for question in section["questions"]}
    for section in new["sections"]:
        for question in section["questions"]:
            if question["id"] in said:
                question["answer"] = said[question["id"]]["answer"]
    return old, new


def test_marks_of_members_come_to_the_action_that_stands_for_them() -> None:
    old, new = both()
    asked = {action["question"] for action in old["actions"]}
    [together] = [action for action in new["actions"] if action["question"] == "map"]
    members = set(together["questions"]) & asked
    assert members
    assert set(source_keys("map", new, old)) == members


def test_an_answer_that_changed_brings_no_old_mark() -> None:
    old, new = both()
    name = source_keys("map", new, old)[0]
    [question] = [one for section in new["sections"] for one in section["questions"] if one["id"] == name]
    question["answer"] = "something else"
    assert name not in source_keys("map", new, old)


def test_only_what_was_to_be_found_out_comes_to_the_papers() -> None:
    old, new = both()
    found_out = {action["question"] for action in old["actions"] if action["find_out"]}
    assert set(source_keys("papers", new, old)) <= found_out


@pytest.mark.parametrize("all_of_them", [False, True])
def test_an_action_of_several_is_done_only_where_all_were(
    app: Flask, visit: Any, now: datetime, *, all_of_them: bool
) -> None:
    old, new = both()
    [together] = [action for action in new["actions"] if action["question"] == "map"]
    members = source_keys("map", new, old)
    together["questions"] = list(members)
    made = submit_record(app, visit, old, now)
    done = [
        ItemChange(response="accepted", status="done", done_on=f"2026-11-{25 + place}") for place in range(len(members))
    ]
    with app.app_context(), database().writing() as session:
        for name, what in list(zip(members, done, strict=True))[: None if all_of_them else 1]:
            change_item(session, made.submission_id, name, what, 0, now)
        reopen_assessment(session, made.id, now)
        newer = submit_assessment(session, made.id, lambda _said: new, now).id
        state = get_tracker_state(session, newer)["map"]
    if all_of_them or len(members) == 1:
        assert (state.status, state.done_on) == ("done", "2026-11-25")
    else:
        assert (state.status, state.done_on, state.is_closed) == ("under_way", None, False)


@pytest.fixture(scope="module")
def config() -> Path:
    """The faces of this machine, made by whichever test comes first."""
    return fontconfig_file()


def test_there_are_two_static_faces_of_one_family(config: Path) -> None:
    for face, weight in fonts.FONT_WEIGHTS.items():
        font = TTFont(config.parent / f"noto-sans-{face}.ttf")
        assert "fvar" not in font
        assert font["OS/2"].usWeightClass == weight
        assert font["name"].getDebugName(1) == "Noto Sans"
        assert font["name"].getDebugName(2) == face.title()


def test_the_faces_have_the_letters_of_the_languages_spoken_here(config: Path) -> None:
    letters = TTFont(config.parent / "noto-sans-regular.ttf").getBestCmap()
    for text in (
        "Zażółć gęślą jaźń",
        "Șoseaua împărăției",
        "Жълтият щъркел",
        "Ąžuolas ėjo",
        "Ελληνικά",
        "Tiếng Việt",
        "÷×−“”’·",
    ):
        assert [letter for letter in text if ord(letter) not in letters] == []


def test_fontconfig_is_shown_our_folder_and_no_other(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    assert text.count("<dir>") == 1
    assert f"<dir>{config.parent}</dir>" in text


def test_what_is_there_is_not_made_again(config: Path) -> None:
    before = config.stat().st_mtime_ns
    assert fontconfig_file() == config
    assert config.stat().st_mtime_ns == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with pytest.raises(FontsUnavailableError, match="could not be made in"):
        fontconfig_file(in_the_way)


def test_a_font_package_without_fonts_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fontpkg_noto_sans.ROOT", tmp_path)
    with pytest.raises(FontsUnavailableError, match="fontpkg-noto-sans"):
        fontconfig_file(tmp_path / "cache")


def test_the_cache_is_the_users_own_or_a_private_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine" / "assess"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "assess"
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    folder = cache_folder()
    assert folder.parent.parent == tmp_path
    assert folder.stat().st_mode & 0o077 == 0


def test_without_any_folder_it_is_said_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(in_the_way))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(in_the_way))
    with pytest.raises(FontsUnavailableError, match="XDG_CACHE_HOME"):
        cache_folder()


ROWS = "".join(f"<tr><td>row {number}</td><td>{number}</td><td>x</td></tr>" for number in range(90))
ITEMS = "".join(f"<li>item {number}</li>" for number in range(90))
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>Pieces</title><style>
@page { size: A5; @bottom-left { content: "Foot of the page" } } body { font: 12pt "Noto Sans" } table { table-layout: fixed; width: 100% }
tr, li { break-inside: avoid } ul { list-style-position: inside } .card { break-inside: avoid }
</style></head><body><h1>Pieces</h1>BODY</body></html>"""
TABLE = f"<table><caption>Cap</caption><thead><tr><th scope=col>A</th><th scope=col>B</th><th scope=col>C</th></tr></thead><tbody>{ROWS}</tbody></table>"


def of(body: str) -> Any:
    return opened(html_to_pdf(PAGE.replace("BODY", body)))


def only(file: Any, kind: str) -> list[Any]:
    return [element for element in tree(file) if str(element.S) == kind]


def test_a_table_over_several_pages_is_one_table_with_one_header() -> None:
    file = of(f"<section><h2>Part</h2>{TABLE}</section>")
    assert len(file.pages) > 2
    (table,) = only(file, "/Table")
    assert [str(kid.S) for kid in kids(table)] == ["/Caption", "/THead", "/TBody"]
    assert len(only(file, "/TR")) == 91
    assert len(only(file, "/Sect")) == 1


def test_header_cells_say_what_they_head_and_every_cell_finds_its_own() -> None:
    file = of(TABLE.replace("<td>row", "<th scope=row>row").replace("</td><td>", "</th><td>", 90))
    scopes = {str(cell.A.Scope) for cell in only(file, "/TH")}
    assert scopes == {"/Column", "/Row"}
    names = {str(cell.ID) for cell in only(file, "/TH")}
    pointed = {str(name) for cell in only(file, "/TD") for name in cell.A.Headers}
    assert pointed <= names
    assert all(len(cell.A.Headers) == 2 for cell in only(file, "/TD"))


def test_a_list_over_several_pages_is_one_list_whose_items_have_bodies() -> None:
    file = of(f"<section><h2>Part</h2><ul>{ITEMS}</ul></section>")
    (found,) = only(file, "/L")
    items = list(kids(found))
    assert len(items) == 90
    assert all([str(part.S) for part in kids(item)] == ["/Lbl", "/LBody"] for item in items)


def test_parts_and_cards_that_begin_with_a_heading_stay_apart() -> None:
    cards = "".join(
        f"<article class=card><h3>Card {number}</h3><p>{'words ' * 60}</p></article>" for number in range(9)
    )
    file = of(f"<section><h2>One</h2>{cards}</section><section><h2>Two</h2>{cards}</section>")
    assert len(only(file, "/Sect")) == 2
    assert len(only(file, "/Art")) == 18


def test_a_caption_alone_at_the_foot_of_a_page_keeps_its_table() -> None:
    for lines in range(26, 33):
        file = of(f"<section><h2>Part</h2>{'<p>line</p>' * lines}{TABLE}</section>")
        (table,) = only(file, "/Table")
        assert [str(kid.S) for kid in kids(table)] == ["/Caption", "/THead", "/TBody"]


def test_footers_are_furniture_and_are_not_read() -> None:
    file = of("<p>One</p>")
    content = file.pages[0].Contents.read_bytes()
    assert b"/Artifact" in content
    assert b"/Pagination" in content
    owners = file.Root.StructTreeRoot.ParentTree.Nums[1]
    assert any(owner is None for owner in owners)


def test_what_holds_nothing_is_no_element() -> None:
    assert kinds(of("<p><span class=box></span>One</p>")) == ["/Document", "/H1", "/Span", "/P", "/Span"]


def test_links_are_printed_too_and_say_where_they_lead() -> None:
    file = of('<p><a href="https://example.org/">an example</a></p>')
    (link,) = file.pages[0].Annots
    assert link.F == 4
    assert link.Contents == "https://example.org/"
