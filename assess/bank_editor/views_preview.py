"""Pages: preview a draft, its worked examples, its problems and waivers, its files (list, text editor, download) and the JSON Schema."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort, request, url_for
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from assess.assessments.forms import PostedSection, read_section_form
from assess.assessments.queries import remaining_text
from assess.assessments.question_parts import ShownQuestion, error_summary_rows, question_html
from assess.bank_editor import examples, preview, problems
from assess.bank_editor.draft_context import DraftContext, draft_or_404, load_draft_context
from assess.bank_editor.fields import FileData
from assess.bank_editor.form_pages import FormPage, PageRequest, form_page
from assess.bank_editor.labels import file_label
from assess.core import clock
from assess.core.application import query_integer
from assess.core.clock import uk_date
from assess.core.db import database, request_session
from assess.core.edit_conflicts import LOOK_AGAIN, EditConflictError, NotSavedError, still_there
from assess.core.forms.fields import TextField
from assess.core.forms.form import FormResult, pressed, sent_form, sent_text
from assess.core.route_permissions import requires
from assess.engine.bank import Question
from assess.engine.examples import Example
from assess.identity.access import require_person
from assess.question_banks import drafts
from assess.question_banks.files import content_digest, why_unreadable
from assess.question_banks.json_schema import json_schema
from assess.question_banks.question_types import FormAnswer, form_answer_from_stored
from assess.question_banks.validation import find_rule, idle_waivers, remarks_on_banks

RESULT_PAGE = "result"


@dataclass(frozen=True)
class Preview(examples.BankExamples):
    """A bank that is tried, and what was said so far."""

    state: preview.PreviewState

    @property
    def chosen(self) -> preview.PreviewEdition:
        wanted = self.in_use if self.state.which == preview.IN_FORCE else self.draft
        return wanted if isinstance(wanted, preview.PreviewEdition) else abort(404)


blueprint = Blueprint("draft_preview", __name__, url_prefix="/question-banks")


@form_page(
    blueprint,
    "/drafts/<uuid:draft_id>/<bank>/preview",
    "opened",
    get="banks.read",
    post="banks.read",
    looks_first=True,
)
def show_preview(page: PageRequest) -> FormPage:
    tried = _examples(page)
    if page.form_data is None:
        examples_there = _example_choices(page.draft_context, page.bank)
        return FormPage(
            template="bank_editor/preview_start.html",
            shows={"not_yet": tried.draft, "in_use": tried.in_use, "examples": examples_there},
        )
    state = _posted_state(page.draft_context, page.bank)
    current = Preview(tried.draft_context, tried.bank, tried.draft, tried.in_use, state)
    edition = current.chosen.edition
    current = replace(current, state=preview.fitting_state(state, edition))
    here, go = sent_text("at"), pressed("go")
    if not here:
        # an example is complete, so that its result is the first thing to look at
        if go == RESULT_PAGE or (sent_text("example") and not sent_text("said")):
            return _result_page(current)
        way = preview.preview_pages(edition, current.state)
        return _preview_page(current, go if go in way else way[0])
    seen = preview.find_preview_page(edition, current.state, here) or abort(404)
    posted = read_section_form(page.form_data, preview.questions_possible_on(edition, current.state, here))
    fresh = replace(current, state=preview.with_page_answers(edition, current.state, here, posted))
    if posted.errors and go != "back":
        return _preview_page(fresh, here, posted, errors=dict.fromkeys(posted.errors, ""))
    return _next_page(current, fresh, seen, posted, go)


def _posted_state(draft_context: DraftContext, bank: str) -> preview.PreviewState:
    if sent_text("said"):
        return preview.preview_state_from_json(sent_text("said"))
    which = preview.IN_FORCE if sent_text("which") == preview.IN_FORCE else preview.DRAFT
    start = next((one for one in _example_choices(draft_context, bank) if one.title == sent_text("example")), None)
    if start is None:
        return preview.PreviewState(which=which, quick=sent_text("length") == "quick")
    return preview.PreviewState(
        which=which, quick=start.quick, answers=start.answers, evidence_share=start.evidence_share
    )


def _next_page(
    before: Preview, current: Preview, page: preview.PreviewPage, posted: PostedSection, go: str
) -> FormPage:
    for button in ("add", "remove"):
        if pressed(button).partition(".")[0] in posted.questions:
            return _preview_page(current, page.id, posted, add=pressed("add"))
    if go == RESULT_PAGE:
        return _result_page(current)
    edition = current.chosen.edition
    new = preview.newly_asked(edition, before.state, current.state, page.id) if go != "back" else ()
    if new and (page.id != preview.FACTS_PAGE or posted.changes):
        return _preview_page(current, page.id, new=new)
    following = preview.neighbour_page(
        preview.preview_pages(edition, current.state), page.id, -1 if go == "back" else 1
    )
    if following is None and go == "back":
        return _preview_page(current, page.id)
    return _result_page(current) if following is None else _preview_page(current, following)


def _preview_page(
    current: Preview,
    name: str,
    posted: PostedSection | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    add: str = "",
    new: Sequence[str] = (),
) -> FormPage:
    chosen, state = current.chosen, current.state
    page = preview.find_preview_page(chosen.edition, state, name) or abort(404)
    texts = chosen.settings.texts
    shown = [_field_context(question, page, state, posted, add) for question in page.questions]
    way, title = preview.preview_pages(chosen.edition, state), chosen.edition.title
    return FormPage(
        template="bank_editor/preview_page.html",
        shows={
            "page": page,
            "name": chosen.name,
            "place": f"{title}, page {way.index(page.id) + 1} of {len(way)}" if page.id in way else title,
            "parts": [question_html(one, texts) for one in shown],
            "tables": any(question.type == "table" for question in page.questions),
            "new": new,
            "errors": error_summary_rows(shown, texts) if posted and posted.errors else [],
            "left": remaining_text(preview.preview_progress(chosen.edition, state)),
            "first": page.id == way[0],
            "said": preview.preview_state_to_json(state),
        },
        errors=errors or {},
    )


def _field_context(
    question: Question,
    page: preview.PreviewPage,
    state: preview.PreviewState,
    posted: PostedSection | None,
    add: str,
) -> ShownQuestion:
    name = question.id
    proof, value = name in state.proofs, page.answers.get(name)
    if posted and name in posted.errors:
        return ShownQuestion(question, 0, typed=posted.typed[name], errors=posted.errors[name])
    if add == name:
        rows = form_answer_from_stored(question, value, proof=proof).rows
        return ShownQuestion(question, 0, typed=FormAnswer(rows=(*rows, {}), proof=proof))
    return ShownQuestion(question, 0, value, proof)


def _result_page(current: Preview) -> FormPage:
    today = uk_date(current.draft_context.now)
    chosen, state = current.chosen, current.state
    other = current.draft if state.which == preview.IN_FORCE else current.in_use
    here = preview.preview_result(chosen, state, today)
    there = preview.preview_result(other, state, today) if isinstance(other, preview.PreviewEdition) else None
    pages = [
        preview.find_preview_page(chosen.edition, state, name) for name in preview.preview_pages(chosen.edition, state)
    ]
    return FormPage(
        template="bank_editor/preview_result.html",
        shows={
            "title": chosen.edition.title,
            "out": here,
            "other": there,
            "figures": preview.figures_side_by_side(here, there) if there else [],
            "lines": preview.lines_side_by_side(here.lines, there.lines) if there else [],
            "pages": [(page.id, page.title) for page in pages if page],
            "said": preview.preview_state_to_json(state),
            "from_draft": state.which == preview.DRAFT,
            "keep_at": url_for(".show_examples", draft_id=current.draft_context.draft.id, bank=current.bank),
        },
    )


def _example_choices(draft_context: DraftContext, bank: str) -> tuple[Example, ...]:
    compiled = draft_context.report.banks[bank].compiled
    return compiled.examples if compiled else ()


NO_TITLE = "Enter a title, such as “A farm with agency workers”."
PROBLEMS_FIRST = NotSavedError("The draft has problems that come first. See “Problems”.")


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/examples", "added", get="banks.read")
def show_examples(page: PageRequest) -> FormPage:
    status, form = _examples(page), _title_form(page)
    in_draft = status.in_draft
    if in_draft is None:
        return _all_examples(page, status, refused=PROBLEMS_FIRST)
    said = sent_text("said")
    state = preview.fitting_state(preview.preview_state_from_json(said), in_draft.edition)
    if form.errors or not state.answers:
        errors = {"title" if said else "examples": form.errors.get("title", NO_TITLE)}
        return _all_examples(page, status, errors=errors)
    title = form["title"]
    state = replace(state, evidence_share=examples.evidence_share_of(state, in_draft))
    expect = examples.expected_figures(
        examples.score_example(Example(title, state.answers, {}, state.evidence_share, state.quick), in_draft)
    )
    return _all_examples(
        page,
        status,
        lambda data: examples.add_example(data, title, state, expect),
        f"the worked example “{title}”: added",
    )


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/examples/figures", "written")
def write_figures_of_all(page: PageRequest) -> FormPage:
    status = _examples(page)
    if page.form_data is None:
        return FormPage(template="bank_editor/examples_write_figures.html", shows={"broken": status.broken})
    on_page = [one for one in status.broken if sent_text(f"seen.{one.number}")]
    if any(sent_text(f"given.{one.number}") != one.given for one in on_page):
        return _all_examples(page, status, refused=EditConflictError(words=LOOK_AGAIN))
    figures = {one.number: (sent_text(f"seen.{one.number}"), status.expected(one)) for one in on_page}
    what = "worked examples: the figures of " + ("one" if len(figures) == 1 else f"{len(figures)}")
    return _all_examples(page, status, lambda data: examples.write_figures(data, figures), what)


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/examples/<int:number>", get="banks.read")
def show_example(page: PageRequest, number: int) -> FormPage:
    return _one_example(page, _examples(page), number)


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/examples/<int:number>/figures", "written", get="")
def write_figures_of_one(page: PageRequest, number: int) -> FormPage:
    status = _examples(page)
    held = still_there(status.at(number))
    if held.errors:
        return _all_examples(page, status, refused=PROBLEMS_FIRST)
    if sent_text("given") != held.given:
        return _all_examples(page, status, refused=EditConflictError(words=LOOK_AGAIN))
    figures = {number: (sent_text("seen"), status.expected(held))}
    what = f"the worked example “{held.title}”: its figures"
    return _all_examples(page, status, lambda data: examples.write_figures(data, figures), what)


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/examples/<int:number>/answers", "saved", get="")
def save_example_answers(page: PageRequest, number: int) -> FormPage:
    """Write the answers that were given on the page into the example, and take out those that cannot be given any more."""
    status = _examples(page)
    held = still_there(status.at(number))
    what, seen = f"the worked example “{held.title}”: its answers", sent_text("seen")
    if held.errors:
        gone = frozenset(held.errors)
        return _one_example(page, status, number, lambda data: examples.drop_answers(data, number, seen, gone), what)
    posted = read_section_form(sent_form(), held.new)
    if posted.errors or pressed("add") or pressed("remove"):
        return _one_example(page, status, number, posted=posted)
    given = {key: value for key, value in posted.changes.items() if value is not None}
    return _one_example(page, status, number, lambda data: examples.give_answers(data, number, seen, given), what)


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/examples/<int:number>/title", "changed", get="")
def save_example_title(page: PageRequest, number: int) -> FormPage:
    status, form = _examples(page), _title_form(page)
    title = form.values.get("title", "")
    what = f"the worked example “{still_there(status.at(number)).title}”: called “{title}”"
    return _one_example(
        page,
        status,
        number,
        lambda data: examples.rename_example(data, number, sent_text("seen"), title),
        what,
        errors=form.errors,
    )


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/examples/<int:number>/retire", "removed")
def remove_example(page: PageRequest, number: int) -> FormPage:
    status = _examples(page)
    held = still_there(status.at(number))
    if page.form_data is None:
        return FormPage(template="bank_editor/example_retire.html", shows={"held": held})
    what = f"the worked example “{held.title}”: retired"
    return _all_examples(page, status, lambda data: examples.delete_example(data, number, sent_text("seen")), what)


def _examples(page: PageRequest) -> examples.BankExamples:
    return examples.BankExamples(
        page.draft_context,
        page.bank,
        preview.edition_of_draft(page.draft_context, page.bank),
        preview.edition_in_use(page.session, page.draft_context, page.bank),
    )


def _all_examples(
    page: PageRequest,
    status: examples.BankExamples,
    edit: Callable[[FileData], object] | None = None,
    what: str = "",
    *,
    errors: Mapping[str, str] | None = None,
    refused: NotSavedError | None = None,
) -> FormPage:
    """The page of all examples, after an edit of one or more of them."""
    return FormPage(
        template="bank_editor/examples.html",
        shows=lambda _: {
            "examples": status.examples,
            "broken": status.broken,
            "problems": status.problems,
            "said": sent_text("said") if status.in_draft else "",
            "typed": sent_text("title"),
        },
        errors=errors or {},
        refused=refused,
        save=None if edit is None else lambda: page.edit_file(status.file, edit, what),
        then=url_for(".show_examples", draft_id=page.draft_id, bank=page.bank),
    )


def _one_example(
    page: PageRequest,
    status: examples.BankExamples,
    number: int,
    edit: Callable[[FileData], object] | None = None,
    what: str = "",
    *,
    errors: Mapping[str, str] | None = None,
    posted: PostedSection | None = None,
) -> FormPage:
    """The page of one example, after an edit of it. `posted`: answers that are shown once more."""
    held = still_there(status.at(number))
    return FormPage(
        template="bank_editor/example.html",
        shows=lambda _: {
            "held": held,
            "forms": examples.forms_for(status, held, posted),
            "typed": sent_form().get("title", held.title),
        },
        errors=errors or (dict.fromkeys(posted.errors, "") if posted else {}),
        save=None if edit is None else lambda: page.edit_file(status.file, edit, what),
        then=url_for(".show_example", draft_id=page.draft_id, bank=page.bank, number=number),
    )


def _title_form(page: PageRequest) -> FormResult:
    return page.read(title=TextField(examples.LONGEST_EXAMPLE_TITLE, required=NO_TITLE))


NO_REASON = "Write in a few words why it may stay as it is."


@form_page(blueprint, "/drafts/<uuid:draft_id>/problems", get="banks.read")
def show_problems(page: PageRequest) -> FormPage:
    draft_context = page.draft_context
    report = draft_context.report
    remarks = remarks_on_banks(report.banks)
    open_ones = [one for one in remarks if one.waived is None]
    changed = problems.changed_question_ids(draft_context, page.in_force)
    return FormPage(
        template="bank_editor/problems.html",
        shows={
            "problems": problems.problems_by_file(draft_context, report.errors),
            "warnings": problems.problems_by_file(draft_context, report.warnings),
            "counts": (len(report.errors), len(report.warnings)),
            "ours": problems.remarks_by_question(one for one in open_ones if one.question in changed),
            "others": problems.remarks_by_question(one for one in open_ones if one.question not in changed),
            "endangering": [one for one in draft_context.changed_sign_texts if one.words],
            "figures_in": problems.split_example_figures,
            "stands_in": lambda one: (
                problems.place_of_line(draft_context.files.files.get(one.file), one.line, None).words
            ),
            "waived": [one for one in remarks if one.waived is not None],
            "idle": idle_waivers(report.banks),
            "unread": [bank for bank, one in report.banks.items() if one.edition is None],
            "banks": _bank_by_question(draft_context),
            "name_of": problems.rule_name,
        },
    )


@form_page(blueprint, "/drafts/<uuid:draft_id>/<bank>/questions/<question_id>/waive/<rule>", "saved")
def edit_waiver(page: PageRequest, question_id: str, rule: str) -> FormPage:
    if find_rule(rule) is None:
        abort(404)
    location = still_there(page.draft_context.question(page.bank, question_id))
    written = location.data.get("waived")
    reason = written.get(rule, "") if isinstance(written, dict) else ""
    form, back = (
        page.read(reason=TextField(problems.LONGEST_WAIVER_REASON, required=NO_REASON)),
        pressed("go") == "back",
    )
    return FormPage(
        template="bank_editor/waiver.html",
        shows=lambda _: {
            "location": location,
            "name": problems.rule_name(rule),
            "remarks": [
                one
                for one in problems.remarks_on_question(page.draft_context, page.bank, question_id)
                if one.remark.rule == rule
            ],
            "reason": reason,
            "typed": form.typed.get("reason", reason),
        },
        errors={} if back else form.errors,
        save=lambda: page.edit_at(
            location,
            lambda question: problems.waive_remark(question, rule, "" if back else form["reason"]),
            f"the question “{location.data.get('ask', question_id)}”: {'a waiver removed' if back else 'a remark waived'}",
        ),
        then=url_for(".show_problems", draft_id=page.draft_id, _anchor="remarks"),
    )


def _bank_by_question(draft_context: DraftContext) -> dict[str, str]:
    homes = problems.bank_by_file(draft_context)
    found: dict[str, str] = {}
    for bank in draft_context.files.banks():
        for location in draft_context.questions_of(bank):
            found.setdefault(str(location.data.get("id")), homes.get(location.content_file.name, bank))
    return found


MAX_PROBLEMS_SHOWN = 50


@form_page(blueprint, "/drafts/<uuid:draft_id>/texts", get="banks.read")
def show_files(page: PageRequest) -> FormPage:
    report, files = page.draft_context.report, page.draft_context.files.files
    issues = [one.file for one in (*report.errors, *report.warnings)]
    changed = drafts.changed_draft_files(page.session, page.draft)
    rows = [
        (name, file_label(name, content_file), name in changed, issues.count(name))
        for name, content_file in sorted(files.items(), key=lambda one: (one[0].count("/"), one[0]))
    ]
    return FormPage(template="bank_editor/files.html", shows={"rows": rows})


@form_page(
    blueprint, "/drafts/<uuid:draft_id>/texts/<path:sheet>", "saved", get="banks.read", looks_first=True
)  # reading a text takes up to a second
def edit_file_text(page: PageRequest, sheet: str) -> FormPage:
    """Keep the text, unless it cannot be read or another editor changed it meanwhile."""
    typed = None if page.form_data is None else problems.clean_text(sent_text("text"))
    error = why_unreadable(sheet, typed) if typed is not None else None

    def save() -> None:
        session, text = request_session(), typed or b""
        draft = draft_or_404(session, page.draft_id)
        drafts.lock_draft(session, draft)
        here = drafts.file_in_draft(session, draft, sheet)
        if here is None:
            abort(404)
        if here == text:
            return
        if content_digest(here) != sent_text("seen"):
            raise EditConflictError(here)
        what = f"the text of {sheet}"
        drafts.save_draft_file(session, draft, sheet, text, page.who.id, clock.now(), seen=here, what=what)

    return FormPage(
        template="bank_editor/file_text.html",
        shows=lambda _: _shown_of_file(page, sheet, typed, error.line if error else query_integer("line", 0)),
        errors={"text": f"Line {error.line}: {error.message}"} if error else {},
        save=save,
        then=url_for(".edit_file_text", draft_id=page.draft_id, sheet=sheet, saved="yes"),
    )


def _shown_of_file(page: PageRequest, name: str, typed: bytes | None, line: int) -> Mapping[str, object]:
    theirs: bytes | None = page.theirs
    # whatever became of the draft meanwhile, what was typed is shown again
    context = page.draft_context if typed is None else load_draft_context(page.session, page.draft, clock.now())
    content_file = context.files.files.get(name) or abort(404)
    here = content_file.content if isinstance(content_file.content, bytes) else b""
    text = (here if typed is None else typed).decode("utf-8-sig", "replace")
    seen = sent_text("seen") if typed is not None and theirs is None else content_digest(theirs or here)
    found = (*context.report.errors, *context.report.warnings) if typed is None else ()
    issues = [one for one in found if one.file == name]
    return {
        "name": name,
        "text": text,
        "seen": seen,
        "issues": [(one, problems.lines_around(content_file.text, one.line)) for one in issues[:MAX_PROBLEMS_SHOWN]],
        "more": max(0, len(issues) - MAX_PROBLEMS_SHOWN),
        "wanted": problems.lines_around(text, line) if line else (),
        "wanted_line": line,
        "differing": problems.diff_texts(theirs.decode("utf-8-sig", "replace"), text) if theirs is not None else (),
        "saved": "saved" in request.args and typed is None,
    }


@blueprint.get("/drafts/<uuid:draft_id>/files/<path:sheet>")
@requires("banks.read", check=require_person)
def download_file(draft_id: uuid.UUID, sheet: str) -> Response:
    with database().reading() as session:
        content = drafts.file_in_draft(session, draft_or_404(session, draft_id), sheet)
    if content is None:
        abort(404)
    found = FlaskResponse(content, mimetype="text/csv" if sheet.endswith(".csv") else "application/yaml")
    found.headers.set("Content-Disposition", "attachment", filename=sheet.rpartition("/")[2])
    return found


@blueprint.get("/schema.json")
@requires("banks.read", check=require_person)
def download_json_schema() -> Response:
    return FlaskResponse(json.dumps(json_schema(), indent=2, ensure_ascii=False), mimetype="application/schema+json")
