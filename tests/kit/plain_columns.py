"""Every column of text, JSON or bytes that is not encrypted, by the reason. A new column has to be encrypted or named here.

`docs/decisions/encryption-at-rest.md` says the same in sentences.
"""

from __future__ import annotations

PLAIN = {
    "a hash, a keyed mark or a random name: it is looked up as it stands, and nothing can be had back from it": """
        audit_event.key_name audit_event.previous_hash audit_event.hash calendar_feed.token_hash delegation.token_hash edition.digest
        guesses.key invitation_link.token_hash paper_file.text cover_file.text summary_file.text quiet_mailbox.mark stopped_mailbox.mark
        rate_counter.key recovery_code.code_hash rehearsal.before rehearsal.after rehearsal.settings release_sheet.digest
        reminder.confirm_hash reminder_stop.token_hash rendered.state rendered.digest resume_link.token_hash resume_link.pin_hash
        share_file.page share_file.digest share_look.looker shelf_state.digest sheet_text.digest sign_off.digest sign_request.token_hash
        signed_in.token_hash submission.digest supplier.identity supplier_import_row.identity talk_word.step ticket.token_hash
        together.code_hash visit.token_hash judged_text.mark member_mark.mark not_known.mark posted_code.code_hash unsubscribed.mark
        supplier_letter.mark buyer_link.token_hash person.password_hash
    """,
    "what codes on paper are made with, and the codes: they are matched as they stand": "code_key.key check_code.code check_code.copy supplier_letter.number",
    "ciphertext already, or the name of a key": "code_app.seed data_key.name data_key.proof",
    "the key of marks of former members; it has to be at hand without the site: it hides them from a look, not from whoever has the whole file": "organisation.mark_key",
    "half of a key that the other side keeps": "passkey.credential_id passkey.public_key",
    "questions, law and papers as they are published: everybody may read them": """
        edition.bank edition.source edition.compiled paper_file.content sheet_text.content release_sheet.name shelf_state.sheets
    """,
    "questions and law as coordinators work on them: soon public, and of no business": """
        draft.title draft_event.words draft_event.details draft_sheet.name draft_sheet.base draft_sheet.content edition_byline.why
        contact_change.contact contact_change.called contact_change.before contact_change.after contact_change.seen_at contact_change.reason
        contact_change.answer mend.answer mend.sheet mend.steps mend.what mend.before mend.after mend.reason mend.editions rehearsal.bank rehearsal.counts
    """,
    "which question or step a row is about, never what was said of it: rows are found by it": """
        answer.question answer_event.question answered_together.question comment.question delegated_answer.question
        delegation.section delegation.question register_event.key register_item.key register_evidence.key to_confirm.question
        unclear_note.bank unclear_note.question unclear_note.month
    """,
    "how far a step is, by words of fixed lists and days: reminders and the board ask for it": """
        register_item.response register_item.reason register_item.due register_item.status register_item.done_on
        register_evidence.kind register_evidence.dated register_evidence.good_until register_evidence.grade
    """,
    "what lists are sorted and counted by": "submission.sector submission.band",
    "names, addresses and fixed words by which people and firms are found, sorted or signed in": """
        person.email person.name organisation.name organisation.company_number organisation.domain organisation.name_by organisation.name_domains
        name_decision.name name_decision.company_number name_decision.domains supplier_letter.buyer supplier_letter.asked_from invitation_link.buyer supplier_letter.address
        supplier_letter.domain site.name
        invitation.email invitation.roles ticket.kind ticket.email share_grant.email passkey.name signed_in.browser
    """,
    "a buyer's own list, which it searches and sorts": """
        supplier.name supplier.email supplier.phone supplier.company_number supplier.reference supplier.sector supplier.area
        supplier_import.file_name supplier_import.sector supplier_invitation.sector chain_naming.name contract.title contract.reference
        contract.levels contract_event.title saved_filter.name saved_filter.query portfolio_file.wanted
    """,
    "rows of the board: searched, sorted and counted in the database; they hold what was shared with that buyer": """
        standing.name standing.sort_name standing.searched standing.sector standing.area standing.band standing.call_reasons
        standing_bar.name standing_duty.duty standing_duty.title standing_good.good standing_good.place standing_good.word
    """,
    "ids, counts and words of ours": """
        audit_event.action audit_event.who audit_event.about_kind audit_event.details bulk_item.before edition_move.before
        guesses.moments job.name job.arguments job.key job.owner job.error job.place last_time.what outbox.event outbox.last_error
        picture_month.counts unclear_note.words judged_text.kinds unsubscribed.kind supplier_letter.event invitation_link.letter visit.letter reminder.told rendered.copy rendered.language
    """,
}
