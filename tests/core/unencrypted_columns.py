"""Every column of text, JSON or bytes that is not encrypted, by the reason. A new column has to be encrypted or named here.

`docs/decisions/encryption-at-rest.md` says the same in sentences.
"""

from __future__ import annotations

PLAIN = {
    "a hash, a keyed mark or a random name: it is looked up as it stands, and nothing can be had back from it": """
        audit_event.key_name audit_event.previous_hash audit_event.hash calendar_feed.token_hash delegation.token_hash edition.digest
        supplier_invitation_link.token_hash reminder_suppression.mark buyer_unsubscribe.mark
        rate_counter.key recovery_code.code_hash dry_run.before dry_run.after dry_run.settings bundled_file.digest
        reminder.confirm_hash unsubscribe_token.token_hash resume_link.token_hash resume_link.code_hash resume_link.pin_hash stored_page.browser_hash
        stored_pdf.key stored_pdf.digest share_view.viewer content_version.digest content_blob.digest sign_off.digest sign_off_request.token_hash
        login_session.token_hash submission.digest supplier.identity supplier_import_row.identity share_message.step one_time_token.token_hash
        assisted_session.code_hash guest_session.token_hash personal_data_finding.mark organisation_member_hash.mark unknown_sender_report.mark posted_code.code_hash email_unsubscribe.mark
        supplier_email.mark buyer_link.token_hash person.password_hash
    """,
    "what codes on paper are made with, and the codes: they are matched as they stand": "verification_secret.key check_code.code check_code.copy supplier_email.number",
    "ciphertext already, or the name of a key": "stored_page.sealed totp_device.seed data_key.name data_key.proof",
    "the key of marks of former members; it has to be at hand without the site: it hides them from a look, not from whoever has the whole file": "organisation.mark_key",
    "half of a key that the other side keeps": "passkey.credential_id passkey.public_key",
    "questions, law and papers as they are published: everybody may read them": """
        edition.bank edition.source edition.compiled content_blob.content bundled_file.name content_version.sheets
    """,
    "questions and law as coordinators work on them: soon public, and of no business": """
        draft.title draft_event.words draft_event.details draft_file.name draft_file.base draft_file.content edition_attribution.why
        contact_change.contact contact_change.called contact_change.before contact_change.after contact_change.seen_at contact_change.reason
        contact_change.answer urgent_fix.answer urgent_fix.sheet urgent_fix.steps urgent_fix.what urgent_fix.before urgent_fix.after urgent_fix.reason urgent_fix.editions dry_run.bank dry_run.counts
    """,
    "which question or step a row is about, never what was said of it: rows are found by it": """
        answer.question answer_event.question assisted_answer.question comment.question delegated_answer.question
        delegation.section delegation.question tracked_action_event.key tracked_action.key tracked_action_evidence.key unconfirmed_answer.question
        question_feedback.bank question_feedback.question question_feedback.month
    """,
    "how far a step is, by words of fixed lists and days: reminders and the board ask for it": """
        tracked_action.response tracked_action.reason tracked_action.due tracked_action.status tracked_action.done_on
        tracked_action_evidence.kind tracked_action_evidence.dated tracked_action_evidence.good_until tracked_action_evidence.grade
    """,
    "what lists are sorted and counted by": "submission.sector submission.band",
    "names, addresses and fixed words by which people and firms are found, sorted or signed in": """
        person.email person.name organisation.name organisation.company_number organisation.domain organisation.name_by organisation.name_domains
        organisation_name_event.name organisation_name_event.company_number organisation_name_event.domains supplier_email.buyer supplier_email.asked_from supplier_invitation_link.buyer supplier_email.address
        supplier_email.domain site.name
        member_invitation.email member_invitation.roles one_time_token.kind one_time_token.email share_grant.email passkey.name login_session.browser
    """,
    "a buyer's own list, which it searches and sorts": """
        supplier.name supplier.email supplier.phone supplier.company_number supplier.reference supplier.sector supplier.area
        supplier_import.file_name supplier_import.sector supplier_invitation.sector supplier_naming_consent.name contract.title contract.reference
        contract.levels contract_event.title saved_filter.name saved_filter.query portfolio_file.wanted
    """,
    "rows of the board: searched, sorted and counted in the database; they hold what was shared with that buyer": """
        board_row.name board_row.sort_name board_row.searched board_row.sector board_row.area board_row.band board_row.call_reasons
        board_bar.name board_duty.duty board_duty.title board_good.good board_good.country board_good.risk_label
    """,
    "ids, counts and words of ours": """
        audit_event.action audit_event.who audit_event.about_kind audit_event.details bulk_action_item.before edition_upgrade.before
        rate_counter.moments job.name job.arguments job.key job.owner job.error job.place schedule_state.what outbox.event outbox.last_error
        portfolio_snapshot.counts question_feedback.words personal_data_finding.kinds email_unsubscribe.kind supplier_email.event supplier_invitation_link.outbox_event guest_session.outbox_event reminder.told stored_pdf.kind stored_pdf.template
    """,
}
