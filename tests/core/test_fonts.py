"""The two faces of the printed documents: what is in them, where they are kept, and what is said when they cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from assess.core import fonts
from assess.core.fonts import FontsUnavailableError, cache_folder, fontconfig_file


@pytest.fixture(scope="module")
def config() -> Path:
    """The faces of this machine, made by whichever test comes first."""
    return fontconfig_file()


def test_there_are_two_static_faces_of_one_family(config: Path) -> None:
    for face, weight in fonts.FONT_WEIGHTS.items():
        font = TTFont(config.parent / f"noto-sans-{face}.ttf")
        assert "fvar" not in font
        assert font["OS/2"].usWeightClass == weight
        assert font["name"].getDebugName(1) == "Noto Sans"
        assert font["name"].getDebugName(2) == face.title()


def test_the_faces_have_the_letters_of_the_languages_spoken_here(config: Path) -> None:
    letters = TTFont(config.parent / "noto-sans-regular.ttf").getBestCmap()
    for text in (
        "Zażółć gęślą jaźń",
        "Șoseaua împărăției",
        "Жълтият щъркел",
        "Ąžuolas ėjo",
        "Ελληνικά",
        "Tiếng Việt",
        "÷×−“”’·",
    ):
        assert [letter for letter in text if ord(letter) not in letters] == []


def test_fontconfig_is_shown_our_folder_and_no_other(config: Path) -> None:
    text = config.read_text(encoding="utf-8")
    assert text.count("<dir>") == 1
    assert f"<dir>{config.parent}</dir>" in text


def test_what_is_there_is_not_made_again(config: Path) -> None:
    before = config.stat().st_mtime_ns
    assert fontconfig_file() == config
    assert config.stat().st_mtime_ns == before


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with pytest.raises(FontsUnavailableError, match="could not be made in"):
        fontconfig_file(in_the_way)


def test_a_font_package_without_fonts_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fontpkg_noto_sans.ROOT", tmp_path)
    with pytest.raises(FontsUnavailableError, match="fontpkg-noto-sans"):
        fontconfig_file(tmp_path / "cache")


def test_the_cache_is_the_users_own_or_a_private_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine" / "assess"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "assess"
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    folder = cache_folder()
    assert folder.parent.parent == tmp_path
    assert folder.stat().st_mode & 0o077 == 0


def test_without_any_folder_it_is_said_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(in_the_way))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(in_the_way))
    with pytest.raises(FontsUnavailableError, match="XDG_CACHE_HOME"):
        cache_folder()
