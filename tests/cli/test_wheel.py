"""The wheel that HEAD makes, installed where nothing else of the repository can be seen."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup

from tests.cli.test_serve import served
from tests.plans.records import answers_of

ROOT = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
OFFLINE = ["--no-index", "--no-deps"]


def output_of(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from what is committed, without npm and without a network."""
    if not (ROOT / ".git").exists():
        pytest.skip("what is committed is known to git alone")
    folder = tmp_path_factory.mktemp("build")
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder / "clone", filter="data")
    output_of(*PIP, "wheel", *OFFLINE, "--no-build-isolation", "-w", folder, folder / "clone")
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def binaries(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of an environment that has the wheel, and by a `.pth` file the packages that it needs.

    Such a file adds a folder to the path and reads none of the `.pth` files in it, so that of an editable installation does nothing.
    """
    home = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(home, symlinks=True)
    python = home / "bin" / "python"
    output_of(*PIP, "--python", python, "install", *OFFLINE, wheel)
    ours = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    (packages,) = home.glob("lib/*/site-packages")
    (packages / "needed.pth").write_text("".join(f"{path}\n" for path in sorted(ours)))
    return home / "bin"


@pytest.fixture
def run(binaries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a command of the environment in an empty folder."""
    for name in [name for name in os.environ if name.startswith("ASSESS_")] + ["PYTHONPATH"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda command, *words: output_of(binaries / command, *words)


def test_the_wheel_holds_every_committed_file_of_the_package_and_both_licences(wheel: Path) -> None:
    folders = ("assess", "templates", "questionnaires")
    committed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "HEAD", *folders], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    held = zipfile.ZipFile(wheel).namelist()
    about = next(name for name in held if name.endswith(".dist-info/METADATA")).removesuffix("METADATA")
    expected = {name if name.startswith("assess/") else f"assess/{name}" for name in committed}
    assert {name for name in held if not name.startswith(about)} == expected
    licences = {name.removeprefix(f"{about}licenses/") for name in held if name.startswith(f"{about}licenses/")}
    assert licences == {"LICENSE", "assess/core/static/vendor/LICENSE"}


def test_the_installed_commands_work_in_an_empty_folder(
    run: Callable[..., str], binaries: Path, tmp_path: Path
) -> None:
    asked = "import assess, sys; from assess.question_banks.files import QUESTIONNAIRES as q; print(assess.__file__, q, *sys.path, sep='\\n')"
    code, banks, *path = run("python", "-c", asked).splitlines()
    (packages,) = binaries.parent.glob("lib/*/site-packages")
    assert Path(code) == packages / "assess" / "__init__.py"
    assert Path(banks) == packages / "assess" / "questionnaires"
    assert str(ROOT) not in path
    assert "assess" in run("assess", "--version")
    assert run("assess", "check", banks).startswith("No problems in ")

    farm = {"sector": "farming", "answers": answers_of("farming", "farming low"), "organisation": {"name": "Fen Edge"}}
    (tmp_path / "farm.json").write_text(json.dumps(farm))
    assert json.loads(run("assess", "score", "farm.json"))["band"]
    run("assess", "report", "farm.json", "-o", "plan.pdf")
    with pikepdf.open(tmp_path / "plan.pdf") as plan:
        assert str(plan.docinfo["/Title"]).startswith("Action plan for Fen Edge")
        assert len(plan.pages) > 1


def test_the_installed_site_serves_its_pages_and_static_files(
    run: Callable[..., str], binaries: Path, tmp_path: Path
) -> None:
    assert run("python", "-c", "import assess; print(assess.__file__)").startswith(str(binaries.parent))
    few = {"ASSESS_WORKERS": "1", "ASSESS_JOB_WORKERS": "0"}
    with served(tmp_path, command=str(binaries / "assess"), **few) as (address, _):
        with urllib.request.urlopen(f"{address}/start?bank=farming", timeout=30) as answer:
            page = BeautifulSoup(answer.read(), "html.parser")
        assert page.select_one("input[name=csrf_token]") is not None
        style = next(link["href"] for link in page.select("link[rel=stylesheet]") if "vendor" in link["href"])
        with urllib.request.urlopen(f"{address}{style}", timeout=30) as answer:
            assert answer.status == 200
            assert b".govuk-link" in answer.read()
