from __future__ import annotations

from datetime import date

from assess.kit.db import Database
from assess.portfolio.picture.rows import GROUPS, seen_by
from assess.suppliers.models import Status
from tests.conftest import TODAY
from tests.portfolio.picture.filled_world import fill_world, stand
from tests.suppliers.makers import a_buyer, a_supplier


def test_what_is_over_shows_nothing_and_a_quick_check_shows_its_steps(published: Database) -> None:
    with published.writing() as session:
        council, other = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        fill_world(session, council)
        a_supplier(session, other, "Not theirs")
        odd = a_supplier(session, council, "Odd farm", sector="farming")
        stand(session, odd, band=None, open_steps=4, late_steps=4)
        seen = {row.name: row for row in seen_by(session, council.id, TODAY)}
    assert len(seen) == 13
    assert (seen["Over by now"].status, seen["Over by now"].band) == (Status.SHARE_OVER, None)
    assert (seen["Odd farm"].group, seen["Odd farm"].band, seen["Odd farm"].late_steps) == ("shared", None, 4)
    assert (seen["Farm 3"].band, seen["Farm 3"].late_steps) == ("high", 1)
    assert (seen["Late farm"].group, seen["Late farm"].weeks_late) == ("asked", 7)
    assert seen["No, thanks"].weeks_late is None
    assert seen["Wash 1"].old
    assert seen["Never asked"].unknown == seen["Never asked"].points == 100
    assert {row.group for row in seen.values()} <= set(GROUPS)
    assert all(row.unknown <= row.points for row in seen.values())


def test_every_status_stands_in_a_group(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for status in Status:
            supplier = a_supplier(session, council, status.value)
            stand(session, supplier, status=status, due=date(2026, 11, 1))
        late = {row.status for row in seen_by(session, council.id, TODAY) if row.weeks_late is not None}
    assert late == {Status.INVITED, Status.OPENED, Status.STARTED, Status.SUBMITTED}
