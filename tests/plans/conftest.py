"""A business that has submitted, and a browser that may see it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from assess.assessments.links import make_buyer_link, make_resume_link
from assess.assessments.services import AssessmentContent, start_assessment
from assess.assessments.submissions import submit_assessment
from assess.core.config import Settings
from assess.core.db import database
from assess.core.jobs.worker import run_due_jobs
from assess.plans.actions import action_list_of
from assess.plans.copies import business_record
from assess.question_banks.editions import current_edition
from tests.plans.records import Record, scenario


@dataclass(frozen=True)
class Submitted:
    """A submitted assessment: where its pages are, its record, and a link for a buyer."""

    id: uuid.UUID
    record: Record
    submission_id: int
    buyer_token: str

    @property
    def address(self) -> str:
        return f"/assessments/{self.id}"

    def number(self, key: str) -> int:
        """The number under which the plan has the item with this key."""
        return next(item.number for item in action_list_of(business_record(self.record)).items if item.key == key)

    def item(self, key: str) -> str:
        """The address of that item: it has the number and never the key."""
        return f"{self.address}/result/actions/{self.number(key)}"


def submit_record(app: Flask, visit: Any, record: Record, now: datetime) -> Submitted:
    """Store this record as a submission and let the browser in by its link."""

    def build(_said: AssessmentContent) -> Record:
        return record

    with app.app_context(), database().writing() as session:
        edition = current_edition(session, record["edition"]["bank"])
        assert edition is not None
        found = start_assessment(session, edition.id, quick=record["quick"], now=now)
        submission = submit_assessment(session, found.id, build, now)
        link = make_resume_link(session, found.id, now)
        buyer = make_buyer_link(session, submission, now)
        made = Submitted(found.id, record, submission.id, buyer.token)
    visit(f"/r/{link.token}")
    visit.send(follow=False)
    return made


@pytest.fixture
def work_off(app: Flask, settings: Settings) -> Callable[[], int]:
    """Do all background work that is due, as a worker would; returns how many jobs ran."""
    return lambda: run_due_jobs(app.extensions["assess.database"], settings, app.config["CLOCK"])


SHORT = ("car_washes", "car_washes low")
"""The scenario with the shortest plan. Where a file is printed only to be there: `parametrize("which", [SHORT], indirect=True)`."""


@pytest.fixture
def which(request: pytest.FixtureRequest) -> tuple[str, str]:
    """The scenario that is submitted: a medium farm, unless a test says otherwise."""
    found: tuple[str, str] = getattr(request, "param", ("farming", "farming medium"))
    return found


@pytest.fixture
def submitted(app: Flask, visit: Any, now: datetime, which: tuple[str, str]) -> Submitted:
    """A medium farm, submitted, and the browser of whoever filled it in."""
    return submit_record(app, visit, scenario(*which), now)
