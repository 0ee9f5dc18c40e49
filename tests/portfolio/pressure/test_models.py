from __future__ import annotations

from assess.portfolio.pressure.models import PressurePool, PressurePooled, PressureRound


def test_no_table_has_room_for_the_answer_of_one_supplier() -> None:
    columns = {
        table.__tablename__: set(table.__table__.columns.keys())
        for table in (PressurePool, PressurePooled, PressureRound)
    }
    assert columns["supplier_feedback_source"] == {"pool_id", "submission_id", "supplier_id"}
    assert columns["supplier_feedback_round"] == {"buyer_id", "month"}
    assert not columns["supplier_feedback_pool"] & {"supplier_id", "submission_id", "grant_id"}
