"""Work a worked example out step by step, as docs/worked-examples.md shows it, with the second scorer of the tests.

PYTHONPATH=. python benchmarks/by_hand.py car_washes "car_washes medium"     one example, step by step
PYTHONPATH=. python benchmarks/by_hand.py                                    one row for every example of every bank
"""

from __future__ import annotations

import sys
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from assess.banks.reader import Compiled, compile_from
from assess.banks.settings import settings_from
from assess.banks.sheets import read_folder
from tests.engine import reference_scorer

TODAY = date(2026, 11, 24)
BANKS = ("farming", "car_washes", "hospitality")
SHELF = read_folder(Path(__file__).parents[1] / "questionnaires")
SAID = {"critical": "act now", "not_rated": "not rated"}
REASONS = {
    "sign": "signs",
    "unknown_sign": "signs not known",
    "breach": "the law",
    "gap": "the gap",
    "points": "the points",
    "dont_know": "“don’t know”",
    "quick": "a quick check",
}


def numbers() -> dict[str, Any]:
    settings = settings_from(SHELF, TODAY).scoring
    return {field.name: getattr(settings, field.name) for field in fields(settings)}


def scored(compiled: Compiled, title: str) -> dict[str, Any]:
    example = next(one for one in compiled.examples if one.title == title)
    return reference_scorer.scored(
        compiled.document,
        dict(example.answers),
        numbers(),
        quick=example.quick,
        evidence_share=example.evidence_share,
        today=TODAY,
    )


def table(heads: str, rows: list[list[str]]) -> None:
    names = heads.split(" | ")
    print("| " + " | ".join(name.lstrip(">") for name in names) + " |")
    print("|" + "|".join(" ---: " if name.startswith(">") else " --- " for name in names) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def plain(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def said(answer: Any) -> str:
    return "none" if answer is None else ", ".join(answer) if isinstance(answer, list) else str(answer)


def print_example(bank: str, title: str) -> None:
    compiled = compile_from(SHELF, bank)
    found, settings = scored(compiled, title), numbers()
    lines = [line for line in found["lines"] if line["kind"] == "exposure"]
    print(f"### “{title}”: exposure\n")
    table(
        "question | answer | >points | >possible",
        [
            [f"`{line['question']}`", said(line["answer"]), plain(line["points"]), plain(line["possible"])]
            for line in lines
        ],
    )
    points, possible = (sum(line[key] for line in lines) for key in ("points", "possible"))
    base = settings["base"][bank]
    print(
        f"exposure = {base} + (100 − {base}) × {plain(points)} ÷ {plain(possible)} = **{plain(found['exposure'])}**\n"
    )
    print("### Safeguards that cost points\n")
    table(
        "question | area | answer | >points | >possible",
        [
            [
                f"`{line['question']}`",
                line["dimension"],
                said(line["answer"]),
                plain(line["points"]),
                plain(line["possible"]),
            ]
            for line in found["lines"]
            if line["kind"] == "safeguard" and line["points"]
        ],
    )
    print("### Areas\n")
    areas = reference_scorer.areas_of(found["lines"], settings)
    wide = {name: row for name, row in areas.items() if row["wide"]}
    table(
        "area | >weight | >harm | >questions | >points | >possible | >gap | among the widest",
        [
            [
                row["id"],
                plain(row["weight"]),
                str(settings["harm"][row["id"]]),
                str(areas[row["id"]]["questions"]),
                plain(row["points"]),
                plain(row["possible"]),
                plain(row["gap"]),
                "may be" if row["id"] in wide else "",
            ]
            for row in found["dimensions"]
        ],
    )
    print_sums(found, wide)


def print_sums(found: dict[str, Any], wide: dict[str, Any]) -> None:
    top = sum(row["weight"] * row["points"] for row in found["dimensions"])
    bottom = sum(row["weight"] * row["possible"] for row in found["dimensions"])
    worst = sorted((row["gap"] for row in wide.values()), reverse=True)[:3]
    print(f"mean gap = {plain(top)} ÷ {plain(bottom)} = **{plain(found['mean_gap'])}**\n")
    if worst:
        print(
            f"widest three = ({' + '.join(map(plain, worst))}) ÷ {len(worst)} = **{plain(sum(worst) / len(worst))}**\n"
        )
    print(
        f"gap = 0.75 × {plain(found['mean_gap'])} + 0.25 × {plain(sum(worst) / max(1, len(worst)))} = **{plain(found['gap'])}**\n"
    )
    print(f"score = {plain(found['exposure'])} × (0.25 + 0.75 × {plain(found['gap'])}) = **{plain(found['score'])}**\n")
    for made in found["sums"]:
        inputs = ", ".join(f"{name} {plain(value)}" for name, value in made["inputs"].items())
        verdict = "falls short" if made["fails"] else "holds"
        print(f"Sum {made['check']} ({inputs}): {plain(made['value'])} against {plain(made['limit'])}, {verdict}.\n")
    for name in ("urgent_signs", "serious_signs", "unknown_signs"):
        print(f"{name.replace('_', ' ')}: {', '.join(f'`{one}`' for one in found[name]) or 'none'}\n")
    print(f"against the law: {', '.join(row['duty'] for row in found['breaches']) or 'none'}\n")
    print(f"By points {in_words(found['score_band'])}; final band **{in_words(found['band'])}** {because(found)}.")


def in_words(band: str) -> str:
    return SAID.get(band, band)


def because(found: dict[str, Any]) -> str:
    reasons = [REASONS[one] for one in found["reasons"]]
    return "by " + " and ".join(reasons) if reasons else "as nothing lifts it"


def print_summary() -> None:
    rows = []
    for bank in BANKS:
        compiled = compile_from(SHELF, bank)
        for example in compiled.examples:
            found = scored(compiled, example.title)
            rows.append(
                [
                    bank,
                    example.title,
                    str(found["shown"]),
                    f"{found['exposure']:.4f}",
                    f"{found['gap']:.6f}",
                    f"{found['score']:.4f}",
                    in_words(found["score_band"]),
                    in_words(found["band"]),
                    ", ".join(REASONS[one] for one in found["reasons"]),
                    f"{found['confidence']:.4f}",
                ]
            )
    table("bank | example | >shown | >exposure | >gap | >score | by points | band | by | >confidence", rows)


if __name__ == "__main__":
    print_example(*sys.argv[1:3]) if len(sys.argv) > 1 else print_summary()
