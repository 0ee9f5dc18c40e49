from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from assess.banks.settings import settings_on
from assess.engine.assessing import EditionRef, Given, assess
from assess.engine.quick import quick_edition
from assess.engine.record import Operator, Organisation, make_record
from assess.engine.recorded import scores_of, what_if_of
from assess.engine.what_if import WhatIf
from tests.engine.real_banks import BANKS, QUESTIONNAIRES, TODAY, edition_of, some_answers

SETTINGS = settings_on(QUESTIONNAIRES, TODAY)


def both(bank: str, rnd: Random, *, quick: bool = False) -> tuple[dict[str, Any], WhatIf]:
    """A record as it comes out of the database, and what the engine itself would say."""
    edition = edition_of(bank)
    said = Given(some_answers(rnd, edition), {}, quick=quick)
    assessed = assess(edition, said, SETTINGS, TODAY)
    record = make_record(
        edition,
        EditionRef(bank, 1, "0" * 64),
        said,
        assessed,
        SETTINGS,
        Organisation("Fen Edge", "norfolk"),
        Operator("N", "c", "d"),
        TODAY,
    )
    asked = quick_edition(edition) if quick else edition
    return json.loads(json.dumps(record)), WhatIf.of(asked, assessed.result, assessed.plan.after)


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("bank", BANKS)
def test_a_record_answers_what_if_as_the_engine_did_on_the_day(bank: str, quick: bool) -> None:  # noqa: FBT001  # a parameter
    rnd = Random(5)
    for _ in range(3):
        record, engine = both(bank, rnd, quick=quick)
        kept, scores = what_if_of(record), scores_of(record)
        assert kept is not None
        assert scores is not None
        names = list(kept.lines)
        for size in (0, 1, 3, len(names)):
            improved = rnd.sample(names, min(size, len(names)))
            score = engine.score(improved)
            assert kept.score(improved) == scores.score(improved) == score
            assert kept.band(improved, score) == engine.band(improved, score)
            assert kept.signs_left(improved) == engine.signs_left(improved)
        assert kept.score([]) == record["result"]["score"]
        assert kept.band([], record["result"]["score"]) == record["result"]["band"]


def test_the_housing_charge_is_known_to_take_its_check_with_it() -> None:
    record, _ = both("farming", Random(1))
    assert record["charges"]["D3"] == "farm_housing_charge"


def test_a_record_made_before_has_no_answer() -> None:
    record, _ = both("farming", Random(1))
    before = deepcopy(record)
    del before["charges"]
    for section in before["sections"]:
        for question in section["questions"]:
            del question["best"]
    assert scores_of(before) is None
    assert what_if_of(before) is None
