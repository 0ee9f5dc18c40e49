"""The answers file: what it may hold, and one sentence for each thing it may not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.assessments.answers_file import AnswersFile, AnswersFileError, parse_file, read_answers, read_answers_file
from assess.engine.bank import Column, DutyBook, Edition, Fact, Option, Question, Section
from assess.engine.purchases import Purchase

AREAS = ("norfolk", "other")


def options(*ids: str) -> tuple[Option, ...]:
    return tuple(Option(id=name, label=name.title()) for name in ids)


def question(name: str, kind: str, **more: object) -> Question:
    return Question(id=name, ask="What?", type=kind, kind="safeguard", dimension="d", **more)


def edition() -> Edition:
    questions = (
        question("core_documents", "choice", options=options("worker", "asked", "employer", "third", "dk")),
        question("core_housing", "choices", options=options("own", "ours", "site", "dk")),
        question("core_longest_week", "number"),
        question("core_agency_pct", "percentage"),
        question("core_table", "table", columns=(Column("people", "People", "number"),)),
        question("farm_first_pay", "choice", options=options("7", "14", "dk")),
        question(
            "farm_rooms",
            "choice",
            options=(*options("own", "dk"), Option("ours", "Ours", retired=True)),
            replaces="farm_beds",
            option_map={"mine": "own"},
        ),
    )
    facts = (
        Fact(id="operates_in", type="choices", ask="?", group="identity", options=options("ENG", "WLS", "NO", "US_CA")),
        Fact(id="incorporated_in", type="choice", ask="?", group="identity", options=options("UK", "FR", "OTHER")),
        Fact(id="fye", type="date", ask="?", group="identity"),
        Fact(id="turnover_gbp", type="money", ask="?", group="size"),
        Fact(id="has_website", type="yes_no", ask="?", group="identity"),
    )
    return Edition(
        bank="farming", title="Farming", sections=(Section("s", "S", questions),), checks=(), dimensions=(), groups=(),
        owners={}, duty_book=DutyBook(facts=facts, terms={}, duties=()), sources={},
    )  # fmt: skip


EDITIONS = {"farming": edition()}

GOOD = {
    "sector": "farming",
    "organisation": {
        "name": "Fen Edge Growers Ltd",
        "area": "norfolk",
        "postcode": "nr1 3ju",
        "company_number": "1234567",
        "facts": {"operates_in": ["ENG"], "fye": "2026-03-31", "turnover_gbp": 2_400_000, "has_website": None},
    },
    "answers": {
        "core_documents": "worker",
        "core_housing": ["own", "ours"],
        "core_longest_week": "dk",
        "core_agency_pct": 12.5,
        "core_table": [{"people": 4}],
        "farm_first_pay": None,
    },
    "evidence": ["core_documents"],
}


def faults(document: object) -> tuple[str, ...]:
    with pytest.raises(AnswersFileError) as caught:
        read_answers(document, EDITIONS, AREAS)
    return caught.value.errors


def answers_faults(**answers: object) -> tuple[str, ...]:
    return faults({"sector": "farming", "answers": answers})


def test_a_good_file_is_read() -> None:
    file = read_answers(GOOD, EDITIONS, AREAS)
    assert file == AnswersFile(
        sector="farming",
        answers={key: value for key, value in GOOD["answers"].items() if value is not None},
        evidence=frozenset({"core_documents"}),
        facts={"operates_in": ["ENG"], "fye": "2026-03-31", "turnover_gbp": 2_400_000},
        name="Fen Edge Growers Ltd",
        area="norfolk",
        postcode="NR1 3JU",
        company_number="01234567",
    )


def test_a_file_of_an_earlier_edition_is_read_as_it_was_meant() -> None:
    old = {"core_housing": "ours", "farm_beds": "mine"}
    read = read_answers({"sector": "farming", "answers": old, "evidence": ["farm_beds"]}, EDITIONS, AREAS)
    assert read.answers == {"core_housing": ["ours"], "farm_rooms": "own"}
    assert read.evidence == {"farm_rooms"}
    retired = read_answers({"sector": "farming", "answers": {"farm_rooms": "ours"}}, EDITIONS, AREAS)
    assert retired.answers == {"farm_rooms": "ours"}
    assert "farm_beds" in answers_faults(farm_beds="mine", farm_rooms="dk")[0]
    assert answers_faults(core_housing="elsewhere")


def test_the_answers_may_be_empty_or_absent() -> None:
    assert read_answers({"sector": "farming"}, EDITIONS, AREAS).answers == {}
    assert read_answers({"sector": "farming", "answers": {}}, EDITIONS, AREAS).answers == {}


def test_a_worked_example_may_be_given_as_it_stands() -> None:
    file = read_answers(
        {"title": "E1", "sector": "farming", "answers": {}, "evidence_share": 0.7, "expect": {"band": "low"}},
        EDITIONS,
        AREAS,
    )
    assert file.evidence_share == 0.7


def test_json_and_yaml_say_the_same(tmp_path: Path) -> None:
    as_json = tmp_path / "fen.json"
    as_json.write_text(json.dumps(GOOD), encoding="utf-8")
    as_yaml = tmp_path / "fen.yaml"
    as_yaml.write_text(
        "sector: farming\norganisation:\n  name: Fen Edge Growers Ltd\n  area: norfolk\n  postcode: nr1 3ju\n"
        "  company_number: '1234567'\n  facts:\n    operates_in: [ENG]\n    fye: 2026-03-31\n    turnover_gbp: 2400000\n"
        "answers:\n  core_documents: worker\n  core_housing: [own, ours]\n  core_longest_week: dk\n  core_agency_pct: 12.5\n"
        "  core_table:\n    - people: 4\nevidence: [core_documents]\n",
        encoding="utf-8",
    )
    assert read_answers_file(as_json, EDITIONS, AREAS) == read_answers_file(as_yaml, EDITIONS, AREAS)


def test_the_form_is_seen_when_the_name_does_not_tell(tmp_path: Path) -> None:
    for number, text in enumerate(['\ufeff {"sector": "farming"}', "sector: farming\n"]):
        path = tmp_path / f"answers{number}"
        path.write_text(text, encoding="utf-8")
        assert read_answers_file(path, EDITIONS, AREAS).sector == "farming"


@pytest.mark.parametrize("part", ["name", "postcode", "company_number"])
def test_a_detail_of_the_business_that_stands_there_says_something(part: str) -> None:
    (found,) = faults({"sector": "farming", "organisation": {part: " "}})
    assert found.startswith(f"organisation.{part}: Enter ")
    assert getattr(read_answers({"sector": "farming", "organisation": {part: None}}, EDITIONS, AREAS), part) is None


def test_every_fault_has_its_own_sentence_with_place_and_repair() -> None:
    found = faults(
        {
            "sector": "farming",
            "sektor": "x",
            "quick": "yes",
            "organisation": {
                "nmae": "x",
                "area": "norfok",
                "postcode": "NR1",
                "facts": {"fyee": 1, "has_website": "yes"},
            },
            "answers": {
                "core_documents": "wroker",
                "core_docments": "worker",
                "core_agency_pct": 101,
                "core_housing": [],
            },
            "evidence": ["core_docs", 5],
            "evidence_share": 2,
        }
    )
    assert len(found) == 14
    text = "\n".join(found)
    for part in (
        "The file: There is no key “sektor”; did you mean “sector”?",
        "quick: Give true or false",
        "organisation: There is no key “nmae”; did you mean “name”?",
        "organisation.area: There is no area “norfok”; did you mean “norfolk”?",
        "organisation.postcode: ",
        "organisation.facts: There is no fact “fyee”; did you mean “fye”?",
        "organisation.facts.has_website: Give true or false",
        "answers: There is no question “core_docments”; did you mean “core_documents”?",
        "answers.core_documents: “wroker” is not an option; did you mean “worker”? The options are: worker, asked, employer, third, dk.",
        "answers.core_agency_pct: Enter a percentage from 0 to 100.",
        "answers.core_housing: An empty list is no answer",
        "evidence: There is no question “core_docs”",
        "evidence: There is no question “5”",
        "evidence_share: ",
    ):
        assert part in text
    assert len({*found}) == 14


def test_rows_of_a_table_are_counted_from_one() -> None:
    (fault,) = answers_faults(core_table=[{"people": 1}, {"people": "many"}])
    assert fault.startswith("answers.core_table, row 2, people: ")


@pytest.mark.parametrize("sector", ["farms", None, 5, ["farming"], ""])
def test_the_sector_must_be_one_we_know(sector: object) -> None:
    (fault,) = faults({"sector": sector, "answers": {}})
    assert "farming" in fault


@pytest.mark.parametrize("document", [[], "text", 5, None, True])
def test_the_file_must_be_a_group(document: object) -> None:
    (fault,) = faults(document)
    assert "group of keys" in fault


def test_purchases_are_read_with_the_countries_there_are() -> None:
    bought = [{"good": "Shrimp", "country": "EC", "share": 12.5, "supplier": "Sea Ltd"}, {"good": "rice"}]
    document = {"sector": "farming", "organisation": {"purchases": bought}}
    file = read_answers(document, EDITIONS, AREAS, {"EC": "Ecuador"})
    assert file.purchases == (Purchase("Shrimp", "EC", 12.5, "Sea Ltd"), Purchase("rice"))
    (fault,) = faults(document)
    assert fault.startswith("organisation.purchases, line 1, country: There is no country “EC”")


def test_faults_of_purchases_are_told_with_all_others() -> None:
    found = faults({"sector": "farming", "answers": {"core_peple": 1}, "organisation": {"purchases": [{}, 5]}})
    assert [fault.split(":")[0] for fault in found] == [
        "answers",
        "organisation.purchases, line 1, good",
        "organisation.purchases, line 2",
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('{"sector": "farming",}', "line 1, column"),
        ('{"sector": "a", "sector": "b"}', "“sector” stands twice"),
        ("[" * 100_000, "too deep"),
        ('{"answers": {"core_longest_week": ' + "9" * 5000 + "}}", "too long"),
        ("", "empty"),
        ("   \n", "empty"),
    ],
)
def test_json_that_cannot_be_read_gives_one_sentence(text: str, part: str) -> None:
    with pytest.raises(AnswersFileError) as caught:
        parse_file(text.encode(), yaml=False)
    assert part.lower() in caught.value.errors[0].lower()


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    document = parse_file(f'{{"sector": "farming", "answers": {{"core_longest_week": {number}}}}}'.encode(), yaml=False)
    (fault,) = faults(document)
    assert fault.startswith("answers.core_longest_week: ")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("sector: farming\nsector: farming\n", "Line 2: the key “sector” stands twice"),
        ("a: &x [1]\nb: *x\n", "Line 1: names with & and *"),
        ("a: !!python/object:os.system {}\n", "Line 1: tags with !"),
        ("a: !!binary aGk=\n", "Line 1: tags with !"),
        ("a: [1\n", "this is not YAML"),
        ("---\na: 1\n---\nb: 2\n", "Line 3: this is not YAML"),
        ("a: \x00", "characters that no text has"),
        ("a: 2026-13-45\n", "cannot be real"),
        ("[" * 3000, "too deep"),
        ("- " * 3000, "too deep"),
    ],
)
def test_yaml_that_cannot_be_read_gives_one_sentence(text: str, part: str) -> None:
    with pytest.raises(AnswersFileError) as caught:
        parse_file(text.encode(), yaml=True)
    assert len(caught.value.errors) == 1
    assert part in caught.value.errors[0]


def test_a_number_for_an_option_is_told_to_wear_quotes() -> None:
    document = parse_file(b"sector: farming\nanswers:\n  farm_first_pay: 7\n", yaml=True)
    (fault,) = faults(document)
    assert '"7"' in fault


def test_a_large_file_and_bytes_that_are_no_text_are_refused() -> None:
    for content, part in ((b"x" * (1024 * 1024 + 1), "1 MiB"), (b'{"sector": "\xff"}', "UTF-8")):
        with pytest.raises(AnswersFileError, match=part):
            parse_file(content, yaml=False)


def test_a_file_that_is_not_there_gives_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(AnswersFileError) as caught:
            read_answers_file(path, EDITIONS, AREAS)
        assert len(caught.value.errors) == 1


_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["dk", "own", "farming"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=8)
            | st.sampled_from(["sector", "answers", "organisation", "facts", "core_table", "core_housing"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=16,
)


@given(_ANYTHING, st.sampled_from(["answers", "organisation", "evidence", "quick", "evidence_share", "other"]))
def test_whatever_a_file_holds_it_is_read_or_refused_in_sentences(value: object, key: str) -> None:
    try:
        read_answers({"sector": "farming", key: value}, EDITIONS, AREAS)
    except AnswersFileError as refused:
        assert all(fault.encode() and "\n" not in fault for fault in refused.errors)  # noqa: PT017 - the fault itself is the point


@given(content=st.binary(max_size=200), yaml=st.booleans())
def test_any_bytes_are_loaded_or_refused_in_a_sentence(content: bytes, *, yaml: bool) -> None:
    try:
        parse_file(content, yaml=yaml)
    except AnswersFileError as refused:
        assert len(refused.errors) >= 1  # noqa: PT017 - the fault itself is the point


@given(st.text(alphabet="ab:-[]{}'\"&*!|>#%@`?, \n\t01.", max_size=60))
def test_any_yaml_is_loaded_or_refused_in_a_sentence(text: str) -> None:
    try:
        parse_file(text.encode(), yaml=True)
    except AnswersFileError as refused:
        assert len(refused.errors) >= 1  # noqa: PT017 - the fault itself is the point


# ---- where a business was set up ------------------------------------------------------------------------------------
def set_up_in(code: str) -> object:
    facts = {"facts": {"incorporated_in": code}}
    document = {"sector": "farming", "organisation": facts, "answers": {}}
    return read_answers(document, EDITIONS, AREAS, {"BR": "Brazil", "FR": "France"}).facts["incorporated_in"]


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("UK", "UK"),
        ("ENG", "UK"),
        ("WLS", "UK"),
        ("SCT", "UK"),
        ("NIR", "UK"),
        ("GB", "UK"),
        ("FR", "FR"),
        ("NO", "OTHER"),
        ("US_CA", "OTHER"),
        ("BR", "OTHER"),
        ("OTHER", "OTHER"),
    ],
)
def test_a_business_is_set_up_in_a_whole_country_and_any_other_counts_as_another(code: str, kept: str) -> None:
    assert set_up_in(code) == kept


def test_what_is_no_country_is_still_refused() -> None:
    with pytest.raises(AnswersFileError, match="incorporated_in"):
        set_up_in("Narnia")
