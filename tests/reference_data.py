"""The reference the repository ships, and a small sound one that a test may change in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from assess.engine.purchases import JudgedPurchase, Purchase, judge_purchase
from assess.engine.reference import Reference
from assess.question_banks.files import ContentFile, ContentFiles, FileProblem, bundled_files, read_folder
from assess.question_banks.reference import check_reference, reference_from
from assess.question_banks.settings import check_settings
from tests.content_files import SOUND

TODAY = date(2026, 11, 24)
SOUND_REFERENCE = SOUND.parent / "sound_reference"
REGISTER, SERVICES, WORDS = "reference/reference.yaml", "reference/services.yaml", "reference/purchases.yaml"
COUNTRIES, GOODS, USUAL = "reference/country_risk.csv", "reference/goods_risk.csv", "reference/sector_goods.csv"
INDICATORS, INDUSTRIES = "reference/uk_sector_indicators.csv", "reference/uk_sic.csv"
NUMBERS = "settings/purchases.yaml"

Edit = tuple[str, str, str]
"""File, what stands there, what is to stand there."""


@cache
def real() -> Reference:
    return reference_from(bundled_files(), TODAY)


def files_but(*edits: Edit, without: str = "", more: Mapping[str, str] | None = None) -> ContentFiles:
    """The sound folder with the small reference, with these changes. What is to be replaced must stand there."""
    sheets = {**read_folder(SOUND).files, **read_folder(SOUND_REFERENCE).files}
    texts = {name: content_file.text for name, content_file in sheets.items() if name != without} | dict(more or {})
    for name, old, new in edits:
        assert old in texts[name], f"{old!r} does not stand in {name}"
        texts[name] = texts[name].replace(old, new, 1)
    return ContentFiles({name: ContentFile(name, text.encode()) for name, text in texts.items()})


def small(*edits: Edit) -> Reference:
    return reference_from(files_but(*edits), TODAY)


def problems_after(
    *edits: Edit, day: date = TODAY, without: str = "", more: Mapping[str, str] | None = None
) -> list[FileProblem]:
    """What is wrong with reference and settings after these changes."""
    bank_files = files_but(*edits, without=without, more=more)
    return sorted({*check_reference(bank_files, day), *check_settings(bank_files, day)})


def said(problems: list[FileProblem]) -> list[str]:
    return [f"{Path(one.file).name}:{one.line}: {one.number}" for one in problems]


def judged(good: str, country: str | None = None, reference: Reference | None = None) -> JudgedPurchase:
    return judge_purchase(Purchase(good, country), reference or real())


def kinds(line: JudgedPurchase) -> list[str]:
    return [fact.kind for fact in line.facts]
