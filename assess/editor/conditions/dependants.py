"""What rests on a question: the questions and checks whose condition looks at it, in whatever bank."""

from __future__ import annotations

from dataclasses import dataclass

from assess.editor.checks.spots import checks_of
from assess.editor.conditions.subjects import rests_on
from assess.editor.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Dependant:
    """A question, or a check (`is_check`), of a bank that asks it."""

    bank: str
    id: str
    words: str
    is_check: bool = False


def dependants_of(at_work: Workbench, question_id: str) -> list[Dependant]:
    """What rests on a question, each once, in the order of asking."""
    found: dict[str, Dependant] = {}
    for bank in at_work.shelf.banks():
        for question in at_work.questions_of(bank):
            name = str(question.data.get("id", ""))
            if rests_on(question.data.get("show_if"), question_id):
                found.setdefault(name, Dependant(bank, name, str(question.data.get("ask", name))))
        for check in checks_of(at_work, bank):
            name = str(check.data.get("id", ""))
            inputs = check.data.get("inputs")
            reads = isinstance(inputs, dict) and question_id in inputs.values()
            if reads or any(rests_on(check.data.get(key), question_id) for key in ("when", "unless")):
                found.setdefault(name, Dependant(bank, name, str(check.data.get("says", name)), is_check=True))
    return list(found.values())
