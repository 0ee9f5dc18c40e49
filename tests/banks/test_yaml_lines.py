from __future__ import annotations

import time
from pathlib import Path

import pytest

from assess.banks.yaml_lines import DEEPEST, LARGEST_FILE, MOST_NODES, UnreadableError, lines_of, read_lines

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
    assert read_lines(b"a: " + b"[" * DEEPEST + b"]" * DEEPEST)
    assert refused(b"a: " + b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))[0] == "BANK009"
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
    rows = b"a:\n" + b"  - 1\n" * (MOST_NODES - 3)
    assert read_lines(rows)
    assert refused(rows + b"  - 1\n" * 1000)[:2] == ("BANK002", MOST_NODES - 1)
    number, line, said = refused(b"x: [" + b"1," * 125_000 + b"1]")
    assert (number, line) == ("BANK002", 1)
    assert "More than 20,000 keys and values" in said


def test_the_files_of_this_service_stay_far_below_what_is_refused() -> None:
    assert max(nodes(path.read_bytes()) for path in QUESTIONNAIRES.rglob("*.yaml")) < MOST_NODES / 3


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
    once = lines_of(b"what: read once\n")
    assert once.data == {"what": "read once"}
    assert lines_of(b"what: read " + b"once\n") is once
    for _ in range(2):
        with pytest.raises(UnreadableError):
            lines_of(b"")
