"""Warnings for authors before an edition is published: hard wording, two questions in one, points no answer reaches, actions that could endanger workers. They refuse nothing and can be waived."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assess.engine.bank import DONT_KNOW, Action, AnswerValue, Duty, Edition, OwnAction, Question, RemarkRule
from assess.engine.bank_validation_conditions import actions_with_place, questions_with_place
from assess.engine.bank_validation_questions import is_find_out_action
from assess.engine.conditions import (
    FALSE,
    HIDDEN,
    NOT_ASKED,
    PENDING,
    CompiledCondition,
    Condition,
    compile_condition,
    condition_leaves,
    condition_subjects,
)
from assess.engine.points import add_up, exposure_of, is_exclusive_option, possible_points, score_of
from assess.engine.problems import DocumentPath
from assess.engine.question_types import QUESTION_TYPES

COMPARISON_BASE, COMPARISON_FLOOR = 50.0, 0.25
"""A base and a floor to compare with: which of two answers comes out better hardly hangs on them, nor on the weights, here all alike."""
_NEAR_LIMIT = 0.5

PointPool = str
_EXPOSURE_POOL: PointPool = ""


@dataclass(frozen=True, slots=True)
class SparedQuestions:
    """`worse` costs more than `better`, and comes out better when `questions`, which it spares, would be answered badly."""

    question: str
    worse: str
    better: str
    questions: tuple[str, ...]


def spared_questions(edition: Edition) -> Iterator[SparedQuestions]:
    """The worst such pair of each question, in the order of asking."""
    walk = _EditionWalk(edition)
    for question in edition.questions():
        if question.kind == "fact" or question.id not in walk.read:
            continue
        pairs = sorted(walk.pairs(question), key=lambda pair: pair[0], reverse=True)
        if pairs:
            yield pairs[0][1]


class _EditionWalk:
    """All questions with their conditions, made ready once."""

    def __init__(self, edition: Edition) -> None:
        self._questions = edition.questions()
        self._judges: dict[str, CompiledCondition] = {
            one.id: compile_condition(one.show_if) for one in self._questions if one.show_if
        }
        conditions = [one.show_if for one in self._questions if one.show_if]
        self.read = frozenset(name for condition in conditions for name in condition_subjects(condition))
        self._conditions: Sequence[Condition] = conditions

    def pairs(self, question: Question) -> Iterator[tuple[float, SparedQuestions]]:
        """Each pair where the worse answer comes out better, with what it gains."""
        answers = list(self._answers(question))
        shown = [self._shown(question.id, value) for _, value, _ in answers]
        for (worse, _, more), after_worse in zip(answers, shown, strict=True):
            for (better, _, less), after_better in zip(answers, shown, strict=True):
                spared = after_better.keys() - after_worse.keys()
                if more <= less or not spared:
                    continue
                bad = {name: possible_points(after_better[name]) for name in spared}
                gain = _comparison_score(after_better, {**bad, question.id: less}) - _comparison_score(
                    after_worse, {question.id: more}
                )
                if gain > 0:
                    named = tuple(one.id for one in self._questions if one.id in spared and bad[one.id])
                    yield gain, SparedQuestions(question.id, worse, better, named)

    def _answers(self, question: Question) -> Iterator[tuple[str, AnswerValue, float]]:
        """An answer of every kind that costs something or nothing: what it is called, its value, its points."""
        several = QUESTION_TYPES[question.type].several
        for option in question.options:
            if not several and option.id != DONT_KNOW and option.points is not None:
                yield option.id, option.id, option.points
        for number in self._numbers(question):
            band = next(one for one in question.bands if one.up_to is None or number <= one.up_to)
            yield f"{number:g}", number, band.points

    def _numbers(self, question: Question) -> Sequence[float]:
        if not question.bands or question.bands[-1].up_to is not None:
            return ()
        ends = [band.up_to for band in question.bands if band.up_to is not None]
        ends += [
            leaf.value
            for condition in self._conditions
            for leaf in condition_leaves(condition)
            if leaf.subject == question.id and isinstance(leaf.value, (int, float))
        ]
        return sorted({near for end in ends for near in (end - _NEAR_LIMIT, end, end + _NEAR_LIMIT) if near >= 0})

    def _shown(self, name: str, value: AnswerValue) -> Mapping[str, Question]:
        """What is asked, or may be, once this answer is given and nothing else is known."""
        known: dict[str, object] = {}
        shown: dict[str, Question] = {}
        for one in self._questions:
            judge = self._judges.get(one.id)
            hidden = judge is not None and judge(lambda subject: known.get(subject, PENDING)) in (FALSE, NOT_ASKED)
            known[one.id] = HIDDEN if hidden else value if one.id == name else PENDING
            if not hidden and one.kind != "fact":
                shown[one.id] = one
        return shown


def _comparison_score(shown: Mapping[str, Question], costs: Mapping[str, float]) -> float:
    """The score when these questions cost this and all others nothing."""
    pools: dict[PointPool, list[float]] = {}
    for name, question in shown.items():
        pool = pools.setdefault(_EXPOSURE_POOL if question.kind == "exposure" else question.dimension, [0.0, 0.0])
        pool[0] += costs.get(name, 0.0)
        pool[1] += possible_points(question)
    points, possible = pools.pop(_EXPOSURE_POOL, (0.0, 0.0))
    gaps = [cost / most for cost, most in pools.values() if most]
    gap = add_up(gaps) / len(gaps) if gaps else 0.0
    return score_of(exposure_of(COMPARISON_BASE, points, possible), gap, COMPARISON_FLOOR)


@dataclass(frozen=True, slots=True)
class PlacedRemark:
    question: str
    place: DocumentPath
    remark: Remark


def author_remarks(edition: Edition) -> tuple[PlacedRemark, ...]:
    """Every remark on the questions of an edition, in the order of asking, then those on its duties."""
    hiding = _hiding_remarks(edition)
    found: list[PlacedRemark] = []
    for place, question in questions_with_place(edition):
        found += [PlacedRemark(question.id, (*place, *where), remark) for where, remark in _question_remarks(question)]
        if question.id in hiding:
            found.append(PlacedRemark(question.id, (*place, "show_if"), hiding[question.id]))
    for index, duty in enumerate(edition.duty_book.duties):
        place = ("duty_book", "duties", index)
        found += [PlacedRemark(duty.id, (*place, *where), remark) for where, remark in _duty_remarks(duty)]
    return tuple(found)


def _question_remarks(question: Question) -> Iterator[tuple[DocumentPath, Remark]]:
    yield from ((("ask",), remark) for remark in text_remarks(question.ask, asks=True))
    for key, text in (("hint", question.hint), ("why", question.why)):
        yield from (((key,), remark) for remark in text_remarks(text or ""))
    for index, option in enumerate(question.options):
        yield from ((("options", index, "label"), remark) for remark in text_remarks(option.label))
    yield from _unreachable_points(question)
    yield from _dismissal_remarks(question)
    yield from _asking_remarks(question)


def _unreachable_points(question: Question) -> Iterator[tuple[DocumentPath, Remark]]:
    """Points that no answer can cost."""
    costs = [option.points or 0.0 for option in question.options]
    together = add_up(option.points or 0.0 for option in question.options if not is_exclusive_option(option.id))
    most = max([*costs, together if QUESTION_TYPES[question.type].several else 0.0, 0.0])
    if question.cap is not None and question.options and not question.ticks and question.cap > most:
        yield (
            ("cap",),
            Remark(RemarkRule.POINTS_OUT_OF_REACH, f"the cap is {question.cap:g}, the answers reach {most:g}"),
        )
    boxes = sum(not is_exclusive_option(option.id) for option in question.options)
    for index, step in enumerate(question.ticks):
        if step.at_least > boxes:
            text = f"{step.at_least} ticks, and there are {boxes} boxes"
            yield ("ticks", index), Remark(RemarkRule.POINTS_OUT_OF_REACH, text)
    for index, (band, before) in enumerate(zip(question.bands[1:], question.bands, strict=False), 1):
        if before.up_to is not None and before.up_to >= QUESTION_TYPES[question.type].largest:
            text = f"more than {before.up_to:g}% ({band.points:g} points)"
            yield ("bands", index), Remark(RemarkRule.POINTS_OUT_OF_REACH, text)


def _hiding_remarks(edition: Edition) -> dict[str, Remark]:
    """A worse answer to an earlier question spares this one, and a business that gives it may come out better."""
    found: dict[str, Remark] = {}
    for one in spared_questions(edition):
        text = f"“{one.question}”: {one.worse} costs more than {one.better}, and may come out better"
        for name in one.questions:
            found.setdefault(name, Remark(RemarkRule.BETTER_BY_HIDING, text))
    return found


_PEOPLE = r"(?:them|him|her|workers?|people|anyone|anybody|everyone|everybody|each worker|the (?:workers?|crew|team|gang|person))"
_MOVES_PEOPLE = re.compile(
    rf"\b(?:dismiss|sack|evict|expel|let {_PEOPLE} go|send {_PEOPLE} (?:home|away|back)|throw {_PEOPLE} out|(?:move|question|interview|"
    rf"replace|lay off|re-?check) {_PEOPLE}|(?:end|stop|cancel) (?:the|their|its|any) (?:job|contract|contracts|work|stay|tenancy)|"
    r"(?:drop|stop using|end the contract with) (?:the|that|any|your) (?:agency|labour provider|supplier))\b",
    re.IGNORECASE,
)
_SENTENCE_BOUNDARY = re.compile(r"(?<=[.!?;])\s+")
_FORBIDS = re.compile(r"\b(?:not|never|nobody|no one|no worker|no workers|without)\b|n[’']t\b", re.IGNORECASE)


def _dismissal_remarks(question: Question) -> Iterator[tuple[DocumentPath, Remark]]:
    """An action that moves, questions or dismisses people, on a question whose answers may mean that a worker is in danger."""
    if not question.can_sign:
        return
    actions: list[tuple[DocumentPath, OwnAction]] = [
        (("action",), question.action),
        (("dk_action",), question.dk_action),
    ]
    for key in ("options", "bands", "steps"):
        actions += [((key, index, "action"), one.action) for index, one in enumerate(getattr(question, key))]
    for place, action in actions:
        phrase = _removal_phrase(action) if isinstance(action, Action) and not action.after_advice else None
        if phrase:
            yield place, Remark(RemarkRule.DISMISSES_WITHOUT_ADVICE, phrase)


def _removal_phrase(action: Action) -> str | None:
    for sentence in _SENTENCE_BOUNDARY.split(action.do):
        found = _MOVES_PEOPLE.search(sentence)
        if found and not _FORBIDS.search(sentence):
            return found.group().lower()
    return None


_WHO_MAY_CONTROL = (
    r"(?:managers?|supervisors?|agents?|agency|agencies|operators?|labour providers?|gangmasters?|recruiters?|head|heads|team leaders?|foremen|foreman|"
    r"crew|gang|workers?|staff|people|person|landlords?|drivers?|owner|owners|landowner|contractors?|suppliers?|somebody|someone|anybody|anyone|everybody|"
    r"everyone|them|him|her)"
)
_ASKS_PEOPLE = re.compile(
    rf"\b(?:ask|question|interview|phone|ring|call|contact|talk to|speak (?:to|with)|check with|hear from) (?:only |just )?(?:your |the |their |each |any |all |every |one |some )*"
    rf"(?:[a-z-]+ )?{_WHO_MAY_CONTROL}\b|\bsearch (?!your (?:own )?(?:papers|records|email|emails|messages|inbox|files)\b)\w+",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"\b(?:not|never|nobody|no one|without|before you|how to|than)\b|n[’']t\b", re.IGNORECASE)


def _asking_remarks(question: Question) -> Iterator[tuple[DocumentPath, Remark]]:
    """A step to find out that warns people who may control workers, or puts the question to the workers beside them."""
    if not question.can_sign:
        return
    for place, action in actions_with_place(question):
        phrase = _asking_phrase(action.do) if is_find_out_action(question, place) else None
        if phrase:
            yield place, Remark(RemarkRule.ASKS_WHO_MAY_CONTROL, phrase)


def _asking_phrase(text: str) -> str | None:
    """Who is asked, searched, moved or dismissed there; “no” before it forbids it."""
    for sentence in _SENTENCE_BOUNDARY.split(text):
        for pattern in (_ASKS_PEOPLE, _MOVES_PEOPLE):
            found = pattern.search(sentence)
            if found and not _NOT_YET.search(sentence[: found.start()]) and " no " not in found.group().lower():
                return found.group().lower()
    return None


_NO_SOURCE = re.compile(
    r"\W*(?:none|tbc|tbd|to do|todo|unknown|not known|n/?a|see above|various|\?*)\W*", re.IGNORECASE
)


def _duty_remarks(duty: Duty) -> Iterator[tuple[DocumentPath, Remark]]:
    """A duty whose source nobody can go and read."""
    if _NO_SOURCE.fullmatch(duty.source):
        yield ("source",), Remark(RemarkRule.DUTY_WITHOUT_SOURCE, f"“{duty.source}”")
    if re.fullmatch(r"https?://[^/?#]+/?", duty.url):
        yield ("url",), Remark(RemarkRule.DUTY_WITHOUT_SOURCE, f"{duty.url} is only a front page")


_AUX = r"(?:do|does|did|is|are|was|were|have|has|can|could|will|would|may|must)"
_QUESTION_WORDS = r"(?:who|whom|what|when|where|which|how|why)"
_QUESTION_START = re.compile(rf"(?:^|[,.:]\s+){_AUX}\s", re.IGNORECASE)
_CLAUSE = re.compile(
    rf"[,;]?\s(?:and|or)\s+(?:if (?:so|not|yes|no),?\s+)?{_AUX}\s+(?!not\b|no\b|so\b|to\b|someone (?:you|else)\b)\w+",
    re.IGNORECASE,
)
_SECOND_QUESTION_WORD = re.compile(rf"[,;]\s+(?:and|or)\s+(?:if (?:so|not|yes|no),?\s+)?(?:how (?:many|much|often|long|far)\b|{_QUESTION_WORDS}\s+(?!to\b|not\b|else\b)\w+\s+\w+)", re.IGNORECASE)  # fmt: skip
_VERBS = (
    "keep|give|get|tell|train|ask|write|provide|offer|talk|speak|let|make|take|send|hold|put|find|know|understand|look|allow|"
    "collect|choose|have|show|sign|teach|explain|inspect|meet|follow|arrange|agree|go|come|leave|stop|help|see|hear|read|buy|sell|own"
)
"""Verbs that are hardly ever things."""
_VERBS_OR_NOUNS = "pay|check|record|report|use|hire|charge|work|rest|test|review|visit|count|plan|match|log|cover|move|call|search|watch"
"""Words that are verbs only before what they are done to."""
_VERB_OBJECT = r"(?:the|a|an|your|their|his|her|its|our|them|it|him|us|each|every|any|all|some|who|what|how|that|whether|if|on|up|down|extra|copies|overtime|workers|people|staff)"
_SECOND_VERB = re.compile(
    rf"\s(?:and|or)\s+(?:also\s+|then\s+)?(?:(?:{_VERBS})|(?:{_VERBS_OR_NOUNS})\s+{_VERB_OBJECT})\b", re.IGNORECASE
)
_FIXED_VERB_PAIRS = re.compile(
    r"\b(?:come and go|read and understand|find and pay|speak and understand|see and sign|go and see|try and \w+)\b",
    re.IGNORECASE,
)
"""Two verbs that are said as one."""


def second_question(text: str) -> str | None:
    """The words where a second question begins; None when there is only one."""
    if text.count("?") > 1:
        return "two question marks"
    asked = _FIXED_VERB_PAIRS.sub("do", text.partition("?")[0])
    for search in (
        (_CLAUSE, _SECOND_QUESTION_WORD, _SECOND_VERB)
        if _QUESTION_START.search(asked)
        else (_CLAUSE, _SECOND_QUESTION_WORD)
    ):
        second = search.search(asked)
        if second:
            return second.group().strip(" ,;")
    return None


_PER_WORD, _PER_SYLLABLE, _FORMULA_OFFSET = 0.39, 11.8, 15.59
_WORD = re.compile(r"[A-Za-z’'-]+")
_SENTENCE = re.compile(r"[.!?](?:\s+|$)|\n")
_VOWELS = re.compile(r"[aeiouy]+")


def words_of(text: str) -> Sequence[str]:
    return _WORD.findall(text)


def sentences_of(text: str) -> Sequence[str]:
    return [one.strip() for one in _SENTENCE.split(text) if one.strip()]


def reading_age(text: str) -> float:
    """Years of age. 0 for a text without words."""
    words = words_of(text)
    if not words:
        return 0.0
    per_sentence = len(words) / max(len(sentences_of(text)), 1)
    per_word = sum(map(syllables, words)) / len(words)
    # the formula gives years at school; this is how old children are before the first
    return _PER_WORD * per_sentence + _PER_SYLLABLE * per_word - _FORMULA_OFFSET + 5


def syllables(word: str) -> int:
    bare = word.lower().removesuffix("’s")
    count = len(_VOWELS.findall(bare))
    if bare.endswith("e") and not bare.endswith(("le", "ee")) and count > 1:
        count -= 1
    if bare.endswith("ed") and not bare.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(count, 1)


REPAIRS = {
    RemarkRule.LONG_SENTENCE: "Cut it into two sentences.",
    RemarkRule.READING_AGE: "Use fewer and shorter words, and shorter sentences.",
    RemarkRule.HARD_WORDS: "Use a shorter word people say every day, or explain it in the hint.",
    RemarkRule.TWO_QUESTIONS: "Ask one thing here, and the other in a question of its own.",
    RemarkRule.DOUBLE_NEGATIVE: "Say it without one of the two.",
    RemarkRule.LOADED_WORDS: "Say it so that no answer is the one you hope for.",
    RemarkRule.POINTS_OUT_OF_REACH: "Lower it to what the answers can add up to, or take it out.",
    RemarkRule.BETTER_BY_HIDING: "Let the next question be asked after the worse answer too, or give that answer more points.",
    RemarkRule.DISMISSES_WITHOUT_ADVICE: "Mark the action “only after advice”, so that nobody is moved before the helpline was called.",
    RemarkRule.ASKS_WHO_MAY_CONTROL: "Name the papers the business already has, and say to ask nobody; where they do not answer it, the helpline.",
    RemarkRule.DUTY_WITHOUT_SOURCE: "Give the law, its section and the address of the page where it can be read.",
}

MAX_SENTENCE_WORDS = 25
"""Words; guidance for public services in the UK asks for no more."""
MAX_READING_AGE = 15.0
"""Years a text may ask for, by the formula. It is set high: of a single sentence the formula is a rough measure."""
MIN_WORDS = 5
"""Texts with fewer words are too short to be measured."""
MAX_HARD_WORDS = 1
HARD_SYLLABLES = 4
MAX_WORD_LETTERS = 12

_PLACEHOLDER = re.compile(r"\{[a-z0-9_]+\}")
COMMON_LONG_WORDS = frozenset(
    {
        "accommodation", "anybody", "anyone", "everybody", "everyone", "hospitality", "identity", "agency", "agencies", "information",
        "january", "february", "nationality", "security", "somebody", "supervisor", "supervisors", "university", "operator", "operators",
        "activity", "activities", "agriculture", "emergency", "temporary", "delivery", "ordinary", "landowner", "landowners", "immigration",
        "waterproofs", "subcontractor", "subcontractors", "gangmaster", "gangmasters", "agricultural", "insurance", "everything",
        "housekeepers", "housekeeping", "certificate", "certificates", "electricity", "machinery", "caravans", "usually", "experience",
    }
)  # fmt: skip

_NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|\w+n[’']t|unless|refuse[sd]?|refusing|fail(?:s|ed)? to|"
    r"un(?:able|aware|known|paid|safe|lawful|likely|true)|prevent(?:s|ed)?|avoid(?:s|ed)?)\b",
    re.IGNORECASE,
)
_HARMLESS_NEGATIONS = re.compile(
    r"\b(?:or not|whether or not|no longer than|not only|no more than|no less than|not more than|nothing but|if not|say no|says no|said no|"
    r"never or almost never|no one)\b|^(?:no|none),",
    re.IGNORECASE,
)
"""Ways of speaking that hold a “no” and deny nothing."""
_CLAUSE_BREAK = re.compile(r"[.!?;:,](?:\s+|$)|\n|\s(?:and|but|or)\s", re.IGNORECASE)
"""Between two thoughts: a denial in each is no double one."""
_LOADED_WORDS = re.compile(
    r"\b(?:obviously|of course|clearly|surely|simply|merely|honestly|admit(?:s|ted)?|confess|illegals|"
    r"illegal (?:workers?|migrants?|immigrants?|people|staff|labour)|cheap labour|properly|decent|slaves?|guilty|blame|lazy|greedy|"
    r"cheat(?:s|ed|ing)?|badly|still (?:employ|use|hire|keep)|even though|you should|as you know|"
    r"(?:responsible|good|bad|honest|decent) (?:compan(?:y|ies)|employers?|farmers?|owners?|business(?:es)?|firms?)|"
    r"(?:do|did|have|are|would) you (?:ever |still |not |never )?(?:exploit|abus|traffic|steal|rob)\w*|(?:do|don[’']t) you (?:agree|think)|"
    r"stopped \w+ing your|why (?:do|did|are|have) you not|why (?:don|didn|aren|haven)[’']t you)\b|,\s*(?:do|are|is|have|does)n[’']t (?:you|they|it)\s*\?",
    re.IGNORECASE,
)


class Remark(NamedTuple):
    """Something an author may want to look at again. `found` is the word or figure it rests on."""

    rule: RemarkRule
    found: str

    @property
    def repair(self) -> str:
        return REPAIRS[self.rule]


def text_remarks(text: str, *, asks: bool = False) -> Iterator[Remark]:
    """Everything remarkable about one text. `asks` says that it is a question: it must ask one thing, and push to no answer."""
    plain = _PLACEHOLDER.sub("it", text)
    for sentence in sentences_of(plain):
        count = len(words_of(sentence))
        if count > MAX_SENTENCE_WORDS:
            yield Remark(RemarkRule.LONG_SENTENCE, f"{count} words")
    for thought in _CLAUSE_BREAK.split(_HARMLESS_NEGATIONS.sub("", plain)):
        denials = _NEGATIONS.findall(thought)
        # said twice they are a list: “no key means no freedom”
        if len(denials) > 1 and not {one.lower() for one in denials} <= {"no", "unpaid"}:
            yield Remark(RemarkRule.DOUBLE_NEGATIVE, " … ".join(denials[:2]))
    hard = sorted({word.lower() for word in words_of(plain) if is_hard(word)})
    if len(hard) > MAX_HARD_WORDS:
        yield Remark(RemarkRule.HARD_WORDS, ", ".join(hard))
    if asks:
        age = reading_age(plain)
        if age > MAX_READING_AGE and len(words_of(plain)) >= MIN_WORDS:
            yield Remark(RemarkRule.READING_AGE, f"{age:.0f} years")
        for loaded in dict.fromkeys(one.lower().strip(" ,?") for one in _LOADED_WORDS.findall(plain)):
            yield Remark(RemarkRule.LOADED_WORDS, loaded)
        second = second_question(plain)
        if second is not None:
            yield Remark(RemarkRule.TWO_QUESTIONS, second)


def is_hard(word: str) -> bool:
    """Whether a word is long for a person who reads little. Names are left alone."""
    bare = word.lower().strip("’'-").removesuffix("’s").removesuffix("’")
    if bare in COMMON_LONG_WORDS or word[:1].isupper() or "-" in bare:
        return False
    return len(bare) > MAX_WORD_LETTERS or syllables(bare) >= HARD_SYLLABLES
