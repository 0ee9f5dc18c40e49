"""The faults that `make planted` plants still have a place in the code. Where a function has moved, `renames.json` says where to."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.planted.faults import GONE, RENAMES, GoneError, chosen, plant, read_words

ROOT = Path(__file__).parents[2]


def test_each_fault_can_be_planted_or_is_said_to_be_gone() -> None:
    faults, renames, gone = chosen().faults, read_words(RENAMES), read_words(GONE)
    assert len({fault.id for fault in faults}) == len(faults) == 200
    assert gone.keys() <= {fault.id for fault in faults}
    wrong = []
    for fault in faults:
        try:
            planted = plant(fault, ROOT, renames)
        except GoneError as error:
            if fault.id not in gone:
                wrong.append(f"{error}: name its new place in renames.json, or say in gone.json why it has none")
            continue
        before = ast.parse(planted.path.read_text(encoding="utf-8"))
        assert ast.dump(before) != ast.dump(ast.parse(planted.text)), f"{fault.id} changes nothing"
        if fault.id in gone:
            wrong.append(f"{fault.id} is there: take it out of gone.json")
    assert not wrong, "\n".join(wrong)
