from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from assess.kit.jobs.registry import Timetable, UnknownJobError, install_jobs, job, kind_of, timetables


def nothing(_work: object) -> None: ...


def test_a_job_is_known_by_its_name_with_its_limits() -> None:
    install_jobs([job("print", nothing, seconds=5, attempts=2)])
    kind = kind_of("print")
    assert (kind.run, kind.seconds, kind.attempts, kind.timetable) == (nothing, 5, 2, None)
    with pytest.raises(UnknownJobError):
        kind_of("sing")


def test_a_name_is_given_once_and_a_new_list_takes_the_place_of_the_old_one() -> None:
    with pytest.raises(ValueError, match="Two jobs are called print"):
        install_jobs([job("print", nothing), job("print", nothing)])
    install_jobs([job("print", nothing)])
    install_jobs([job("sing", nothing)])
    with pytest.raises(UnknownJobError):
        kind_of("print")


def test_a_job_that_is_due_by_itself_has_a_time_of_day_or_a_span() -> None:
    install_jobs(
        [
            job("tidy", nothing, at="03:15", attempts=1),
            job("look", nothing, every=timedelta(minutes=5)),
            job("x", nothing),
        ]
    )
    assert kind_of("tidy").attempts == 1
    assert [table.name for table in timetables()] == ["look", "tidy"]
    with pytest.raises(ValueError, match="not both"):
        job("more", nothing, at="03:15", every=timedelta(hours=1))


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
