from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Annotated, Any, Literal

import pytest

from assess.engine.bank import (
    ILO_INDICATORS,
    Action,
    BuyerGroup,
    Check,
    Column,
    Deadline,
    Dimension,
    Duty,
    DutyBook,
    Fact,
    FactSource,
    Gate,
    MustDo,
    NumberBand,
    Option,
    Question,
    RuleStep,
    Section,
    Source,
    TickStep,
)
from assess.engine.bank_reader import (
    DocumentError,
    as_list,
    as_number,
    as_text,
    as_whole,
    document_digest,
    read_condition,
    read_edition,
    read_object,
)
from assess.engine.conditions import AllOf, Always, AnyOf, Applies, Asked, AtLeastOf, Condition, Leaf, Not, Term
from assess.engine.question_types import QUESTION_TYPES
from assess.engine.schema import Attribute, object_fields
from assess.engine.settings import Contact, DatedSettings, ScoringSettings
from tests.builders import a_bank, a_question, some_settings
from tests.engine.real_banks import BANKS, edition_of

QUESTION = {"id": "q", "ask": "What?", "type": "choice", "kind": "safeguard", "dimension": "pay"}


def document(**changes: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "bank": "small",
        "title": "Small",
        "sections": [{"id": "one", "title": "One", "questions": [QUESTION]}],
        "checks": [{"id": "D9", "says": "Odd.", "when": "always"}],
        "dimensions": [{"id": "pay", "name": "Pay", "meaning": "Money."}],
        "groups": [{"id": "g", "name": "G", "dimensions": ["pay"]}],
        "owners": {"owner": "Owner"},
        "sources": {"S1": {"document": "D", "url": "https://example.org", "how_far_read": "all"}},
        "duty_book": {"facts": [], "terms": {}, "duties": []},
    } | changes


def test_every_part_of_a_document_is_read() -> None:
    edition = read_edition(document())
    assert (edition.bank, edition.title) == ("small", "Small")
    assert [question.id for question in edition.questions()] == ["q"]
    assert edition.checks[0].when == Always()
    assert edition.dimensions == (Dimension("pay", "Pay", "Money."),)
    assert edition.groups == (BuyerGroup("g", "G", ("pay",)),)
    assert edition.owners == {"owner": "Owner"}
    assert edition.sources == {"S1": Source("S1", "D", "https://example.org", "all")}
    assert edition.duty_book.duties == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"format": 2}, "format: this engine reads format 1 only"),
        ({"format": None}, "document: “format” is missing"),
        ({"format": True}, "format: this must be a whole number"),
        ({"checks": None}, "document: “checks” is missing"),
        ({"extra": 1}, "document: unknown key “extra”"),
        ({"duty_book": None}, "document: “duty_book” is missing"),
        ({"sources": {"S1": {"document": "D"}}}, "sources.S1: “url” is missing"),
        ({"groups": [{"id": "g", "name": "G", "dimensions": ["pay"], "bars": 1}]}, "groups[0]: unknown key “bars”"),
    ],
)
def test_a_fault_says_where(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_edition(document(**changes))
    assert str(caught.value) == said


def test_the_digest_does_not_depend_on_the_order_of_keys_but_on_every_letter() -> None:
    assert document_digest({"a": 1, "b": "é"}) == document_digest({"b": "é", "a": 1})
    assert document_digest({"a": 1, "b": "é"}) == hashlib.sha256('{"a":1,"b":"é"}'.encode()).hexdigest()
    assert document_digest({"a": 1}) != document_digest({"a": 2})


def test_conditions_may_be_read_alone() -> None:
    assert read_condition("always") == Always()


@pytest.mark.parametrize("bank", BANKS)
def test_the_real_banks_can_be_read(bank: str) -> None:
    edition = edition_of(bank)
    assert edition.bank == bank
    assert len(edition.questions()) > 70
    assert len(edition.dimensions) == 17
    assert len(edition.duty_book.duties) >= 64


@dataclass(frozen=True)
class Inner:
    x: str


@dataclass(frozen=True)
class Sample:
    text: str
    number: float
    whole: int
    flag: bool = False
    word: Literal["a", "b"] | None = None
    texts: tuple[str, ...] = ()
    objects: tuple[Inner, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    from_: str | None = None
    on: bool = True
    end: float | None = None


HowMany = Annotated[int, Attribute("how many")]
End = Annotated[float | None, Attribute("an end")]


@dataclass(frozen=True)
class MarkedSample:
    text: Annotated[str, Attribute("the text")]
    number: float
    whole: HowMany
    flag: Annotated[bool, Attribute("whether")] = False
    word: Annotated[Literal["a", "b"] | None, Attribute("the word")] = None
    texts: Annotated[tuple[str, ...], Attribute("texts")] = ()
    objects: Annotated[tuple[Inner, ...], Attribute("objects")] = ()
    names: Annotated[Mapping[str, str], Attribute("names")] = field(default_factory=dict)
    from_: Annotated[str | None, Attribute("from where")] = None
    on: Annotated[bool, Attribute("whether it is on")] = True
    end: Annotated[End, Attribute("the end")] = None


SAMPLE = {
    "text": "words",
    "number": 1.5,
    "whole": 3,
    "flag": True,
    "word": "b",
    "texts": ["a", "b"],
    "objects": [{"x": "1"}],
    "names": {"a": "b"},
    "from": "there",
    "end": None,
}


def sample(**changes: Any) -> Sample:
    return read_object(Sample, SAMPLE | changes, "here")


def test_each_key_holds_its_kind_of_value() -> None:
    assert sample() == Sample(
        "words",
        1.5,
        3,
        flag=True,
        word="b",
        texts=("a", "b"),
        objects=(Inner("1"),),
        names={"a": "b"},
        from_="there",
    )


def test_what_is_said_of_an_attribute_changes_nothing_of_its_type() -> None:
    bare = [replace(one, about=Attribute()) for one in object_fields(Sample)]
    assert [replace(one, about=Attribute()) for one in object_fields(MarkedSample)] == bare
    assert [one.about.said for one in object_fields(MarkedSample)][:4] == ["the text", "", "how many", "whether"]
    assert object_fields(MarkedSample)[-1].about == Attribute("the end")  # the outermost mark counts
    assert read_object(MarkedSample, SAMPLE) == MarkedSample(**asdict(sample()) | {"objects": (Inner("1"),)})


def test_every_type_that_an_attribute_belongs_to_is_one_and_no_two_are_called_alike() -> None:
    abouts = [one.about for one in object_fields(Question)]
    assert {name for about in abouts for name in about.types} <= set(QUESTION_TYPES)
    for words in ([one.column for one in abouts], [one.label for one in abouts], [one.said for one in abouts]):
        there = [one for one in words if one]
        assert len(there) == len(set(there))


def test_what_may_be_absent_has_its_default_and_null_is_absent() -> None:
    bare = {key: SAMPLE[key] for key in ("text", "number", "whole")}
    assert read_object(Sample, bare) == Sample("words", 1.5, 3)
    assert read_object(Sample, bare | dict.fromkeys(SAMPLE.keys() - bare.keys())) == Sample("words", 1.5, 3)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda: read_object(Sample, [], "here"), "here: this must be a group of named values"),
        (lambda: read_object(Sample, {1: 2}), "document: this must be a group of named values"),
        (lambda: sample(text=None), "here: “text” is missing"),
        (lambda: sample(text=3), "here.text: this must be a text"),
        (lambda: sample(number="words"), "here.number: this must be a number"),
        (lambda: sample(number=True), "here.number: this must be a number"),
        (lambda: sample(whole=1.5), "here.whole: this must be a whole number"),
        (lambda: sample(whole=True), "here.whole: this must be a whole number"),
        (lambda: sample(flag="words"), "here.flag: this must be true or false"),
        (lambda: sample(texts="words"), "here.texts: this must be a list"),
        (lambda: sample(texts=[{"x": "1"}]), "here.texts[0]: this must be a text"),
        (lambda: sample(objects=["a", "b"]), "here.objects[0]: this must be a group of named values"),
        (lambda: sample(objects=[{"x": "1"}, {"x": 1}]), "here.objects[1].x: this must be a text"),
        (lambda: sample(names=[]), "here.names: this must be a group of named values"),
        (lambda: read_object(Sample, SAMPLE | {"names": {"b": 1}}), "names.b: this must be a text"),
        (lambda: sample(word="words"), "here.word: “words” must be one of: a, b"),
        (lambda: sample(word=1), "here.word: this must be a text"),
        (lambda: sample(from_="there"), "here: unknown key “from_”"),
    ],
)
def test_a_fault_says_where_it_is_and_what_belongs_there(read: Callable[[], object], said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read()
    assert str(caught.value) == said


def test_place_and_message_are_kept_apart() -> None:
    fault = DocumentError("here", "wrong")
    assert (fault.place, fault.message, str(fault)) == ("here", "wrong", "here: wrong")


def test_plain_values() -> None:
    assert as_text("a") == "a"
    assert as_number(2) == 2
    assert as_whole(2) == 2
    assert as_list((1, 2)) == [1, 2]


@pytest.mark.parametrize(
    ("raw", "tree"),
    [
        ("always", Always()),
        ({"q": {"is": "yes"}}, Leaf("q", "is", "yes")),
        ({"q": {"is": True}}, Leaf("q", "is", value=True)),
        ({"q": {"is": 3}}, Leaf("q", "is", 3)),
        ({"q": {"is": ["none"]}}, Leaf("q", "is", ("none",))),
        ({"q": {"is_one_of": ["a", "b"]}}, Leaf("q", "is_one_of", ("a", "b"))),
        ({"q": {"includes": "a"}}, Leaf("q", "includes", "a")),
        ({"q": {"includes_any": ["a", "dk"]}}, Leaf("q", "includes_any", ("a", "dk"))),
        ({"q": {"at_least": 1}}, Leaf("q", "at_least", 1)),
        ({"q": {"at_most": 1.5}}, Leaf("q", "at_most", 1.5)),
        ({"q": {"more_than": 0}}, Leaf("q", "more_than", 0)),
        ({"q": {"less_than": 0}}, Leaf("q", "less_than", 0)),
        ({"q": {"before": "2026-11-24"}}, Leaf("q", "before", "2026-11-24")),
        ({"q": {"after": "2026-11-24"}}, Leaf("q", "after", "2026-11-24")),
        ({"all": [{"asked": "q"}, {"term": "t"}]}, AllOf((Asked("q"), Term("t")))),
        ({"any": [{"applies": "d"}]}, AnyOf((Applies("d"),))),
        ({"not": {"not": "always"}}, Not(Not(Always()))),
        ({"at_least_of": {"n": 1, "of": ["always"]}}, AtLeastOf(1, (Always(),))),
    ],
)
def test_every_shape_becomes_its_tree(raw: object, tree: Condition) -> None:
    assert read_condition(raw) == tree


@pytest.mark.parametrize(
    ("raw", "place", "message"),
    [
        ("sometimes", "when", "this must be a group of named values"),
        ({}, "when", "a condition says one thing; join several with all: or any:"),
        ({"a": {"is": "x"}, "b": {"is": "y"}}, "when", "a condition says one thing; join several with all: or any:"),
        ({"q": {"is": "x", "includes": "y"}}, "when.q", "a condition says one thing; join several with all: or any:"),
        ({"q": "yes"}, "when.q", "this must be a group of named values"),
        ({"q": {"equals": "x"}}, "when.q", "unknown test “equals”; use one of: is, is_one_of, includes"),
        ({"q": {"is": []}}, "when.q.is", "list at least one option"),
        ({"q": {"is": {}}}, "when.q.is", "this must be a list"),
        ({"q": {"is_one_of": "a"}}, "when.q.is_one_of", "this must be a list"),
        ({"q": {"includes_any": [1]}}, "when.q.includes_any[0]", "this must be a text"),
        ({"q": {"includes": ["a"]}}, "when.q.includes", "this must be a text"),
        ({"q": {"at_least": "3"}}, "when.q.at_least", "this must be a number"),
        ({"q": {"before": "tomorrow"}}, "when.q.before", "write the date as 2026-11-24"),
        ({"all": []}, "when.all", "list at least one condition"),
        ({"any": {"a": "b"}}, "when.any", "this must be a list"),
        ({"any": [{"q": {"is": None}}]}, "when.any[0].q", "a condition says one thing"),
        ({"not": []}, "when.not", "this must be a group of named values"),
        ({"asked": ["q"]}, "when.asked", "this must be a text"),
        ({"at_least_of": {"n": 0, "of": ["always"]}}, "when.at_least_of.n", "this must be from 1 to 1"),
        ({"at_least_of": {"n": 2, "of": ["always"]}}, "when.at_least_of.n", "this must be from 1 to 1"),
        ({"at_least_of": {"n": 1, "of": []}}, "when.at_least_of.of", "list at least one condition"),
        ({"at_least_of": {"n": 1}}, "when.at_least_of", "“of” is missing"),
        ({"at_least_of": {"n": 1, "of": ["always"], "x": 1}}, "when.at_least_of", "unknown key “x”"),
    ],
)
def test_a_shape_that_is_none_says_where(raw: object, place: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_object(Check, {"id": "D9", "says": "Odd.", "when": raw})
    assert caught.value.place == place
    assert caught.value.message.startswith(message)


FACT = {"id": "turnover", "type": "money", "ask": "Turnover?", "group": "size"}
DUTY = {
    "id": "statement",
    "title": "A statement",
    "jurisdiction": ["UK"],
    "status": "in_force",
    "force": "mandatory",
    "when": {"turnover": {"at_least": 36}},
    "applies_to": "Large ones.",
    "must_do": ["Write.", {"text": "Publish.", "when": {"term": "web"}}],
    "deadline": {"kind": "months_after_fye", "n": 6, "month_rule": "safe", "from": "2026-01-01"},
    "source": "An Act",
    "url": "https://example.org",
    "source_as_of": "2026-10-01",
    "evidence": "B",
    "confidence": "high",
}


def book(**parts: Any) -> DutyBook:
    return read_object(DutyBook, parts, "duty_book")


def test_a_book_may_be_empty() -> None:
    assert book() == DutyBook((), {}, ())


def test_facts_say_where_they_may_be_read_from() -> None:
    source = {"question": "q", "includes_any": ["a"], "none_of": ["b"], "more_than": 0, "values": {"a": "x"}}
    more = {
        "hint": "H.",
        "unit": "£",
        "options": [{"id": "x", "label": "X"}],
        "gate": "size",
        "gate_value": 0,
        "sources": [source | {"unknown": ["dk"]}],
    }
    assert book(facts=[FACT, FACT | more]).facts == (
        Fact("turnover", "money", "Turnover?", "size"),
        Fact(
            "turnover",
            "money",
            "Turnover?",
            "size",
            hint="H.",
            unit="£",
            options=(Option("x", "X"),),
            gate="size",
            gate_value=0,
            sources=(FactSource("q", ("a",), ("b",), 0, {"a": "x"}, ("dk",)),),
        ),
    )


def test_gates_and_terms() -> None:
    found = book(
        gates=[{"id": "foreign", "ask": "Abroad?", "hint": "H."}],
        terms={"web": {"has_web": {"is": True}}, "no_web": {"not": {"term": "web"}}},
    )
    assert found.gates == (Gate("foreign", "Abroad?", "H."),)
    assert found.terms == {"web": Leaf("has_web", "is", value=True), "no_web": Not(Term("web"))}


def test_a_duty_with_its_steps_and_date() -> None:
    found = book(duties=[DUTY]).duties[0]
    assert found.when == Leaf("turnover", "at_least", 36)
    assert found.must_do == (MustDo("Write."), MustDo("Publish.", Term("web")))
    assert found.deadline == Deadline("months_after_fye", n=6, month_rule="safe", from_="2026-01-01")
    assert (found.reviewed_by, found.more_urls, found.key_number) == (None, (), None)


def test_a_duty_with_everything() -> None:
    more = {
        "when": "always",
        "key_number": "36",
        "approver": "Board",
        "publish": "Web",
        "consequence": "None",
        "in_force_from": "2015",
        "more_urls": ["https://example.org/more"],
        "unverified": "Nothing",
        "reviewed_by": "A. Lawyer",
        "reviewed_on": "2026-11-01",
        "deadline": {
            "kind": "fixed",
            "n_if_traded": 6,
            "month_day": "03-31",
            "after_year_end": True,
            "date": "2027-01-01",
            "event": "sale",
            "note": "Note",
        },
    }
    found = book(duties=[DUTY | more]).duties[0]
    assert isinstance(found, Duty)
    assert found.when == Always()
    assert found.deadline == Deadline(
        "fixed", n_if_traded=6, month_day="03-31", after_year_end=True, date="2027-01-01", event="sale", note="Note"
    )
    assert (found.approver, found.publish, found.consequence) == ("Board", "Web", "None")
    assert (found.in_force_from, found.unverified, found.reviewed_on) == ("2015", "Nothing", "2026-11-01")
    assert found.more_urls == ("https://example.org/more",)


@pytest.mark.parametrize(
    ("parts", "place", "message"),
    [
        ({"duties": [DUTY | {"status": "soon"}]}, "duty_book.duties[0].status", "“soon” must be one of: in_force"),
        ({"duties": [DUTY | {"when": {"x": 1}}]}, "duty_book.duties[0].when.x", "this must be a group"),
        ({"duties": [DUTY | {"must_do": [1]}]}, "duty_book.duties[0].must_do[0]", "this must be a group"),
        (
            {"facts": [FACT | {"gate": "size", "gate_value": "no"}]},
            "duty_book.facts[0].gate_value",
            "this must be true",
        ),
        ({"terms": {"a": {"all": []}}}, "duty_book.terms.a.all", "list at least one condition"),
        ({"rules": []}, "duty_book", "unknown key “rules”"),
    ],
)
def test_a_fault_says_where_reading_duties(parts: dict[str, Any], place: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        book(**parts)
    assert caught.value.place == place
    assert caught.value.message.startswith(message)


ACTION = {"do": "Do it.", "priority": "immediate", "owner": "owner", "effort": "S", "after_advice": True}
READ = Action("Do it.", "immediate", "owner", "S", after_advice=True)
LATER = {"do": "Later.", "priority": 90, "owner": "owner", "effort": "L"}


def question(**more: Any) -> Question:
    bare = {"id": "q", "ask": "What?", "type": "choice", "kind": "safeguard", "dimension": "pay"}
    return read_object(Question, bare | more, "questions[0]")


def test_a_bare_question_has_plain_defaults() -> None:
    assert question() == Question("q", "What?", "choice", "safeguard", "pay")


def test_a_choice_with_everything() -> None:
    found = question(
        ilo=[7, 3],
        quick=True,
        can_sign=True,
        pooled=True,
        show_if={"p": {"is": "yes"}},
        hint="Hint.",
        unit="hours",
        why="Why.",
        evidence="Safe log",
        options=[
            {"id": "yes", "label": "Yes", "points": 0},
            {"id": "no", "label": "No", "points": 4, "sign": "urgent", "third_party": True, "action": ACTION},
            {"id": "na", "label": "None", "points": 2, "action": False},
        ],
        cap=6,
        action=LATER,
        dk_action=ACTION,
        sources=["S1"],
        rev=2,
        waived={"long_sentence": "So says the law."},
    )
    assert found.options == (
        Option("yes", "Yes", 0),
        Option("no", "No", 4, "urgent", third_party=True, action=READ),
        Option("na", "None", 2, action=False),
    )
    assert found.show_if == Leaf("p", "is", "yes")
    assert found.action == Action("Later.", 90, "owner", "L")
    assert found.dk_action == READ
    assert (found.ilo, found.cap, found.rev, found.sources) == ((7, 3), 6, 2, ("S1",))
    assert (found.quick, found.can_sign, found.pooled, found.hint, found.unit) == (True, True, True, "Hint.", "hours")
    assert (found.why, found.evidence) == ("Why.", "Safe log")
    assert found.waived == {"long_sentence": "So says the law."}


def test_numbers_ticks_rules_and_tables() -> None:
    assert question(type="number", bands=[{"up_to": 5, "points": 0}, {"points": 4, "sign": "serious"}]).bands == (
        NumberBand(5, 0),
        NumberBand(None, 4, "serious"),
    )
    assert question(type="choices", ticks=[{"at_least": 0, "points": 4}]).ticks == (TickStep(0, 4),)
    rated = question(type="number", rule="housing_charge", steps=[{"id": "above", "points": 4, "action": ACTION}])
    assert rated.rule == "housing_charge"
    assert rated.steps == (RuleStep("above", 4, action=READ),)
    options = [{"id": "house", "label": "House"}]
    columns = [{"id": "kind", "label": "Kind", "type": "choice", "options": options}]
    assert question(type="table", kind="fact", columns=columns).columns == (
        Column("kind", "Kind", "choice", (Option("house", "House"),)),
    )


def test_no_action_on_the_answer_dont_know() -> None:
    assert question(dk_action=False).dk_action is False


@pytest.mark.parametrize(
    ("more", "place", "message"),
    [
        ({"type": "guess"}, "questions[0].type", "“guess” must be one of: choice"),
        ({"show_iff": "always"}, "questions[0]", "unknown key “show_iff”"),
        ({"rule": "magic"}, "questions[0].rule", "“magic” must be one of: labour_provider_rate, housing_charge"),
        ({"options": [{"id": "a"}]}, "questions[0].options[0]", "“label” is missing"),
        (
            {"action": ACTION | {"priority": "soon"}},
            "questions[0].action.priority",
            "write immediate, or a number of days",
        ),
        ({"action": ACTION | {"priority": 1.5}}, "questions[0].action.priority", "this must be a whole number"),
        ({"action": False}, "questions[0].action", "this must be a group of named values"),
        ({"ilo": ["7"]}, "questions[0].ilo[0]", "this must be a whole number"),
    ],
)
def test_a_fault_says_where_reading_questions(more: dict[str, Any], place: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        question(**more)
    assert caught.value.place == place
    assert caught.value.message.startswith(message)


def test_a_section_holds_its_questions() -> None:
    bare = {"id": "q", "ask": "What?", "type": "text", "kind": "fact", "dimension": "pay"}
    found = read_object(Section, {"id": "one", "title": "One", "common": True, "questions": [bare]})
    assert found == Section("one", "One", (Question("q", "What?", "text", "fact", "pay"),), common=True)


def test_a_check_in_words_and_one_with_a_rule() -> None:
    words = {"id": "D9", "says": "Odd.", "when": "always", "unless": {"q": {"is": "a"}}}
    assert read_object(Check, words) == Check("D9", "Odd.", when=Always(), unless=Leaf("q", "is", "a"))
    rule = {
        "id": "D4",
        "says": "Low.",
        "rule": "labour_provider_rate",
        "inputs": {"rate": "r"},
        "sign": "serious",
        "ilo": [8],
        "action": ACTION,
        "listed": False,
    }
    assert read_object(Check, rule) == Check(
        "D4",
        "Low.",
        rule="labour_provider_rate",
        inputs={"rate": "r"},
        sign="serious",
        ilo=(8,),
        action=READ,
        listed=False,
    )


def test_questions_come_in_the_order_of_sections_and_within_them() -> None:
    bank = a_bank(
        sections=(Section("b", "B", (a_question("y"), a_question("x"))), Section("a", "A", (a_question("z"),)))
    )
    assert [question.id for question in bank.questions()] == ["y", "x", "z"]


def test_an_edition_is_one_of_a_kind_so_that_things_can_be_kept_beside_it() -> None:
    bank = a_bank()
    assert bank != replace(bank)
    assert len({bank, replace(bank)}) == 2


def test_a_frozen_edition_stays_as_it_is() -> None:
    with pytest.raises(FrozenInstanceError):
        a_bank().title = "Other"


def test_every_indicator_that_a_file_may_name_has_a_name() -> None:
    assert list(ILO_INDICATORS) == list(range(1, 12))
    assert len(set(ILO_INDICATORS.values())) == 11


def test_every_setting_of_the_score_is_explained() -> None:
    said = ScoringSettings.__doc__ or ""
    names = {field.name for field in fields(ScoringSettings)} - {"stale_factor", "stale_months"}
    assert {name for name in names if name not in said and not name.startswith("labour_provider")} == set()


def test_settings_of_one_day_hold_what_was_in_force() -> None:
    dated = DatedSettings("2026-11-24", some_settings(), (), {"wage": "£12.00"}, ())
    assert dated.scoring == some_settings()
    assert dated != DatedSettings("2026-11-25", some_settings(), (), {"wage": "£12.00"}, ())


def test_a_contact_that_was_taken_away_is_named_by_the_helpline_and_says_so() -> None:
    line = Contact(
        "acas", 4, None, "Pay", "Acas", "0300 123 1100", None, None, "Anyone", "S1", "2026-11-24", "2027-01-01"
    )
    assert line.said == "0300 123 1100"
    taken = dataclasses.replace(line, number="08000 121 700", blanked="2026-11-25")
    assert taken.said == "08000 121 700 (the helpline; this line is not available)"
