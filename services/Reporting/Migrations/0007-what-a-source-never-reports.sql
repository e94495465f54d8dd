-- Contacts whose source never says how long they are on hold or worked after. What is there was told by a version that did not tell: known.
ALTER TABLE facts.call
    ADD COLUMN IF NOT EXISTS hold_unknown boolean NOT NULL DEFAULT false, ADD COLUMN IF NOT EXISTS acw_unknown boolean NOT NULL DEFAULT false,
    ADD COLUMN IF NOT EXISTS kept_all boolean DEFAULT true;

-- A row that an instance of the version before keeps from now on lacks these columns, and is behind (reporting.facts).
CREATE OR REPLACE FUNCTION facts.note_kept_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    new.kept_all := NULL;
    RETURN new;
END $$;
CREATE OR REPLACE TRIGGER note_kept_before BEFORE INSERT OR UPDATE ON facts.call FOR EACH ROW
    WHEN (current_setting('reporting.facts', true) IS DISTINCT FROM '2')
    EXECUTE FUNCTION facts.note_kept_before();

-- Of what was counted by now nothing is unknown, so these sums are right as they begin, and no day is to be counted again but those that
-- the version before still counts.
ALTER TABLE rollups.figure
    ADD COLUMN IF NOT EXISTS hold_unknown bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS acw_unknown bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS conversations_unknown bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE TRIGGER note_outdated_day AFTER INSERT OR UPDATE ON rollups.figure FOR EACH ROW
    WHEN (new.grain = 'day' AND new.scope = 'project' AND current_setting('reporting.formulas', true) IS DISTINCT FROM '4')
    EXECUTE FUNCTION rollups.note_outdated_day();
