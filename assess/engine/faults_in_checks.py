"""Checks that cannot be computed: no condition and no rule, wrong inputs, a sign without its indicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assess.engine.bank import Check, Edition, Question
from assess.engine.checks import BREAK, RULES
from assess.engine.problems import Place, Problem, did_you_mean

INPUTS: Mapping[str, Mapping[str, str]] = {
    "price_below_labour_cost": {"price": "number", "team": "number", "minutes": "number"},
    "daily_rate_below_wage": {"daily": "number", "hours": "number"},
    "charge_above_offset": {"charge": "number"},
    "labour_provider_rate": {"rate": "number"},
    "crowding": {"table": "table", "people": "column number", "bedrooms": "column number"},
    "old_licence_check": {"table": "table", "date": "column date"},
}
"""What each rule reads: a question of this type, or a column of this type in its table."""
OPTIONAL_INPUTS: Mapping[str, Mapping[str, str]] = {"daily_rate_below_wage": {BREAK: "number"}}
"""What a rule reads as well where it is named."""


def faults_in_checks(edition: Edition) -> Iterator[Problem]:
    """Everything wrong with checks but their conditions."""
    questions = {question.id: question for question in edition.questions()}
    for index, check in enumerate(edition.checks):
        place: Place = ("checks", index)
        if check.sign and not check.ilo:
            yield Problem("BANK065", place, f"The check “{check.id}” has a sign, but no “ilo”.")
        if check.rule is not None:
            yield from _rule(check, check.rule, place, questions)
        elif check.when is None:
            yield Problem("BANK064", place, f"“{check.id}” has neither “when” nor “rule”.")
        elif check.inputs:
            yield Problem("BANK064", (*place, "inputs"), f"“{check.id}” has inputs, but no rule that reads them.")


def _rule(check: Check, rule: str, place: Place, questions: Mapping[str, Question]) -> Iterator[Problem]:
    if rule not in INPUTS:
        yield Problem("BANK064", (*place, "rule"), f"There is no rule “{rule}”{did_you_mean(rule, RULES)}")
        return
    wanted = {**INPUTS[rule], **OPTIONAL_INPUTS.get(rule, {})}
    if not set(INPUTS[rule]) <= set(check.inputs) <= set(wanted):
        yield Problem("BANK064", (*place, "inputs"), f"“{rule}” reads exactly these inputs: {', '.join(INPUTS[rule])}.")
        return
    table = questions.get(check.inputs.get("table", ""))
    for key, name in check.inputs.items():
        where = (*place, "inputs", key)
        if wanted[key].startswith("column "):
            yield from _column(name, wanted[key].removeprefix("column "), where, table)
        elif name not in questions:
            yield Problem("BANK031", where, f"There is no question “{name}”{did_you_mean(name, questions)}")
        elif questions[name].type != wanted[key]:
            cause = f"“{name}” is of the type {questions[name].type}; “{rule}” needs a {wanted[key]} here."
            yield Problem("BANK064", where, cause)


def _column(name: str, kind: str, place: Place, table: Question | None) -> Iterator[Problem]:
    columns = {column.id: column.type for column in table.columns} if table else {}
    if table is not None and columns.get(name) != kind:
        yield Problem("BANK064", place, f"“{table.id}” has no column “{name}” of the type {kind}.")
