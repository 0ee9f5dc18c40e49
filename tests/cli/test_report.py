from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from assess.app import create_app
from assess.assessments.links import check_pin, find_buyer_link, find_resume_link
from assess.assessments.models import Assessment, BuyerLink, Submission
from assess.assessments.submissions import is_intact
from assess.cli import main, report
from assess.cli.demo import FIRMS, DatabaseNotEmptyError, command, fill_database
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.documents import printing
from assess.core.documents.printing import PdfRenderError, PdfRendererUnavailableError
from assess.core.fonts import cache_folder
from assess.plans.copies import COPIES
from tests.plans.records import answers_of

DAY = "2026-11-24"


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """The answers file of a careful farm."""
    path = tmp_path / "farm.json"
    said: dict[str, Any] = {"sector": "farming", "answers": answers_of("farming", "farming low")}
    said["organisation"] = {"name": "Fen Edge Growers Ltd", "area": "norfolk"}
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


def printed(file: Path, output: Path, *more: str) -> Result:
    return CliRunner().invoke(
        main, ["report", str(file), "-o", str(output), "--today", DAY, *more], catch_exceptions=False
    )


def title_of(path: Path) -> str:
    with pikepdf.open(path) as file:
        return str(file.docinfo["/Title"])


@pytest.mark.parametrize(
    ("more", "title"),
    [
        ((), "Action plan for Fen Edge Growers Ltd"),
        (("--copy", "wall"), "If you work here: Fen Edge Growers Ltd"),
        (("--copy", "coordinator"), "Coordinator’s copy for Fen Edge Growers Ltd"),
    ],
)
def test_a_copy_is_printed_with_the_name_of_the_business(
    answers: Path, tmp_path: Path, more: tuple[str, ...], title: str
) -> None:
    """What was asked for, or what comes unasked. That every copy has its title is seen where copies are printed."""
    done = printed(answers, tmp_path / "plan.pdf", *more)
    assert (done.exit_code, done.output) == (0, "")
    assert title_of(tmp_path / "plan.pdf") == f"{title}, 24 November 2026"
    assert [path.name for path in tmp_path.iterdir()].count("plan.pdf") == 1
    assert not list(tmp_path.glob(".plan.pdf*"))


def test_every_copy_there_is_can_be_asked_for() -> None:
    (option,) = (one for one in report.command.params if one.name == "copy")
    assert tuple(option.type.choices) == COPIES  # type: ignore[attr-defined]  # it is a choice


def test_it_runs_as_people_type_it_and_gives_the_same_bytes_as_another_time(answers: Path, tmp_path: Path) -> None:
    words = [str(answers), "-o", "one.pdf", "--copy", "buyer", "--today", DAY]
    command = [sys.executable, "-c", "from assess.cli import main; main()", "report", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert printed(answers, tmp_path / "two.pdf", "--copy", "buyer").exit_code == 0
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()


def test_a_file_without_a_name_gets_a_plan_all_the_same(answers: Path, tmp_path: Path) -> None:
    said = json.loads(answers.read_text(encoding="utf-8"))
    del said["organisation"]
    answers.write_text(json.dumps(said), encoding="utf-8")
    assert printed(answers, tmp_path / "plan.pdf", "--copy", "buyer").exit_code == 0
    assert title_of(tmp_path / "plan.pdf").startswith("Buyer copy for Your business")


def test_each_fault_of_the_answers_is_one_sentence_and_nothing_is_written(answers: Path, tmp_path: Path) -> None:
    answers.write_text(
        '{"sector": "farming", "answers": {"core_documents": "nobody", "core_lead": 7}}', encoding="utf-8"
    )
    done = printed(answers, tmp_path / "plan.pdf")
    assert done.exit_code == 2
    faults = done.stderr.strip().splitlines()
    assert len(faults) == 2
    assert all(fault.startswith(f"{answers}: ") and fault.endswith(".") for fault in faults)
    assert not (tmp_path / "plan.pdf").exists()


def test_a_file_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    done = printed(tmp_path / "none.json", tmp_path / "plan.pdf")
    assert done.exit_code == 2
    assert done.stderr == f"{tmp_path}/none.json: The file cannot be read: No such file or directory.\n"


def test_a_place_that_cannot_be_written_is_named_and_an_older_file_stays(answers: Path, tmp_path: Path) -> None:
    done = printed(answers, tmp_path / "no" / "plan.pdf", "--copy", "buyer")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"{tmp_path}/no/plan.pdf: the file cannot be written: ")


@pytest.mark.parametrize("arguments", [["--copy", "everybody"], ["--today", "soon"], ["--nonsense"]])
def test_a_mistyped_option_is_refused_and_explained(answers: Path, tmp_path: Path, arguments: list[str]) -> None:
    done = printed(answers, tmp_path / "plan.pdf", *arguments)
    assert done.exit_code == 2
    assert "Error: " in done.stderr


def test_banks_that_cannot_be_read_are_said_with_their_place(
    answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "questionnaires"
    folder.mkdir()
    (folder / "farming.yaml").write_text("format: [", encoding="utf-8")
    monkeypatch.setattr(report, "QUESTIONNAIRES", folder)
    done = printed(answers, tmp_path / "plan.pdf")
    assert done.exit_code == 2
    assert done.stderr.startswith("farming.yaml") or "farming.yaml" in done.stderr


@pytest.mark.parametrize(
    "error", [PdfRendererUnavailableError("Install this package."), PdfRenderError("The press ended with 1.")]
)
def test_a_machine_that_cannot_print_says_why_in_one_sentence(
    answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any) -> bytes:
        raise error

    monkeypatch.setattr(report, "render_pdf", fail)
    done = printed(answers, tmp_path / "plan.pdf")
    assert (done.exit_code, done.stderr) == (1, f"{error}\n")
    assert not (tmp_path / "plan.pdf").exists()


def test_a_busy_pdf_renderer_is_told(answers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "render_pdf", partial(printing.render_pdf, timeouts=printing.RenderTimeouts(0.1, 20)))
    folder = cache_folder()
    with (folder / "pdf-slot-0.lock").open("ab") as first, (folder / "pdf-slot-1.lock").open("ab") as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        fcntl.flock(second, fcntl.LOCK_EX)
        done = printed(answers, tmp_path / "plan.pdf")
    assert (done.exit_code, done.stderr) == (1, f"{report.BUSY_MESSAGE}\n")


def test_the_operator_on_the_plan_is_the_one_of_the_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESS_OPERATOR_NAME", "The Network")
    monkeypatch.setenv("ASSESS_OPERATOR_CONTACT", "help@network.example")
    assert report._operator().name == "The Network"
    assert report._operator().contact == "help@network.example"
    monkeypatch.delenv("ASSESS_OPERATOR_NAME")
    assert report._operator().name


def test_ten_invented_firms_stand_at_different_stages_and_every_link_opens(
    banks_url: str, tmp_path: Path, now: Any
) -> None:
    settings = Settings(env="development", database_url=banks_url, data_folder=tmp_path)
    database = Database(banks_url)
    told = {one.firm.name: one for one in fill_database(database, settings, now)}
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
    with pytest.raises(DatabaseNotEmptyError):
        fill_database(database, settings, now)
    database.close()
    app = create_app(settings, prepared=True)
    app.config["CLOCK"] = lambda: now
    for one in told.values():
        assert app.test_client().get(f"/r/{one.resume}").status_code == 200
        for _note, token in one.buyers:
            # what was shared before a correction says at once that it shows nothing
            wanted = 404 if one.stage == "submitted, corrected" else 200
            assert app.test_client().get(f"/b/{token}").status_code == wanted
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
