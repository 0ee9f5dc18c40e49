from __future__ import annotations

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import Sheet, Shelf, read_folder
from assess.editor.law.calls import NeededChange, faults_of, faults_of_needed, needed_changes
from assess.editor.law.kinds import CONTACTS, things

LINE = {"situation": "You want advice", "who": "An advice line", "number": "01632 960 001", "for_whom": "Anyone"}


def test_a_plain_line_passes() -> None:
    assert faults_of(LINE, []) == {}


@pytest.mark.parametrize(
    "said",
    [
        "Open 24/7",
        "Day and night",
        "From 9am",
        "09:00 to 17:00",
        "Mondays only",
        "Opening hours on its site",
        "365 days",
    ],
)
def test_no_opening_hours(said: str) -> None:
    assert set(faults_of({**LINE, "situation": said}, [])) == {"situation"}


def test_one_number_is_one_line() -> None:
    assert "An advice line" in faults_of({**LINE, "who": "Other"}, [{**LINE, "number": "+44 1632 960001"}])["number"]


def test_a_licence_line_says_that_it_takes_no_reports() -> None:
    line = {**LINE, "who": "The licence line"}
    assert set(faults_of(line, [])) == {"situation"}
    assert faults_of({**line, "situation": "About licences. This line does not take reports of abuse"}, []) == {}


def test_somebody_must_be_reached_somehow() -> None:
    assert set(faults_of({**LINE, "number": None}, [])) == {"number"}
    assert faults_of({**LINE, "number": None, "web": "https://advice.example"}, []) == {}


def test_a_line_of_every_page_has_a_number_and_is_for_everybody() -> None:
    assert faults_of_needed(LINE) == {}
    assert set(faults_of_needed({"web": "https://advice.example", "area": "norfolk"})) == {"number", "area"}


def test_the_lines_in_the_files_keep_to_it() -> None:
    lines = list(things(read_folder(QUESTIONNAIRES), CONTACTS))
    found = {one.id: faults_of(one.data, [other.data for other in lines if other is not one]) for one in lines}
    assert {name: faults for name, faults in found.items() if faults} == {}


def changed(old: str, new: str, more: str = "") -> list[NeededChange]:
    """The contacts that count as shown on every page, after a change of the real file and with another one beside it."""
    before = read_folder(QUESTIONNAIRES)
    text = before.sheets["settings/contacts.yaml"].text
    assert old in text
    sheets = {"settings/contacts.yaml": text.replace(old, new, 1)}
    sheets |= {"settings/more.yaml": f"format: 1\ncontacts:\n  - {more}\n"} if more else {}
    return needed_changes(
        before, Shelf({**before.sheets, **{name: Sheet(name, one.encode()) for name, one in sheets.items()}})
    )


def test_a_place_in_the_list_is_a_change_of_a_line_that_every_page_shows() -> None:
    assert [one.id for one in changed("    order: 3\n", "    order: 90\n")] == ["helpline"]
    assert changed("    order: 9\n", "    order: 8\n") == []


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("{id: x, order: 20, who: Modern Slavery Helpline, situation: At night}", True),
        ("{id: x, order: 20, who: Modern Slаvery Support, situation: At night}", True),
        ("{id: x, order: 20, who: Norfolk Police, situation: At night}", True),
        ("{id: x, order: 3, who: Advice, situation: At night}", True),
        ('{id: x, order: 20, who: Advice, situation: "You think there is a crime, but no danger right now"}', True),
        ("{id: x, order: 20, who: Advice, situation: At night}", False),
    ],
)
def test_a_line_that_stands_above_those_or_is_called_like_them_counts_too(line: str, *, counts: bool) -> None:
    found = changed("format: 1", "format: 1", line)
    assert [(one.id, one.kept) for one in found] == ([("x", False)] if counts else [])


def test_such_a_line_has_no_mobile_number_and_may_do_without_one() -> None:
    line = "{id: x, order: 20, who: A helpline, situation: At night, source: theirs"
    for number, faults in (("07700 900 123", 1), ("0800 012 3456", 0), ("", 0)):
        (one,) = changed("format: 1", "format: 1", f'{line}, number: "{number}"}}')
        assert len(one.faults) == faults
