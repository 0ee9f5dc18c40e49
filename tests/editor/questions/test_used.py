from __future__ import annotations

from sqlalchemy.orm import Session

from assess.banks.models import Edition, Stage
from assess.editor.questions.used import Used, ids_in, together, used_before
from tests.conftest import TODAY
from tests.editor.benches import bench

DOCUMENT = {
    "sections": [
        {"id": "work", "questions": [{"id": "papers", "options": [{"id": "they"}], "columns": [{"id": "kind"}]}]}
    ],
    "checks": [{"id": "D1"}],
}


def test_all_ids_of_a_file_are_known() -> None:
    used = ids_in(DOCUMENT)
    assert used.ids == {"work", "papers", "D1"}
    assert used.of("papers") == {"they", "kind"}
    assert used.of("nobody") == frozenset()
    assert "papers" in ids_in(bench().shelf.sheets["shop.yaml"].written).ids


def test_ids_of_several_editions_are_put_together() -> None:
    other = Used(frozenset({"gone"}), {"papers": frozenset({"we"})})
    both = together([ids_in(DOCUMENT), other])
    assert {"gone", "work"} <= both.ids
    assert both.of("papers") == {"they", "kind", "we"}


def test_an_id_of_any_published_edition_counts(session: Session) -> None:
    assert used_before(session) == Used()
    for number, name in enumerate(("old", "new"), 1):
        document = {"sections": [{"id": "work", "questions": [{"id": name}]}]}
        session.add(
            Edition(
                bank="shop",
                number=number,
                stage=Stage.WITHDRAWN if name == "old" else Stage.PUBLISHED,
                source={},
                compiled=document,
                digest=f"used {name}",
                published_at=TODAY,
            )
        )
    session.flush()
    assert used_before(session).ids == {"work", "old", "new"}
