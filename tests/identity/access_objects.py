"""The business, its neighbours, and one of everything they have: links, shares, parts given away, comments, invitations."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from assess.assessments.assisted_completion import begin_assistance as begin_to_help
from assess.assessments.assisted_completion import request_assistance as ask_for_help
from assess.assessments.comments import CommentAuthor, add_comment
from assess.assessments.delegation import NewDelegation, create_delegation
from assess.assessments.links import make_buyer_link, make_resume_link
from assess.assessments.models import Submission
from assess.assessments.services import AssessmentContent, start_assessment
from assess.assessments.sign_off import request_sign_off as ask_to_sign
from assess.assessments.submissions import submit_assessment
from assess.bank_editor.urgent_fixes.contacts import contacts_by_urgency
from assess.bank_editor.urgent_fixes.contacts import request_change as ask_for_change
from assess.bank_editor.urgent_fixes.services import find_fix_target, make_fix
from assess.identity.models import Membership, Organisation, Role, Site
from assess.identity.organisations.services import invite_member
from assess.plans.action_tracker.services import NEW_NOTE_ID, ItemContent, change_item
from assess.plans.action_tracker.state import EvidenceNote
from assess.plans.actions import action_list_of
from assess.plans.check_codes import check_code_of, save_check_code
from assess.plans.copies import business_record
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.drafts import create_draft
from assess.question_banks.editions import Attribution, current_edition, withdraw_published
from assess.sharing.models import ShareScope
from assess.sharing.services import ShareRecipient, accept_share_grant, create_share
from tests.conftest import TODAY
from tests.identity.access_buyer_objects import asked, buying, on_hold
from tests.identity.accounts_factory import a_person, an_organisation
from tests.plans.records import Record, scenario
from tests.sharing.current_users import caller_of

CANARY = "Quillfeather Growers"
"""The name of the business: nowhere in what is refused."""
PEOPLE = (
    "manager",
    "respondent",
    "signer",
    "own_buyer",
    "recipient",
    "recipients_colleague",
    "other_buyer",
    "stranger",
    "other_manager",
    "former",
    "disabled",
)
SECTION, QUESTION = "people", "core_worker_types"


class AccessObjects:
    """Made in one session. `links` are addresses of landing pages, `arguments` the parts of addresses of what the business has."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.people = {name: a_person(session, f"{name}@people.example") for name in PEOPLE}
        for name in ("helper", "coordinator"):
            self.people[name] = a_person(session, f"{name}@desk.example", desk="coordinator")
        self.people["administrator"] = a_person(session, "administrator@desk.example", desk="administrator")
        self.farm = self._farm()
        an_organisation(session, "Another Farm", manager=self.people["other_manager"])
        self.council = an_organisation(
            session, "The Council", buyer=[self.people["recipient"], self.people["recipients_colleague"]]
        )
        an_organisation(session, "The Shop", buyer=self.people["other_buyer"])
        self.submission = self._submitted(self.farm)
        self.elsewhere = self._submitted(None)
        self.links: dict[str, str] = {}
        self.arguments: dict[str, Any] = {}
        self._addresses()
        self._links()
        self._shares()
        self._helped()
        self._invited()
        self._buys()
        self.people["disabled"].disabled_at = TODAY
        session.flush()

    def _farm(self) -> Organisation:
        people = self.people
        farm = an_organisation(
            self.session,
            CANARY,
            manager=[people["manager"], people["disabled"], people["former"]],
            respondent=people["respondent"],
            signer=people["signer"],
            buyer=people["own_buyer"],
        )
        self.session.execute(delete(Membership).where(Membership.person_id == people["former"].id))
        return farm

    def _submitted(self, organisation: Organisation | None) -> Submission:
        record = scenario()
        record["organisation"] = {**record["organisation"], "name": CANARY}

        def build(_said: AssessmentContent) -> Record:
            return record

        edition = current_edition(self.session, record["edition"]["bank"])
        assert edition is not None
        found = start_assessment(self.session, edition.id, quick=record["quick"], now=TODAY)
        found.organisation_id = organisation.id if organisation else None
        return submit_assessment(self.session, found.id, build, TODAY)

    def _addresses(self) -> None:
        save_check_code(self.session, self.submission, "business")
        key = action_list_of(business_record(self.submission.record)).items[0].key
        note = EvidenceNote(NEW_NOTE_ID, "Signed list", "record", None, None, "said")
        change_item(self.session, self.submission.id, key, ItemContent(response="accepted", notes=(note,)), 0, TODAY)
        site = Site(organisation_id=self.farm.id, name="Home farm", made_at=TODAY)
        self.session.add(site)
        self.session.flush()
        self.arguments |= {
            "assessment_id": self.submission.assessment_id,
            "organisation_id": self.farm.id,
            "site_id": site.id,
            "person_id": self.people["respondent"].id,
            "token": "A" * 43,
            "code": check_code_of(self.session, self.submission, "business"),
            "bank": "farming",
            "section_id": SECTION,
            "question_id": QUESTION,
            "edition_id": self.submission.edition_id,
            "rule": "long_sentence",
            "sheet": "owners.yaml",
            "lone_question_id": "core_job_fee",
            "fact_id": "operates_in",
            "check_id": "D3",
            "clause": "when",
            "fields": "words",
            "number": 1,
            "section_page": 2,
            "note_number": 1,
            "name": "plan",
            "address": "buyer-letter",
            "browser_id": uuid.uuid4(),
            "passkey_id": uuid.uuid4(),
            "kind": "contacts",
            "thing_name": "acas",
            "duty_name": "uk_s54_statement",
            "setting_name": "wage",
            "begins": "2026-04-01",
            "mend_id": self._mended(),
            "contact": "helpline",
            "change_id": self._asked_for(),
            "withdrawn_bank": self._withdrawn(),
            "draft_id": create_draft(self.session, "Clearer words", self.people["coordinator"].id, TODAY).id,
        }

    def _mended(self) -> uuid.UUID:
        """A link that a coordinator mended at once."""
        key = "settings/contacts.yaml:contacts:norfolk_children_team:web"
        link = find_fix_target(files_in_force(self.session), key, TODAY.date())
        assert link is not None
        return make_fix(
            self.session, link, "https://www.norfolk.gov.uk/children", "Their own site", self.people["helper"].id, TODAY
        ).id

    def _asked_for(self) -> uuid.UUID:
        """Another name of the helpline, which a second person has to confirm."""
        helpline = next(one for one in contacts_by_urgency(files_in_force(self.session)) if one.id == "helpline")
        person = self.people["helper"].id
        return ask_for_change(
            self.session, helpline, {"for_whom": "Everybody"}, "Their own site", "Clearer", person, TODAY
        ).id

    def _withdrawn(self) -> str:
        """A bank whose edition was withdrawn, and whose text nobody has settled yet."""
        withdraw_published(
            self.session, "hospitality", 1, TODAY, Attribution(self.people["helper"].id, "It is misread.")
        )
        return "hospitality"

    def _links(self) -> None:
        session, here, there = self.session, self.submission, self.elsewhere
        resume = make_resume_link(session, here.assessment_id, TODAY)
        self.links["resume"] = f"/r/{resume.token}"
        self.links["resume elsewhere"] = f"/r/{make_resume_link(session, there.assessment_id, TODAY).token}"
        looked_at = make_buyer_link(session, here, TODAY)
        self.links["buyer"] = f"/b/{looked_at.token}"
        part = create_delegation(session, here.assessment_id, NewDelegation(SECTION, None, "", 14), TODAY)
        other_part = create_delegation(session, there.assessment_id, NewDelegation(SECTION, None, "", 14), TODAY)
        self.links |= {"delegation": f"/d/{part.token}", "delegation elsewhere": f"/d/{other_part.token}"}
        review, other_review = ask_to_sign(session, here, "", TODAY), ask_to_sign(session, there, "", TODAY)
        self.links |= {"review": f"/s/{review.token}", "review elsewhere": f"/s/{other_review.token}"}
        comment = add_comment(
            session, here.assessment_id, QUESTION, "Is this right?", CommentAuthor(None), TODAY, for_delegate=False
        )
        self.arguments |= {
            "link_id": resume.id,
            "buyer_link_id": looked_at.id,
            "delegation_id": part.id,
            "request_id": review.id,
            "comment_id": comment.id,
        }

    def _shares(self) -> None:
        to = ShareRecipient("recipient@people.example", "The Council")
        given = create_share(self.session, self.submission, to, ShareScope.BUYER_COPY, 30, TODAY)
        buyer = caller_of(self.people["recipient"], self.council.id)
        accept_share_grant(self.session, given.token, buyer, TODAY, organisation_id=self.council.id)
        self.arguments["grant_id"] = given.grant.id

    def _helped(self) -> None:
        code = ask_for_help(self.session, self.submission.assessment_id, "phone", TODAY)
        self.arguments["help_id"] = begin_to_help(self.session, caller_of(self.people["helper"]), code, TODAY).id

    def _invited(self) -> None:
        roles = frozenset({Role.SIGNER})
        invitation = invite_member(
            self.session,
            self.farm,
            "new@people.example",
            roles,
            "https://assess.example",
            TODAY,
            silent=True,
            secret="secret",
        )
        self.arguments["invitation_id"] = invitation.id

    def _buys(self) -> None:
        self.arguments |= buying(self.session, self.farm, self.people["own_buyer"], self.elsewhere)
        theirs, self.links["request"] = asked(self.session, self.council, self.submission)
        self.arguments |= theirs | on_hold(self.session, self.council)
