"""The code itself: sizes and words. Each rule is one test that goes through all files."""

from __future__ import annotations

import ast
import importlib
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
CODE = ROOT / "assess"
TESTS = ROOT / "tests"
ROOMS = sorted(path.name for path in CODE.iterdir() if (path / "__init__.py").exists())
LONGEST_MODULE = 900
"""A module near 800 lines becomes a package of the same name."""
LEFT_TO_DO = re.compile(r"\b(TODO|FIXME|XXX)\b")


def modules(folder: Path) -> Iterator[Path]:
    """Every Python file of a folder, generated migrations left out."""
    for path in sorted(folder.rglob("*.py")):
        if "versions" not in path.parts and "node_modules" not in path.parts:
            yield path


def test_no_module_is_longer_than_a_person_reads_at_once() -> None:
    long = [
        str(path.relative_to(ROOT))
        for path in (*modules(CODE), *modules(TESTS))
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_MODULE
    ]
    assert long == []


def test_benchmarks_import_only_what_exists() -> None:
    """They are run by hand, so nothing else would notice a name that moved."""
    for path in modules(ROOT / "benchmarks"):
        importlib.import_module(f"benchmarks.{path.stem}")


def test_every_room_opens_with_what_it_is_for() -> None:
    for room in ROOMS:
        said = ast.get_docstring(ast.parse((CODE / room / "__init__.py").read_text(encoding="utf-8")))
        assert said is not None, f"assess/{room} has no docstring"
        assert len(re.findall(r"[.!?](?:\s|$)", said)) >= 3, (
            f"assess/{room}: purpose, what it must never do, where to begin"
        )


def test_templates_have_no_folder_that_is_not_a_room() -> None:
    assert {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()} <= set(ROOMS)


def test_the_readme_names_every_room() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [room for room in ROOMS if f"`assess/{room}/`" not in readme] == []


def test_every_exclusion_of_the_linter_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text[text.index("[tool.ruff.lint]") : text.index("[tool.ruff.lint.pydocstyle]")]
    bare = [line for line in block.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line) and "#" not in line]
    assert bare == []
    assert tomllib.loads(text)["tool"]["ruff"]["lint"]["select"] == ["ALL"]


def test_every_silenced_warning_has_its_reason() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in modules(CODE)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"# (noqa|type: ignore)(?!.*  ?(#|–|-) ?\w)", line)
    ]
    assert bare == [], "write: # noqa: S603  # why"


def test_only_the_clock_asks_what_time_it_is() -> None:
    asking = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
    asked = [
        str(path.relative_to(CODE))
        for path in modules(CODE)
        if asking.search(path.read_text(encoding="utf-8")) and path != CODE / "core" / "clock.py"
    ]
    assert asked == []


def test_no_helpline_number_rate_or_address_stands_in_code_or_templates() -> None:
    literal = re.compile(r"08000? ?121 ?700|0345 161|0344 800|£12\.71|£11\.10|36,?000,?000")
    places = [*modules(CODE), *(ROOT / "templates").rglob("*.*")]
    found = [str(path.relative_to(ROOT)) for path in places if literal.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_nothing_is_left_to_do() -> None:
    places = [
        *modules(CODE),
        *(ROOT / "docs").rglob("*.md"),
        *ROOT.glob("*.md"),
        *(ROOT / "questionnaires").rglob("*.*"),
    ]
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in places
        for match in LEFT_TO_DO.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_package_that_code_imports_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[^\w.-]", one)[0].replace(".", "-") for one in project["dependencies"]}
    imported: set[str] = set()
    for path in modules(CODE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    made_by = packages_distributions()
    strangers = imported - sys.stdlib_module_names - {"assess", "_typeshed"}
    assert [
        name
        for name in sorted(strangers)
        if not declared & {re.sub(r"[._]", "-", one).lower() for one in made_by[name]}
    ] == []


def test_lock_files_carry_hashes_and_no_addresses() -> None:
    for name in (*(path.name for path in ROOT.glob("requirements*.txt")), "package-lock.json"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in re.sub(r'"(url|homepage|funding)":.*', "", text), name
        assert "sha256:" in text or "sha512-" in text, name


BY_HAND = re.compile(
    r'govuk_frontend_jinja|class="govuk-(?:back-link|checkboxes|date-input|details|inset-text|pagination|radios|select|summary-list|tag|textarea|warning-text)[ "{]'
)
"""A component of the design system, or the package that draws it."""
WRITTEN_BY_HAND = {
    "assessments/_question.html", "assessments/purchases.html", "assessments/purchases_add.html",  # many on one page
    "bank_editor/_condition_lines.html", "bank_editor/_fields.html",  # groups of questions, issues beside a field
    "plans/parts/purchases.html",  # printed as well
    "portfolio/_board_parts.html",  # a box in each row of a table
}  # fmt: skip


def test_pages_take_components_from_the_macros() -> None:
    templates = ROOT / "templates"
    found = {
        str(path.relative_to(templates))
        for path in templates.rglob("*.html")
        if BY_HAND.search(path.read_text(encoding="utf-8"))
    }
    assert {name for name in found - WRITTEN_BY_HAND if not name.startswith(("core/", "layout.html"))} == set()


SENT = re.compile(r"\brequest\.(?:form|files|values)\b")
"""What a person sent with a form."""


def test_what_is_sent_is_read_in_one_module() -> None:
    """Every form is read by declared fields (`docs/decisions/forms.md`)."""
    forms = CODE / "core" / "forms" / "form.py"
    assert [path for path in modules(CODE) if SENT.search(path.read_text(encoding="utf-8"))] == [forms]
