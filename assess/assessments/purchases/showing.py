"""What the pages show: each line with how risky it is and because of what fact; what a sector usually buys, in groups.

Everything here is worked out anew at each look, from the lists and numbers of the day. Only submitting freezes it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assess.assessments.purchases.forms import TYPED, Posted, share_text, stored_texts
from assess.assessments.purchases.keeping import Line, Said
from assess.engine.purchase_data import BANDS, MOST_PERHAPS, NO_BANK, Bought
from assess.engine.purchases import Cited, Fact, Judged, Purchase, whole
from assess.engine.reference import Offer, Reference
from assess.engine.reference_search import suggest

WORK = "work done for you"
GROWN = "grown, raised or caught in the UK"
LABELS = {"country": "Country", "share": "Share of spending", "supplier": "Supplier"}


@dataclass(frozen=True, slots=True)
class ShownFact:
    """One thing a list says, and which list."""

    says: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line as the page shows it. `typed` are the texts in its fields; `perhaps` what words of one's own may mean.

    `work` is the kind of work that was chosen for them and could not be saved.
    """

    number: int
    place: int
    name: str
    is_service: bool
    own_words: bool
    revision: int
    typed: Mapping[str, str]
    faults: Mapping[str, str]
    band: str
    band_name: str
    risk: str | None
    decides: ShownFact
    others: Sequence[ShownFact]
    perhaps: Sequence[tuple[str, str]]
    work: str


@dataclass(slots=True)
class Group:
    """What a sector usually buys of one kind: key, name, and whether it is on the list."""

    title: str
    offers: list[tuple[str, str, bool]] = field(default_factory=list)


def bought_of(lines: Iterable[Line], reference: Reference) -> Bought:
    """The lines as the engine takes them. A country the lists no longer have is one nobody knows."""
    return Bought(
        [
            Purchase(
                good=line.said.good,
                country=line.said.country if line.said.country in reference.countries else None,
                share=_tidy(line.said.share),
                supplier=line.said.supplier or None,
            )
            for line in lines
        ],
        reference,
    )


def shown_lines(
    lines: Sequence[Line], reference: Reference, posted: Posted | None = None, *, closed: bool = False
) -> list[ShownLine]:
    """The lines, judged. What could not be read stands in its field as it was typed; when `closed`, everything does.

    `closed`: nothing of the form could be saved, so its lines keep the revision they were drawn from.
    """
    judged = bought_of(lines, reference).judged()
    return [
        _shown(place, line, one, reference, posted, closed=closed)
        for place, (line, one) in enumerate(zip(lines, judged, strict=True), 1)
    ]


def summed_up(lines: Sequence[ShownLine], reference: Reference) -> str:
    """How many lines there are of each band: “15 lines: 4 high, 3 medium, 8 not known”."""
    counts = Counter(line.band for line in lines)
    said = [f"{counts[band]} {reference.words.fixed[f'band_{band}'].lower()}" for band in BANDS if counts[band]]
    return f"{how_many(len(lines))}: {', '.join(said)}."


def how_many(count: int) -> str:
    """Lines counted in words: “1 line”, “15 lines”."""
    return "1 line" if count == 1 else f"{count} lines"


def has_work(lines: Iterable[Line], reference: Reference) -> bool:
    """Whether a firm does work for the business, so that answers about agencies and outside firms should say so too."""
    offers = (reference.offer(line.said.good) for line in lines)
    return any(offer is not None and offer.kind == "service" for offer in offers)


def fault_rows(lines: Iterable[ShownLine]) -> list[tuple[str, str]]:
    """One line for each fault, for the top of the page: the id to go to, and the sentence with its line.

    A fault without a sentence is told at another line.
    """
    return [
        (f"{part}-{line.number}", f"{line.place}. {line.name}, {LABELS[part].lower()}: {line.faults[part]}")
        for line in lines
        for part in TYPED
        if line.faults.get(part)
    ]


def works_of(reference: Reference) -> list[tuple[str, str]]:
    """The kinds of work done for a business, by key and name, for whoever wrote one in words no list knows."""
    works = [(offer.key, _begin(offer.name)) for offer in reference.offers.values() if offer.kind == "service"]
    return sorted(works, key=lambda work: work[1])


def groups_of(offers: Iterable[Offer], bank: str, listed: frozenset[str], *, one: str | None = None) -> list[Group]:
    """Offers in groups, work first, then by the kind of thing they are for this bank. `one` puts all into one group."""
    groups: dict[str, Group] = {}
    for offer in offers:
        title = one or (WORK if offer.kind == "service" else offer.kind_in(bank) or GROWN)
        group = groups.setdefault(title, Group(_begin(title)))
        group.offers.append((offer.key, _begin(offer.name), offer.key in listed))
    return [groups[title] for title in sorted(groups, key=lambda title: (title != WORK, title))]


def said_in_words(said: Said, reference: Reference) -> str:
    """A line as one text, to compare it with another."""
    if said.removed:
        return f"{name_of(said, reference)}: taken off the list"
    country = reference.countries.get(said.country or "")
    parts = [name_of(said, reference), country.name if country else "country not known"]
    parts += [f"{share_text(said.share)} per cent"] if said.share is not None else ["no share"]
    parts.append(f"supplier {said.supplier}" if said.supplier else "no supplier")
    return ", ".join(parts)


def name_of(said: Said, reference: Reference) -> str:
    """What a line is called."""
    offer = reference.offer(said.good)
    return _begin(offer.name if offer else said.good)


def _shown(
    place: int, line: Line, judged: Judged, reference: Reference, posted: Posted | None, *, closed: bool
) -> ShownLine:
    typed = posted.lines.get(line.number) if posted else None
    faults = typed.faults if typed else {}
    stored = stored_texts(line.said, reference)
    unsaved = posted.changes[line.number] if posted and typed and closed else None
    facts = [_fact(fact) for fact in judged.facts]
    return ShownLine(
        number=line.number,
        place=place,
        name=name_of(line.said, reference),
        is_service=judged.offer is not None and judged.offer.kind == "service",
        own_words=judged.offer is None,
        revision=unsaved.seen if unsaved else line.revision,
        typed={part: typed.typed[part] if typed and (unsaved or part in faults) else stored[part] for part in TYPED},
        faults=faults,
        band=judged.band,
        band_name=reference.words.fixed[f"band_{judged.band}"],
        risk=None if judged.risk is None or judged.band == "not_known" else whole(judged.risk),
        decides=facts[0],
        others=facts[1:],
        perhaps=[] if judged.offer else _perhaps(line.said.good, reference),
        work=typed.typed["work"] if typed and unsaved else "",
    )


def _perhaps(said: str, reference: Reference) -> list[tuple[str, str]]:
    return [(offer.key, _begin(offer.name)) for offer in suggest(reference, said, NO_BANK, MOST_PERHAPS)]


def _fact(fact: Fact) -> ShownFact:
    source = _dated(fact) if fact.beside is None else f"{_dated(fact)}; {_dated(fact.beside)}"
    return ShownFact(fact.says, source, fact.url)


def _dated(cited: Fact | Cited) -> str:
    year = "" if str(cited.year) in cited.edition else f", {cited.year}"
    return f"{cited.source}, {cited.edition}{year}"


def _tidy(share: float | None) -> float | None:
    return int(share) if share is not None and share.is_integer() else share


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:]
