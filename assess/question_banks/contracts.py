"""The rules, tiers and schemes shown beside the contracts of a buyer, read from `buyers/contracts.yaml` and checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assess.engine.bank_reader import read_object
from assess.engine.problems import Problem
from assess.question_banks.files import (
    BankFilesRefusedError,
    ContentFile,
    ContentFiles,
    FileProblem,
    file_problem,
    kept_with_files,
)
from assess.question_banks.shapes import ASKS, Characteristic, ContractRulesShape, Proposal, Regime, Scheme, Tier

FOLDER, STEM, KIND = "buyers", "contracts", "contract_rules"
LISTS = ("regimes", "characteristics", "tiers", "asks", "schemes")


@dataclass(frozen=True, slots=True)
class ContractRules:
    """The whole file. Mappings are by id, in the order of the file; `asks` are names. Dates are ISO."""

    reviewed: str
    review_by: str
    own_proposal: str
    not_known: str
    limits: Proposal
    regimes: Mapping[str, Regime]
    characteristics: Mapping[str, Characteristic]
    tiers: Mapping[str, Tier]
    asks: Mapping[str, str]
    schemes: Mapping[str, Scheme]


@kept_with_files
def contract_rules_from(files: ContentFiles) -> ContractRules:
    """Raises BankFilesRefusedError when the file is missing or broken."""
    content_file = files.at(FOLDER, STEM)
    if content_file is None:
        name = f"{FOLDER}/{STEM}.yaml"
        raise BankFilesRefusedError((file_problem(name, 1, Problem("BANK013", (), f"There is no file {name}.")),))
    problems = [one for one in _file_problems(content_file, None) if not one.warning]
    if problems:
        raise BankFilesRefusedError(tuple(sorted(problems)))
    rules = read_object(ContractRulesShape, content_file.data).contract_rules
    return ContractRules(
        reviewed=rules.reviewed,
        review_by=rules.review_by,
        own_proposal=rules.own_proposal,
        not_known=rules.not_known,
        limits=rules.proposal,
        regimes={one.id: one for one in rules.regimes},
        characteristics={one.id: one for one in rules.characteristics},
        tiers={one.id: one for one in rules.tiers},
        asks={one.id: one.name for one in rules.asks},
        schemes={one.id: one for one in rules.schemes},
    )


def check_contracts(files: ContentFiles, day: date) -> list[FileProblem]:
    """Every problem of the files under `buyers/`, as things stand on this day. A folder without them has none."""
    return sorted(one for content_file in files.inside(FOLDER) for one in _file_problems(content_file, day))


def _file_problems(content_file: ContentFile, day: date | None) -> Iterator[FileProblem]:
    yield from content_file.problems
    if content_file.kind is None or content_file.problems:
        return
    if content_file.kind != KIND or content_file.stem != STEM:
        cause = f"Only {STEM}.yaml, which holds “{KIND}”, belongs under {FOLDER}."
        yield file_problem(content_file.name, 1, Problem("BANK014", (), cause))
        return
    rules: Any = content_file.data[KIND]
    for name in LISTS:
        for twice, count in Counter(row["id"] for row in rules[name]).items():
            if count > 1:
                yield content_file.problem_at("BANK030", (KIND, name), f"“{twice}” stands here {count} times.")
    asked = {row["id"]: ASKS.index(row["asks"]) for row in rules["tiers"]}
    if not asked.get("low", 0) <= asked.get("medium", 0) <= asked.get("high", 0):
        yield content_file.problem_at("BANK022", (KIND, "tiers"), "A higher tier asks for less than a lower one.")
    if day is not None and rules["review_by"] < day.isoformat():
        cause = f"“{STEM}” was to be looked at again by {rules['review_by']}."
        yield content_file.problem_at("BANK071", (KIND, "review_by"), cause)
