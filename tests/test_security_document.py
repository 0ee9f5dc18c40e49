"""`docs/security.md` and what it promises of releases: the files it names are there, the rows are all there, the SBOM is whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS_OF_CHAPTERS = {"V2": 11, "V5": 9, "V6": 35, "V7": 18, "V11": 14, "V13": 13, "V14": 9, "V15": 13, "V16": 16}
"""How many requirements of level 1 and 2 ASVS 5.0.0 has in each."""


def test_every_module_and_test_that_it_names_is_there() -> None:
    named = set(re.findall(r"`((?:assess|tests|templates|docs|\.ci)/[^`\s]+)`", DOCUMENT))
    assert len(named) > 100
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_requirement_has_its_row_with_a_test_or_the_reason_why_not() -> None:
    rows = re.findall(r"^\| (V\d+\.\d+\.\d+) \| ([12]) \| (.+) \| (.+) \| (.+) \|$", DOCUMENT, re.MULTILINE)
    assert Counter(number.split(".")[0] for number, *_rest in rows) == ROWS_OF_CHAPTERS
    assert len({number for number, *_rest in rows}) == len(rows)
    bare = [
        number
        for number, _level, _asks, holds, test in rows
        if "`tests/" not in test and "**not applicable**" not in holds
    ]
    assert bare == []


def test_what_a_release_is_made_of_lists_every_pinned_package_with_its_hashes() -> None:
    def made() -> str:
        return subprocess.run(
            [sys.executable, ROOT / ".ci" / "sbom"], check=True, capture_output=True, text=True
        ).stdout

    document = json.loads(made())
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    pinned = re.findall(
        r"^([a-z0-9._-]+)(?:\[.*?\])?==", (ROOT / "requirements.txt").read_text(), re.MULTILINE | re.IGNORECASE
    )
    names = [one["name"] for one in document["components"]]
    assert [name for name in names if name in pinned] == pinned
    assert "govuk-frontend" in names
    assert all(one["hashes"] for one in document["components"])
    assert made() == json.dumps(document, indent=1) + "\n"


def test_without_a_look_up_nobody_is_told_that_nothing_was_found() -> None:
    said = subprocess.run(
        ["/bin/sh", ROOT / ".ci" / "audit"],
        env={"PATH": "/nowhere"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, "not audited" in said.stderr, said.stdout) == (2, True, "")


def test_the_policy_for_reports_says_what_finders_need() -> None:
    policy = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for words in (
        "private security advisory",
        "90 days",
        "14 days",
        "no bounty",
        "safety of workers comes first",
        "Supported versions",
    ):
        assert words in policy
    assert re.findall(r"\S+@\S+", policy) == [], "installations have addresses of their own"
