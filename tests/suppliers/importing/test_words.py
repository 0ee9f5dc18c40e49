from __future__ import annotations

from assess.suppliers.importing.keeping import Counts
from assess.suppliers.importing.models import Outcome, State, SupplierImportRow
from assess.suppliers.importing.words import FORGOTTEN, OF_OUTCOME, OF_STATE, outcome_lines, progress_words, reasons_of

COUNTS = Counts(1, 0, 0, 0, {Outcome.ASKED: 455, Outcome.NO_ADDRESS: 1, Outcome.WAITING: 2, Outcome.BAD: 3})


def test_everything_has_its_words() -> None:
    assert set(OF_STATE) == set(State)
    assert set(OF_OUTCOME) == set(Outcome)


def test_what_came_of_it_is_said_by_numbers() -> None:
    assert outcome_lines(COUNTS, cancelled=False) == [
        "455 suppliers: asked",
        "1 supplier: on your list, but there is no e-mail address to ask at",
        "3 rows: to be repaired",
        "2 suppliers: not worked on yet",
    ]
    assert outcome_lines(COUNTS, cancelled=True)[-1] == "2 suppliers: not worked on, because you stopped"
    assert progress_words(COUNTS) == "456 of 458 suppliers done."


def test_a_row_that_is_given_back_says_why() -> None:
    bad = {"faults": [{"column": "name", "says": "Row 3, name: Enter it."}]}
    assert reasons_of(SupplierImportRow(number=3, outcome=Outcome.BAD, faults=bad)) == ["Row 3, name: Enter it."]
    assert reasons_of(SupplierImportRow(number=3, outcome=Outcome.BAD, faults={})) == [FORGOTTEN]
    assert reasons_of(SupplierImportRow(number=3, outcome=Outcome.NO_ADDRESS, faults={}))[0].startswith("Row 3, email:")
