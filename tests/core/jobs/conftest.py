from __future__ import annotations

import pytest

import assess.assessments.models  # noqa: F401  # a job hangs on the table of assessments
from assess.core.config import Settings
from assess.core.jobs import services as jobs_services


@pytest.fixture(autouse=True)
def own_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    monkeypatch.setattr(jobs_services, "_job_types", {})


@pytest.fixture
def plain_settings(database_url: str) -> Settings:
    return Settings(env="development", database_url=database_url)
