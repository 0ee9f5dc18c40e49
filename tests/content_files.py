"""A sound folder of questionnaires, changed in one place: a test shows only the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from assess.engine.bank import Edition
from assess.engine.bank_reader import read_edition
from assess.question_banks.files import ContentFile, ContentFiles, FileProblem, read_folder
from assess.question_banks.reader import compile_bank
from assess.question_banks.validation import check_files

SOUND = Path(__file__).parent / "engine" / "sound_folder"
TODAY = date(2026, 11, 24)
SHOP = "shop.yaml"
START = "common/start.yaml"
FACTS = "duties/facts.yaml"
UK = "duties/uk.yaml"
SCORING = "settings/scoring.yaml"
CONTACTS = "settings/contacts.yaml"

Edit = tuple[str, str, str]
"""File, what stands there, what is to stand there."""


def sound_but(*edits: Edit) -> ContentFiles:
    """The sound folder with these changes. What is to be replaced must stand there."""
    texts = {name: content_file.text for name, content_file in read_folder(SOUND).files.items()}
    for name, old, new in edits:
        assert old in texts[name], f"{old!r} does not stand in {name}"
        texts[name] = texts[name].replace(old, new, 1)
    return ContentFiles({name: ContentFile(name, text.encode()) for name, text in texts.items()})


def change(path: Path, old: str, new: str) -> None:
    """Change a file on disk. What is to be replaced must stand there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems_after(*edits: Edit, examples: bool = False, more: Mapping[str, str] | None = None) -> list[FileProblem]:
    """Everything that is wrong with the folder after these changes, and with `more` files.

    The worked examples of the shop only count if asked for: most changes change a figure.
    """
    bank_files = sound_but(*edits)
    bank_files = ContentFiles(
        {**bank_files.files, **{name: ContentFile(name, text.encode()) for name, text in (more or {}).items()}}
    )
    if not examples:
        shop = bank_files.files[SHOP].text.partition("worked_examples:")[0]
        bank_files = ContentFiles({**bank_files.files, SHOP: ContentFile(SHOP, shop.encode())})
    return list(check_files(bank_files, TODAY).problems)


def edition_after(*edits: Edit) -> Edition:
    """The edition of the shop after these changes."""
    return read_edition(compile_bank(sound_but(*edits), "shop").document)


def assert_found(problems: list[FileProblem], number: str, cause: str) -> None:
    """One problem of this number says this, and nothing else is wrong."""
    assert [one.number for one in problems] == [number], "\n".join(map(str, problems))
    assert cause in problems[0].message
