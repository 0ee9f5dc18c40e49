from __future__ import annotations

from typing import cast

from sqlalchemy.orm import Session

from assess.banks.drafts.models import Draft
from assess.banks.models import Edition, Stage
from assess.editor.checks.spots import check_at, checks_of, next_id
from assess.editor.workbench import Workbench
from tests.conftest import TODAY
from tests.shelves import SHOP, sound_but

AT_WORK = Workbench(cast("Draft", None), sound_but(), TODAY)


def test_checks_are_found_with_their_place() -> None:
    (spot,) = checks_of(AT_WORK, "shop")
    assert (spot.sheet.name, spot.path) == (SHOP, ("checks", 0))
    assert check_at(AT_WORK, "shop", "D1") == spot
    assert check_at(AT_WORK, "shop", "D2") is None


def test_the_next_id_is_one_that_no_edition_ever_had(session: Session) -> None:
    assert next_id(session, AT_WORK) == "D2"
    session.add(
        Edition(
            bank="other",
            number=1,
            stage=Stage.PUBLISHED,
            source={},
            digest="x" * 64,
            published_at=TODAY,
            compiled={"checks": [{"id": "D40"}, {"id": "X99"}]},
        )
    )
    session.flush()
    assert next_id(session, AT_WORK) == "D41"
