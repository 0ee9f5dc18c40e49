"""Every column that could hold words somebody typed: whether it does and is in view of whoever takes words out, or why it never does.

A new column has to be named here, else `test_every_column.py` fails. Named as free text it has to be filled in `personal_text.py` too.
"""

from __future__ import annotations

IN_VIEW = {
    "answer.value": "answers",
    "answer_event.before": "answers",
    "answer_event.after": "answers",
    "purchase_line.good": "purchases",
    "purchase_line.supplier": "purchases",
    "purchase_event.said": "purchases",
    "buyer_link.note": "buyer links",
    "submission.record": "submissions",
    "comment.words": "comments",
    "delegation.note": "delegations",
    "delegation.asked": "delegations",
    "delegation_event.words": "delegations",
    "delegated_answer.value": "answers of colleagues",
    "sign_off_request.note": "sign-offs",
    "sign_off.job": "sign-offs",
    "sign_off_event.words": "sign-offs",
    "tracked_action.reason_text": "action tracker",
    "tracked_action.owner": "action tracker",
    "tracked_action_evidence.title": "action tracker",
    "tracked_action_event.before": "action tracker",
    "tracked_action_event.after": "action tracker",
    "share_grant.buyer": "shares",
    "share_message.words": "messages with buyers",
    "stored_pdf.content": "printed copies",
}
"""Columns with free text, and the place in which they are listed and emptied."""

NOT_FREE = {
    "a hash, a digest, a token or a key": """
        audit_event.hash audit_event.previous_hash audit_event.key_name buyer_link.token_hash calendar_feed.token_hash verification_secret.key
        delegation.token_hash rate_counter.key edition.digest personal_data_finding.mark passkey.credential_id
        passkey.public_key person.password_hash reminder_suppression.mark recovery_code.code_hash reminder.confirm_hash unsubscribe_token.token_hash
        organisation.mark_key posted_code.code_hash email_unsubscribe.mark organisation_member_hash.mark stored_pdf.digest stored_pdf.key resume_link.code_hash resume_link.pin_hash resume_link.token_hash stored_page.browser_hash share_view.viewer
        sign_off.digest sign_off_request.token_hash login_session.token_hash submission.digest one_time_token.token_hash assisted_session.code_hash
        data_key.name data_key.proof dry_run.after dry_run.before dry_run.settings guest_session.token_hash check_code.code totp_device.seed supplier_invitation_link.token_hash buyer_unsubscribe.mark unknown_sender_report.mark supplier_email.mark supplier_email.number supplier.identity
        supplier_import_row.identity share_message.step
    """,
    "pages for 15 minutes, sealed with a key that the visitor's browser alone has": "stored_page.sealed",
    "salts and hashes of a submission": "submission_seal.data",
    "a word from a list of ours, an id of the bank or a day": """
        answer.question answer_event.question personal_data_finding.kinds assisted_answer.question audit_event.about_kind audit_event.action check_code.copy
        comment.question delegated_answer.question delegation.question delegation.section edition.bank member_invitation.roles
        purchase_line.country tracked_action_event.key tracked_action_evidence.dated tracked_action_evidence.good_until
        tracked_action_evidence.grade tracked_action_evidence.key tracked_action_evidence.kind tracked_action.done_on tracked_action.due tracked_action.key
        tracked_action.reason tracked_action.response tracked_action.status stored_pdf.kind stored_pdf.template submission.band submission.sector
        one_time_token.kind unconfirmed_answer.question board_row.area board_row.band board_row.sector board_duty.duty supplier.area supplier.sector
        supplier_import.sector supplier_invitation.sector dry_run.bank question_feedback.bank question_feedback.month question_feedback.question
    """,
    "made by the machine from ids, numbers and names of ours": """
        audit_event.details audit_event.who rate_counter.moments job.arguments job.error job.key job.name job.owner job.place schedule_state.what
        purchase_line.share outbox.event outbox.last_error outbox.stop supplier_email.event supplier_invitation_link.outbox_event guest_session.outbox_event email_unsubscribe.kind portfolio_snapshot.counts reminder.told login_session.browser board_row.call_reasons
        bulk_action_item.before edition_upgrade.before dry_run.counts
    """,
    "a mail in our words: an address of a page, a name of a business, dates": "outbox.body outbox.subject outbox.sender_name",
    "an address of mail, asked for as such": """
        member_invitation.email outbox.reply_to supplier_email.address supplier_email.domain outbox.to_address person.email reminder.address share_grant.email one_time_token.email supplier.email
    """,
    "the name of a firm or a place, checked as such, or what a firm is known by": """
        organisation.company_number supplier_email.buyer supplier_email.asked_from supplier_invitation_link.buyer organisation.domain organisation.name organisation.name_by organisation.name_domains
        organisation_name_event.company_number organisation_name_event.domains organisation_name_event.name site.name board_row.name supplier.company_number supplier.name
        supplier_naming_consent.name board_row.searched board_row.sort_name
    """,
    "somebody's own name, given freely for themselves, or for their own key": "passkey.name person.name sign_off.name",
    "the name of who decided at a buyer, frozen with the decision": "contract.decided_by contract_event.by_name external_result.decided_by",
    "questions and law in words of ours": "edition.compiled edition.source",
    "questions and law as coordinators write them, and what they say to each other of it: no business reads or answers there": """
        draft.title draft_event.details draft_event.words draft_file.content contact_change.after contact_change.answer contact_change.before contact_change.called contact_change.reason contact_change.seen_at
        edition_attribution.why urgent_fix.after urgent_fix.answer urgent_fix.before urgent_fix.editions urgent_fix.reason urgent_fix.steps urgent_fix.what
        content_blob.content
    """,
    "how the desk confirmed a name, or why it did not, or why letters may go on: no business writes there": "email_pause.reason organisation_name_event.words",
    "the name of a file of the banks, or its digest": """
        contact_change.contact draft_file.base draft_file.name urgent_fix.sheet bundled_file.digest bundled_file.name content_blob.digest content_version.digest content_version.sheets
    """,
    "the frozen copy for a buyer: picked answers, jobs of the bank, kinds of proof; filled in the test, and free of words": """
        share_grant.document
    """,
    "what a buyer keeps of its own suppliers: it is no answer of a business, and no business reads it": """
        supplier.phone supplier.reference supplier_event.details contract.title contract.reference contract.levels contract.notes
        contract.tier_reason contract.asks_reason contract.design contract.terms contract.management contract_event.title
        contract_event.before contract_event.after supplier_import.file_name supplier_import.told supplier_import_row.faults
        supplier_import_row.values portfolio_file.wanted
    """,
    "what a buyer wrote to its supplier in a letter": "supplier_import.message supplier_invitation.message",
    "names of goods, places, bars and duties from lists of ours, as they stand in the frozen copy": """
        board_bar.name board_duty.title board_good.good board_good.country board_good.risk_label
    """,
    "the board as a spreadsheet: what was shared with the buyer, as the frozen copies have it; it goes as soon as a share in it does": """
        portfolio_file.content
    """,
    "what a buyer looks for in its own list, and what it calls that": "saved_filter.name saved_filter.query",
    "a reason from a list": """
        question_feedback.words
    """,
}
"""Why the others are none, by reason."""
