from __future__ import annotations

from typing import Any

import pytest

from assess.engine.bank import Deadline, Duty, DutyBook, Fact, FactSource, Gate, MustDo, Option
from assess.engine.conditions import Always, Leaf, Not, Term
from assess.engine.nodes import DocumentError, Node
from assess.engine.reading_duties import read_duty_book

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
    return read_duty_book(Node(parts, "duty_book"))


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
def test_a_fault_says_where(parts: dict[str, Any], place: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        book(**parts)
    assert caught.value.place == place
    assert caught.value.message.startswith(message)
