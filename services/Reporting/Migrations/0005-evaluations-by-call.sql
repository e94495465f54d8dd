-- Evaluations by the time of their call.
ALTER TABLE rollups.figure
    ADD COLUMN IF NOT EXISTS call_evaluations bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS call_score_sum numeric NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS call_evaluations_passed bigint NOT NULL DEFAULT 0;

INSERT INTO rollups.outdated_day SELECT DISTINCT project_id, day FROM rollups.figure WHERE grain = 'day' ON CONFLICT DO NOTHING;
