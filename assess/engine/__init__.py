"""The heart of Assess: what is asked, what an answer costs, what to do about it, as plain Python.

It must never read a clock, a file, a database or a request: editions, answers, settings and today come in as arguments.
Begin at `document.py` for what an edition is made of, then `visibility.py` and `scoring.py` for what becomes of answers;
`assessing.py` does all of it in one call, the plan of `plan.py` included. The names below are the door: other rooms may rely
on them.
"""

from assess.engine.assessing import Assessed, EditionRef, Given, assess
from assess.engine.checker import check_edition
from assess.engine.conditions import Blank, Verdict, judge
from assess.engine.document import DocumentError, digest_of, read_condition, read_edition
from assess.engine.duties import judge_duties
from assess.engine.examples import run_example
from assess.engine.exported import result_as_data
from assess.engine.facts import derive_facts, gate_facts, merge_facts, open_facts
from assess.engine.marks import AnswerError
from assess.engine.problems import Problem
from assess.engine.record import make_record
from assess.engine.result import ENGINE, JudgedDuty, Plan, Result
from assess.engine.scoring import quick_edition, score
from assess.engine.settings import DatedSettings, ScoringSettings
from assess.engine.texts import PlaceholderError, fill, placeholders
from assess.engine.visibility import Shown, shown

__all__ = [
    "ENGINE",
    "AnswerError",
    "Assessed",
    "Blank",
    "DatedSettings",
    "DocumentError",
    "EditionRef",
    "Given",
    "JudgedDuty",
    "PlaceholderError",
    "Plan",
    "Problem",
    "Result",
    "ScoringSettings",
    "Shown",
    "Verdict",
    "assess",
    "check_edition",
    "derive_facts",
    "digest_of",
    "fill",
    "gate_facts",
    "judge",
    "judge_duties",
    "make_record",
    "merge_facts",
    "open_facts",
    "placeholders",
    "quick_edition",
    "read_condition",
    "read_edition",
    "result_as_data",
    "run_example",
    "score",
    "shown",
]
