from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assess.cli import banks, main
from assess.core import clock
from assess.core.db import Database
from assess.question_banks.editions import current_edition, seed_and_publish
from assess.question_banks.json_schema import json_schema
from tests.content_files import SOUND
from tests.identity.accounts_factory import a_person


@pytest.fixture(autouse=True)
def installation(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    """An installation with an empty database and the sound folder."""
    monkeypatch.setenv("ASSESS_ENV", "development")
    monkeypatch.setenv("ASSESS_DATABASE_URL", database_url)
    begin_with(monkeypatch, SOUND)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 9, 30, tzinfo=UTC))


def begin_with(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Have the release bring this folder."""
    monkeypatch.setattr(banks, "seed_and_publish", partial(seed_and_publish, seed=folder))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["banks", *words], catch_exceptions=False)


def test_publishing_says_what_it_did(database: Database) -> None:
    first = run("publish")
    assert first.exit_code == 0
    with database.reading() as session:
        digest = current_edition(session, "shop").ref.digest
    assert first.output == f"Published shop, edition 1 ({digest[:12]}).\n"
    assert run("publish").output == "Nothing to publish: every bank is as its latest edition.\n"


def test_a_bank_with_problems_is_refused_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_with(monkeypatch, changed(tmp_path, "shop.yaml", "bank: shop", "bank: shops"))
    result = run("publish")
    assert result.exit_code == 1
    assert "Refused shop; its latest edition stays.\nshop.yaml:2: BANK014" in result.stderr


def test_broken_settings_refuse_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = changed(tmp_path, "settings/scoring.yaml", "value: 0.8", "value: 8")
    begin_with(monkeypatch, folder)
    result = run("publish")
    assert result.exit_code == 1
    assert "settings/scoring.yaml:12: BANK074" in result.stderr


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the sound folder with one change."""
    for path in SOUND.rglob("*.yaml"):
        copy = folder / path.relative_to(SOUND)
        copy.parent.mkdir(exist_ok=True)
        text = path.read_text(encoding="utf-8")
        copy.write_text(text.replace(old, new, 1) if str(path.relative_to(SOUND)) == name else text, encoding="utf-8")
    return folder


def test_an_edition_can_be_withdrawn() -> None:
    run("publish")
    assert run("withdraw", "shop", "1").output == "Withdrew shop, edition 1.\n"
    assert "Nothing to publish" in run("publish").output
    gone = run("withdraw", "shop", "2")
    assert (gone.exit_code, gone.stderr) == (1, "Error: There is no edition 2 of “shop”.\n")


def test_settings_that_do_not_hold_together_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESS_ENV", "nowhere")
    result = run("publish")
    assert result.exit_code == 1
    assert "The settings do not hold together." in result.stderr


def test_banks_are_pulled_changed_and_pushed_into_a_draft(tmp_path: Path, database: Database) -> None:
    run("publish")
    with database.writing() as session:
        a_person(session, "ann@desk.example", desk="coordinator")
    assert "Wrote shop.yaml.\n" in run("pull", "--into", str(tmp_path)).output
    assert run("pull", "--into", str(tmp_path)).output == "Nothing to write: the files are those in force.\n"
    words = ("push", str(tmp_path), "--title", "New words", "--by", "Ann@desk.example")
    assert run(*words).output == "Nothing to push: the files are those in force.\n"
    (tmp_path / "owners.yaml").write_text("format: 1\nowners: {owner: The owner}\n", encoding="utf-8")
    assert run(*words).output == "Began the draft “New words” with owners.yaml.\n"
    again = run(*words)
    assert (again.exit_code, again.stderr) == (1, "Error: owners.yaml is being changed in another draft.\n")
    refused = run("pull", "--into", str(tmp_path))
    assert refused.exit_code == 1
    assert "pulling would write over changes" in refused.stderr
    assert "Wrote owners.yaml." in run("pull", "--into", str(tmp_path), "--force").output


def test_bad_input_of_pull_and_push_is_said_in_one_sentence(tmp_path: Path) -> None:
    run("publish")
    nobody = run("push", str(tmp_path), "--title", "New", "--by", "nobody@desk.example")
    assert (nobody.exit_code, "No coordinator has this email address." in nobody.stderr) == (2, True)
    assert run("push", str(tmp_path / "gone"), "--title", "New", "--by", "a@b.example").exit_code == 2
    assert run("push", str(tmp_path), "--title", " ", "--by", "a@b.example").exit_code == 2
    (tmp_path / "shop.yaml").write_bytes(b"x" * 2_000_000)
    assert run("pull", "--into", str(tmp_path)).exit_code == 1


def test_the_schema_of_the_files_is_printed() -> None:
    result = CliRunner().invoke(main, ["banks", "schema"], catch_exceptions=False)
    assert json.loads(result.output) == json_schema()


def test_files_that_cannot_be_read_are_refused_with_their_line_before_any_draft_is_begun(tmp_path: Path) -> None:
    folder = tmp_path / "banks"
    folder.mkdir()
    (folder / "shop.yaml").write_text("format: 1\nbank: [" + "1," * 30_000 + "1]\n", encoding="utf-8")
    refused = run("push", str(folder), "--title", "New", "--by", "nobody@desk.example")
    assert refused.exit_code == 1
    assert "shop.yaml:2: BANK002" in refused.output
    assert "More than 20,000 keys and values" in refused.output
