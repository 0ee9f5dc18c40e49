"""The web components that are committed, and the script that writes them."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assess.core.pages import STATIC_FOLDER

ROOT = Path(__file__).parents[2]
VENDOR = STATIC_FOLDER / "vendor"
CSS = (
    "/*! Copyright of a typeface */@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
    ".govuk-link{font-family:GDS Transport,arial,sans-serif;color:#000}"
    ".govuk-footer__crown{margin-bottom:25px}"
    ".govuk-footer__copyright-logo{padding-top:112px;background-image:url(/assets/images/govuk-crest.svg);text-align:center}"
    "/*# sourceMappingURL=govuk-frontend.min.css.map */"
)
SCRIPT = "export{a};//# sourceMappingURL=a.js.map\n"


def made_from(package: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / ".ci" / "components", package, folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    built = tmp_path / "package" / "dist" / "govuk"
    built.mkdir(parents=True)
    (built / "govuk-frontend.min.css").write_text(CSS)
    (built / "govuk-frontend.min.js").write_text(SCRIPT)
    return tmp_path / "package"


def test_the_style_sheet_loses_typeface_crest_and_crown_and_keeps_the_rest(package: Path, tmp_path: Path) -> None:
    assert made_from(package, tmp_path).returncode == 0
    css = (tmp_path / "govuk-frontend.css").read_text()
    assert re.fullmatch(
        r"\.govuk-link\{font-family:system-ui,[^;]*,sans-serif;color:#000\}"
        r"\.govuk-footer__copyright-logo\{padding-top:112px;text-align:center\}\n",
        css,
    )


def test_the_script_loses_the_pointer_to_its_map(package: Path, tmp_path: Path) -> None:
    assert made_from(package, tmp_path).returncode == 0
    assert (tmp_path / "govuk-frontend.js").read_text() == "export{a};\n"


def test_a_style_sheet_that_brings_something_unknown_is_refused(package: Path, tmp_path: Path) -> None:
    (package / "dist" / "govuk" / "govuk-frontend.min.css").write_text(".header__tudor{color:red}")
    made = made_from(package, tmp_path)
    assert (made.returncode, "tudor" in made.stderr) == (1, True)
    assert not (tmp_path / "govuk-frontend.css").exists()


def test_a_missing_package_is_said_in_one_sentence(tmp_path: Path) -> None:
    made = made_from(tmp_path / "nowhere", tmp_path)
    assert made.returncode == 1
    assert made.stderr.endswith("Run: make components\n")
    assert "Traceback" not in made.stderr


def test_what_is_committed_holds_no_mark_of_the_government_and_fetches_nothing() -> None:
    for name in ("govuk-frontend.css", "govuk-frontend.js"):
        text = (VENDOR / name).read_text(encoding="utf-8")
        assert not re.search(r"GDS Transport|crest|crown|tudor|url\(", text, re.IGNORECASE), name
        assert "sourceMappingURL" not in text
        assert not re.search(r"@import|\bfetch\(|XMLHttpRequest", text)
    assert not list(VENDOR.rglob("*.woff*")) + list(VENDOR.rglob("*.png"))


def test_what_is_committed_is_what_the_script_wrote_of_the_locked_release() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]["govuk-frontend"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]["node_modules/govuk-frontend"]["version"]
    css, script = ((VENDOR / f"govuk-frontend.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    said = [*re.findall(r'--govuk-frontend-version:"(.+?)"', css), *re.findall(r'const version="(.+?)"', script)]
    assert [locked, *said] == [wanted] * 3
    digests = dict(line.split("  ")[::-1] for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    assert digests == {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in digests}
    assert {path.name for path in VENDOR.iterdir()} == {*digests, "SHA256SUMS", "LICENSE"}
