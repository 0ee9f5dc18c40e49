"""How the worked examples of a bank stand, and the fields for answers that one of them lacks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import current_app, request
from markupsafe import Markup
from sqlalchemy.orm import Session

from assess.assessments.question_parts import make_part
from assess.assessments.section_form import Posted
from assess.assessments.section_page import Shown, summary_rows
from assess.assessments.typed import Typed
from assess.banks.sheets import Found
from assess.editor.trying.editions import NotYet, ToTry, of_draft, of_today, without_faulty_examples
from assess.editor.trying.holding import Held, expected_of, hold_against, result_of, written_examples
from assess.editor.workbench import Workbench
from assess.engine.examples import resolve_examples


@dataclass(frozen=True)
class Standing:
    """The worked examples of one bank of a draft. `problems` come first: while there are any, no figure can be worked out."""

    at_work: Workbench
    bank: str
    draft: ToTry | NotYet
    today: ToTry | None

    @property
    def sheet(self) -> str:
        """The file they stand in."""
        own = self.at_work.shelf.at("", self.bank)
        return own.name if own else ""

    @property
    def trial(self) -> ToTry | None:
        """The draft's edition, if it can be scored."""
        return self.draft if isinstance(self.draft, ToTry) else None

    @property
    def problems(self) -> tuple[Found, ...]:
        """What comes first."""
        return self.draft.problems if isinstance(self.draft, NotYet) else ()

    @cached_property
    def examples(self) -> tuple[Held, ...]:
        """Every example, in the order of the file."""
        compiled = without_faulty_examples(self.at_work, self.bank).compiled
        if self.trial is None or compiled is None:
            return ()
        raw = written_examples(self.at_work, self.bank)
        return hold_against(raw, self.trial, compiled.document, self.today)

    @property
    def broken(self) -> tuple[Held, ...]:
        """Those whose figures can be written in."""
        return tuple(one for one in self.examples if not one.holds and not one.faults)

    def at(self, number: int) -> Held | None:
        """The example of this number."""
        return next((one for one in self.examples if one.number == number), None)

    def expected(self, held: Held) -> dict[str, object]:
        """The figures of the draft, in the shape in which the example expects its own."""
        compiled = without_faulty_examples(self.at_work, self.bank).compiled
        if self.trial is None or compiled is None:
            return {}
        examples, _ = resolve_examples(written_examples(self.at_work, self.bank), compiled.document)
        example = examples[held.number - 1]
        return expected_of(result_of(example, self.trial), example.expect)

    @property
    def of_page(self) -> dict[str, Any]:
        """What every page about them is given."""
        return {"draft": self.at_work.draft, "bank": self.bank}


@dataclass(frozen=True, slots=True)
class Forms:
    """The fields for the answers an example lacks, as a business sees them, and what is wrong with what was typed."""

    parts: tuple[Markup, ...]
    faults: tuple[tuple[str, str], ...]
    tables: bool


def standing_of(look: Session, at_work: Workbench, bank: str) -> Standing:
    """How they stand now."""
    return Standing(at_work, bank, of_draft(at_work, bank), of_today(look, at_work, bank))


def forms_for(standing: Standing, held: Held, posted: Posted | None = None) -> Forms:
    """The fields of the questions that an example should answer since the draft."""
    if standing.trial is None:
        return Forms((), (), tables=False)
    parts = [make_part(one, standing.trial.settings.texts, current_app.jinja_env) for one in held.new]
    shown = [_shown(one.id, posted) for one in held.new]
    return Forms(
        tuple(Markup(one.in_form(part).decode()) for one, part in zip(shown, parts, strict=True)),  # noqa: S704  # our own template
        tuple(summary_rows(parts, shown)) if posted and posted.faults else (),
        tables=any(one.type == "table" for one in held.new),
    )


def _shown(name: str, posted: Posted | None) -> Shown:
    if posted is None or name not in posted.typed:
        return Shown(name, 0)
    typed = posted.typed[name]
    if request.form.get("add") == name:
        typed = Typed(rows=(*typed.rows, {}), proof=typed.proof)
    return Shown(name, 0, typed=typed, faults=posted.faults.get(name, ()))
