"""The papers of the folder as tests look at them: filled with the settings of the day all tests live in."""

from __future__ import annotations

from functools import cache

from assess.core.pdf import html_to_pdf
from assess.plans.document_templates import document_template_html
from assess.question_banks.document_templates import DocumentTemplate, document_templates_from
from assess.question_banks.files import bundled_files
from tests.engine.real_banks import TODAY

PAPERS = document_templates_from(bundled_files(), TODAY)
IDS = tuple(paper.id for paper in PAPERS)


def paper_called(name: str) -> DocumentTemplate:
    return next(paper for paper in PAPERS if paper.id == name)


@cache
def printed(name: str) -> bytes:
    """The PDF of a paper, printed once a run."""
    return html_to_pdf(document_template_html(paper_called(name)))


def words_of(paper: DocumentTemplate) -> list[str]:
    """Every text of the blocks, in order."""
    return [text for _kind, held in paper.blocks for text in _texts(held)]


def _texts(held: object) -> list[str]:
    if isinstance(held, str):
        return [held]
    if isinstance(held, dict):
        return [text for part in held.values() for text in _texts(part)]
    return [text for part in held for text in _texts(part)] if isinstance(held, list) else []
