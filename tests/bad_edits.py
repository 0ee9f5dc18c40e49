"""Edits that go wrong, as tired coordinators make them, at random places of a real bank; each with what has to be said, and where.

An edit changes the values of a compiled document in place and gives the place that has to be named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from assess.engine.bank import RemarkRule
from assess.engine.problems import DocumentPath

Data = dict[str, Any]
Bad = Callable[[Random, Data], DocumentPath]


def _places(document: Data) -> list[tuple[DocumentPath, Data]]:
    return [
        (("sections", number, "questions", index), question)
        for number, section in enumerate(document["sections"])
        for index, question in enumerate(section["questions"])
    ]


def _scored(rnd: Random, document: Data, fits: Callable[[Data], object] = bool) -> tuple[DocumentPath, Data]:
    return rnd.choice([one for one in _places(document) if one[1]["kind"] == "safeguard" and fits(one[1])])


def _has_options(question: Data) -> bool:
    return question["type"] == "choice" and len(question["options"]) > 2


def _set(key: str, value: object) -> Bad:
    def edit(rnd: Random, document: Data) -> DocumentPath:
        place, question = _scored(rnd, document)
        question[key] = value
        return (*place, key)

    return edit


def _said(key: str, words: str) -> Bad:
    """Other words at the end of a text."""

    def edit(rnd: Random, document: Data) -> DocumentPath:
        place, question = _scored(rnd, document, lambda one: key in one)
        question[key] = words
        return (*place, key)

    return edit


def _looks_forward(rnd: Random, document: Data) -> DocumentPath:
    places = _places(document)
    here = rnd.randrange(len(places) // 2)
    later = next(one for _, one in places[here + 1 :] if one["type"] == "choice")
    place, question = places[here]
    question["show_if"] = {later["id"]: {"is": later["options"][0]["id"]}}
    return (*place, "show_if", later["id"])


def _unknown_option(rnd: Random, document: Data) -> DocumentPath:
    places = _places(document)
    earlier = next(one for _, one in places if one["type"] == "choice")
    place, question = rnd.choice(places[len(places) // 2 :])
    question["show_if"] = {earlier["id"]: {"is": "no_such_option"}}
    return (*place, "show_if", earlier["id"])


def _wrong_test(rnd: Random, document: Data) -> DocumentPath:
    places = _places(document)
    earlier = next(one for _, one in places if one["type"] == "choice")
    place, question = rnd.choice(places[len(places) // 2 :])
    question["show_if"] = {earlier["id"]: {"at_least": 3}}
    return (*place, "show_if", earlier["id"])


def _never(rnd: Random, document: Data) -> DocumentPath:
    places = _places(document)
    earlier = next(one for _, one in places if one["type"] == "choice")
    place, question = rnd.choice(places[len(places) // 2 :])
    one, other = (option["id"] for option in earlier["options"][:2])
    question["show_if"] = {"all": [{earlier["id"]: {"is": one}}, {earlier["id"]: {"is": other}}]}
    return (*place, "show_if")


def _section_never(rnd: Random, document: Data) -> DocumentPath:
    """A section that no answers reach: the last one, so that nothing else waits for it."""
    earlier = next(one for _, one in _places(document) if one["type"] == "choice")
    one, other = (option["id"] for option in earlier["options"][:2])
    number = len(document["sections"]) - 1
    for question in document["sections"][number]["questions"]:
        question["show_if"] = {"all": [{earlier["id"]: {"is": one}}, {earlier["id"]: {"is": other}}]}
    return ("sections", number, "questions", rnd.randrange(len(document["sections"][number]["questions"])), "show_if")


def _id_twice(rnd: Random, document: Data) -> DocumentPath:
    places = _places(document)
    place, question = rnd.choice(places[1:])
    question["id"] = places[0][1]["id"]
    return (*place, "id")


def _option_twice(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, _has_options)
    question["options"][1]["id"] = question["options"][0]["id"]
    return (*place, "options", 1, "id")


def _no_action(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, lambda one: "action" in one)
    del question["action"]
    return place


def _no_source(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document)
    question["sources"] = []
    return place


def _no_owner(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, lambda one: "action" in one)
    question["action"]["owner"] = "nobody_in_particular"
    return (*place, "action", "owner")


def _no_dont_know(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, _has_options)
    question["options"] = [option for option in question["options"] if option["id"] != "dk"]
    return (*place, "options")


def _unmarked_sign(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, lambda one: _has_options(one) and not one.get("can_sign"))
    question["options"][1]["sign"] = "urgent"
    return (*place, "options", 1, "sign")


def _too_many_points(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, _has_options)
    question["options"][1]["points"] = 40
    return (*place, "options", 1, "points")


def _no_points(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, _has_options)
    del question["options"][0]["points"]
    return (*place, "options", 0)


def _none_with_others(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, lambda one: one["type"] == "choices")
    question["options"].insert(0, {"id": "nothing", "label": "None of these", "points": 0})
    return (*place, "options", 0, "id")


def _bands_fall(rnd: Random, document: Data) -> DocumentPath:
    place, question = rnd.choice([one for one in _places(document) if len(one[1].get("bands", ())) > 2])
    question["bands"][0], question["bands"][1] = question["bands"][1], question["bands"][0]
    return (*place, "bands", 1)


def _cap_too_high(rnd: Random, document: Data) -> DocumentPath:
    place, question = rnd.choice([one for one in _places(document) if "cap" in one[1]])
    question["cap"] = 10
    question["options"] = [{**option, "points": min(option["points"], 1)} for option in question["options"]][-4:]
    return (*place, "cap")


def _hides(rnd: Random, document: Data) -> DocumentPath:
    places = [one for one in _places(document) if one[1]["kind"] == "safeguard"]
    cheap = [one for _, one in places if _has_options(one) and not one.get("can_sign")]
    first = rnd.choice(cheap[: len(cheap) // 2])
    first["options"] = [
        {"id": "good", "label": "Yes", "points": 0},
        {"id": "poor", "label": "Partly", "points": 1},
        {"id": "dk", "label": "Don’t know", "points": 4},
    ]
    here = [one["id"] for _, one in places].index(first["id"])
    later = [
        one for one in places[here + 1 :] if one[1].get("dimension") == first["dimension"] and _has_options(one[1])
    ]
    place, question = rnd.choice(later or [one for one in places[here + 1 :] if _has_options(one[1])])
    question["show_if"] = {first["id"]: {"is": "good"}}
    return (*place, "show_if")


def _dismisses(rnd: Random, document: Data) -> DocumentPath:
    place, question = rnd.choice([one for one in _places(document) if one[1].get("can_sign") and "action" in one[1]])
    question["action"] = {**question["action"], "do": "Send workers home and end the contract.", "after_advice": False}
    return (*place, "action")


def _asks_who_may_control(rnd: Random, document: Data) -> DocumentPath:
    fitting = [one for one in _places(document) if one[1].get("can_sign") and _has_options(one[1])]
    place, question = rnd.choice(fitting)
    index = next(index for index, option in enumerate(question["options"]) if option["id"] == "dk")
    action = {
        "do": "Find out. Ask the supervisor.",
        "priority": 7,
        "owner": "owner",
        "effort": "S",
        "after_advice": True,
    }
    question["options"][index] = {**question["options"][index], "action": action}
    return (*place, "options", index, "action")


def _late_breach(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, _has_options)
    duty = next(
        one
        for one in document["duty_book"]["duties"]
        if (one["status"], one["force"]) == ("in_force", "mandatory") and one["evidence"] in "ABC"
    )
    action = {"do": "Put it right.", "priority": 90, "owner": "owner", "effort": "S"}
    question["options"][1] = {"id": "late", "label": "Late", "points": 3, "breach": duty["id"], "action": action}
    return (*place, "options", 1, "action", "priority")


def _breach_of_nothing(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(
        rnd, document, lambda one: _has_options(one) and not one.get("can_sign") and "action" in one
    )
    question["options"][1] = {
        "id": "late",
        "label": "Late",
        "points": 3,
        "breach": "no_such_duty",
        "action": {**question["action"], "priority": 7},
    }
    return (*place, "options", 1, "breach")


def _same_as_nothing(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, lambda one: "action" in one)
    question["same_as"] = "no_such_question"
    return (*place, "same_as")


def _nothing_left(rnd: Random, document: Data) -> DocumentPath:
    place, question = _scored(rnd, document, _has_options)
    question["options"] = [
        {**option, **({} if option["id"] == "dk" else {"retired": True})} for option in question["options"]
    ]
    return (*place, "options")


def _duty_without_source(rnd: Random, document: Data) -> DocumentPath:
    number = rnd.randrange(len(document["duty_book"]["duties"]))
    document["duty_book"]["duties"][number]["source"] = "tbc"
    return ("duty_book", "duties", number, "source")


def _duty_without_year(rnd: Random, document: Data) -> DocumentPath:
    number = rnd.randrange(len(document["duty_book"]["duties"]))
    document["duty_book"]["duties"][number]["source_as_of"] = "recently"
    return ("duty_book", "duties", number, "source_as_of")


def _half_a_review(rnd: Random, document: Data) -> DocumentPath:
    number = rnd.randrange(len(document["duty_book"]["duties"]))
    document["duty_book"]["duties"][number]["reviewed_by"] = "A. Lawyer"
    return ("duty_book", "duties", number)


BAD: Mapping[str, tuple[str, Bad]] = {
    "condition on nothing": (
        "BANK031",
        lambda rnd, document: (*_set("show_if", {"no_such": {"is": "x"}})(rnd, document), "no_such"),
    ),
    "forward look": ("BANK033", _looks_forward),
    "unknown option": ("BANK032", _unknown_option),
    "wrong test": ("BANK035", _wrong_test),
    "unreachable question": ("BANK034", _never),
    "unreachable section": ("BANK034", _section_never),
    "question id twice": ("BANK030", _id_twice),
    "option id twice": ("BANK030", _option_twice),
    "missing action": ("BANK057", _no_action),
    "missing source": ("BANK039", _no_source),
    "unknown source": ("BANK038", lambda rnd, document: (*_set("sources", ["S999"])(rnd, document), 0)),
    "unknown dimension": ("BANK036", _set("dimension", "feelings")),
    "unknown owner": ("BANK037", _no_owner),
    "no way not to know": ("BANK059", _no_dont_know),
    "sign on an unmarked question": ("BANK055", _unmarked_sign),
    "points out of range": ("BANK051", _too_many_points),
    "no points": ("BANK050", _no_points),
    "none among others": ("BANK060", _none_with_others),
    "bands that fall": ("BANK053", _bands_fall),
    "gap that nothing fills": ("BANK070", _said("why", "It is {no_such_rate} an hour.")),
    "straight quotes": ("BANK028", _said("why", 'It is a "must".')),
    "duty without a year": ("BANK081", _duty_without_year),
    "half a review": ("BANK083", _half_a_review),
    "points out of reach": (RemarkRule.POINTS_OUT_OF_REACH, _cap_too_high),
    "better by hiding": (RemarkRule.BETTER_BY_HIDING, _hides),
    "dismisses people": (RemarkRule.DISMISSES_WITHOUT_ADVICE, _dismisses),
    "asks who may control": (RemarkRule.ASKS_WHO_MAY_CONTROL, _asks_who_may_control),
    "breach put right late": ("BANK046", _late_breach),
    "breach of nothing": ("BANK044", _breach_of_nothing),
    "same as nothing": ("BANK042", _same_as_nothing),
    "no answer left": ("BANK068", _nothing_left),
    "duty without source": (RemarkRule.DUTY_WITHOUT_SOURCE, _duty_without_source),
    "two questions": (RemarkRule.TWO_QUESTIONS, _said("ask", "Do you check papers and keep copies?")),
    "double negative": (RemarkRule.DOUBLE_NEGATIVE, _said("ask", "Do you not allow workers without papers?")),
    "loaded words": (RemarkRule.LOADED_WORDS, _said("ask", "Surely you pay everybody on time?")),
    "hard to read": (RemarkRule.READING_AGE, _said("ask", "Are remuneration methodologies documented appropriately?")),
}
"""What an edit is called: the number of the problem or the rule of the remark that has to be found, and the edit."""
