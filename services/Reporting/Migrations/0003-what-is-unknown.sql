-- Times to the millisecond, contacts of which a wait or an end is not known, and occupancy from calls.
ALTER TABLE facts.call ADD COLUMN IF NOT EXISTS queued_at timestamptz;
ALTER TABLE facts.call ADD COLUMN IF NOT EXISTS done_at timestamptz;
ALTER TABLE facts.call ADD COLUMN IF NOT EXISTS hold_ms bigint;
ALTER TABLE facts.call ADD COLUMN IF NOT EXISTS acw_ms bigint;

ALTER TABLE rollups.figure
    ADD COLUMN IF NOT EXISTS answered_timed bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS abandoned_timed bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS handled bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS talk_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS hold_ms bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS acw_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS on_calls_ms bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS by_calls_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS unmeasured_ms bigint NOT NULL DEFAULT 0;

-- Days that were counted by formulas of before: all there are now, and those that an instance of the version before still counts, by a
-- trigger. A roll-up by today's formulas says so (reporting.formulas) and takes the day away.
CREATE TABLE IF NOT EXISTS rollups.outdated_day (project_id uuid NOT NULL, day date NOT NULL, PRIMARY KEY (project_id, day));

CREATE OR REPLACE FUNCTION rollups.note_outdated_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rollups.outdated_day VALUES (new.project_id, new.day) ON CONFLICT DO NOTHING;
    RETURN null;
END $$;
CREATE OR REPLACE TRIGGER note_outdated_day AFTER INSERT OR UPDATE ON rollups.figure FOR EACH ROW
    WHEN (new.grain = 'day' AND new.scope = 'project' AND current_setting('reporting.formulas', true) IS DISTINCT FROM '2')
    EXECUTE FUNCTION rollups.note_outdated_day();

INSERT INTO rollups.outdated_day SELECT DISTINCT project_id, day FROM rollups.figure WHERE grain = 'day' ON CONFLICT DO NOTHING;
