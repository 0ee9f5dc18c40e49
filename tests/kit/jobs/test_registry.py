from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from assess.kit.jobs.registry import Timetable, UnknownJobError, job, kind_of, periodic, timetables


def test_a_job_is_known_by_its_name_with_its_limits() -> None:
    @job("print", seconds=5, attempts=2)
    def print_it(_work: object) -> None: ...

    kind = kind_of("print")
    assert (kind.run, kind.seconds, kind.attempts) == (print_it, 5, 2)
    with pytest.raises(UnknownJobError):
        kind_of("sing")


def test_a_name_is_given_once_but_a_module_may_be_read_again() -> None:
    def one(_work: object) -> None: ...

    def two(_work: object) -> None: ...

    job("print")(one)
    job("print")(one)
    with pytest.raises(ValueError, match="Two jobs are called print"):
        job("print")(two)


def test_a_periodic_job_has_a_time_of_day_or_a_span() -> None:
    @periodic("tidy", at="03:15", attempts=1)
    def tidy(_work: object) -> None: ...

    assert kind_of("tidy").attempts == 1
    assert [table.name for table in timetables()] == ["tidy"]
    for wrong in ({}, {"at": "03:15", "every": timedelta(hours=1)}):
        with pytest.raises(ValueError, match="not both"):
            periodic("more", **wrong)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (datetime(2026, 11, 24, 3, 14, tzinfo=UTC), datetime(2026, 11, 23, 3, 15, tzinfo=UTC)),
        (datetime(2026, 11, 24, 3, 15, tzinfo=UTC), datetime(2026, 11, 24, 3, 15, tzinfo=UTC)),
        (datetime(2026, 7, 1, 2, 20, tzinfo=UTC), datetime(2026, 7, 1, 2, 15, tzinfo=UTC)),  # summer time
        (datetime(2026, 3, 29, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 2, 15, tzinfo=UTC)),  # the clocks go on
        (datetime(2026, 10, 25, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 3, 15, tzinfo=UTC)),  # and back
    ],
)
def test_a_time_of_day_is_the_one_people_here_have(moment: datetime, due: datetime) -> None:
    assert Timetable("tidy", at=time(3, 15)).last_due(moment) == due


def test_a_span_begins_at_the_same_moments_for_everybody() -> None:
    table = Timetable("look", every=timedelta(minutes=5))
    assert table.last_due(datetime(2026, 11, 24, 9, 34, 59, tzinfo=UTC)) == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert table.last_due(datetime(2026, 11, 24, 9, 35, tzinfo=UTC)) == datetime(2026, 11, 24, 9, 35, tzinfo=UTC)
