"""What a business buys: entries, chart, steps, questions for suppliers, sources, and the reduced view for buyers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from assess.engine.plan import ADVICE_FIRST_TEXT
from assess.engine.purchases import UK_KINDS, may_be_uk_work, rounded_down_risk
from assess.engine.result_json import RISK_BANDS, own_words_label, printed_order
from assess.plans.charts import EDGE, INK, PAPER, TEAL, svg_drawing
from assess.plans.words import EFFORT_WORDS, add_days, format_day, join_and, plain_number, round_half_up

OWN_WORDS_TEXT = "Something in the business’s own words"


@dataclass(frozen=True, slots=True)
class BuyerPurchase:
    """One kind of goods from one country. Lines that differ only in their supplier are one."""

    name: str
    place: str
    word: str
    says: str
    source: str
    about: str


@dataclass(frozen=True, slots=True)
class BuyerPurchases:
    purchases: tuple[BuyerPurchase, ...]
    blind_spot: str
    not_known: str


def purchases_for_buyer(record: Mapping[str, Any]) -> BuyerPurchases | None:
    """The section; None where the record says nothing of purchases. Whether a sign is open is not asked here."""
    found = record.get("purchases")
    if not found or not found["lines"]:
        return None
    known = [row["known_as"] is not None for row in found["lines"]]
    ranked = {
        (
            RISK_BANDS.index(line.band),
            BuyerPurchase(
                name=line.name if known[line.index] else OWN_WORDS_TEXT,
                place=line.place,
                word=line.word,
                says=line.deciding.says,
                source=line.deciding.source,
                about=line.about,
            ),
        )
        for line in purchase_entries(found["lines"])
    }
    ordered = sorted(ranked, key=lambda pair: (pair[0], pair[1].name.casefold(), pair[1].place, pair[1].says))
    return BuyerPurchases(tuple(one for _, one in ordered), found["blind_spot"], found["not_known"])


_LEAST_SHARE = 0.01
"""In per cent: what is less would be printed as nothing."""


@dataclass(frozen=True, slots=True)
class PurchaseFact:
    """One thing a list says. `counts` is the risk it stands for, empty where it only says that nothing is known.

    `source` names publisher, title, edition and year.
    """

    kind: str
    says: str
    counts: str
    source: str


@dataclass(frozen=True, slots=True)
class PurchaseEntry:
    """A purchase, with the fact that decides first. `number` is its place on paper, `index` that in the record.

    `said`: the words of the business where the lists have others. `risk` and `share` are finished numbers, empty where there is none;
    beside “not known” there is no number either, because it would be read as one of the lowest. `exact` is the risk with all its digits, for data.
    """

    number: int
    index: int
    name: str
    said: str
    place: str
    share: str
    portion: float | None
    band: str
    word: str
    risk: str
    exact: float | None
    facts: tuple[PurchaseFact, ...]
    perhaps: tuple[str, ...]
    supplier: str
    about: str
    is_own: bool

    @property
    def export_name(self) -> str:
        """What it is called in a file that is passed on: without the words of the business."""
        return own_words_label(self.number) if self.is_own else self.name

    @property
    def title(self) -> str:
        return f"{self.name}, {self.place}"

    @property
    def told(self) -> tuple[PurchaseFact, ...]:
        """All facts; those of one source that count alike and follow each other are told in one go."""
        runs = [list(run) for _, run in groupby(self.facts, key=lambda fact: (fact.counts, fact.source))]
        return tuple(replace(run[0], says=" ".join(fact.says for fact in run)) for run in runs)

    @property
    def deciding(self) -> PurchaseFact:
        """The fact the risk comes from; where there is no risk, the first that says so."""
        return self.facts[0]


def purchase_entries(rows: Sequence[Mapping[str, Any]]) -> tuple[PurchaseEntry, ...]:
    """The lines of a record, the riskiest first. Alike ones stay in the order in which they were given."""
    return tuple(_purchase_entry(number, place, rows[place]) for number, place in enumerate(printed_order(rows), 1))


def _purchase_entry(number: int, index: int, row: Mapping[str, Any]) -> PurchaseEntry:
    known = row["known_as"] is not None
    name = row["name"][:1].upper() + row["name"][1:] if known else row["name"]
    risk = None if row["band"] == "not_known" else row["risk"]
    return PurchaseEntry(
        number=number,
        index=index,
        name=name,
        said=row["good"] if known and row["good"].casefold() not in {name.casefold(), row["known_as"]} else "",
        place=origin_text(row),
        share=_share_text(row["share"]),
        portion=row["share"],
        band=row["band"],
        word=row["band_name"],
        risk="" if risk is None else rounded_down_risk(risk),
        exact=risk,
        facts=tuple(
            PurchaseFact(
                kind=fact["kind"],
                says=fact["says"],
                counts="" if fact["risk"] is None else rounded_down_risk(fact["risk"]),
                source=source_text(fact),
            )
            for fact in row["facts"]
        ),
        perhaps=tuple(row["perhaps"]),
        supplier=row.get("business_only", {}).get("supplier") or "",
        about=row["about"],
        is_own=not known,
    )


def _share_text(share: float | None) -> str:
    if share is None:
        return ""
    printed = plain_number(round_half_up(share, 2))
    return f"{printed}%" if share == 0 or share >= _LEAST_SHARE else f"under {_LEAST_SHARE}%"


def origin_text(row: Mapping[str, Any]) -> str:
    """Where a purchase of a record comes from. Work without a country is done where the business is."""
    if row["country_name"] is not None:
        return str(row["country_name"])
    return "done in the UK" if row["origin_known"] else "country not known"


def source_text(fact: Mapping[str, Any]) -> str:
    """Who said it, in which edition and year. An edition that is named by its year names it once; two lists are both named."""
    edition, year, other = fact["edition"], str(fact["year"]), fact.get("beside")
    dated = f"edition {edition}" if year in edition else f"edition {edition}, year {year}"
    text = f"{fact['source']}, {dated}"
    return f"{text}; {source_text(other)}" if other else text


SHARE_LIMITS = (5, 20)
"""Shares of all spending, in per cent, at which a middle and a large part begin."""

SHARE_COLUMNS = (
    ("under", f"{SHARE_LIMITS[0]}%"),
    (f"{SHARE_LIMITS[0]}% to", f"{SHARE_LIMITS[1]}%"),
    (f"{SHARE_LIMITS[1]}%", "and more"),
    ("share", "not said"),
)
"""The head of each column in two lines. A share that was not said stands apart: it may be any."""

_WIDTH, _LABEL, _COLUMN, _GAP = 320, 78, 59, 5
_HEAD, _BOX, _STEP, _ROW, _PAD = 32, 18, 19.5, 21, 5
_BOXES_PER_ROW = 3
_FONT = 'font-family="Noto Sans, Arial, sans-serif" font-size="11.5"'


class _BoxStyle(NamedTuple):
    fill: str
    edge: str
    ink: str


_BOX_STYLES: Mapping[str, _BoxStyle] = {
    "high": _BoxStyle(TEAL, f'stroke="{TEAL}" stroke-width="1.5"', PAPER),
    "medium": _BoxStyle(PAPER, f'stroke="{TEAL}" stroke-width="2"', INK),
    "not_known": _BoxStyle(PAPER, f'stroke="{INK}" stroke-width="1.2" stroke-dasharray="3 2"', INK),
    "lower": _BoxStyle(PAPER, f'stroke="{EDGE}" stroke-width="0.8"', INK),
}


def share_column(portion: float | None) -> int:
    return len(SHARE_LIMITS) + 1 if portion is None else sum(portion >= limit for limit in SHARE_LIMITS)


def purchases_chart(lines: Sequence[PurchaseEntry]) -> Markup:
    body, top = "".join(_column_heads()), float(_HEAD)
    for band in RISK_BANDS:
        found = [line for line in lines if line.band == band]
        if found:
            drawn, top = _band_rows(found, top)
            body += drawn
    body += _rule_line(top)
    return svg_drawing(chart_alt_text(lines), body, _WIDTH, round(top + 1), "plan-buys-picture")


def chart_alt_text(lines: Sequence[PurchaseEntry]) -> str:
    rows = []
    for band in RISK_BANDS:
        found = [line for line in lines if line.band == band]
        cells = [
            f"{' '.join(head)}: {_number_ranges([line.number for line in found if share_column(line.portion) == place])}"
            for place, head in enumerate(SHARE_COLUMNS)
            if any(share_column(line.portion) == place for line in found)
        ]
        if found:
            rows.append(f"{found[0].word}: {'; '.join(cells)}.")
    return " ".join(("Purchases by risk and share of spending, by their numbers in the table.", *rows))


def _number_ranges(numbers: Sequence[int]) -> str:
    """“1 to 4, 7” for 1, 2, 3, 4, 7."""
    breaks = [place for place, (before, after) in enumerate(pairwise(numbers), 1) if after != before + 1]
    runs = [numbers[start:end] for start, end in pairwise([0, *breaks, len(numbers)])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def _column_x(column: int) -> int:
    return _LABEL + column * _COLUMN + (_GAP if column == len(SHARE_COLUMNS) - 1 else 0)


def _column_heads() -> list[str]:
    return [
        f'<text x="{_column_x(place)}" y="{y}" {_FONT} fill="{INK}">{escape(words)}</text>'
        for place, head in enumerate(SHARE_COLUMNS)
        for words, y in zip(head, (12, 26), strict=True)
    ]


def _rule_line(y: float) -> str:
    return f'<path d="M0 {y:g}H{_WIDTH}" stroke="{EDGE}" stroke-width="0.8"/>'


def _band_rows(found: Sequence[PurchaseEntry], top: float) -> tuple[str, float]:
    cells = [[line for line in found if share_column(line.portion) == place] for place in range(len(SHARE_COLUMNS))]
    rows = max(-(-len(cell) // _BOXES_PER_ROW) for cell in cells)  # rounded up
    word = f'<text x="0" y="{top + _PAD + 13:g}" {_FONT} font-weight="700" fill="{INK}">{escape(found[0].word)}</text>'
    boxes = "".join(
        _number_box(
            line,
            _column_x(column) + place % _BOXES_PER_ROW * _STEP,
            top + _PAD + place // _BOXES_PER_ROW * _ROW,
        )
        for column, cell in enumerate(cells)
        for place, line in enumerate(cell)
    )
    return _rule_line(top) + word + boxes, top + 2 * _PAD + rows * _ROW - (_ROW - _BOX)


def _number_box(line: PurchaseEntry, x: float, y: float) -> str:
    fill, edge, ink = _BOX_STYLES[line.band]
    size = 11.5 if line.number < 100 else 9  # noqa: PLR2004  # three digits are wider than a box
    return (
        f'<rect x="{x + 1:g}" y="{y:g}" width="{_BOX - 2}" height="{_BOX}" fill="{fill}" {edge}/>'
        f'<text x="{x + _BOX / 2:g}" y="{y + 13:g}" text-anchor="middle" font-family="Noto Sans, Arial, sans-serif" '
        f'font-size="{size}" fill="{ink}">{line.number}</text>'
    )


_UK_LIST = "uk_indicators"
"""The list of our own that says why a sector in the UK is named: each row has a publisher of its own."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One source: publisher, title and edition in `name`. `read` is ISO."""

    name: str
    licence: str
    read: str
    url: str


def purchase_sources(purchases: Mapping[str, Any]) -> tuple[SourceRow, ...]:
    """The sources the facts of these lines rest on, in the order of the register; then those of single facts about the UK."""
    facts = [fact for line in purchases["lines"] for fact in line["facts"]]
    # a fact may rest on a second source beside the first
    used = {cited["source"] for fact in facts for cited in (fact, fact.get("beside")) if cited}
    of_uk = [fact for fact in facts if fact["kind"] in UK_KINDS]
    entries = {source["id"]: source for source in purchases["sources"]}
    lists = [source for source in entries.values() if _source_title(source) in used]
    own = entries[_UK_LIST] if of_uk else None
    single = {
        (fact["source"], fact["edition"], fact["url"]): SourceRow(
            source_text(fact), own["licence"], own["read"], fact["url"]
        )
        for fact in of_uk
        if own is not None
    }
    return (
        *(
            SourceRow(
                source_text({"source": _source_title(source), "edition": source["edition"], "year": source["year"]}),
                source["licence"],
                source["read"],
                source["url"],
            )
            for source in lists
        ),
        *single.values(),
    )


def _source_title(source: Mapping[str, Any]) -> str:
    return f"{source['publisher']}, {source['title']}"


BANDS_TO_ASK_ABOUT = frozenset({"high", "medium", "not_known"})
"""Bands whose suppliers are worth a question. What is not known is not safe."""

MESSAGE_OPENING = "We would like to know more about what we buy from you:"
MESSAGE_REASSURANCE = "This is about the country and the kind of goods or work, not about your firm."
"""How a text for a supplier begins: what is bought, and that nobody is accused who reads it."""

PURCHASE_LIST_QUESTIONS = frozenset({"core_suppliers", "hosp_goods"})
"""Questions whose action is to list what is bought or from whom: with a list of purchases it is begun."""


@dataclass(frozen=True, slots=True)
class PurchaseStep:
    """What to do about one high line. `when`, `owner` and `effort` are empty while it waits for advice."""

    line: PurchaseEntry
    do: str
    when: str
    owner: str
    effort: str


@dataclass(frozen=True, slots=True)
class SupplierQuestions:
    """What to ask the suppliers of these lines. `texts` are the same to copy, one for each line."""

    lines: tuple[PurchaseEntry, ...]
    ask: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def numbers(self) -> str:
        """“Number 2” or “Numbers 2, 4 and 5”."""
        listed = join_and([str(line.number) for line in self.lines])
        return f"Number{'s' if len(self.lines) > 1 else ''} {listed}"


@dataclass(frozen=True, slots=True)
class PlanPurchases:
    """Everything the section says. `waiting`: lines whose firm is asked only after advice (docs/rules.md 1.4).

    `checked`: the day on which the first of our numbers was last looked at, ISO.
    """

    lines: tuple[PurchaseEntry, ...]
    counts: str
    picture: Markup
    steps: tuple[PurchaseStep, ...]
    questions: tuple[SupplierQuestions, ...]
    waiting: tuple[PurchaseEntry, ...]
    advice: str
    about: str
    blind_spot: str
    not_known: str
    how_to_ask: str
    medium: str
    high: str
    checked: str
    sources: tuple[SourceRow, ...]

    @property
    def first(self) -> PurchaseStep | None:
        """The step to begin with; none while advice comes first."""
        return self.steps[0] if self.steps and self.how_to_ask != self.advice else None

    def has_begun(self, key: str) -> bool:
        """Whether the list of purchases is a beginning of the action with this key."""
        return key in PURCHASE_LIST_QUESTIONS


def purchases_of(record: Mapping[str, Any]) -> PlanPurchases | None:
    """The section of a record; None where it says nothing of purchases."""
    found = record.get("purchases")
    if not found or not found["lines"]:
        return None
    lines = purchase_entries(found["lines"])
    waits = found["how_to_ask"] == ADVICE_FIRST_TEXT
    to_ask = [line for line in lines if line.band in BANDS_TO_ASK_ABOUT]
    waiting = tuple(line for line in to_ask if waits and may_be_uk_work(fact.kind for fact in line.facts))
    asked = [(line, tuple(found["lines"][line.index]["ask"])) for line in to_ask if line not in waiting]
    counts = Counter(line.band for line in lines)
    words = {line.band: line.word.lower() for line in lines}
    told = ", ".join(f"{counts[band]} {words[band]}" for band in RISK_BANDS if counts[band])
    by_index = {line.index: line for line in lines}
    return PlanPurchases(
        lines=lines,
        counts=f"You listed {len(lines)} purchase{'s' if len(lines) > 1 else ''}: {told}.",
        picture=purchases_chart(lines),
        steps=tuple(
            PurchaseStep(
                line=by_index[step["line"]],
                do=step["do"],
                when="" if step["held"] else f"by {format_day(add_days(record['made_on'], step['days']))}",
                owner="" if step["held"] else step["owner_name"],
                effort="" if step["held"] else EFFORT_WORDS[step["effort"]],
            )
            for step in found["steps"]
        ),
        questions=_supplier_questions(asked, found["lines"]),
        waiting=waiting,
        advice=ADVICE_FIRST_TEXT,
        about=found["about"],
        blind_spot=found["blind_spot"],
        not_known=found["not_known"],
        how_to_ask=found["how_to_ask"],
        medium=plain_number(found["limits"]["medium"]),
        high=plain_number(found["limits"]["high"]),
        checked=min((row["checked"] for row in found["settings"]), default=record["made_on"]),
        sources=purchase_sources(found),
    )


def _supplier_questions(
    asked: Sequence[tuple[PurchaseEntry, tuple[str, ...]]], rows: Sequence[Mapping[str, Any]]
) -> tuple[SupplierQuestions, ...]:
    """Lines whose suppliers are asked the same stand together, in the order of their first."""
    groups: dict[tuple[str, ...], list[PurchaseEntry]] = {}
    for line, ask in asked:
        groups.setdefault(ask, []).append(line)
    return tuple(
        SupplierQuestions(tuple(lines), ask, tuple(_message_text(ask, line, rows) for line in lines))
        for ask, lines in groups.items()
    )


def _message_text(ask: Sequence[str], line: PurchaseEntry, rows: Sequence[Mapping[str, Any]]) -> str:
    opening = f"{MESSAGE_OPENING} {_goods_text(line, rows[line.index])}. {MESSAGE_REASSURANCE}"
    return "\n".join((opening, *(f"{number}. {one}" for number, one in enumerate(ask, 1))))


def _goods_text(line: PurchaseEntry, row: Mapping[str, Any]) -> str:
    """What is bought, for the supplier: “rice from India”, “cleaning”. Words of the business stay as they are."""
    name, country = row["name"], row["country_name"]
    if row["known_as"] is not None and not name[1:2].isupper():
        name = name[:1].lower() + name[1:]
    if country is None:
        return str(name)
    return f"{name} ({country})" if any(fact.kind in UK_KINDS for fact in line.facts) else f"{name} from {country}"
