"""The folder of the banks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assess.engine.problems import Problem
from assess.question_banks.files import (
    LARGEST_FILE,
    MAX_DEPTH,
    MAX_NODES,
    BankFilesRefusedError,
    CellRule,
    Columns,
    ContentFile,
    FileProblem,
    Table,
    UnreadableError,
    any_text,
    cached_lines,
    content_files,
    file_problem,
    files_of,
    number_between,
    one_of,
    read_content,
    read_folder,
    read_lines,
    read_table,
    required_text,
    shown_cell,
    text_like,
)
from assess.question_banks.files import QUESTIONNAIRES as FILES_QUESTIONNAIRES
from tests.content_files import SOUND


def test_the_banks_are_where_everybody_looks_for_them() -> None:
    assert {path.name for path in FILES_QUESTIONNAIRES.glob("*.yaml")} >= {
        "farming.yaml",
        "car_washes.yaml",
        "hospitality.yaml",
    }


def test_a_problem_is_printed_as_file_line_number_and_message() -> None:
    problem = file_problem("shop.yaml", 12, Problem("BANK006", (), "The key “title” stands here for the second time."))
    assert str(problem) == (
        "shop.yaml:12: BANK006 The key “title” stands here for the second time. Keep one of the two."
    )
    warning = file_problem("a.yaml", 1, Problem("BANK028", (), "A straight quote (') stands in this text."))
    assert str(warning).startswith("a.yaml:1: BANK028 warning: A straight quote")


def test_problems_sort_by_file_and_line() -> None:
    several = [
        FileProblem("b", 1, "BANK001", ""),
        FileProblem("a", 20, "BANK001", ""),
        FileProblem("a", 3, "BANK009", ""),
    ]
    assert [(one.file, one.line) for one in sorted(several)] == [("a", 3), ("a", 20), ("b", 1)]


def test_a_folder_holds_its_banks_their_neighbours_and_a_few_subfolders(tmp_path: Path) -> None:
    for name in ["shop.yaml", "stall.yml", "owners.yaml", ".hidden.yaml", "README.md"]:
        (tmp_path / name).write_text("format: 1\n")
    for folder in ["common", "other", "papers"]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "start.yaml").write_text("format: 1\n")
    assert list(files_of(tmp_path)) == [
        "owners.yaml",
        "shop.yaml",
        "stall.yml",
        "common/start.yaml",
        "papers/start.yaml",
    ]
    bank_files = read_folder(tmp_path)
    assert bank_files.banks() == ["shop", "stall"]
    stall = bank_files.at("", "stall")
    assert stall is not None
    assert stall.name == "stall.yml"
    assert bank_files.at("common", "begin") is None
    assert [content_file.name for content_file in bank_files.inside("common")] == ["common/start.yaml"]


def test_a_folder_that_cannot_be_read_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BankFilesRefusedError) as caught:
        read_folder(tmp_path / "nowhere")
    assert "nowhere:1: BANK001 The folder cannot be read (no such file or directory)." in str(caught.value)
    (tmp_path / "file").write_text("")
    with pytest.raises(BankFilesRefusedError, match="not a directory"):
        read_folder(tmp_path / "file")


def test_a_file_that_cannot_be_opened_is_there_with_its_problem(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").mkdir()
    content_file = read_folder(tmp_path).files["shop.yaml"]
    assert [str(one)[:40] for one in content_file.problems] == ["shop.yaml:1: BANK001 The file cannot be "]
    assert (content_file.kind, content_file.data, content_file.text, content_file.line(("a",))) == (None, {}, "", 1)
    assert isinstance(read_content(tmp_path), UnreadableError)


def test_a_sheet_knows_its_kind_its_values_its_text_and_its_lines() -> None:
    content_file = read_folder(SOUND).files["owners.yaml"]
    assert (content_file.stem, content_file.kind, content_file.problems) == ("owners", "owners", ())
    assert content_file.data["owners"] == {"owner": "Owner"}
    assert content_file.text.startswith("format: 1\n")
    assert content_file.line(("owners", "owner")) == 2


def test_a_sheet_with_problems_holds_no_values() -> None:
    content_file = ContentFile("owners.yaml", b"format: 1\nowners: {owner: 3.5}\n")
    assert (content_file.kind, dict(content_file.data)) == ("owners", {})
    assert [(one.line, one.number) for one in content_file.problems] == [(2, "BANK022")]


def test_files_may_be_in_memory() -> None:
    assert content_files({"shop.yaml": b"format: 1\n"}).banks() == ["shop"]


@pytest.mark.parametrize("name", ["owners.yaml", "reference/goods.csv"])
def test_a_letter_that_hides_others_is_a_problem_in_a_remark_and_in_a_table_too(name: str) -> None:
    content_file = ContentFile(name, "format: 1\nowners: {owner: Owner}\n# see\u202eno\n".encode())
    assert [(one.line, one.number) for one in content_file.problems] == [(3, "BANK015")]


def test_a_letter_that_hides_others_is_a_problem_when_it_is_written_by_its_number() -> None:
    content_file = ContentFile("owners.yaml", b'format: 1\nowners:\n  owner: "Own\\u202Eer"\n')
    assert [(one.line, one.number) for one in content_file.problems] == [(3, "BANK015")]


COLUMNS = Columns(
    {
        "code": text_like(r"[A-Z]{2}", "two letters"),
        "name": required_text,
        "share": number_between(0, 10, empty=True),
        "note": any_text,
    },
    ("code",),
)
HEAD = "code,name,share,note\n"


def read(text: str | bytes) -> Table:
    return read_table(ContentFile("reference/x.csv", text if isinstance(text, bytes) else text.encode()), COLUMNS)


def said(text: str | bytes) -> list[tuple[int, str]]:
    return [(one.line, one.number) for one in read(text).problems]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_gives_its_rows_with_their_lines(end: str) -> None:
    table = read((HEAD + 'AA,"One, two",1.5,\n BB , Three ,,said\n').replace("\n", end))
    assert table.problems == ()
    assert [(row.line, row["code"], row["name"], row["share"]) for row in table.rows] == [
        (2, "AA", "One, two", "1.5"),
        (3, "BB", "Three", ""),
    ]
    assert read(b"\xef\xbb\xbf" + HEAD.encode()).problems == ()


@pytest.mark.parametrize(
    ("text", "problems", "cause"),
    [
        ("", [(1, "BANK085")], "The first line must name the columns"),
        ("code;name;share;note\n", [(1, "BANK085")], "with commas between them"),
        ("code,name,shares,note\n", [(1, "BANK085")], "missing: share; not known: “shares”"),
        ("name,code,share,note\n", [(1, "BANK085")], "another order"),
        ('code,"name,share,note\n', [(1, "BANK085")], "The first line must name the columns"),
        (HEAD + "AA,One,1\n", [(2, "BANK086")], "This row has 3 cells; the table has 4 columns."),
        (HEAD + "AA,One,1,,\n", [(2, "BANK086")], "This row has 5 cells"),
        (HEAD + "\nAA,One,1,\n", [(2, "BANK086")], "This row has 0 cells"),
        (HEAD + 'AA,"One,1,\nBB,Two,1,\n', [(2, "BANK086")], "A quote that opens in this row is not closed"),
        (HEAD + "aa,One,1,\n", [(2, "BANK087")], "“code” must be two letters, not “aa”."),
        (HEAD + "AA,,1,\n", [(2, "BANK087")], "“name” must hold a text, not nothing."),
        (HEAD + "AA,One,11,\n", [(2, "BANK087")], "“share” must be a number from 0 to 10, not “11”."),
        (HEAD + "AA,One,nan,\n", [(2, "BANK087")], "not “nan”"),
        (HEAD + "aa,,x,\n", [(2, "BANK087")] * 3, ""),
        (HEAD + "AA,One,1,\nBB,Two,,\nAA,Three,1,\n", [(4, "BANK088")], "“AA” stands in line 2 already."),
    ],
)
def test_each_fault_is_named_with_its_line(text: str, problems: list[tuple[int, str]], cause: str) -> None:
    assert said(text) == problems
    assert any(cause in one.message for one in read(text).problems)


def test_a_file_that_is_no_text_has_its_problem_and_no_rows() -> None:
    table = read(b"\xff\xfe")
    assert (table.rows, [one.number for one in table.problems]) == ((), ["BANK003"])


@pytest.mark.parametrize(
    ("cell", "good", "bad"),
    [
        (one_of(("yes", "no", "")), ("yes", ""), ("Yes", "maybe")),
        (text_like("[0-9]{5}", "five digits", empty=True), ("", "01234"), ("1234", "0123 4")),
        (number_between(-1, 1), ("-1", "0.5"), ("", "1.1", "1e9", "inf", "9" * 400)),
    ],
)
def test_a_cell_says_what_it_must_be(cell: CellRule, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    assert [cell(one) for one in good] == [""] * len(good)
    assert all(cell(one).startswith("must be") for one in bad)
    assert one_of(("yes", "no", ""))("yess") == "must be one of yes, no or nothing; did you mean “yes”?"


def test_a_long_cell_is_pointed_to_by_its_beginning() -> None:
    assert shown_cell("x" * 61) == f"“{'x' * 60}…”"


QUESTIONNAIRES = Path(__file__).parents[2] / "questionnaires"


def refused(content: bytes) -> tuple[str, int, str]:
    with pytest.raises(UnreadableError) as caught:
        read_lines(content)
    return caught.value.problem.number, caught.value.line, caught.value.problem.cause


def test_words_stay_words_and_numbers_become_numbers() -> None:
    text = b"""
a: [yes, no, on, off, NO, y]
b: [true, False, null, ~, ]
c: [0, 12, -3, 1.50, -0.5, 1.5e3]
d: [012, 08000121700, 1_000, 0x1F, 1e5, .5, 1., +3, 2026-04-01, 12:30]
e: ['12', "true", "", 999999999999999999999999999999999999]
f: [1.5e999, .inf, .nan]
g:
h: |
  two
  lines
"""
    assert read_lines(text).data == {
        "a": ["yes", "no", "on", "off", "NO", "y"],
        "b": [True, False, None, None],
        "c": [0, 12, -3, 1.5, -0.5, 1500.0],
        "d": ["012", "08000121700", "1_000", "0x1F", "1e5", ".5", "1.", "+3", "2026-04-01", "12:30"],
        "e": ["12", "true", "", "999999999999999999999999999999999999"],
        "f": ["1.5e999", ".inf", ".nan"],
        "g": None,
        "h": "two\nlines\n",
    }


def test_every_key_and_entry_knows_its_line() -> None:
    lines = read_lines(b"a: 1\nb:\n  - x\n  - {c: 2,\n     d: 3}\n")
    assert [lines.line(place) for place in [("a",), ("b",), ("b", 0), ("b", 1), ("b", 1, "d")]] == [1, 2, 3, 4, 5]
    assert lines.line(("b", 1, "unknown", 7)) == 4
    assert lines.line(()) == 1
    assert lines.line(("unknown",)) == 1


def test_lines_may_end_as_windows_ends_them_and_begin_with_a_mark() -> None:
    assert read_lines(b"\xef\xbb\xbfa: x\r\nb: y\r\n").data == {"a": "x", "b": "y"}


@pytest.mark.parametrize(
    ("content", "number", "line", "said"),
    [
        (b"a: &x 1\nb: *x\n", "BANK007", 1, "A name with &"),
        (b"a: 1\nb: *x\n", "BANK007", 2, "A name with &"),
        (b"a: {<<: {b: 1}}\n", "BANK007", 1, "A merge"),
        (b"*x : 1\n", "BANK007", 1, "A name with &"),
        (b"&x a: 1\n", "BANK007", 1, "A name with &"),
        (b"a: [&x b]\n", "BANK007", 1, "A name with &"),
        (b"a: !!python/object:os.system x\n", "BANK008", 1, "The tag"),
        (b"a: !mine [1]\n", "BANK008", 1, "The tag"),
        (b"a: !mine {b: 1}\n", "BANK008", 1, "The tag"),
        (b"a: 1\nb: 2\na: 3\n", "BANK006", 3, "“a” stands here for the second time"),
        (b"a:\n\tb: 1\n", "BANK010", 2, "A tab"),
        (b"a: 1\n---\nb: 2\n", "BANK004", 2, "A second document"),
        (b"? [a]\n: 1\n", "BANK004", 1, "A key is a list or a group"),
        (b"{wage}: {x: 1}: 2\n", "BANK004", 1, ""),
        (b"x: {{wage}: 1}\n", "BANK004", 1, "A key is a list or a group"),
        (b"a: b: c\n", "BANK004", 1, "A colon stands inside a text here"),
        (b"a: 1\nb: 'open\nc: 2\n", "BANK004", 2, "A quote or bracket that opens here is never closed"),
        (b"a: 1\nb: [1, 2\nc: 3\n", "BANK004", 2, "A bracket that opens here is not closed"),
        (b"a: {wage} an hour\n", "BANK004", 1, "does not match"),
        (b"a: @home\n", "BANK004", 1, "put the text in quotes"),
        (b'a: "c:\\d"\n', "BANK004", 1, "leave it out"),
        (b"a: 1\nno colon here\nb: 2\n", "BANK004", 3, "A key without a colon"),
        (b"%YAML 9.9\n%YAML 9.9\n---\na: 1\n", "BANK004", 1, "The layout breaks here"),
        (b"- a\n- b\n", "BANK005", 1, "holds nothing, or no keys"),
        (b"just words\n", "BANK005", 1, "holds nothing, or no keys"),
        (b"", "BANK005", 1, "holds nothing, or no keys"),
        (b"# only a remark\n", "BANK005", 1, "holds nothing, or no keys"),
        (b"a: 1\nb: caf\xe9\n", "BANK003", 2, "Byte 12 is not part of any UTF-8 text"),
        (b"a: 1\nb: \x00\n", "BANK003", 2, "zero bytes"),
        (b"a: \x07\n", "BANK003", 1, "characters that no text has"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "BANK003", 1, "zero bytes"),
    ],
)
def test_what_no_bank_needs_is_refused_with_its_line(content: bytes, number: str, line: int, said: str) -> None:
    found = refused(content)
    assert found[:2] == (number, line), found
    assert said in found[2]


def test_levels_are_counted_and_limited() -> None:
    assert read_lines(b"a: " + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert refused(b"a: " + b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))[0] == "BANK009"
    started = time.process_time()
    assert refused(b"a: " + b"[" * 500_000)[0] == "BANK009"
    assert refused(b"a: " + b"{b: " * 100_000)[0] == "BANK009"
    assert time.process_time() - started < 5


def test_a_file_that_would_grow_while_it_is_read_is_refused_at_its_first_name() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{this}: &{this} [*{before}, *{before}]\n" for before, this in ["ab", "bc", "cd"]
    )
    assert refused(bomb.encode())[:2] == ("BANK007", 1)


def test_more_values_than_any_bank_needs_are_refused_where_the_first_one_too_many_stands() -> None:
    rows = b"a:\n" + b"  - 1\n" * (MAX_NODES - 3)
    assert read_lines(rows)
    assert refused(rows + b"  - 1\n" * 1000)[:2] == ("BANK002", MAX_NODES - 1)
    number, line, said = refused(b"x: [" + b"1," * 125_000 + b"1]")
    assert (number, line) == ("BANK002", 1)
    assert "More than 20,000 keys and values" in said


def test_the_files_of_this_service_stay_far_below_what_is_refused() -> None:
    assert max(nodes(path.read_bytes()) for path in QUESTIONNAIRES.rglob("*.yaml")) < MAX_NODES / 3


def nodes(content: bytes) -> int:
    """How many keys, values, lists and groups a file has."""

    def count(value: object) -> int:
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return 1 + sum(map(count, inside)) + (len(value) if isinstance(value, dict) else 0)

    return count(read_lines(content).data)


def test_a_large_file_is_refused_before_it_is_read() -> None:
    assert refused(b"a: 1\n" + b"#" * LARGEST_FILE)[0] == "BANK002"
    assert read_lines(b"a: 1\n" + b"#" * (LARGEST_FILE - 5)).data == {"a": 1}


def test_the_same_bytes_are_read_once_and_what_cannot_be_read_is_told_each_time() -> None:
    once = cached_lines(b"what: read once\n")
    assert once.data == {"what": "read once"}
    assert cached_lines(b"what: read " + b"once\n") is once
    for _ in range(2):
        with pytest.raises(UnreadableError):
            cached_lines(b"")
