from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from assess.plans.actions import register_of
from assess.plans.copies import with_ordinary
from assess.plans.printing import render as rendering
from assess.plans.printing.fonts import FACES, cache_folder, faces_are_made, font_config
from assess.plans.printing.pdf import to_pdf
from assess.plans.printing.press import printed_copy
from assess.plans.printing.render import (
    Patience,
    PressBusyError,
    PressUnfitError,
    PrintingFailedError,
    make_faces_beside,
    render,
    render_page,
)
from assess.plans.register.state import ItemState
from tests.plans.printed import printed
from tests.plans.records import scenario


def test_another_process_prints_the_same_bytes_as_this_one() -> None:
    record = scenario("farming", "farming low")
    assert render(record, "business") == printed("farming low")


def test_a_finished_page_is_printed_by_the_press_too() -> None:
    html = '<html lang="en-GB"><head><title>Paper</title></head><body><h1>Paper</h1></body></html>'
    assert render_page(html) == to_pdf(html)


def test_a_broken_record_fails_and_leaves_nothing() -> None:
    with pytest.raises(PrintingFailedError, match="ended with 1"):
        render({"format": 1}, "business")


def test_what_the_machine_lacks_is_told_in_the_words_of_the_press(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assess").mkdir()
    (tmp_path / "assess" / "press-0.lock").touch()
    (tmp_path / "assess" / "press-1.lock").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    blocked = tmp_path / "assess" / f"fonts-{fonts_version()}"
    blocked.write_text("not a folder")
    with pytest.raises(PressUnfitError, match="The fonts of the PDF could not be made"):
        render(scenario("farming", "farming low"), "buyer")


def fonts_version() -> str:
    from importlib.metadata import version  # noqa: PLC0415  # only here

    from assess.plans.printing.fonts import RECIPE  # noqa: PLC0415  # only here

    return f"{version('fontpkg-noto-sans')}-{version('fonttools')}-{RECIPE}"


def test_a_third_has_to_wait_and_is_told_so() -> None:
    folder = cache_folder()
    with (folder / "press-0.lock").open("ab") as first, (folder / "press-1.lock").open("ab") as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        fcntl.flock(second, fcntl.LOCK_EX)
        with pytest.raises(PressBusyError):
            render(scenario(), "buyer", patience=Patience(0.3, 20))


def test_a_press_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_GRACE", -19.99)
    with pytest.raises(PrintingFailedError, match="did not end in time"):
        render(scenario(), "wall", patience=Patience(5, 20))


def test_a_press_that_is_ended_by_its_own_alarm_has_failed() -> None:
    endless = scenario()
    endless["sections"] *= 30
    with pytest.raises(PrintingFailedError, match="ended with -14"):
        render(endless, "business", patience=Patience(5, 1))


def test_the_state_of_the_register_is_printed() -> None:
    """On a wall, which is printed fastest; the other copies have it from the same child."""
    record = scenario("farming", "farming medium")
    action = next(item for item in register_of(with_ordinary(record)).ordinary if item.what == "action")
    state = {action.key: ItemState(response="accepted", status="done", revision=1)}
    made = render(record, "wall", state)
    assert made == printed_copy(record, "wall", state) != printed("farming medium", "wall")


@pytest.mark.parametrize("made", [b"", b"%PDF-1.7 and then nothing", b"%PDF-1.7" + b"x" * 21 * 1024 * 1024 + b"%%EOF"])
def test_half_a_file_or_a_flood_is_no_file(made: bytes) -> None:
    assert not rendering._is_whole(made)


def test_the_child_is_told_nothing_that_guards_or_opens_anything() -> None:
    ours = {
        "PATH": "/bin",
        "ASSESS_SECRET_KEY": "s3cret",
        "ASSESS_DATABASE_URL": "postgresql://u:p@h/d",
        "PGPASSWORD": "x",
    }
    theirs = rendering._environment(ours)
    assert theirs["PATH"] == "/bin"
    assert not [name for name in theirs if name.startswith(("ASSESS", "PG"))]
    assert "s3cret" not in str(theirs)


def test_a_child_that_writes_no_whole_file_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "_is_whole", lambda _made: False)
    with pytest.raises(PrintingFailedError, match="no whole file"):
        render(scenario("farming", "farming low"), "wall")


def test_a_worker_that_starts_has_the_faces_made_and_does_not_wait_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are to the byte those that this machine has already: faces made twice are the same."""
    ours = font_config().parent
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert not faces_are_made()
    begun = make_faces_beside()
    assert begun.is_alive()
    assert begun.daemon
    begun.join(300)
    assert faces_are_made()
    assert font_config().parent != ours
    for face in FACES:
        name = f"noto-sans-{face}.ttf"
        assert (font_config().parent / name).read_bytes() == (ours / name).read_bytes()
    monkeypatch.setattr(rendering.subprocess, "run", None)  # whoever made them again would stumble
    make_faces_beside().join(5)


def test_faces_that_cannot_be_made_are_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "assess").mkdir()
    (tmp_path / "assess" / f"fonts-{fonts_version()}").write_text("not a folder")
    make_faces_beside().join(60)
    assert "The fonts of the PDF could not be made" in capsys.readouterr().out
