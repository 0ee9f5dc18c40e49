from __future__ import annotations

from datetime import date

import pytest

from assess.banks.contracts import FOLDER, STEM, check_contracts, contract_rules, contract_rules_from
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import RefusedError, Sheet, Shelf, read_folder

NAME = f"{FOLDER}/{STEM}.yaml"
TEXT = read_folder(QUESTIONNAIRES).sheets[NAME].text
TODAY = date(2026, 11, 24)


def shelf_with(old: str = "", new: str = "", *, name: str = NAME) -> Shelf:
    assert old in TEXT
    return Shelf({name: Sheet(name, TEXT.replace(old, new, 1).encode())})


def numbers(shelf: Shelf, day: date = TODAY) -> list[str]:
    return [one.number for one in check_contracts(shelf, day)]


def test_the_file_of_the_house_is_read_whole() -> None:
    rules = contract_rules(QUESTIONNAIRES)
    assert list(rules.regimes) == ["nhs", "ppn_009_binding", "ppn_009_adopted", "own"]
    assert [one.name for one in rules.characteristics.values()] == [
        "Industry type",
        "Nature of the workforce",
        "Supplier location",
        "Context in which the supplier works",
        "Commodity type",
        "Business and supply-chain model",
    ]
    assert {name: tier.asks for name, tier in rules.tiers.items()} == {
        "low": "nothing",
        "medium": "quick",
        "high": "full",
    }
    assert list(rules.schemes) == ["msat", "smeta", "grasp", "red_tractor"]
    assert contract_rules(QUESTIONNAIRES) is rules


def test_what_rests_on_no_source_says_that_it_is_not_confirmed() -> None:
    for scheme in contract_rules(QUESTIONNAIRES).schemes.values():
        assert scheme.source is not None or scheme.interviews.startswith("Not confirmed.")


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        ("id: nhs", "id: own", "BANK030"),
        ("{id: low, name: Low, asks: nothing}", "{id: low, name: Low, asks: full}", "BANK022"),
        ("months: 12", "months: soon", "BANK022"),
        ("id: msat", "id: ours", "BANK023"),
        ("contract_rules:", "contract_rule:", "BANK012"),
    ],
)
def test_what_is_wrong_is_found_in_the_file(old: str, new: str, number: str) -> None:
    assert numbers(shelf_with(old, new)) == [number]
    with pytest.raises(RefusedError):
        contract_rules_from(shelf_with(old, new))


def test_a_review_that_is_late_is_a_warning_and_the_rules_still_serve() -> None:
    (late,) = check_contracts(shelf_with(), date(2027, 6, 1))
    assert (late.number, late.warning) == ("BANK071", True)
    assert numbers(shelf_with(), date(2027, 5, 31)) == []


def test_the_folder_takes_no_other_file_and_needs_none_unless_asked() -> None:
    assert numbers(shelf_with(name=f"{FOLDER}/rules.yaml")) == ["BANK014"]
    assert numbers(Shelf({})) == []
    with pytest.raises(RefusedError, match=r"There is no file buyers/contracts\.yaml"):
        contract_rules_from(Shelf({}))
