"""Forms and pages of purchases: what was typed, one sentence for each part that cannot be read; each line with its risk and sources, and what a sector usually buys."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request
from marshmallow import ValidationError

from assess.assessments.access import AssessmentContext, reference_today
from assess.assessments.forms import integer_in
from assess.assessments.personal_data.services import PersonalDataWarning, read_ticks
from assess.assessments.purchase_lines import LONGEST_GOOD, LONGEST_SUPPLIER, has_visible_text, read_country
from assess.assessments.purchases import (
    MAX_LINES,
    LineChange,
    LineConflict,
    LineContent,
    LineFields,
    StoredLine,
    get_line,
    get_lines,
    highest_line_number,
)
from assess.core.db import request_session
from assess.core.forms.fields import LONGEST_TYPED, PercentageField, SentForm, TextField, sentences_of
from assess.core.forms.form import sent_form
from assess.engine.purchases import Citation, JudgedPurchase, Purchase, RiskFact, rounded_down_risk
from assess.engine.reference import Offer, Reference, suggest_offers, usual_offers
from assess.engine.result_json import MAX_POSSIBLE_MATCHES, NO_BANK, RISK_BANDS, PurchaseList

TOO_MANY = f"The list can have {MAX_LINES} lines. Join some that are alike, or take some off."
TYPED_FIELDS = ("country", "share", "supplier")
"""The parts of a line that people type, in the order of the page."""
SHARE_DECIMALS = 2
"""More decimals of a share nobody knows, and they would not come back from the page as they went in."""
_ABOUT = re.compile(r"^(?:about|around|approx(?:imately)?\.?|roughly|circa|ca?\.|~|≈)\s*", re.IGNORECASE)
"""What people write before a number that is rough, as every share is."""
_REVISION_FIELD = re.compile(r"([1-9][0-9]{0,5})\.seen")


@dataclass(slots=True)
class FormLine:
    number: int
    typed: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PurchaseForm:
    lines: Mapping[int, FormLine]
    changes: Mapping[int, LineChange]

    @property
    def faulty(self) -> Sequence[FormLine]:
        return [line for line in self.lines.values() if line.errors]


def read_purchase_form(form: SentForm, reference: Reference) -> PurchaseForm:
    lines: dict[int, FormLine] = {}
    changes: dict[int, LineChange] = {}
    # a request has an end of its own, so all it names can be read: nothing is cut off under “saved”
    for number in sorted(int(match[1]) for name in form if (match := _REVISION_FIELD.fullmatch(name))):
        if form.get(f"{number}.pick") == "theirs":
            continue
        parts = (*TYPED_FIELDS, "work")
        line = FormLine(number, {part: form.get(f"{number}.{part}", "")[:LONGEST_TYPED].strip() for part in parts})
        seen = integer_in(form, f"{number}.newest" if form.get(f"{number}.pick") == "mine" else f"{number}.seen")
        lines[number] = line
        changes[number] = LineChange(seen, _read_line_fields(form, line, reference))
    return PurchaseForm(lines, changes)


def read_goods(form: SentForm, reference: Reference) -> tuple[list[str], str | None]:
    """What is to go on the list: what was ticked, then what was written, one thing a line; and what is wrong with that.

    Nothing is read past the most lines that a list can have: a form of 250 KB would keep a process busy for seconds.
    """
    ticked = [key for key in dict.fromkeys(form.getlist("offer")) if key in reference.offers]
    written: list[str] = []
    for line in filter(str.strip, form.get("own", "").splitlines()):
        try:
            text = TextField(LONGEST_GOOD).deserialize(line)
        except ValidationError as refusal:
            return ticked, f"{' '.join(sentences_of(refusal))} Write one thing a line."
        if has_visible_text(text):
            # where by their large letters alone the words would be a narrower key, the key they mean
            meant = reference.typed(text)
            written.append(meant.key if meant is not None and reference.offers.get(text) not in {None, meant} else text)
        if len(ticked) + len(written) > MAX_LINES:
            return ticked, TOO_MANY
    return [*ticked, *written], None


def share_text(share: float | None) -> str:
    """A share as a person would type it: "12.5"."""
    return "" if share is None else f"{share:.{SHARE_DECIMALS}f}".rstrip("0").rstrip(".")


def line_texts(content: LineContent, reference: Reference) -> dict[str, str]:
    country = reference.countries.get(content.country or "")
    return {
        "country": country.name if country else "",
        "share": share_text(content.share),
        "supplier": content.supplier,
    }


def hidden_line_fields(number: int, content: LineContent, reference: Reference) -> list[tuple[str, str]]:
    return [
        (f"{number}.good", content.good),
        *((f"{number}.{part}", text) for part, text in line_texts(content, reference).items()),
        (f"{number}.removed", "yes" if content.removed else ""),
    ]


def _read_line_fields(form: SentForm, line: FormLine, reference: Reference) -> LineFields:
    """What the form says of this line. A part that cannot be read is left out, so that it stays as it is stored."""
    parts: LineFields = {}
    try:
        parts["country"] = read_country(
            line.typed["country"], {one.code: one.name for one in reference.countries.values()}
        )
    except ValidationError as refusal:
        line.errors["country"] = " ".join(sentences_of(refusal))
    try:
        parts["share"] = _read_share(line.typed["share"])
    except ValidationError as refusal:
        line.errors["share"] = " ".join(sentences_of(refusal))
    try:
        parts["supplier"] = TextField(LONGEST_SUPPLIER).deserialize(line.typed["supplier"])
    except ValidationError as refusal:
        line.errors["supplier"] = " ".join(sentences_of(refusal))
    number, _, key = form.get("choose", "").partition(":")
    chosen = key if number == str(line.number) else line.typed["work"]
    if chosen in reference.offers:
        parts["good"] = chosen
    if form.get("remove") == str(line.number):
        parts["removed"] = True
    if f"{line.number}.good" in form:
        parts |= _read_hidden_fields(form, line.number)
    return parts


def _read_hidden_fields(form: SentForm, number: int) -> LineFields:
    """What only the page with both texts carries along."""
    rest: LineFields = {"removed": form.get(f"{number}.removed") == "yes"}
    try:
        good = TextField(LONGEST_GOOD).deserialize(form.get(f"{number}.good", ""))
    except ValidationError:  # nobody types here: it is ours, or made up
        return rest
    if good:
        rest["good"] = good
    return rest


def _read_share(typed: str) -> float | None:
    if not typed:
        return None
    share = PercentageField(required=PercentageField.wanted).deserialize(_ABOUT.sub("", typed))
    return round(float(share), SHARE_DECIMALS)


MAX_FOUND = 24
FOUND_GROUP, TICKED_GROUP = "what we found", "what you ticked"


def list_page(
    context: AssessmentContext,
    lines: Sequence[StoredLine],
    posted: PurchaseForm | None = None,
    *,
    closed: bool = False,
    removed: int = 0,
    full: frozenset[int] = frozenset(),
    warnings: Sequence[PersonalDataWarning] = (),
) -> str:
    """All lines, each with its risk. `removed` was just taken off and can be put back; `full` found no room on the list."""
    reference = reference_today()
    shown = present_lines(lines, reference, posted, closed=closed)
    return render_template(
        "assessments/purchases.html",
        id=context.id,
        back=came_from(),
        errors=[
            *line_error_rows(shown),
            *[
                (
                    "notice",
                    f"{line_name(line.said, reference)} stays off: the list can have {MAX_LINES} lines. Take one off, then add this again.",
                )
                for number in sorted(full)
                if (line := get_line(request_session(), context.id, number)) is not None
            ],
        ],
        lines=shown,
        warnings=warnings,
        ticks=sorted(read_ticks(sent_form())),
        summary=band_summary(shown, reference),
        total=share_text(sum(line.said.share or 0.0 for line in lines) or None),
        words=reference.words.fixed,
        works=service_options(reference),
        countries=sorted(country.name for country in reference.countries.values()),
        saved="saved" in request.args,
        there="there" in request.args,
        removed=_removed_line(context, removed, reference),
        closed=closed,
        carried=_hidden_removed_lines(lines, posted) if closed else [],
    )


def add_page(
    context: AssessmentContext,
    lines: Sequence[StoredLine],
    error: str | None = None,
    *,
    closed: bool = False,
    removed: int = 0,
    warnings: Sequence[PersonalDataWarning] = (),
) -> str:
    """What could go on the list: what was searched for, else what the sector usually buys. `removed` can be put back."""
    reference, bank = reference_today(), context.ref.bank
    query = request.args.get("q", "")[:LONGEST_TYPED].strip()
    offers = suggest_offers(reference, query, bank, MAX_FOUND) if query else usual_offers(reference, bank)
    listed = frozenset(line.said.good for line in lines)
    first = [] if query else [offer for offer in offers if bank in offer.first_in]
    groups = group_offers(first or offers, bank, listed, one=FOUND_GROUP if query else None)
    rest = [offer for offer in offers if offer not in first] if first else []
    ticked = sent_form().getlist("offer")
    shown = {offer.key for offer in offers}
    others = [reference.offers[key] for key in ticked if key in reference.offers and key not in shown]
    return render_template(
        "assessments/purchases_add.html",
        id=context.id,
        back=came_from(),
        error=error,
        warnings=warnings,
        ticks=sorted(read_ticks(sent_form())),
        query=query,
        has_lines=bool(lines),
        groups=[*group_offers(others, bank, listed, one=TICKED_GROUP), *groups],
        rest=group_offers(rest, bank, listed),
        more=len(rest),
        rest_ticked=any(offer.key in ticked for offer in rest),
        after=integer_in(sent_form(), "after")
        if error or closed
        else highest_line_number(request_session(), context.id),
        ticked=ticked,
        own=sent_form().get("own", ""),
        removed=_removed_line(context, removed, reference),
        closed=closed,
    )


def line_conflict_page(context: AssessmentContext, conflicts: Sequence[LineConflict], posted: PurchaseForm) -> str:
    """Both texts of each line. What was typed and could not be read goes along, to be shown again afterwards."""
    reference = reference_today()
    stored = {line.number: line.revision for line in get_lines(request_session(), context.id)}
    disputed = {conflict.theirs.number for conflict in conflicts}
    rows = []
    for conflict in conflicts:
        number = conflict.theirs.number
        faulty = posted.lines[number]
        fields = dict(hidden_line_fields(number, conflict.yours, reference))
        fields |= {f"{number}.{part}": faulty.typed[part] for part in faulty.errors}
        rows.append(
            {
                "number": number,
                "name": line_name(conflict.theirs.said, reference),
                "yours": line_as_text(conflict.yours, reference),
                "theirs": line_as_text(conflict.theirs.said, reference),
                "seen": posted.changes[number].seen,
                "revision": conflict.theirs.revision,
                "fields": list(fields.items()),
            }
        )
    carried = [
        (f"{line.number}.{part}", text)
        for line in posted.faulty
        if line.number in stored and line.number not in disputed
        for part, text in [("seen", str(stored[line.number])), *line.typed.items()]
    ]
    return render_template(
        "assessments/purchases_conflict.html", id=context.id, conflicts=rows, carried=carried, back=came_from()
    )


def came_from() -> str | None:
    """“check” for a person who came from the check page and wants to go back there."""
    return "check" if "check" in {sent_form().get("back"), request.args.get("back")} else None


def _removed_line(context: AssessmentContext, number: int, reference: Reference) -> dict[str, object] | None:
    line = get_line(request_session(), context.id, number) if number else None
    if line is None or not line.said.removed:
        return None
    return {"number": line.number, "revision": line.revision, "name": line_name(line.said, reference)}


def _hidden_removed_lines(lines: Sequence[StoredLine], posted: PurchaseForm | None) -> list[tuple[str, str]]:
    here = {line.number for line in lines}
    return [
        (f"{line.number}.{part}", text)
        for line in (posted.lines.values() if posted else ())
        if posted and line.number not in here
        for part, text in [("seen", str(posted.changes[line.number].seen)), *line.typed.items()]
    ]


SERVICES_GROUP = "work done for you"
UK_GROWN_GROUP = "grown, raised or caught in the UK"
LABELS = {"country": "Country", "share": "Share of spending", "supplier": "Supplier"}


@dataclass(frozen=True, slots=True)
class ShownFact:
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
    errors: Mapping[str, str]
    band: str
    band_name: str
    risk: str | None
    decides: ShownFact
    others: Sequence[ShownFact]
    perhaps: Sequence[tuple[str, str]]
    work: str


@dataclass(slots=True)
class OfferGroup:
    title: str
    offers: list[tuple[str, str, bool]] = field(default_factory=list)


def to_engine_purchases(lines: Iterable[StoredLine], reference: Reference) -> PurchaseList:
    """The lines as the engine takes them. A country the lists no longer have is one nobody knows."""
    return PurchaseList(
        [
            Purchase(
                good=line.said.good,
                country=line.said.country if line.said.country in reference.countries else None,
                share=_without_decimals(line.said.share),
                supplier=line.said.supplier or None,
            )
            for line in lines
        ],
        reference,
    )


def present_lines(
    lines: Sequence[StoredLine], reference: Reference, posted: PurchaseForm | None = None, *, closed: bool = False
) -> list[ShownLine]:
    """The lines, judged. What could not be read stands in its field as it was typed; when `closed`, everything does.

    `closed`: nothing of the form could be saved, so its lines keep the revision they were drawn from.
    """
    return [
        _present_line(place, line, one, reference, posted, closed=closed)
        for place, (line, one) in enumerate(zip(lines, to_engine_purchases(lines, reference).judged(), strict=True), 1)
    ]


def band_summary(lines: Sequence[ShownLine], reference: Reference) -> str:
    """How many lines there are of each band: “15 lines: 4 high, 3 medium, 8 not known”."""
    counts = Counter(line.band for line in lines)
    content = [f"{counts[band]} {reference.words.fixed[f'band_{band}'].lower()}" for band in RISK_BANDS if counts[band]]
    return f"{line_count_text(len(lines))}: {', '.join(content)}."


def line_count_text(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def has_services(lines: Iterable[StoredLine], reference: Reference) -> bool:
    """Whether a firm does work for the business, so that answers about agencies and outside firms should say so too."""
    offers = (reference.offer(line.said.good) for line in lines)
    return any(offer is not None and offer.kind == "service" for offer in offers)


def line_error_rows(lines: Iterable[ShownLine]) -> list[tuple[str, str]]:
    """One line for each fault, for the top of the page: the id to go to, and the sentence with its line.

    A fault without a sentence is told at another line.
    """
    return [
        (f"{part}-{line.number}", f"{line.place}. {line.name}, {LABELS[part].lower()}: {line.errors[part]}")
        for line in lines
        for part in TYPED_FIELDS
        if line.errors.get(part)
    ]


def service_options(reference: Reference) -> list[tuple[str, str]]:
    works = [(offer.key, _capitalise(offer.name)) for offer in reference.offers.values() if offer.kind == "service"]
    return sorted(works, key=lambda work: work[1])


def group_offers(
    offers: Iterable[Offer], bank: str, listed: frozenset[str], *, one: str | None = None
) -> list[OfferGroup]:
    """Offers in groups, work first, then by the kind of thing they are for this bank. `one` puts all into one group."""
    groups: dict[str, OfferGroup] = {}
    for offer in offers:
        title = one or (SERVICES_GROUP if offer.kind == "service" else offer.kind_in(bank) or UK_GROWN_GROUP)
        group = groups.setdefault(title, OfferGroup(_capitalise(title)))
        group.offers.append((offer.key, _capitalise(offer.name), offer.key in listed))
    return [groups[title] for title in sorted(groups, key=lambda title: (title != SERVICES_GROUP, title))]


def line_as_text(content: LineContent, reference: Reference) -> str:
    if content.removed:
        return f"{line_name(content, reference)}: taken off the list"
    country = reference.countries.get(content.country or "")
    parts = [line_name(content, reference), country.name if country else "country not known"]
    parts += [f"{share_text(content.share)} per cent"] if content.share is not None else ["no share"]
    parts.append(f"supplier {content.supplier}" if content.supplier else "no supplier")
    return ", ".join(parts)


def line_name(content: LineContent, reference: Reference) -> str:
    offer = reference.offer(content.good)
    return _capitalise(offer.name if offer else content.good)


def _present_line(
    place: int,
    line: StoredLine,
    judged: JudgedPurchase,
    reference: Reference,
    posted: PurchaseForm | None,
    *,
    closed: bool,
) -> ShownLine:
    typed = posted.lines.get(line.number) if posted else None
    errors = typed.errors if typed else {}
    stored = line_texts(line.said, reference)
    unsaved = posted.changes[line.number] if posted and typed and closed else None
    facts = [_shown_fact(fact) for fact in judged.facts]
    return ShownLine(
        number=line.number,
        place=place,
        name=line_name(line.said, reference),
        is_service=judged.offer is not None and judged.offer.kind == "service",
        own_words=judged.offer is None,
        revision=unsaved.seen if unsaved else line.revision,
        typed={
            part: typed.typed[part] if typed and (unsaved or part in errors) else stored[part] for part in TYPED_FIELDS
        },
        errors=errors,
        band=judged.band,
        band_name=reference.words.fixed[f"band_{judged.band}"],
        risk=None if judged.risk is None or judged.band == "not_known" else rounded_down_risk(judged.risk),
        decides=facts[0],
        others=facts[1:],
        perhaps=[]
        if judged.offer
        else [
            (offer.key, _capitalise(offer.name))
            for offer in suggest_offers(reference, line.said.good, NO_BANK, MAX_POSSIBLE_MATCHES)
        ],
        work=typed.typed["work"] if typed and unsaved else "",
    )


def _shown_fact(fact: RiskFact) -> ShownFact:
    source = _source_with_year(fact)
    if fact.beside is not None:
        source += f"; {_source_with_year(fact.beside)}"
    return ShownFact(fact.says, source, fact.url)


def _source_with_year(cited: RiskFact | Citation) -> str:
    year = "" if str(cited.year) in cited.edition else f", {cited.year}"
    return f"{cited.source}, {cited.edition}{year}"


def _without_decimals(share: float | None) -> float | None:
    return int(share) if share is not None and share.is_integer() else share


def _capitalise(name: str) -> str:
    return name[:1].upper() + name[1:]
