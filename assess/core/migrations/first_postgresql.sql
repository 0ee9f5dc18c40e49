-- All tables, indexes, functions and triggers on PostgreSQL, as the first revision makes them. Frozen: a later change is a revision
-- of its own. By package, from the lowest to the highest; `first_sqlite.sql` has the same in the same order.

-- ---- kit -------------------------------------------------------------------------------------------------

CREATE TABLE data_key (
    name VARCHAR(8) NOT NULL,
    proof VARCHAR NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_data_key PRIMARY KEY (name)
);

CREATE TABLE rate_counter (
    key VARCHAR(64) NOT NULL,
    count INTEGER NOT NULL,
    moments JSON,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_rate_counter PRIMARY KEY (key)
);
CREATE INDEX ix_rate_counter_until ON rate_counter (until);

CREATE TABLE stored_page (
    id UUID NOT NULL,
    browser_hash VARCHAR(64) NOT NULL,
    sealed BYTEA NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_stored_page PRIMARY KEY (id)
);
CREATE INDEX ix_stored_page_browser_hash ON stored_page (browser_hash);
CREATE INDEX ix_stored_page_until ON stored_page (until);

CREATE TABLE audit_event (
    number INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    action VARCHAR(60) NOT NULL,
    who_kind VARCHAR(40) NOT NULL,
    who VARCHAR(40),
    about_kind VARCHAR(30),
    about_id UUID,
    assessment_alias UUID,
    organisation_id UUID,
    details JSON NOT NULL,
    key_name VARCHAR(16) NOT NULL,
    previous_hash VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL,
    CONSTRAINT pk_audit_event PRIMARY KEY (number)
);
CREATE INDEX ix_audit_event_assessment_alias ON audit_event (assessment_alias);
CREATE INDEX ix_audit_event_organisation_id ON audit_event (organisation_id) WHERE organisation_id IS NOT NULL;

CREATE FUNCTION audit_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an event of the audit log is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER audit_event_stays BEFORE DELETE OR UPDATE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_stays();

CREATE TRIGGER audit_event_is_not_emptied BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_stays();

CREATE FUNCTION audit_event_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit_event) THEN
        RAISE EXCEPTION 'an event of the audit log takes the next number' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER audit_event_follows BEFORE INSERT ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_event_follows();

CREATE TABLE audit_subject (
    assessment_id UUID NOT NULL,
    alias UUID NOT NULL,
    CONSTRAINT pk_audit_subject PRIMARY KEY (assessment_id),
    CONSTRAINT uq_audit_subject_alias UNIQUE (alias)
);

CREATE TABLE schedule_state (
    what VARCHAR(60) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_schedule_state PRIMARY KEY (what)
);

CREATE TABLE job (
    id SERIAL NOT NULL,
    name VARCHAR(60) NOT NULL,
    arguments JSON NOT NULL,
    key VARCHAR(120),
    about UUID,
    rank INTEGER NOT NULL,
    state VARCHAR(40) NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    attempts INTEGER NOT NULL,
    owner VARCHAR(32),
    lease_until TIMESTAMP WITH TIME ZONE,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    error VARCHAR(100),
    place VARCHAR(300),
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_job PRIMARY KEY (id),
    CONSTRAINT ck_job_known_state CHECK (state IN ('waiting', 'running', 'done', 'set_aside'))
);
CREATE INDEX ix_job_about ON job (about);
CREATE INDEX ix_job_key ON job (key);
CREATE INDEX ix_job_state_due_at ON job (state, due_at);
CREATE UNIQUE INDEX uq_job_live_key ON job (key) WHERE state IN ('waiting', 'running');

CREATE TABLE email_unsubscribe (
    kind VARCHAR(20) NOT NULL,
    mark VARCHAR(64) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_email_unsubscribe PRIMARY KEY (kind, mark)
);

CREATE TABLE outbox (
    id SERIAL NOT NULL,
    event VARCHAR(120) NOT NULL,
    about UUID,
    to_address TEXT NOT NULL,
    sender_name TEXT,
    reply_to TEXT,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    stop TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    tries INTEGER NOT NULL,
    last_error VARCHAR(80),
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT uq_outbox_event UNIQUE (event)
);
CREATE INDEX ix_outbox_about ON outbox (about);

-- ---- people ----------------------------------------------------------------------------------------------

CREATE TABLE organisation (
    id UUID NOT NULL,
    name VARCHAR(120) NOT NULL,
    company_number VARCHAR(8),
    domain VARCHAR(253),
    name_state VARCHAR(40) DEFAULT 'unconfirmed' NOT NULL,
    name_before VARCHAR(40),
    name_changed_at TIMESTAMP WITH TIME ZONE,
    name_domains VARCHAR(800) DEFAULT '' NOT NULL,
    name_how VARCHAR(40),
    name_by VARCHAR(120),
    name_since DATE,
    name_until DATE,
    name_lifted BOOLEAN DEFAULT false NOT NULL,
    mark_key VARCHAR(64) DEFAULT '' NOT NULL,
    keep_years INTEGER,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_organisation PRIMARY KEY (id)
);
CREATE INDEX ix_organisation_name_state ON organisation (name_state);

CREATE TABLE person (
    id UUID NOT NULL,
    email VARCHAR(254) NOT NULL,
    name VARCHAR(120) NOT NULL,
    password_hash VARCHAR,
    desk VARCHAR(40),
    desk_given_at TIMESTAMP WITH TIME ZONE,
    desk_given_by UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    disabled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT uq_person_email UNIQUE (email)
);

CREATE FUNCTION person_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.desk IS NOT NULL AND EXISTS (SELECT 1 FROM membership WHERE person_id = NEW.id AND role = 'buyer') THEN
        RAISE EXCEPTION 'nobody who buys has a desk here' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER person_apart BEFORE UPDATE OF desk ON person
    FOR EACH ROW EXECUTE FUNCTION person_apart();

CREATE FUNCTION links_go_with_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM resume_link
        WHERE made_by = OLD.id AND assessment_id IN (SELECT id FROM assessment WHERE organisation_id IS NOT NULL);
    RETURN OLD;
END
$$;
CREATE TRIGGER links_go_with_person BEFORE DELETE ON person
    FOR EACH ROW EXECUTE FUNCTION links_go_with_person();

CREATE TABLE login_session (
    id UUID NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    person_id UUID NOT NULL,
    browser VARCHAR(60) NOT NULL,
    second_step BOOLEAN NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    proven_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_login_session PRIMARY KEY (id),
    CONSTRAINT uq_login_session_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_login_session_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE INDEX ix_login_session_person_id ON login_session (person_id);
CREATE INDEX ix_login_session_until ON login_session (until);

CREATE TABLE membership (
    id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    person_id UUID NOT NULL,
    role VARCHAR(40) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_membership PRIMARY KEY (id),
    CONSTRAINT uq_membership_organisation_id_person_id_role UNIQUE (organisation_id, person_id, role),
    CONSTRAINT fk_membership_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_membership_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE INDEX ix_membership_organisation_id ON membership (organisation_id);
CREATE INDEX ix_membership_person_id ON membership (person_id);

CREATE FUNCTION membership_apart() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held varchar;
BEGIN
    IF NEW.role = 'buyer' THEN
        SELECT desk INTO held FROM person WHERE id = NEW.person_id FOR SHARE;
        IF held IS NOT NULL THEN
            RAISE EXCEPTION 'nobody who buys has a desk here' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER membership_apart BEFORE INSERT OR UPDATE OF role, person_id ON membership
    FOR EACH ROW EXECUTE FUNCTION membership_apart();

CREATE FUNCTION links_go_with_membership() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM resume_link
        WHERE made_by = OLD.person_id
            AND assessment_id IN (SELECT id FROM assessment WHERE organisation_id = OLD.organisation_id)
            AND NOT EXISTS (SELECT 1 FROM membership WHERE organisation_id = OLD.organisation_id
                AND person_id = OLD.person_id
                AND role IN ('manager', 'respondent'));
    RETURN OLD;
END
$$;
CREATE TRIGGER links_go_with_membership AFTER DELETE ON membership
    FOR EACH ROW EXECUTE FUNCTION links_go_with_membership();

CREATE TABLE one_time_token (
    id UUID NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    kind VARCHAR(30) NOT NULL,
    email VARCHAR(254) NOT NULL,
    person_id UUID,
    about UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_one_time_token PRIMARY KEY (id),
    CONSTRAINT uq_one_time_token_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_one_time_token_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE INDEX ix_one_time_token_about ON one_time_token (about);
CREATE INDEX ix_one_time_token_email ON one_time_token (email);
CREATE INDEX ix_one_time_token_person_id ON one_time_token (person_id);
CREATE INDEX ix_one_time_token_until ON one_time_token (until);

CREATE TABLE site (
    id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    name VARCHAR(120) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_site PRIMARY KEY (id),
    CONSTRAINT fk_site_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX ix_site_organisation_id ON site (organisation_id);

CREATE TABLE passkey (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    credential_id VARCHAR(1400) NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    name VARCHAR(60) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_passkey PRIMARY KEY (id),
    CONSTRAINT fk_passkey_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE,
    CONSTRAINT uq_passkey_credential_id UNIQUE (credential_id)
);
CREATE INDEX ix_passkey_person_id ON passkey (person_id);

CREATE TABLE recovery_code (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_recovery_code PRIMARY KEY (id),
    CONSTRAINT uq_recovery_code_person_id_code_hash UNIQUE (person_id, code_hash),
    CONSTRAINT fk_recovery_code_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE INDEX ix_recovery_code_person_id ON recovery_code (person_id);

CREATE TABLE totp_device (
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    seed BYTEA NOT NULL,
    last_counter BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_totp_device PRIMARY KEY (id),
    CONSTRAINT uq_totp_device_person_id UNIQUE (person_id),
    CONSTRAINT fk_totp_device_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);

CREATE TABLE member_invitation (
    id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    email VARCHAR(254) NOT NULL,
    roles VARCHAR(80) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_member_invitation PRIMARY KEY (id),
    CONSTRAINT uq_member_invitation_organisation_id_email UNIQUE (organisation_id, email),
    CONSTRAINT fk_member_invitation_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX ix_member_invitation_organisation_id ON member_invitation (organisation_id);
CREATE INDEX ix_member_invitation_until ON member_invitation (until);

CREATE TABLE organisation_member_hash (
    organisation_id UUID NOT NULL,
    mark VARCHAR(64) NOT NULL,
    CONSTRAINT pk_organisation_member_hash PRIMARY KEY (organisation_id, mark),
    CONSTRAINT fk_organisation_member_hash_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE CASCADE
);

CREATE TABLE organisation_name_event (
    id SERIAL NOT NULL,
    organisation_id UUID NOT NULL,
    deed VARCHAR(40) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by_id UUID,
    name VARCHAR(120) NOT NULL,
    domains VARCHAR(800) NOT NULL,
    company_number VARCHAR(8),
    how VARCHAR(40),
    words TEXT NOT NULL,
    CONSTRAINT pk_organisation_name_event PRIMARY KEY (id),
    CONSTRAINT fk_organisation_name_event_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_organisation_name_event_by_id_person FOREIGN KEY(by_id) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_organisation_name_event_by_id ON organisation_name_event (by_id);
CREATE INDEX ix_organisation_name_event_organisation_id ON organisation_name_event (organisation_id);

CREATE TABLE posted_code (
    organisation_id UUID NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    tries INTEGER NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_posted_code PRIMARY KEY (organisation_id),
    CONSTRAINT fk_posted_code_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE CASCADE
);

-- ---- banks -----------------------------------------------------------------------------------------------

CREATE TABLE bundled_file (
    name VARCHAR(120) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    CONSTRAINT pk_bundled_file PRIMARY KEY (name)
);

CREATE TABLE content_blob (
    digest VARCHAR(64) NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_content_blob PRIMARY KEY (digest)
);

CREATE FUNCTION content_blob_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the banks once were is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER content_blob_stays BEFORE DELETE ON content_blob
    FOR EACH ROW EXECUTE FUNCTION content_blob_stays();

CREATE FUNCTION content_blob_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the banks once were is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER content_blob_is_frozen BEFORE UPDATE ON content_blob
    FOR EACH ROW EXECUTE FUNCTION content_blob_is_frozen();

CREATE TABLE edition (
    id SERIAL NOT NULL,
    bank VARCHAR(60) NOT NULL,
    number INTEGER NOT NULL,
    stage VARCHAR(40) NOT NULL,
    source JSON NOT NULL,
    compiled JSON NOT NULL,
    digest VARCHAR(64) NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_edition PRIMARY KEY (id),
    CONSTRAINT uq_edition_bank_number UNIQUE (bank, number),
    CONSTRAINT ck_edition_numbered_from_one CHECK (number >= 1),
    CONSTRAINT ck_edition_known_stage CHECK (stage IN ('published', 'withdrawn'))
);
CREATE INDEX ix_edition_digest ON edition (digest);

CREATE FUNCTION edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published edition is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER edition_stays BEFORE DELETE ON edition
    FOR EACH ROW EXECUTE FUNCTION edition_stays();

CREATE FUNCTION edition_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published edition is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER edition_is_frozen BEFORE UPDATE OF id, bank, number, source, compiled, digest, published_at ON edition
    FOR EACH ROW EXECUTE FUNCTION edition_is_frozen();

CREATE TABLE content_version (
    number INTEGER NOT NULL,
    digest VARCHAR(64) NOT NULL,
    sheets JSON NOT NULL,
    reason VARCHAR(40) NOT NULL,
    person_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_content_version PRIMARY KEY (number),
    CONSTRAINT fk_content_version_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_content_version_person_id ON content_version (person_id);

CREATE FUNCTION content_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the banks once were is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER content_version_stays BEFORE DELETE ON content_version
    FOR EACH ROW EXECUTE FUNCTION content_version_stays();

CREATE FUNCTION content_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the banks once were is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER content_version_is_frozen BEFORE UPDATE OF number, digest, sheets, reason, at ON content_version
    FOR EACH ROW EXECUTE FUNCTION content_version_is_frozen();

CREATE TABLE edition_event (
    id SERIAL NOT NULL,
    edition_id INTEGER NOT NULL,
    stage VARCHAR(40) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_edition_event PRIMARY KEY (id),
    CONSTRAINT fk_edition_event_edition_id_edition FOREIGN KEY(edition_id) REFERENCES edition (id)
);
CREATE INDEX ix_edition_event_edition_id ON edition_event (edition_id);

CREATE FUNCTION edition_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of editions is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER edition_event_stays BEFORE DELETE ON edition_event
    FOR EACH ROW EXECUTE FUNCTION edition_event_stays();

CREATE FUNCTION edition_event_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of editions is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER edition_event_is_frozen BEFORE UPDATE ON edition_event
    FOR EACH ROW EXECUTE FUNCTION edition_event_is_frozen();

CREATE TABLE edition_attribution (
    event_id INTEGER NOT NULL,
    author_id UUID,
    person_id UUID,
    why VARCHAR(1000) NOT NULL,
    CONSTRAINT pk_edition_attribution PRIMARY KEY (event_id),
    CONSTRAINT fk_edition_attribution_event_id_edition_event FOREIGN KEY(event_id) REFERENCES edition_event (id),
    CONSTRAINT fk_edition_attribution_author_id_person FOREIGN KEY(author_id) REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT fk_edition_attribution_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_edition_attribution_author_id ON edition_attribution (author_id);
CREATE INDEX ix_edition_attribution_person_id ON edition_attribution (person_id);

CREATE FUNCTION edition_person_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of editions is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER edition_person_stays BEFORE UPDATE OF person_id ON edition_attribution
    FOR EACH ROW WHEN ((new.person_id IS NOT NULL)) EXECUTE FUNCTION edition_person_stays();

CREATE FUNCTION edition_attribution_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of editions is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER edition_attribution_stays BEFORE DELETE ON edition_attribution
    FOR EACH ROW EXECUTE FUNCTION edition_attribution_stays();

CREATE FUNCTION edition_attribution_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of editions is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER edition_attribution_is_frozen BEFORE UPDATE OF event_id, why ON edition_attribution
    FOR EACH ROW EXECUTE FUNCTION edition_attribution_is_frozen();

CREATE FUNCTION edition_author_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of editions is never changed or removed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER edition_author_stays BEFORE UPDATE OF author_id ON edition_attribution
    FOR EACH ROW WHEN ((new.author_id IS NOT NULL)) EXECUTE FUNCTION edition_author_stays();

CREATE TABLE withdrawal (
    event_id INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    by_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_by UUID,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_withdrawal PRIMARY KEY (event_id),
    CONSTRAINT ck_withdrawal_a_second_person CHECK (confirmed_by <> by_id),
    CONSTRAINT fk_withdrawal_event_id_edition_event FOREIGN KEY(event_id) REFERENCES edition_event (id),
    CONSTRAINT fk_withdrawal_edition_id_edition FOREIGN KEY(edition_id) REFERENCES edition (id),
    CONSTRAINT fk_withdrawal_by_id_person FOREIGN KEY(by_id) REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT fk_withdrawal_confirmed_by_person FOREIGN KEY(confirmed_by) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_withdrawal_by_id ON withdrawal (by_id);
CREATE INDEX ix_withdrawal_confirmed_by ON withdrawal (confirmed_by);
CREATE INDEX ix_withdrawal_edition_id ON withdrawal (edition_id);

CREATE TABLE draft (
    id UUID NOT NULL,
    title VARCHAR(120) NOT NULL,
    stage VARCHAR(40) NOT NULL,
    became INTEGER,
    author_id UUID,
    publisher_id UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_draft PRIMARY KEY (id),
    CONSTRAINT ck_draft_four_eyes CHECK (publisher_id IS NULL OR publisher_id <> author_id),
    CONSTRAINT ck_draft_version_when_published CHECK ((stage = 'published') = (became IS NOT NULL)),
    CONSTRAINT fk_draft_became_content_version FOREIGN KEY(became) REFERENCES content_version (number),
    CONSTRAINT fk_draft_author_id_person FOREIGN KEY(author_id) REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT fk_draft_publisher_id_person FOREIGN KEY(publisher_id) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_draft_author_id ON draft (author_id);
CREATE INDEX ix_draft_publisher_id ON draft (publisher_id);

CREATE FUNCTION draft_needs_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.publisher_id IS NOT NULL
        AND EXISTS (SELECT 1 FROM draft_event WHERE draft_event.draft_id = NEW.id
            AND draft_event.person_id = NEW.publisher_id
            AND draft_event.deed IN ('begun', 'edited')) THEN
        RAISE EXCEPTION 'nobody publishes what they edited themselves' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER draft_needs_another BEFORE UPDATE OF publisher_id ON draft
    FOR EACH ROW EXECUTE FUNCTION draft_needs_another();

CREATE TABLE draft_event (
    draft_id UUID NOT NULL,
    number INTEGER NOT NULL,
    deed VARCHAR(40) NOT NULL,
    person_id UUID,
    words VARCHAR(1000) NOT NULL,
    details JSON NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_draft_event PRIMARY KEY (draft_id, number),
    CONSTRAINT fk_draft_event_draft_id_draft FOREIGN KEY(draft_id) REFERENCES draft (id) ON DELETE CASCADE,
    CONSTRAINT fk_draft_event_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_draft_event_person_id ON draft_event (person_id);

CREATE TABLE draft_file (
    draft_id UUID NOT NULL,
    name VARCHAR(120) NOT NULL,
    base VARCHAR(64),
    content BYTEA,
    CONSTRAINT pk_draft_file PRIMARY KEY (draft_id, name),
    CONSTRAINT fk_draft_file_draft_id_draft FOREIGN KEY(draft_id) REFERENCES draft (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_draft_file_name ON draft_file (name);

-- ---- suppliers -------------------------------------------------------------------------------------------

CREATE TABLE supplier_email (
    number VARCHAR(10) NOT NULL,
    event VARCHAR(120) NOT NULL,
    buyer_id UUID NOT NULL,
    mark VARCHAR(64) NOT NULL,
    domain VARCHAR(253) NOT NULL,
    address VARCHAR(254) NOT NULL,
    buyer VARCHAR(120) NOT NULL,
    asked_from VARCHAR(253) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    refused_at TIMESTAMP WITH TIME ZONE,
    stopped_at TIMESTAMP WITH TIME ZONE,
    not_known_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_supplier_email PRIMARY KEY (number),
    CONSTRAINT uq_supplier_email_event UNIQUE (event)
);
CREATE INDEX ix_supplier_email_asked_from ON supplier_email (asked_from);
CREATE INDEX ix_supplier_email_buyer_id_made_at ON supplier_email (buyer_id, made_at);
CREATE INDEX ix_supplier_email_made_at ON supplier_email (made_at);

CREATE TABLE buyer_unsubscribe (
    buyer_id UUID NOT NULL,
    mark VARCHAR(64) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_buyer_unsubscribe PRIMARY KEY (buyer_id, mark),
    CONSTRAINT fk_buyer_unsubscribe_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE
);

CREATE TABLE email_correction (
    id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    taken_back_by UUID,
    drafted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    sent_by UUID,
    emails INTEGER,
    CONSTRAINT pk_email_correction PRIMARY KEY (id),
    CONSTRAINT ck_email_correction_a_second_person CHECK (sent_by <> taken_back_by),
    CONSTRAINT fk_email_correction_taken_back_by_person FOREIGN KEY(taken_back_by) REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT fk_email_correction_sent_by_person FOREIGN KEY(sent_by) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_email_correction_buyer_id ON email_correction (buyer_id);
CREATE INDEX ix_email_correction_sent_by ON email_correction (sent_by);
CREATE INDEX ix_email_correction_taken_back_by ON email_correction (taken_back_by);

CREATE TABLE email_pause (
    id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    because VARCHAR(40) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    lifted_at TIMESTAMP WITH TIME ZONE,
    lifted_by UUID,
    reason TEXT NOT NULL,
    CONSTRAINT pk_email_pause PRIMARY KEY (id),
    CONSTRAINT fk_email_pause_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_email_pause_lifted_by_person FOREIGN KEY(lifted_by) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_email_pause_buyer_id ON email_pause (buyer_id);
CREATE INDEX ix_email_pause_lifted_by ON email_pause (lifted_by);

CREATE TABLE supplier (
    id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    identity VARCHAR(64) NOT NULL,
    name VARCHAR(120) NOT NULL,
    email VARCHAR(254) NOT NULL,
    phone VARCHAR(40) NOT NULL,
    company_number VARCHAR(8),
    reference VARCHAR(60) NOT NULL,
    sector VARCHAR(40),
    area VARCHAR(40),
    size VARCHAR(40),
    spend_gbp INTEGER,
    organisation_id UUID,
    merged_into UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    archived_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_supplier PRIMARY KEY (id),
    CONSTRAINT uq_supplier_buyer_id_identity UNIQUE (buyer_id, identity),
    CONSTRAINT ck_supplier_not_into_itself CHECK (merged_into IS NULL OR merged_into <> id),
    CONSTRAINT fk_supplier_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_supplier_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE SET NULL,
    CONSTRAINT fk_supplier_merged_into_supplier FOREIGN KEY(merged_into) REFERENCES supplier (id) ON DELETE SET NULL
);
CREATE INDEX ix_supplier_buyer_id_name ON supplier (buyer_id, name);
CREATE INDEX ix_supplier_email ON supplier (email);
CREATE INDEX ix_supplier_merged_into ON supplier (merged_into);
CREATE INDEX ix_supplier_organisation_id ON supplier (organisation_id);

CREATE FUNCTION supplier_stays_flat() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    root supplier%ROWTYPE;
BEGIN
    IF NEW.merged_into IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO root FROM supplier WHERE id = NEW.merged_into FOR UPDATE;
    IF NOT FOUND
        OR root.buyer_id <> NEW.buyer_id
        OR root.merged_into IS NOT NULL
        OR EXISTS (SELECT 1 FROM supplier WHERE merged_into = NEW.id) THEN
        RAISE EXCEPTION 'an entry is put together with one of the same buyer that is no part itself';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER supplier_stays_flat BEFORE INSERT OR UPDATE OF merged_into, buyer_id ON supplier
    FOR EACH ROW EXECUTE FUNCTION supplier_stays_flat();

CREATE TABLE unknown_sender_report (
    buyer_id UUID NOT NULL,
    mark VARCHAR(64) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_unknown_sender_report PRIMARY KEY (buyer_id, mark),
    CONSTRAINT fk_unknown_sender_report_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE
);

CREATE TABLE supplier_event (
    id SERIAL NOT NULL,
    supplier_id UUID NOT NULL,
    what VARCHAR(40) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by_person UUID,
    details TEXT NOT NULL,
    CONSTRAINT pk_supplier_event PRIMARY KEY (id),
    CONSTRAINT fk_supplier_event_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE CASCADE,
    CONSTRAINT fk_supplier_event_by_person_person FOREIGN KEY(by_person) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_supplier_event_by_person ON supplier_event (by_person);
CREATE INDEX ix_supplier_event_supplier_id_id ON supplier_event (supplier_id, id);

CREATE FUNCTION supplier_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.id IS NOT DISTINCT FROM OLD.id
            AND NEW.supplier_id IS NOT DISTINCT FROM OLD.supplier_id
            AND NEW.what IS NOT DISTINCT FROM OLD.what
            AND NEW.at IS NOT DISTINCT FROM OLD.at
            AND ((NEW.by_person IS NULL AND NEW.details IS NOT DISTINCT FROM OLD.details)
                OR (NEW.by_person IS NOT DISTINCT FROM OLD.by_person
                    AND (SELECT count(*) FROM data_key) > 1
                    AND (NEW.details IS NOT DISTINCT FROM OLD.details
                        OR (length(NEW.details) = length(OLD.details)
                            AND substr(NEW.details, 1, 3) = substr(OLD.details, 1, 3)
                            AND substr(NEW.details, 4, 8) <> substr(OLD.details, 4, 8))))) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'an entry of the trail stays as it is';
    END IF;
    IF EXISTS (SELECT 1 FROM supplier WHERE id = OLD.supplier_id) THEN
        RAISE EXCEPTION 'an entry of the trail stays as it is';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER supplier_event_stays BEFORE DELETE OR UPDATE ON supplier_event
    FOR EACH ROW EXECUTE FUNCTION supplier_event_stays();

CREATE TABLE supplier_invitation (
    id UUID NOT NULL,
    supplier_id UUID NOT NULL,
    number INTEGER NOT NULL,
    sector VARCHAR(40) NOT NULL,
    quick BOOLEAN NOT NULL,
    due DATE NOT NULL,
    message TEXT NOT NULL,
    status VARCHAR(40) NOT NULL,
    send_on DATE NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    opened_at TIMESTAMP WITH TIME ZONE,
    started_at TIMESTAMP WITH TIME ZONE,
    submitted_at TIMESTAMP WITH TIME ZONE,
    shared_at TIMESTAMP WITH TIME ZONE,
    declined_at TIMESTAMP WITH TIME ZONE,
    decline VARCHAR(40),
    ended_at TIMESTAMP WITH TIME ZONE,
    assessment_id UUID,
    CONSTRAINT pk_supplier_invitation PRIMARY KEY (id),
    CONSTRAINT uq_supplier_invitation_supplier_id_number UNIQUE (supplier_id, number),
    CONSTRAINT fk_supplier_invitation_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE CASCADE
);
CREATE INDEX ix_supplier_invitation_assessment_id ON supplier_invitation (assessment_id);

CREATE TABLE supplier_invitation_link (
    token_hash VARCHAR(64) NOT NULL,
    invitation_id UUID NOT NULL,
    stops BOOLEAN NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    buyer VARCHAR(120),
    outbox_event VARCHAR(120),
    CONSTRAINT pk_supplier_invitation_link PRIMARY KEY (token_hash),
    CONSTRAINT fk_supplier_invitation_link_invitation_id_supplier_invitation FOREIGN KEY(invitation_id)
        REFERENCES supplier_invitation (id) ON DELETE CASCADE
);
CREATE INDEX ix_supplier_invitation_link_invitation_id ON supplier_invitation_link (invitation_id);

CREATE TABLE supply_chain_visibility (
    organisation_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    shows VARCHAR(40) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_supply_chain_visibility PRIMARY KEY (organisation_id, buyer_id),
    CONSTRAINT fk_supply_chain_visibility_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_supply_chain_visibility_buyer_id_organisation FOREIGN KEY(buyer_id)
        REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX ix_supply_chain_visibility_buyer_id ON supply_chain_visibility (buyer_id);

CREATE TABLE supplier_naming_consent (
    supplier_id UUID NOT NULL,
    may BOOLEAN NOT NULL,
    name VARCHAR(120) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_supplier_naming_consent PRIMARY KEY (supplier_id),
    CONSTRAINT fk_supplier_naming_consent_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE CASCADE
);

CREATE TABLE contract (
    id UUID NOT NULL,
    supplier_id UUID NOT NULL,
    title VARCHAR(160) NOT NULL,
    reference VARCHAR(60) NOT NULL,
    value_gbp BIGINT,
    starts DATE,
    ends DATE,
    regime VARCHAR(40) NOT NULL,
    review_on DATE,
    levels JSON NOT NULL,
    notes TEXT NOT NULL,
    tier VARCHAR(40),
    tier_reason TEXT NOT NULL,
    proposed VARCHAR(40),
    asks VARCHAR(40),
    asks_reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    design TEXT NOT NULL,
    terms TEXT NOT NULL,
    management TEXT NOT NULL,
    revision INTEGER NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_contract PRIMARY KEY (id),
    CONSTRAINT fk_contract_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE CASCADE
);
CREATE INDEX ix_contract_supplier_id ON contract (supplier_id);

CREATE TABLE contract_event (
    id SERIAL NOT NULL,
    supplier_id UUID NOT NULL,
    contract_id UUID NOT NULL,
    title VARCHAR(160) NOT NULL,
    revision INTEGER NOT NULL,
    what VARCHAR(40) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    by_person UUID,
    by_name TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    CONSTRAINT pk_contract_event PRIMARY KEY (id),
    CONSTRAINT fk_contract_event_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE CASCADE,
    CONSTRAINT fk_contract_event_by_person_person FOREIGN KEY(by_person) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_contract_event_by_person ON contract_event (by_person);
CREATE INDEX ix_contract_event_supplier_id_contract_id ON contract_event (supplier_id, contract_id, id);

CREATE FUNCTION contract_event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.id IS NOT DISTINCT FROM OLD.id
            AND NEW.supplier_id IS NOT DISTINCT FROM OLD.supplier_id
            AND NEW.contract_id IS NOT DISTINCT FROM OLD.contract_id
            AND NEW.title IS NOT DISTINCT FROM OLD.title
            AND NEW.revision IS NOT DISTINCT FROM OLD.revision
            AND NEW.what IS NOT DISTINCT FROM OLD.what
            AND NEW.at IS NOT DISTINCT FROM OLD.at
            AND ((NEW.by_person IS NULL
                AND NEW.by_name IS NOT DISTINCT FROM OLD.by_name
                AND NEW.before IS NOT DISTINCT FROM OLD.before
                AND NEW.after IS NOT DISTINCT FROM OLD.after)
                OR (NEW.by_person IS NOT DISTINCT FROM OLD.by_person
                    AND (SELECT count(*) FROM data_key) > 1
                    AND (NEW.by_name IS NOT DISTINCT FROM OLD.by_name
                        OR (length(NEW.by_name) = length(OLD.by_name)
                            AND substr(NEW.by_name, 1, 3) = substr(OLD.by_name, 1, 3)
                            AND substr(NEW.by_name, 4, 8) <> substr(OLD.by_name, 4, 8)))
                    AND (NEW.before IS NOT DISTINCT FROM OLD.before
                        OR (length(NEW.before) = length(OLD.before)
                            AND substr(NEW.before, 1, 3) = substr(OLD.before, 1, 3)
                            AND substr(NEW.before, 4, 8) <> substr(OLD.before, 4, 8)))
                    AND (NEW.after IS NOT DISTINCT FROM OLD.after
                        OR (length(NEW.after) = length(OLD.after)
                            AND substr(NEW.after, 1, 3) = substr(OLD.after, 1, 3)
                            AND substr(NEW.after, 4, 8) <> substr(OLD.after, 4, 8))))) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'an entry of the history stays as it is';
    END IF;
    IF EXISTS (SELECT 1 FROM supplier WHERE id = OLD.supplier_id) THEN
        RAISE EXCEPTION 'an entry of the history stays as it is';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER contract_event_stays BEFORE DELETE OR UPDATE ON contract_event
    FOR EACH ROW EXECUTE FUNCTION contract_event_stays();

CREATE TABLE supplier_import (
    id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    by_person UUID,
    file_name VARCHAR(120) NOT NULL,
    asks BOOLEAN NOT NULL,
    sector VARCHAR(40),
    quick BOOLEAN NOT NULL,
    due DATE,
    message TEXT NOT NULL,
    in_busy_season BOOLEAN NOT NULL,
    told TEXT NOT NULL,
    state VARCHAR(40) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_supplier_import PRIMARY KEY (id),
    CONSTRAINT fk_supplier_import_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_supplier_import_by_person_person FOREIGN KEY(by_person) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_supplier_import_buyer_id ON supplier_import (buyer_id);
CREATE INDEX ix_supplier_import_by_person ON supplier_import (by_person);

CREATE TABLE supplier_import_row (
    import_id UUID NOT NULL,
    number INTEGER NOT NULL,
    identity VARCHAR(64),
    values TEXT NOT NULL,
    faults TEXT NOT NULL,
    outcome VARCHAR(40) NOT NULL,
    supplier_id UUID,
    CONSTRAINT pk_supplier_import_row PRIMARY KEY (import_id, number),
    CONSTRAINT fk_supplier_import_row_import_id_supplier_import FOREIGN KEY(import_id)
        REFERENCES supplier_import (id) ON DELETE CASCADE,
    CONSTRAINT fk_supplier_import_row_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE SET NULL
);
CREATE INDEX ix_supplier_import_row_supplier_id ON supplier_import_row (supplier_id);

CREATE TABLE not_duplicate (
    one_id UUID NOT NULL,
    other_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_not_duplicate PRIMARY KEY (one_id, other_id),
    CONSTRAINT ck_not_duplicate_smaller_first CHECK (one_id < other_id),
    CONSTRAINT fk_not_duplicate_one_id_supplier FOREIGN KEY(one_id) REFERENCES supplier (id) ON DELETE CASCADE,
    CONSTRAINT fk_not_duplicate_other_id_supplier FOREIGN KEY(other_id) REFERENCES supplier (id) ON DELETE CASCADE
);
CREATE INDEX ix_not_duplicate_other_id ON not_duplicate (other_id);

CREATE TABLE external_result (
    id UUID NOT NULL,
    invitation_id UUID NOT NULL,
    scheme VARCHAR(40) NOT NULL,
    result_on DATE NOT NULL,
    scope VARCHAR(40) NOT NULL,
    interviews VARCHAR(40) NOT NULL,
    state VARCHAR(40) NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE,
    decided_by TEXT NOT NULL,
    taken_until DATE,
    refusal VARCHAR(40),
    CONSTRAINT pk_external_result PRIMARY KEY (id),
    CONSTRAINT uq_external_result_invitation_id_scheme UNIQUE (invitation_id, scheme),
    CONSTRAINT fk_external_result_invitation_id_supplier_invitation FOREIGN KEY(invitation_id)
        REFERENCES supplier_invitation (id) ON DELETE CASCADE
);

-- ---- assessments -----------------------------------------------------------------------------------------

CREATE TABLE assessment (
    id UUID NOT NULL,
    edition_id INTEGER NOT NULL,
    quick BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    submitted_at TIMESTAMP WITH TIME ZONE,
    organisation_id UUID,
    site_id UUID,
    CONSTRAINT pk_assessment PRIMARY KEY (id),
    CONSTRAINT fk_assessment_edition_id_edition FOREIGN KEY(edition_id) REFERENCES edition (id),
    CONSTRAINT fk_assessment_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_assessment_site_id_site FOREIGN KEY(site_id) REFERENCES site (id) ON DELETE SET NULL
);
CREATE INDEX ix_assessment_changed_at ON assessment (changed_at);
CREATE INDEX ix_assessment_edition_id ON assessment (edition_id);
CREATE INDEX ix_assessment_organisation_id ON assessment (organisation_id);
CREATE INDEX ix_assessment_site_id ON assessment (site_id);

CREATE FUNCTION plan_index_pdf_goes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM stored_pdf WHERE organisation_id = OLD.organisation_id AND kind = 'plan_index';
    RETURN NULL;
END
$$;
CREATE TRIGGER plan_index_pdf_goes AFTER DELETE OR UPDATE OF organisation_id ON assessment
    FOR EACH ROW EXECUTE FUNCTION plan_index_pdf_goes();

CREATE TABLE answer (
    assessment_id UUID NOT NULL,
    part VARCHAR(40) NOT NULL,
    question VARCHAR NOT NULL,
    value TEXT NOT NULL,
    revision INTEGER NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_answer PRIMARY KEY (assessment_id, part, question),
    CONSTRAINT fk_answer_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE
);

CREATE TABLE answer_event (
    id SERIAL NOT NULL,
    assessment_id UUID NOT NULL,
    part VARCHAR(40) NOT NULL,
    question VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    before TEXT,
    after TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_answer_event PRIMARY KEY (id),
    CONSTRAINT uq_answer_event_assessment_id_part_question_revision UNIQUE (assessment_id, part, question, revision),
    CONSTRAINT fk_answer_event_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE
);

CREATE FUNCTION answer_event_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.id IS NOT DISTINCT FROM OLD.id
            AND NEW.assessment_id IS NOT DISTINCT FROM OLD.assessment_id
            AND NEW.part IS NOT DISTINCT FROM OLD.part
            AND NEW.question IS NOT DISTINCT FROM OLD.question
            AND NEW.revision IS NOT DISTINCT FROM OLD.revision
            AND NEW.at IS NOT DISTINCT FROM OLD.at
            AND ((EXISTS (SELECT 1 FROM redaction WHERE redaction.assessment_id = OLD.assessment_id
                AND redaction.finished_at IS NULL)
                AND (NEW.before IS NOT DISTINCT FROM OLD.before OR substr(NEW.before, 1, 3) = '1m.')
                AND (NEW.after IS NOT DISTINCT FROM OLD.after OR substr(NEW.after, 1, 3) = '1m.'))
                OR ((SELECT count(*) FROM data_key) > 1
                    AND (NEW.before IS NOT DISTINCT FROM OLD.before
                        OR (length(NEW.before) = length(OLD.before)
                            AND substr(NEW.before, 1, 3) = substr(OLD.before, 1, 3)
                            AND substr(NEW.before, 4, 8) <> substr(OLD.before, 4, 8)))
                    AND (NEW.after IS NOT DISTINCT FROM OLD.after
                        OR (length(NEW.after) = length(OLD.after)
                            AND substr(NEW.after, 1, 3) = substr(OLD.after, 1, 3)
                            AND substr(NEW.after, 4, 8) <> substr(OLD.after, 4, 8))))) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a row of answer_event is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id) THEN
        RAISE EXCEPTION 'a row of answer_event goes only with its assessment' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER answer_event_is_frozen BEFORE DELETE OR UPDATE ON answer_event
    FOR EACH ROW EXECUTE FUNCTION answer_event_is_frozen();

CREATE TABLE personal_data_finding (
    assessment_id UUID NOT NULL,
    mark VARCHAR(64) NOT NULL,
    kinds VARCHAR(120) NOT NULL,
    CONSTRAINT pk_personal_data_finding PRIMARY KEY (assessment_id, mark),
    CONSTRAINT fk_personal_data_finding_assessment_id_assessment FOREIGN KEY(assessment_id)
        REFERENCES assessment (id) ON DELETE CASCADE
);

CREATE TABLE redaction (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    places INTEGER NOT NULL,
    CONSTRAINT pk_redaction PRIMARY KEY (id),
    CONSTRAINT fk_redaction_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE
);
CREATE INDEX ix_redaction_assessment_id ON redaction (assessment_id);

CREATE TABLE resume_link (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    code_hash VARCHAR(64),
    pin_hash VARCHAR,
    made_by UUID,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    opened INTEGER NOT NULL,
    last_opened_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_resume_link PRIMARY KEY (id),
    CONSTRAINT fk_resume_link_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT uq_resume_link_token_hash UNIQUE (token_hash),
    CONSTRAINT uq_resume_link_code_hash UNIQUE (code_hash),
    CONSTRAINT fk_resume_link_made_by_person FOREIGN KEY(made_by) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_resume_link_assessment_id ON resume_link (assessment_id);
CREATE INDEX ix_resume_link_made_by ON resume_link (made_by);

CREATE TABLE submission (
    id SERIAL NOT NULL,
    assessment_id UUID NOT NULL,
    number INTEGER NOT NULL,
    edition_id INTEGER NOT NULL,
    engine INTEGER NOT NULL,
    record TEXT NOT NULL,
    digest VARCHAR(64) NOT NULL,
    sector VARCHAR NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    band VARCHAR NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_submission PRIMARY KEY (id),
    CONSTRAINT uq_submission_assessment_id_number UNIQUE (assessment_id, number),
    CONSTRAINT fk_submission_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT fk_submission_edition_id_edition FOREIGN KEY(edition_id) REFERENCES edition (id)
);
CREATE INDEX ix_submission_band ON submission (band);
CREATE INDEX ix_submission_edition_id ON submission (edition_id);
CREATE INDEX ix_submission_score ON submission (score);
CREATE INDEX ix_submission_sector ON submission (sector);

CREATE FUNCTION submission_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.id IS NOT DISTINCT FROM OLD.id
            AND NEW.assessment_id IS NOT DISTINCT FROM OLD.assessment_id
            AND NEW.number IS NOT DISTINCT FROM OLD.number
            AND NEW.edition_id IS NOT DISTINCT FROM OLD.edition_id
            AND NEW.engine IS NOT DISTINCT FROM OLD.engine
            AND NEW.digest IS NOT DISTINCT FROM OLD.digest
            AND NEW.sector IS NOT DISTINCT FROM OLD.sector
            AND NEW.score IS NOT DISTINCT FROM OLD.score
            AND NEW.band IS NOT DISTINCT FROM OLD.band
            AND NEW.made_at IS NOT DISTINCT FROM OLD.made_at
            AND ((EXISTS (SELECT 1 FROM redaction WHERE redaction.assessment_id = OLD.assessment_id
                AND redaction.finished_at IS NULL)
                AND (NEW.record IS NOT DISTINCT FROM OLD.record OR substr(NEW.record, 1, 3) = '1m.'))
                OR ((SELECT count(*) FROM data_key) > 1
                    AND (NEW.record IS NOT DISTINCT FROM OLD.record
                        OR (length(NEW.record) = length(OLD.record)
                            AND substr(NEW.record, 1, 3) = substr(OLD.record, 1, 3)
                            AND substr(NEW.record, 4, 8) <> substr(OLD.record, 4, 8))))) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a row of submission is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id) THEN
        RAISE EXCEPTION 'a row of submission goes only with its assessment' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER submission_is_frozen BEFORE DELETE OR UPDATE ON submission
    FOR EACH ROW EXECUTE FUNCTION submission_is_frozen();

CREATE FUNCTION sheets_go_with_an_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE portfolio_file SET state = 'removed', content = NULL, size = NULL
        WHERE kind IN ('csv', 'xlsx')
            AND state = 'ready'
            AND buyer_id IN (SELECT organisation_id FROM share_grant WHERE assessment_id = NEW.assessment_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER sheets_go_with_an_answer AFTER INSERT ON submission
    FOR EACH ROW EXECUTE FUNCTION sheets_go_with_an_answer();

CREATE TABLE buyer_link (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    submission_id INTEGER NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    note TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    opened INTEGER NOT NULL,
    last_opened_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_buyer_link PRIMARY KEY (id),
    CONSTRAINT fk_buyer_link_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT fk_buyer_link_submission_id_submission FOREIGN KEY(submission_id) REFERENCES submission (id) ON DELETE CASCADE,
    CONSTRAINT uq_buyer_link_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_buyer_link_assessment_id ON buyer_link (assessment_id);
CREATE INDEX ix_buyer_link_submission_id ON buyer_link (submission_id);

CREATE TABLE submission_seal (
    submission_id INTEGER NOT NULL,
    data TEXT NOT NULL,
    CONSTRAINT pk_submission_seal PRIMARY KEY (submission_id),
    CONSTRAINT fk_submission_seal_submission_id_submission FOREIGN KEY(submission_id) REFERENCES submission (id) ON DELETE CASCADE
);

CREATE FUNCTION submission_seal_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.submission_id IS NOT DISTINCT FROM OLD.submission_id
            AND ((EXISTS (SELECT 1 FROM redaction WHERE redaction.assessment_id = (SELECT assessment_id FROM submission WHERE submission.id = OLD.submission_id)
                AND redaction.finished_at IS NULL))
                OR ((SELECT count(*) FROM data_key) > 1
                    AND (NEW.data IS NOT DISTINCT FROM OLD.data
                        OR (length(NEW.data) = length(OLD.data)
                            AND substr(NEW.data, 1, 3) = substr(OLD.data, 1, 3)
                            AND substr(NEW.data, 4, 8) <> substr(OLD.data, 4, 8))))) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a row of submission_seal is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM submission WHERE submission.id = OLD.submission_id) THEN
        RAISE EXCEPTION 'a row of submission_seal goes only with its submission' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER submission_seal_is_frozen BEFORE DELETE OR UPDATE ON submission_seal
    FOR EACH ROW EXECUTE FUNCTION submission_seal_is_frozen();

CREATE TABLE comment (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    question VARCHAR NOT NULL,
    words TEXT NOT NULL,
    for_delegate BOOLEAN NOT NULL,
    by_member BOOLEAN NOT NULL,
    person_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_comment PRIMARY KEY (id),
    CONSTRAINT fk_comment_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT fk_comment_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_comment_assessment_id ON comment (assessment_id, question);
CREATE INDEX ix_comment_person_id ON comment (person_id);

CREATE TABLE delegation (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    section VARCHAR NOT NULL,
    question VARCHAR,
    note TEXT NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE,
    done_at TIMESTAMP WITH TIME ZONE,
    sent_back_at TIMESTAMP WITH TIME ZONE,
    asked TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_delegation PRIMARY KEY (id),
    CONSTRAINT fk_delegation_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT uq_delegation_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_delegation_assessment_id ON delegation (assessment_id);

CREATE TABLE delegated_answer (
    delegation_id UUID NOT NULL,
    question VARCHAR NOT NULL,
    value TEXT NOT NULL,
    proof BOOLEAN NOT NULL,
    state VARCHAR(40) NOT NULL,
    revision INTEGER NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_delegated_answer PRIMARY KEY (delegation_id, question),
    CONSTRAINT fk_delegated_answer_delegation_id_delegation FOREIGN KEY(delegation_id)
        REFERENCES delegation (id) ON DELETE CASCADE
);

CREATE TABLE delegation_event (
    id SERIAL NOT NULL,
    delegation_id UUID NOT NULL,
    what VARCHAR(40) NOT NULL,
    count INTEGER NOT NULL,
    words TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_delegation_event PRIMARY KEY (id),
    CONSTRAINT fk_delegation_event_delegation_id_delegation FOREIGN KEY(delegation_id)
        REFERENCES delegation (id) ON DELETE CASCADE
);
CREATE INDEX ix_delegation_event_delegation_id ON delegation_event (delegation_id);

CREATE TABLE edition_upgrade (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    version INTEGER NOT NULL,
    from_edition_id INTEGER NOT NULL,
    to_edition_id INTEGER NOT NULL,
    before JSON NOT NULL,
    moved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undone_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_edition_upgrade PRIMARY KEY (id),
    CONSTRAINT fk_edition_upgrade_assessment_id_assessment FOREIGN KEY(assessment_id)
        REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT fk_edition_upgrade_from_edition_id_edition FOREIGN KEY(from_edition_id) REFERENCES edition (id),
    CONSTRAINT fk_edition_upgrade_to_edition_id_edition FOREIGN KEY(to_edition_id) REFERENCES edition (id)
);
CREATE INDEX ix_edition_upgrade_assessment_id ON edition_upgrade (assessment_id);
CREATE INDEX ix_edition_upgrade_from_edition_id ON edition_upgrade (from_edition_id);
CREATE INDEX ix_edition_upgrade_to_edition_id ON edition_upgrade (to_edition_id);

CREATE FUNCTION edition_upgrade_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.undone_at IS NULL
            AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text
            AND NEW.assessment_id::text IS NOT DISTINCT FROM OLD.assessment_id::text
            AND NEW.version::text IS NOT DISTINCT FROM OLD.version::text
            AND NEW.from_edition_id::text IS NOT DISTINCT FROM OLD.from_edition_id::text
            AND NEW.to_edition_id::text IS NOT DISTINCT FROM OLD.to_edition_id::text
            AND NEW.before::text IS NOT DISTINCT FROM OLD.before::text
            AND NEW.moved_at::text IS NOT DISTINCT FROM OLD.moved_at::text THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a move is never changed, only undone once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM assessment WHERE assessment.id = OLD.assessment_id) THEN
        RAISE EXCEPTION 'a move goes only with its assessment' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER edition_upgrade_is_frozen BEFORE DELETE OR UPDATE ON edition_upgrade
    FOR EACH ROW EXECUTE FUNCTION edition_upgrade_is_frozen();

CREATE TABLE unconfirmed_answer (
    assessment_id UUID NOT NULL,
    part VARCHAR(40) NOT NULL,
    question VARCHAR NOT NULL,
    because VARCHAR(40) DEFAULT 'copied' NOT NULL,
    CONSTRAINT pk_unconfirmed_answer PRIMARY KEY (assessment_id, part, question),
    CONSTRAINT fk_unconfirmed_answer_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE
);

CREATE TABLE purchase_line (
    assessment_id UUID NOT NULL,
    number INTEGER NOT NULL,
    good TEXT NOT NULL,
    country TEXT,
    share TEXT,
    supplier TEXT NOT NULL,
    removed BOOLEAN NOT NULL,
    revision INTEGER NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_purchase_line PRIMARY KEY (assessment_id, number),
    CONSTRAINT fk_purchase_line_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE
);

CREATE TABLE purchase_event (
    assessment_id UUID NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    said TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_purchase_event PRIMARY KEY (assessment_id, number, revision),
    CONSTRAINT fk_purchase_event_assessment_id_number_purchase_line FOREIGN KEY(assessment_id, number)
        REFERENCES purchase_line (assessment_id, number) ON DELETE CASCADE
);

CREATE FUNCTION purchase_event_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.assessment_id IS NOT DISTINCT FROM OLD.assessment_id
            AND NEW.number IS NOT DISTINCT FROM OLD.number
            AND NEW.revision IS NOT DISTINCT FROM OLD.revision
            AND NEW.at IS NOT DISTINCT FROM OLD.at
            AND ((EXISTS (SELECT 1 FROM redaction WHERE redaction.assessment_id = OLD.assessment_id
                AND redaction.finished_at IS NULL)
                AND (NEW.said IS NOT DISTINCT FROM OLD.said OR substr(NEW.said, 1, 3) = '1m.'))
                OR ((SELECT count(*) FROM data_key) > 1
                    AND (NEW.said IS NOT DISTINCT FROM OLD.said
                        OR (length(NEW.said) = length(OLD.said)
                            AND substr(NEW.said, 1, 3) = substr(OLD.said, 1, 3)
                            AND substr(NEW.said, 4, 8) <> substr(OLD.said, 4, 8))))) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a row of purchase_event is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM purchase_line WHERE purchase_line.assessment_id = OLD.assessment_id
        AND purchase_line.number = OLD.number) THEN
        RAISE EXCEPTION 'a row of purchase_event goes only with its line' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER purchase_event_is_frozen BEFORE DELETE OR UPDATE ON purchase_event
    FOR EACH ROW EXECUTE FUNCTION purchase_event_is_frozen();

CREATE TABLE sign_off_event (
    id SERIAL NOT NULL,
    assessment_id UUID NOT NULL,
    number INTEGER NOT NULL,
    what VARCHAR(40) NOT NULL,
    words TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_sign_off_event PRIMARY KEY (id),
    CONSTRAINT fk_sign_off_event_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE
);
CREATE INDEX ix_sign_off_event_assessment_id ON sign_off_event (assessment_id);

CREATE TABLE sign_off (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    submission_id INTEGER NOT NULL,
    digest VARCHAR(64) NOT NULL,
    name TEXT NOT NULL,
    job TEXT NOT NULL,
    on_paper BOOLEAN NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_back_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sign_off PRIMARY KEY (id),
    CONSTRAINT fk_sign_off_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT fk_sign_off_submission_id_submission FOREIGN KEY(submission_id) REFERENCES submission (id) ON DELETE CASCADE
);
CREATE INDEX ix_sign_off_assessment_id ON sign_off (assessment_id);
CREATE UNIQUE INDEX uq_sign_off_submission_id ON sign_off (submission_id) WHERE taken_back_at IS NULL;

CREATE TABLE sign_off_request (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    submission_id INTEGER NOT NULL,
    note TEXT NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sign_off_request PRIMARY KEY (id),
    CONSTRAINT fk_sign_off_request_assessment_id_assessment FOREIGN KEY(assessment_id)
        REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT fk_sign_off_request_submission_id_submission FOREIGN KEY(submission_id)
        REFERENCES submission (id) ON DELETE CASCADE,
    CONSTRAINT uq_sign_off_request_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_sign_off_request_assessment_id ON sign_off_request (assessment_id);
CREATE INDEX ix_sign_off_request_submission_id ON sign_off_request (submission_id);

CREATE TABLE guest_session (
    id SERIAL NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    assessment_id UUID,
    resume_link_id UUID,
    buyer_link_id UUID,
    delegation_id UUID,
    sign_off_request_id UUID,
    invitation_id UUID,
    outbox_event VARCHAR(120),
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_guest_session PRIMARY KEY (id),
    CONSTRAINT ck_guest_session_opens_one_thing CHECK (
        (CASE WHEN assessment_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN buyer_link_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN delegation_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN sign_off_request_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END) = 1),
    CONSTRAINT fk_guest_session_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT fk_guest_session_resume_link_id_resume_link FOREIGN KEY(resume_link_id)
        REFERENCES resume_link (id) ON DELETE CASCADE,
    CONSTRAINT fk_guest_session_buyer_link_id_buyer_link FOREIGN KEY(buyer_link_id) REFERENCES buyer_link (id) ON DELETE CASCADE,
    CONSTRAINT fk_guest_session_delegation_id_delegation FOREIGN KEY(delegation_id) REFERENCES delegation (id) ON DELETE CASCADE,
    CONSTRAINT fk_guest_session_sign_off_request_id_sign_off_request FOREIGN KEY(sign_off_request_id)
        REFERENCES sign_off_request (id) ON DELETE CASCADE,
    CONSTRAINT fk_guest_session_invitation_id_supplier_invitation FOREIGN KEY(invitation_id)
        REFERENCES supplier_invitation (id) ON DELETE CASCADE
);
CREATE INDEX ix_guest_session_assessment_id ON guest_session (assessment_id);
CREATE INDEX ix_guest_session_buyer_link_id ON guest_session (buyer_link_id);
CREATE INDEX ix_guest_session_delegation_id ON guest_session (delegation_id);
CREATE INDEX ix_guest_session_invitation_id ON guest_session (invitation_id);
CREATE INDEX ix_guest_session_resume_link_id ON guest_session (resume_link_id);
CREATE INDEX ix_guest_session_sign_off_request_id ON guest_session (sign_off_request_id);
CREATE INDEX ix_guest_session_token_hash ON guest_session (token_hash);
CREATE INDEX ix_guest_session_until ON guest_session (until);

CREATE TABLE assisted_session (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    mode VARCHAR(40) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    code_until TIMESTAMP WITH TIME ZONE NOT NULL,
    coordinator_id UUID,
    began_at TIMESTAMP WITH TIME ZONE,
    until TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_assisted_session PRIMARY KEY (id),
    CONSTRAINT fk_assisted_session_assessment_id_assessment FOREIGN KEY(assessment_id)
        REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT uq_assisted_session_code_hash UNIQUE (code_hash),
    CONSTRAINT fk_assisted_session_coordinator_id_person FOREIGN KEY(coordinator_id) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_assisted_session_assessment_id ON assisted_session (assessment_id);
CREATE INDEX ix_assisted_session_coordinator_id ON assisted_session (coordinator_id);

CREATE TABLE assisted_answer (
    assessment_id UUID NOT NULL,
    part VARCHAR(40) NOT NULL,
    question VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    assisted_session_id UUID NOT NULL,
    CONSTRAINT pk_assisted_answer PRIMARY KEY (assessment_id, part, question, revision),
    CONSTRAINT fk_assisted_answer_assessment_id_assessment FOREIGN KEY(assessment_id)
        REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT fk_assisted_answer_assisted_session_id_assisted_session FOREIGN KEY(assisted_session_id)
        REFERENCES assisted_session (id) ON DELETE CASCADE
);
CREATE INDEX ix_assisted_answer_assisted_session_id ON assisted_answer (assisted_session_id);

CREATE TABLE question_feedback (
    id UUID NOT NULL,
    bank VARCHAR(60) NOT NULL,
    edition INTEGER NOT NULL,
    question VARCHAR(60) NOT NULL,
    month VARCHAR(7) NOT NULL,
    words VARCHAR(300) NOT NULL,
    CONSTRAINT pk_question_feedback PRIMARY KEY (id)
);
CREATE INDEX ix_question_feedback_question ON question_feedback (question, month);

-- ---- editor ----------------------------------------------------------------------------------------------

CREATE TABLE contact_change (
    id UUID NOT NULL,
    kind VARCHAR(40) NOT NULL,
    contact VARCHAR(60) NOT NULL,
    called VARCHAR(600) NOT NULL,
    before JSON NOT NULL,
    after JSON NOT NULL,
    seen_at VARCHAR(500) NOT NULL,
    reason VARCHAR(500) NOT NULL,
    by_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    outcome VARCHAR(40),
    answer VARCHAR(500) NOT NULL,
    CONSTRAINT pk_contact_change PRIMARY KEY (id),
    CONSTRAINT ck_contact_change_a_second_person CHECK (decided_by <> by_id),
    CONSTRAINT ck_contact_change_a_decision_says_something CHECK ((decided_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT fk_contact_change_by_id_person FOREIGN KEY(by_id) REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT fk_contact_change_decided_by_person FOREIGN KEY(decided_by) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_contact_change_by_id ON contact_change (by_id);
CREATE INDEX ix_contact_change_decided_by ON contact_change (decided_by);

CREATE TABLE urgent_fix (
    id UUID NOT NULL,
    sheet VARCHAR(120) NOT NULL,
    steps JSON NOT NULL,
    what VARCHAR(400) NOT NULL,
    before JSON NOT NULL,
    after JSON NOT NULL,
    reason VARCHAR(500) NOT NULL,
    by_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    shelf INTEGER NOT NULL,
    editions JSON NOT NULL,
    looked_by UUID,
    looked_at TIMESTAMP WITH TIME ZONE,
    outcome VARCHAR(40),
    answer VARCHAR(500),
    CONSTRAINT pk_urgent_fix PRIMARY KEY (id),
    CONSTRAINT ck_urgent_fix_a_second_look CHECK (looked_by <> by_id),
    CONSTRAINT ck_urgent_fix_a_look_says_something CHECK ((looked_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT fk_urgent_fix_by_id_person FOREIGN KEY(by_id) REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT fk_urgent_fix_shelf_content_version FOREIGN KEY(shelf) REFERENCES content_version (number),
    CONSTRAINT fk_urgent_fix_looked_by_person FOREIGN KEY(looked_by) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_urgent_fix_by_id ON urgent_fix (by_id);
CREATE INDEX ix_urgent_fix_looked_by ON urgent_fix (looked_by);

CREATE TABLE dry_run (
    id UUID NOT NULL,
    draft_id UUID NOT NULL,
    bank VARCHAR(60) NOT NULL,
    before VARCHAR(64) NOT NULL,
    after VARCHAR(64) NOT NULL,
    settings VARCHAR(64) NOT NULL,
    until INTEGER NOT NULL,
    total INTEGER NOT NULL,
    done_until INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    counts JSON NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_dry_run PRIMARY KEY (id),
    CONSTRAINT fk_dry_run_draft_id_draft FOREIGN KEY(draft_id) REFERENCES draft (id) ON DELETE CASCADE
);
CREATE INDEX ix_dry_run_draft_id_bank ON dry_run (draft_id, bank);

-- ---- plans -----------------------------------------------------------------------------------------------

CREATE TABLE calendar_feed (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    opened INTEGER NOT NULL,
    last_opened_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_calendar_feed PRIMARY KEY (id),
    CONSTRAINT fk_calendar_feed_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT uq_calendar_feed_token_hash UNIQUE (token_hash)
);
CREATE INDEX ix_calendar_feed_assessment_id ON calendar_feed (assessment_id);

CREATE TABLE verification_secret (
    key VARCHAR(64) NOT NULL,
    CONSTRAINT pk_verification_secret PRIMARY KEY (key)
);

CREATE TABLE check_code (
    code VARCHAR(9) NOT NULL,
    submission_id INTEGER NOT NULL,
    copy VARCHAR(20) NOT NULL,
    CONSTRAINT pk_check_code PRIMARY KEY (code, submission_id, copy),
    CONSTRAINT fk_check_code_submission_id_submission FOREIGN KEY(submission_id) REFERENCES submission (id) ON DELETE CASCADE
);
CREATE INDEX ix_check_code_submission_id ON check_code (submission_id);

CREATE TABLE tracked_action (
    submission_id INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    response VARCHAR(20),
    reason VARCHAR(40) NOT NULL,
    reason_text TEXT NOT NULL,
    owner TEXT NOT NULL,
    due VARCHAR(10),
    status VARCHAR(20) NOT NULL,
    done_on VARCHAR(10),
    notes_made INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_tracked_action PRIMARY KEY (submission_id, key),
    CONSTRAINT fk_tracked_action_submission_id_submission FOREIGN KEY(submission_id) REFERENCES submission (id) ON DELETE CASCADE
);

CREATE TABLE tracked_action_event (
    id SERIAL NOT NULL,
    submission_id INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    revision INTEGER NOT NULL,
    what VARCHAR(40) NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_tracked_action_event PRIMARY KEY (id),
    CONSTRAINT fk_tracked_action_event_submission_id_submission FOREIGN KEY(submission_id)
        REFERENCES submission (id) ON DELETE CASCADE
);
CREATE INDEX ix_tracked_action_event_submission_id ON tracked_action_event (submission_id, key);
CREATE UNIQUE INDEX uq_tracked_action_event_submission_id ON tracked_action_event (submission_id, key, revision) WHERE what <> 'offered';

CREATE FUNCTION tracked_action_event_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.id IS NOT DISTINCT FROM OLD.id
            AND NEW.submission_id IS NOT DISTINCT FROM OLD.submission_id
            AND NEW.key IS NOT DISTINCT FROM OLD.key
            AND NEW.revision IS NOT DISTINCT FROM OLD.revision
            AND NEW.what IS NOT DISTINCT FROM OLD.what
            AND NEW.at IS NOT DISTINCT FROM OLD.at
            AND ((EXISTS (SELECT 1 FROM redaction WHERE redaction.assessment_id = (SELECT assessment_id FROM submission WHERE submission.id = OLD.submission_id)
                AND redaction.finished_at IS NULL)
                AND (NEW.before IS NOT DISTINCT FROM OLD.before OR substr(NEW.before, 1, 3) = '1m.')
                AND (NEW.after IS NOT DISTINCT FROM OLD.after OR substr(NEW.after, 1, 3) = '1m.'))
                OR ((SELECT count(*) FROM data_key) > 1
                    AND (NEW.before IS NOT DISTINCT FROM OLD.before
                        OR (length(NEW.before) = length(OLD.before)
                            AND substr(NEW.before, 1, 3) = substr(OLD.before, 1, 3)
                            AND substr(NEW.before, 4, 8) <> substr(OLD.before, 4, 8)))
                    AND (NEW.after IS NOT DISTINCT FROM OLD.after
                        OR (length(NEW.after) = length(OLD.after)
                            AND substr(NEW.after, 1, 3) = substr(OLD.after, 1, 3)
                            AND substr(NEW.after, 4, 8) <> substr(OLD.after, 4, 8))))) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a row of tracked_action_event is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT 1 FROM submission WHERE submission.id = OLD.submission_id) THEN
        RAISE EXCEPTION 'a row of tracked_action_event goes only with its submission' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER tracked_action_event_is_frozen BEFORE DELETE OR UPDATE ON tracked_action_event
    FOR EACH ROW EXECUTE FUNCTION tracked_action_event_is_frozen();

CREATE TABLE tracked_action_evidence (
    submission_id INTEGER NOT NULL,
    key VARCHAR NOT NULL,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    kind VARCHAR(40) NOT NULL,
    dated VARCHAR(10),
    good_until VARCHAR(10),
    grade VARCHAR(20) NOT NULL,
    CONSTRAINT pk_tracked_action_evidence PRIMARY KEY (submission_id, key, number),
    CONSTRAINT fk_tracked_action_evidence_submission_id_key_tracked_action FOREIGN KEY(submission_id, key)
        REFERENCES tracked_action (submission_id, key) ON DELETE CASCADE
);

CREATE TABLE reminder_suppression (
    mark VARCHAR(64) NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_reminder_suppression PRIMARY KEY (mark)
);
CREATE INDEX ix_reminder_suppression_until ON reminder_suppression (until);

CREATE TABLE reminder (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    address TEXT NOT NULL,
    confirm_hash VARCHAR(64) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    stopped_at TIMESTAMP WITH TIME ZONE,
    last_sent DATE,
    told JSON NOT NULL,
    CONSTRAINT pk_reminder PRIMARY KEY (id),
    CONSTRAINT fk_reminder_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT uq_reminder_confirm_hash UNIQUE (confirm_hash)
);
CREATE INDEX ix_reminder_assessment_id ON reminder (assessment_id);

CREATE TABLE unsubscribe_token (
    token_hash VARCHAR(64) NOT NULL,
    reminder_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_unsubscribe_token PRIMARY KEY (token_hash),
    CONSTRAINT fk_unsubscribe_token_reminder_id_reminder FOREIGN KEY(reminder_id) REFERENCES reminder (id) ON DELETE CASCADE
);
CREATE INDEX ix_unsubscribe_token_reminder_id ON unsubscribe_token (reminder_id);

CREATE TABLE share_grant (
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    submission_id INTEGER NOT NULL,
    email VARCHAR(254) NOT NULL,
    buyer TEXT NOT NULL,
    scope VARCHAR(40) NOT NULL,
    document TEXT NOT NULL,
    format INTEGER DEFAULT '0' NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    links_made INTEGER NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    person_id UUID,
    organisation_id UUID,
    supplier_id UUID,
    CONSTRAINT pk_share_grant PRIMARY KEY (id),
    CONSTRAINT fk_share_grant_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE,
    CONSTRAINT fk_share_grant_submission_id_submission FOREIGN KEY(submission_id) REFERENCES submission (id) ON DELETE CASCADE,
    CONSTRAINT fk_share_grant_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL,
    CONSTRAINT fk_share_grant_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE SET NULL,
    CONSTRAINT fk_share_grant_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE SET NULL
);
CREATE INDEX ix_share_grant_assessment_id ON share_grant (assessment_id);
CREATE INDEX ix_share_grant_organisation_id ON share_grant (organisation_id);
CREATE INDEX ix_share_grant_person_id ON share_grant (person_id);
CREATE INDEX ix_share_grant_submission_id ON share_grant (submission_id);
CREATE INDEX ix_share_grant_supplier_id ON share_grant (supplier_id);

CREATE FUNCTION board_row_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM board_bar
        WHERE supplier_id IN (SELECT COALESCE(merged_into, id) FROM supplier WHERE id = OLD.supplier_id);
    DELETE FROM board_good
        WHERE supplier_id IN (SELECT COALESCE(merged_into, id) FROM supplier WHERE id = OLD.supplier_id);
    DELETE FROM board_duty
        WHERE supplier_id IN (SELECT COALESCE(merged_into, id) FROM supplier WHERE id = OLD.supplier_id);
    UPDATE board_row SET band = NULL, shown_until = NULL, answered_on = NULL, valid_until = NULL, open_steps = 0,
            done_steps = 0, late_steps = 0, next_step_due = NULL, call_points = 100, call_reasons = '[]',
            status = CASE status WHEN 'shared' THEN 'share_over' ELSE status END
        WHERE supplier_id IN (SELECT COALESCE(merged_into, id) FROM supplier WHERE id = OLD.supplier_id);
    RETURN OLD;
END
$$;
CREATE TRIGGER board_row_forgets BEFORE DELETE ON share_grant
    FOR EACH ROW EXECUTE FUNCTION board_row_forgets();

CREATE FUNCTION sheets_go_with_a_share() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE portfolio_file SET state = 'removed', content = NULL, size = NULL
        WHERE kind IN ('csv', 'xlsx') AND state = 'ready' AND buyer_id = OLD.organisation_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER sheets_go_with_a_share AFTER DELETE ON share_grant
    FOR EACH ROW EXECUTE FUNCTION sheets_go_with_a_share();

CREATE FUNCTION sheets_go_with_a_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE portfolio_file SET state = 'removed', content = NULL, size = NULL
        WHERE kind IN ('csv', 'xlsx') AND state = 'ready' AND buyer_id = OLD.organisation_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER sheets_go_with_a_change AFTER UPDATE OF ended_at, document, until, organisation_id, supplier_id ON share_grant
    FOR EACH ROW EXECUTE FUNCTION sheets_go_with_a_change();

CREATE FUNCTION contact_first_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM stored_pdf
        WHERE kind IN ('summary', 'summary_with_names')
            AND (organisation_id IN (SELECT buyer_id FROM supplier WHERE id = OLD.supplier_id)
                OR organisation_id IN (SELECT buyer_id FROM board_row WHERE grant_id = OLD.id));
    UPDATE board_row SET call_points = 100, call_reasons = '[]'
        WHERE supplier_id IN (SELECT supplier_id FROM board_row WHERE grant_id = OLD.id)
            OR supplier_id = OLD.supplier_id
            OR supplier_id IN (SELECT merged_into FROM supplier WHERE id = OLD.supplier_id);
    RETURN OLD;
END
$$;
CREATE TRIGGER contact_first_forgets BEFORE DELETE ON share_grant
    FOR EACH ROW EXECUTE FUNCTION contact_first_forgets();

CREATE TABLE stored_pdf (
    id UUID NOT NULL,
    submission_id INTEGER,
    grant_id UUID,
    organisation_id UUID,
    template VARCHAR(60),
    kind VARCHAR(20) NOT NULL,
    key VARCHAR(64) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    content TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_stored_pdf PRIMARY KEY (id),
    CONSTRAINT uq_stored_pdf_submission_id_kind_key UNIQUE (submission_id, kind, key),
    CONSTRAINT uq_stored_pdf_grant_id UNIQUE (grant_id),
    CONSTRAINT uq_stored_pdf_organisation_id_kind UNIQUE (organisation_id, kind),
    CONSTRAINT uq_stored_pdf_template UNIQUE (template),
    CONSTRAINT ck_stored_pdf_one_owner CHECK (
        CASE WHEN submission_id IS NULL THEN 0 ELSE 1 END + CASE WHEN grant_id IS NULL THEN 0 ELSE 1 END
        + CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END + CASE WHEN template IS NULL THEN 0 ELSE 1 END = 1
    ),
    CONSTRAINT fk_stored_pdf_submission_id_submission FOREIGN KEY(submission_id) REFERENCES submission (id) ON DELETE CASCADE,
    CONSTRAINT fk_stored_pdf_grant_id_share_grant FOREIGN KEY(grant_id) REFERENCES share_grant (id) ON DELETE CASCADE,
    CONSTRAINT fk_stored_pdf_organisation_id_organisation FOREIGN KEY(organisation_id)
        REFERENCES organisation (id) ON DELETE CASCADE
);

CREATE TABLE share_view (
    id SERIAL NOT NULL,
    grant_id UUID,
    buyer_link_id UUID,
    viewer VARCHAR(64) NOT NULL,
    what VARCHAR(40) NOT NULL,
    hour TIMESTAMP WITH TIME ZONE NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_share_view PRIMARY KEY (id),
    CONSTRAINT ck_share_view_of_one_share CHECK ((grant_id IS NULL) <> (buyer_link_id IS NULL)),
    CONSTRAINT uq_share_view_grant_id_viewer_what_hour UNIQUE (grant_id, viewer, what, hour),
    CONSTRAINT uq_share_view_buyer_link_id_viewer_what_hour UNIQUE (buyer_link_id, viewer, what, hour),
    CONSTRAINT fk_share_view_grant_id_share_grant FOREIGN KEY(grant_id) REFERENCES share_grant (id) ON DELETE CASCADE,
    CONSTRAINT fk_share_view_buyer_link_id_buyer_link FOREIGN KEY(buyer_link_id) REFERENCES buyer_link (id) ON DELETE CASCADE
);

CREATE TABLE share_message (
    grant_id UUID NOT NULL,
    number INTEGER NOT NULL,
    step VARCHAR(16),
    side VARCHAR(40) NOT NULL,
    move VARCHAR(40) NOT NULL,
    words TEXT NOT NULL,
    due DATE,
    person_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_share_message PRIMARY KEY (grant_id, number),
    CONSTRAINT fk_share_message_grant_id_share_grant FOREIGN KEY(grant_id) REFERENCES share_grant (id) ON DELETE CASCADE,
    CONSTRAINT fk_share_message_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_share_message_person_id ON share_message (person_id);

CREATE TABLE share_thread (
    grant_id UUID NOT NULL,
    made INTEGER NOT NULL,
    last_read INTEGER NOT NULL,
    CONSTRAINT pk_share_thread PRIMARY KEY (grant_id),
    CONSTRAINT fk_share_thread_grant_id_share_grant FOREIGN KEY(grant_id) REFERENCES share_grant (id) ON DELETE CASCADE
);

-- ---- portfolio -------------------------------------------------------------------------------------------

CREATE TABLE board_row (
    supplier_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    name VARCHAR(120) NOT NULL,
    sort_name VARCHAR(360) NOT NULL,
    searched VARCHAR(2000) NOT NULL,
    sector VARCHAR(40),
    area VARCHAR(40),
    size VARCHAR(40),
    spend_gbp BIGINT,
    tier VARCHAR(40),
    status VARCHAR(40) NOT NULL,
    asked_on DATE,
    due DATE,
    grant_id UUID,
    shown_until TIMESTAMP WITH TIME ZONE,
    answered_on DATE,
    valid_until DATE,
    band VARCHAR(20),
    quick BOOLEAN NOT NULL,
    open_steps INTEGER NOT NULL,
    done_steps INTEGER NOT NULL,
    late_steps INTEGER NOT NULL,
    next_step_due DATE,
    call_points INTEGER NOT NULL,
    call_reasons JSON NOT NULL,
    reckoned_at TIMESTAMP WITH TIME ZONE NOT NULL,
    columns_hash INTEGER NOT NULL,
    CONSTRAINT pk_board_row PRIMARY KEY (supplier_id),
    CONSTRAINT fk_board_row_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE CASCADE,
    CONSTRAINT fk_board_row_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_board_row_grant_id_share_grant FOREIGN KEY(grant_id) REFERENCES share_grant (id) ON DELETE SET NULL
);
CREATE INDEX ix_board_row_buyer_id_call_points ON board_row (buyer_id, call_points, supplier_id);
CREATE INDEX ix_board_row_buyer_id_due ON board_row (buyer_id, due, supplier_id);
CREATE INDEX ix_board_row_buyer_id_sector ON board_row (buyer_id, sector, area);
CREATE INDEX ix_board_row_buyer_id_sort_name ON board_row (buyer_id, sort_name, supplier_id);
CREATE INDEX ix_board_row_buyer_id_status ON board_row (buyer_id, status, due, shown_until, valid_until);
CREATE INDEX ix_board_row_grant_id ON board_row (grant_id);

CREATE TABLE board_bar (
    supplier_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    name VARCHAR(200) NOT NULL,
    level INTEGER NOT NULL,
    CONSTRAINT pk_board_bar PRIMARY KEY (supplier_id, name),
    CONSTRAINT fk_board_bar_supplier_id_board_row FOREIGN KEY(supplier_id) REFERENCES board_row (supplier_id) ON DELETE CASCADE,
    CONSTRAINT fk_board_bar_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX ix_board_bar_buyer_id_name ON board_bar (buyer_id, name, level, supplier_id);

CREATE TABLE board_duty (
    supplier_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    duty VARCHAR(60) NOT NULL,
    title VARCHAR(200) NOT NULL,
    done BOOLEAN NOT NULL,
    CONSTRAINT pk_board_duty PRIMARY KEY (supplier_id, duty),
    CONSTRAINT fk_board_duty_supplier_id_board_row FOREIGN KEY(supplier_id) REFERENCES board_row (supplier_id) ON DELETE CASCADE,
    CONSTRAINT fk_board_duty_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX ix_board_duty_buyer_id_title ON board_duty (buyer_id, title, done, supplier_id);

CREATE TABLE board_good (
    supplier_id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    good VARCHAR(120) NOT NULL,
    country VARCHAR(120) NOT NULL,
    risk_label VARCHAR(40) NOT NULL,
    CONSTRAINT pk_board_good PRIMARY KEY (supplier_id, good, country),
    CONSTRAINT fk_board_good_supplier_id_board_row FOREIGN KEY(supplier_id) REFERENCES board_row (supplier_id) ON DELETE CASCADE,
    CONSTRAINT fk_board_good_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX ix_board_good_buyer_id_good ON board_good (buyer_id, good, country, supplier_id);
CREATE INDEX ix_board_good_buyer_id_country ON board_good (buyer_id, country, good, supplier_id);

CREATE TABLE bulk_action (
    id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    by_person UUID,
    kind VARCHAR(40) NOT NULL,
    due DATE,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undo_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_bulk_action PRIMARY KEY (id),
    CONSTRAINT fk_bulk_action_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_bulk_action_by_person_person FOREIGN KEY(by_person) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_bulk_action_buyer_id ON bulk_action (buyer_id);
CREATE INDEX ix_bulk_action_by_person ON bulk_action (by_person);

CREATE TABLE saved_filter (
    id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    person_id UUID NOT NULL,
    name VARCHAR(60) NOT NULL,
    query VARCHAR(1500) NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_saved_filter PRIMARY KEY (id),
    CONSTRAINT uq_saved_filter_buyer_id_person_id_name UNIQUE (buyer_id, person_id, name),
    CONSTRAINT fk_saved_filter_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_saved_filter_person_id_person FOREIGN KEY(person_id) REFERENCES person (id) ON DELETE CASCADE
);
CREATE INDEX ix_saved_filter_person_id ON saved_filter (person_id);

CREATE TABLE bulk_action_item (
    bulk_action_id UUID NOT NULL,
    supplier_id UUID NOT NULL,
    outcome VARCHAR(40) NOT NULL,
    before JSON,
    CONSTRAINT pk_bulk_action_item PRIMARY KEY (bulk_action_id, supplier_id),
    CONSTRAINT fk_bulk_action_item_bulk_action_id_bulk_action FOREIGN KEY(bulk_action_id)
        REFERENCES bulk_action (id) ON DELETE CASCADE,
    CONSTRAINT fk_bulk_action_item_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE CASCADE
);
CREATE INDEX ix_bulk_action_item_bulk_action_id_outcome ON bulk_action_item (bulk_action_id, outcome);
CREATE INDEX ix_bulk_action_item_supplier_id ON bulk_action_item (supplier_id);

CREATE TABLE portfolio_file (
    id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    by_person UUID,
    kind VARCHAR(40) NOT NULL,
    wanted JSON NOT NULL,
    state VARCHAR(40) NOT NULL,
    part INTEGER NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER NOT NULL,
    ordered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    began_at TIMESTAMP WITH TIME ZONE,
    done_before INTEGER NOT NULL,
    ready_at TIMESTAMP WITH TIME ZONE,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    size BIGINT,
    content TEXT,
    CONSTRAINT pk_portfolio_file PRIMARY KEY (id),
    CONSTRAINT fk_portfolio_file_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE,
    CONSTRAINT fk_portfolio_file_by_person_person FOREIGN KEY(by_person) REFERENCES person (id) ON DELETE SET NULL
);
CREATE INDEX ix_portfolio_file_buyer_id ON portfolio_file (buyer_id);
CREATE INDEX ix_portfolio_file_by_person ON portfolio_file (by_person);

CREATE TABLE portfolio_file_plan (
    file_id UUID NOT NULL,
    number INTEGER NOT NULL,
    supplier_id UUID NOT NULL,
    grant_id UUID,
    state VARCHAR(40) NOT NULL,
    tries INTEGER NOT NULL,
    CONSTRAINT pk_portfolio_file_plan PRIMARY KEY (file_id, number),
    CONSTRAINT fk_portfolio_file_plan_file_id_portfolio_file FOREIGN KEY(file_id)
        REFERENCES portfolio_file (id) ON DELETE CASCADE,
    CONSTRAINT fk_portfolio_file_plan_supplier_id_supplier FOREIGN KEY(supplier_id) REFERENCES supplier (id) ON DELETE CASCADE,
    CONSTRAINT fk_portfolio_file_plan_grant_id_share_grant FOREIGN KEY(grant_id) REFERENCES share_grant (id) ON DELETE SET NULL
);
CREATE INDEX ix_portfolio_file_plan_grant_id ON portfolio_file_plan (grant_id);
CREATE INDEX ix_portfolio_file_plan_supplier_id ON portfolio_file_plan (supplier_id);

CREATE TABLE portfolio_snapshot (
    buyer_id UUID NOT NULL,
    month DATE NOT NULL,
    counts JSON NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_portfolio_snapshot PRIMARY KEY (buyer_id, month),
    CONSTRAINT fk_portfolio_snapshot_buyer_id_organisation FOREIGN KEY(buyer_id) REFERENCES organisation (id) ON DELETE CASCADE
);

CREATE TABLE supplier_feedback_pool (
    id UUID NOT NULL,
    buyer_id UUID NOT NULL,
    made_on DATE NOT NULL,
    answered INTEGER NOT NULL,
    bundle INTEGER NOT NULL,
    never INTEGER NOT NULL,
    sometimes INTEGER NOT NULL,
    often INTEGER NOT NULL,
    unknown INTEGER NOT NULL,
    over_on DATE,
    CONSTRAINT pk_supplier_feedback_pool PRIMARY KEY (id),
    CONSTRAINT fk_supplier_feedback_pool_buyer_id_organisation FOREIGN KEY(buyer_id)
        REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX ix_supplier_feedback_pool_buyer_id ON supplier_feedback_pool (buyer_id);

CREATE TABLE supplier_feedback_round (
    buyer_id UUID NOT NULL,
    month DATE NOT NULL,
    CONSTRAINT pk_supplier_feedback_round PRIMARY KEY (buyer_id),
    CONSTRAINT fk_supplier_feedback_round_buyer_id_organisation FOREIGN KEY(buyer_id)
        REFERENCES organisation (id) ON DELETE CASCADE
);

CREATE TABLE supplier_feedback_source (
    pool_id UUID NOT NULL,
    submission_id INTEGER NOT NULL,
    supplier_id UUID NOT NULL,
    CONSTRAINT pk_supplier_feedback_source PRIMARY KEY (pool_id, submission_id),
    CONSTRAINT fk_supplier_feedback_source_pool_id_supplier_feedback_pool FOREIGN KEY(pool_id)
        REFERENCES supplier_feedback_pool (id) ON DELETE CASCADE,
    CONSTRAINT fk_supplier_feedback_source_submission_id_submission FOREIGN KEY(submission_id)
        REFERENCES submission (id) ON DELETE CASCADE,
    CONSTRAINT fk_supplier_feedback_source_supplier_id_supplier FOREIGN KEY(supplier_id)
        REFERENCES supplier (id) ON DELETE CASCADE
);
CREATE INDEX ix_supplier_feedback_source_submission_id ON supplier_feedback_source (submission_id);
CREATE INDEX ix_supplier_feedback_source_supplier_id ON supplier_feedback_source (supplier_id);

-- ---- references to tables further down ----

ALTER TABLE audit_subject
    ADD CONSTRAINT fk_audit_subject_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE CASCADE;
ALTER TABLE job
    ADD CONSTRAINT fk_job_about_assessment FOREIGN KEY(about) REFERENCES assessment (id) ON DELETE CASCADE;
ALTER TABLE outbox
    ADD CONSTRAINT fk_outbox_about_assessment FOREIGN KEY(about) REFERENCES assessment (id) ON DELETE CASCADE;
ALTER TABLE supplier_invitation
    ADD CONSTRAINT fk_supplier_invitation_assessment_id_assessment FOREIGN KEY(assessment_id) REFERENCES assessment (id) ON DELETE SET NULL;
