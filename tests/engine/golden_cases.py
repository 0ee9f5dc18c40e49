"""Golden results: what rules number 2 made of the worked examples, kept to the last digit.

A file holds the answers, and what came out of them without any words: `python -m tests.engine.golden_cases` writes them anew from the
worked examples of the banks. Do that only when a bank changed its points or when the rules have a new number, and read the difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from assess.engine.assessing import EditionRef
from assess.engine.buyer_view import BuyerView, build_buyer_view
from assess.engine.plan import build_plan
from assess.engine.result_json import result_as_data
from assess.engine.scoring import score_answers
from tests.engine.real_banks import BANKS, TODAY, edition_of, examples_of, settings

FOLDER = Path(__file__).parent / "golden"
WORDLESS = (
    *("question", "questions", "priority", "due", "owner", "effort", "effort_days", "gain"),
    *("harm", "breaches", "sign", "find_out", "held"),
)
REF = EditionRef("", 0, "")


def outcome(case: dict[str, Any]) -> dict[str, Any]:
    """The result and the plan of one case as plain data, words left out."""
    edition = edition_of(case["bank"])
    answers = case["answers"]
    result = score_answers(edition, answers, settings(), evidence_share=case["evidence_share"], today=TODAY)
    buyer = build_buyer_view(edition, answers, settings(), TODAY)
    found = build_plan(edition, answers, result, settings(), (), TODAY, buyer.actions)
    data = result_as_data(result, found, None, REF)
    del data["edition"]
    data["actions"] = [{key: row[key] for key in WORDLESS} for row in data["actions"]]
    data["do_first"] = [step.id for step in found.do_first]
    data["short_set"] = {
        "questions": list(found.smallest_set.questions),
        "to_band": found.smallest_set.to_band,
        "score_after": found.smallest_set.score_after,
        "reason": found.smallest_set.reason,
    }
    data["strengths"] = list(found.strengths)
    data["buyer_view"] = seen_by_a_buyer(buyer)
    return json.loads(json.dumps(data))


def seen_by_a_buyer(buyer: BuyerView) -> dict[str, Any]:
    return {
        "exposure": buyer.exposure,
        "band": buyer.band,
        "bars": [{"groups": list(bar.groups), "step": bar.step} for bar in buyer.bars],
        "actions": [
            {
                "question": action.tracking_id,
                "questions": list(action.questions),
                "due": action.due_days,
                "gain": action.gain,
            }
            for action in buyer.actions
        ],
    }


def files() -> list[Path]:
    return sorted(path for bank in BANKS for path in FOLDER.glob(f"{bank}-*.json"))


def as_text(data: dict[str, Any], indent: str = "") -> str:
    """JSON with one key to a line, and one row of a list of rows, so that a difference shows what changed."""
    parts = [f'{indent} "{key}": {_value(value, indent + " ")}' for key, value in data.items()]
    return "{\n" + ",\n".join(parts) + "\n" + indent + "}"


def _value(value: Any, indent: str) -> str:
    if isinstance(value, dict) and value:
        return as_text(value, indent)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        rows = [f"{indent} {json.dumps(row, ensure_ascii=False)}" for row in value]
        return "[\n" + ",\n".join(rows) + "\n" + indent + "]"
    return json.dumps(value, ensure_ascii=False)


def write() -> None:
    for bank in BANKS:
        for example in examples_of(bank):
            case = {
                "title": example.title,
                "bank": bank,
                "evidence_share": example.evidence_share,
                "answers": dict(example.answers),
            }
            title = example.title.replace(bank, "").strip().lower()
            name = f"{bank}-{title}.json"
            (FOLDER / name).write_text(as_text(case | {"outcome": outcome(case)}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
