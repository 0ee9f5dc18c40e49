"""The sums and looks at tables that the service knows by name, in words. Only their texts, sign and action can be changed."""

from __future__ import annotations

from collections.abc import Mapping

from assess.editor.conditions.subjects import Subjects

_SAID: Mapping[str, str] = {
    "price_below_labour_cost": "It compares {price} with what the work costs: {team}, {minutes}, and the wage in the settings.",
    "daily_rate_below_wage": "It divides {daily} by {hours} and compares the outcome with the wage in the settings.",
    "charge_above_offset": "It compares {charge} with the most that may be taken for housing, as the settings have it.",
    "labour_provider_rate": "It compares {rate} with what a worker costs, as the settings have it. It is the sign of that question, and is not listed beside it.",
    "crowding": "It looks at each row of {table}: how many people share a bedroom.",
    "old_licence_check": "It looks at each row of {table}: whether the date of the last look at the register is missing or old.",
}


def rule_in_words(rule: str, inputs: object, subjects: Subjects) -> str:
    """What a rule does, with the questions it reads."""
    said = _SAID.get(rule)
    if said is None or not isinstance(inputs, dict):
        return f"It rests on the rule “{rule}”."
    named = {key: _question(name, subjects) for key, name in inputs.items()}
    try:
        return said.format_map(named)
    except KeyError:
        return f"It rests on the rule “{rule}”, and something that the rule reads is missing."


def _question(name: object, subjects: Subjects) -> str:
    known = subjects.get(str(name))
    return f"“{known.words if known else name}”"
