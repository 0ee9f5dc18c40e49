"""Print jobs of plans, by whichever checkout stands first on the path: `python -m benchmarks.plan_jobs FOLDER` writes each into a file.

Uses only what this and the release before have in common, so that `bench_plan` can hold the two against each other.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from assess.plans.print_html import attached_files, copy_html
from tests.engine.real_banks import BANKS
from tests.plans.records import SCENARIOS, a_record, settled_facts

CODE = "K7QF-2M9D"
LIMIT = "everything at its limit"
QUICK = tuple(f"{bank} medium, quick check" for bank in BANKS)


def words(length: int) -> str:
    return ("wordsinatext like these of a person " * 20)[:length].strip().ljust(length, "e")


def at_the_limit(*, quick: bool = False) -> dict[str, Any]:
    """A made-up record with each text as long as it may be and each list as long as it gets."""
    record = a_record("car_washes", "car_washes critical", facts=settled_facts("car_washes"), quick=quick)
    record["organisation"]["name"] = words(80)
    longest: dict[str, Any] = {"do": words(150), "title": words(60), "evidence": words(55), "owner_name": words(29)}
    for number, action in enumerate(record["actions"]):
        action.update(longest)
        due = date.fromisoformat(record["made_on"]) + timedelta(days=number * 3)
        action.update(days=number * 3, due=due.isoformat())
        for part in action["parts"]:
            part["title"] = words(60)
    for duty in record["duties"]:
        duty.update(line=words(40), amount=words(50), penalty=words(60), read=words(46), verdict="applies")
        duty.update(heading="coming" if duty["status"] != "in_force" else "likely", in_force_from="2027-04-01")
    for section in record["sections"]:
        for question in section["questions"]:
            question["name"] = words(40)
    ordinary = [one for section in record["sections"] for one in section["questions"] if one["ordinary"]]
    record["strengths"] = [
        {"question": one["id"], "ask": one["ask"], "answer_text": "Yes", "says": words(90)} for one in ordinary
    ]
    for contact in record["contacts"]:
        contact.update(situation=words(70), who=words(40))
    for area in record["dimensions"]:
        area["name"] = words(40)
    return record


def plan_records() -> Mapping[str, dict[str, Any]]:
    """The worked examples, one with everything at its limit, and quick checks, by name."""
    made = {title: a_record(bank, title, facts=settled_facts(bank)) for bank, title in SCENARIOS}
    made[LIMIT] = at_the_limit()
    for bank, name in zip(BANKS, QUICK, strict=True):
        made[name] = a_record(bank, f"{bank} medium", facts=settled_facts(bank), quick=True)
    return made


def job_of(record: dict[str, Any]) -> bytes:
    """What a worker hands to the renderer."""
    files = [
        {**asdict(file), "content": base64.b64encode(file.content).decode()}
        for file in attached_files(record, "business")
    ]
    return json.dumps({"page": copy_html(record, "business", {}, CODE), "attached": files}).encode()


if __name__ == "__main__":
    for name, record in plan_records().items():
        (Path(sys.argv[1]) / f"{name}.json").write_bytes(job_of(record))
