from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from assess import create_app
from assess.assessments.links import check_pin, find_buyer_link, find_resume_link
from assess.assessments.models import Assessment, BuyerLink, Submission
from assess.assessments.submitting import is_intact
from assess.cli.demo import FIRMS, DatabaseNotFreshError, command, fill
from assess.kit.config import Settings
from assess.kit.db import Database


def test_ten_invented_firms_stand_at_different_stages_and_every_link_opens(
    banks_url: str, tmp_path: Path, now: Any
) -> None:
    settings = Settings(env="development", database_url=banks_url, data_folder=tmp_path)
    database = Database(banks_url)
    told = {one.firm.name: one for one in fill(database, settings, now)}
    with database.reading() as session:
        submissions = list(session.scalars(select(Submission)))
        assert len(list(session.scalars(select(Assessment)))) == len(FIRMS) == 10
        assert {one.sector for one in submissions} == {"farming", "car_washes", "hospitality"}
        assert {one.band for one in submissions} == {"low", "medium", "critical", "not_rated"}
        assert {one.stage for one in told.values()} == {
            "submitted", "submitted, corrected", "submitted, being corrected", "being filled in"
        }  # fmt: skip
        assert all(is_intact(one) and one.made_at < now for one in submissions)
        for one in told.values():
            link = find_resume_link(session, one.resume)
            check_pin(link, one.firm.pin, lambda: None)
            for _note, token in one.buyers:
                assert find_buyer_link(session, token, now + timedelta(days=15))
        assert any(one.ended_at for one in session.scalars(select(BuyerLink)))
    with pytest.raises(DatabaseNotFreshError):
        fill(database, settings, now)
    database.close()
    app = create_app(settings, prepared=True)
    app.config["CLOCK"] = lambda: now
    for one in told.values():
        assert app.test_client().get(f"/r/{one.resume}").status_code == 200
        for _note, token in one.buyers:
            assert app.test_client().get(f"/b/{token}").status_code == 200
    app.extensions["assess.database"].close()


def test_invented_firms_stay_out_of_production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ASSESS_ENV": "production", "ASSESS_SECRET_KEY": "4f0c9a7be2d815636a1d7c80f95be243", "ASSESS_PUBLIC_URL": "https://assess.example.org",
        "ASSESS_OPERATOR_NAME": "x", "ASSESS_OPERATOR_CONTACT": "x",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(command, [])
    assert result.exit_code == 1
    assert "no place in production" in result.output


ONE_FIRM = "from assess.cli import demo; demo.FIRMS = demo.FIRMS[5:6]; demo.command()"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_command_prints_the_links_once_and_refuses_a_second_time(
    banks_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first time in a process of its own: there it finds only what it reads itself."""
    monkeypatch.setenv("ASSESS_ENV", "development")
    monkeypatch.setenv("ASSESS_DATABASE_URL", banks_url)
    monkeypatch.setenv("ASSESS_DATA_FOLDER", str(tmp_path))
    first = subprocess.run([sys.executable, "-c", ONE_FIRM], capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    assert "Station Yard Valeting: submitted\n  http://localhost:5000/r/" in first.stdout
    assert "(PIN 4711)" in first.stdout
    second = CliRunner().invoke(command, [])
    assert second.exit_code == 1
    assert "Name a fresh one" in second.output
