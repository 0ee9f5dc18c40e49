"""Work a worked example out step by step, as docs/worked-examples.md shows it, with the second scorer of the tests.

PYTHONPATH=. python benchmarks/by_hand.py car_washes "car_washes medium"     one example, step by step
PYTHONPATH=. python benchmarks/by_hand.py                                    one row for every example of every bank
PYTHONPATH=. python benchmarks/by_hand.py --write                            both, into docs/worked-examples.md
"""

from __future__ import annotations

import sys
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from assess.question_banks.files import read_folder
from assess.question_banks.reader import CompiledBank, compile_bank
from assess.question_banks.settings import settings_from
from tests.engine import reference_points, reference_scorer

TODAY = date(2026, 11, 24)
BANKS = ("farming", "car_washes", "hospitality")
ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "worked-examples.md"
SHOWN = ("car_washes", "car_washes medium")
"""The example that the page works out."""
BANK_FILES = read_folder(ROOT / "questionnaires")
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
    settings = settings_from(BANK_FILES, TODAY).scoring
    return {field.name: getattr(settings, field.name) for field in fields(settings)}


def scored(compiled: CompiledBank, title: str) -> dict[str, Any]:
    example = next(one for one in compiled.examples if one.title == title)
    return reference_scorer.scored(
        compiled.document,
        dict(example.answers),
        numbers(),
        quick=example.quick,
        evidence_share=example.evidence_share,
        today=TODAY,
    )


def table(heads: str, rows: list[list[str]]) -> str:
    names = heads.split(" | ")
    every = [
        "| " + " | ".join(name.lstrip(">") for name in names) + " |",
        "|" + "|".join(" ---: " if name.startswith(">") else " --- " for name in names) + "|",
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    return "\n".join(every)


def plain(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def said(answer: Any) -> str:
    return "none" if answer is None else ", ".join(answer) if isinstance(answer, list) else str(answer)


def by_hand(bank: str, title: str) -> str:
    """The example, block by block."""
    compiled = compile_bank(BANK_FILES, bank)
    found, settings = scored(compiled, title), numbers()
    lines = [line for line in found["lines"] if line["kind"] == "exposure"]
    points, possible = (sum(line[key] for line in lines) for key in ("points", "possible"))
    base = settings["base"][bank]
    areas = reference_points.areas_of(found["lines"], settings)
    blocks = [
        f"### “{title}”: exposure",
        table(
            "question | answer | >points | >possible",
            [
                [f"`{line['question']}`", said(line["answer"]), plain(line["points"]), plain(line["possible"])]
                for line in lines
            ],
        ),
        f"exposure = {base} + (100 − {base}) × {plain(points)} ÷ {plain(possible)} = **{plain(found['exposure'])}**",
        "### Safeguards that cost points",
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
        ),
        "### Areas",
        "All shown safeguards, those without points too.",
        table(
            "area | >weight | >harm | >questions | >points | >possible | >gap | among the widest",
            [
                [
                    row["id"],
                    plain(row["weight"]),
                    str(settings["harm"][row["id"]]),
                    str(row["questions"]),
                    plain(row["points"]),
                    plain(row["possible"]),
                    plain(row["gap"]),
                    "may be" if row["wide"] else "",
                ]
                for row in found["dimensions"]
            ],
        ),
        *sums(found, [row["gap"] for row in areas.values() if row["wide"]]),
    ]
    return "\n\n".join(blocks)


def sums(found: dict[str, Any], gaps: list[float]) -> list[str]:
    top = sum(row["weight"] * row["points"] for row in found["dimensions"])
    bottom = sum(row["weight"] * row["possible"] for row in found["dimensions"])
    worst = sorted(gaps, reverse=True)[:3]
    mean = sum(worst) / len(worst)
    signs = [
        f"{name.replace('_', ' ')}: {', '.join(f'`{one}`' for one in found[name]) or 'none'}"
        for name in ("urgent_signs", "serious_signs", "unknown_signs")
    ]
    return [
        f"mean gap = {plain(top)} ÷ {plain(bottom)} = **{plain(found['mean_gap'])}**",
        f"widest three = ({' + '.join(map(plain, worst))}) ÷ {len(worst)} = **{plain(mean)}**",
        f"gap = 0.75 × {plain(found['mean_gap'])} + 0.25 × {plain(mean)} = **{plain(found['gap'])}**",
        f"score = {plain(found['exposure'])} × (0.25 + 0.75 × {plain(found['gap'])}) = **{plain(found['score'])}**",
        "### Sums, signs and the law",
        *map(one_sum, found["sums"]),
        "\n".join(f"- {one}" for one in [*signs, f"against the law: {', '.join(in_law(found)) or 'none'}"]),
        f"By points {in_words(found['score_band'])}; final band **{in_words(found['band'])}** {because(found)}.",
    ]


def one_sum(made: dict[str, Any]) -> str:
    inputs = ", ".join(f"{name} {plain(value)}" for name, value in made["inputs"].items())
    verdict = "falls short" if made["fails"] else "holds"
    return f"Sum {made['check']} ({inputs}): {plain(made['value'])} against {plain(made['limit'])}, {verdict}."


def in_law(found: dict[str, Any]) -> list[str]:
    return [f"`{row['question']}` ({row['duty']})" for row in found["breaches"]]


def in_words(band: str) -> str:
    return SAID.get(band, band)


def because(found: dict[str, Any]) -> str:
    reasons = [REASONS[one] for one in found["reasons"]]
    return "by " + " and ".join(reasons) if reasons else "as nothing lifts it"


def summary() -> str:
    """One row for each worked example."""
    rows = []
    for bank in BANKS:
        compiled = compile_bank(BANK_FILES, bank)
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
    return table("bank | example | >shown | >exposure | >gap | >score | by points | band | by | >confidence", rows)


def page(before: str) -> str:
    """The page with the figures of today between its marks."""
    for mark, block in (("example", by_hand(*SHOWN)), ("every example", summary())):
        start, end = f"<!-- {mark} -->\n", f"\n<!-- end of {mark} -->"
        head, rest = before.split(start)
        before = f"{head}{start}\n{block}\n{end}{rest.split(end)[1]}"
    return before


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--write"]:
            PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
        case [bank, title]:
            print(by_hand(bank, title))
        case _:
            print(summary())
