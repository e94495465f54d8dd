-- What machines say of contacts, of all of them: a row for each contact, form and judge, and not a stream, for there are a million a month
-- (docs/decisions/0058).
CREATE SCHEMA IF NOT EXISTS machine;

-- Models and their versions, named once.
CREATE TABLE IF NOT EXISTS machine.judge (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, model text NOT NULL, version text NOT NULL, UNIQUE (model, version));

-- id follows from contact, form, version of the form and judge. shares: what each scored question came to, 0 to 1, in the order of the form's
-- version; null where nothing was said. evidence goes with an erasure, the rest with the project's retention.
CREATE TABLE IF NOT EXISTS machine.answers (
    id uuid PRIMARY KEY, judge_id integer NOT NULL REFERENCES machine.judge, project_id uuid NOT NULL, form_id uuid NOT NULL,
    form_version integer NOT NULL, contact_id uuid NOT NULL, kind text NOT NULL, calls uuid[], agent_id uuid, at timestamptz NOT NULL,
    score real, passed boolean, shares real[] NOT NULL, answers jsonb NOT NULL, evidence jsonb, digest uuid NOT NULL,
    received_at timestamptz NOT NULL, received_from uuid NOT NULL);
CREATE INDEX IF NOT EXISTS answers_of_contact ON machine.answers (contact_id, form_id);
CREATE INDEX IF NOT EXISTS answers_of_legs ON machine.answers USING gin (calls) WHERE calls IS NOT NULL;
CREATE INDEX IF NOT EXISTS answers_by_time ON machine.answers (project_id, at, id);
CREATE INDEX IF NOT EXISTS answers_with_evidence ON machine.answers (agent_id) WHERE evidence IS NOT NULL;
