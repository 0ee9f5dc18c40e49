from __future__ import annotations

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import read_folder
from assess.editor.law.calls import faults_of, faults_of_needed
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
