-- Which days say who was on a call, by agents' states or by calls that name their agents: those beside them go by that where they say nothing.
CREATE TABLE IF NOT EXISTS rollups.telling_day (
    project_id uuid NOT NULL, day date NOT NULL, by_states boolean NOT NULL, PRIMARY KEY (project_id, day));

-- As the figures know it by now, so that counting them again is no news for the days beside them.
INSERT INTO rollups.telling_day
SELECT project_id, day, bool_or(by_states) FROM (
    SELECT project_id, day, true AS by_states FROM facts.timeline WHERE kind = 'agent-day' AND spans @> '[{"kind": "busy"}]'
    UNION ALL SELECT project_id, day, false FROM rollups.figure WHERE grain = 'day' AND scope = 'agent' AND (answered > 0 OR outbound > 0)) AS said
GROUP BY project_id, day ON CONFLICT DO NOTHING;

CREATE OR REPLACE TRIGGER note_outdated_day AFTER INSERT OR UPDATE ON rollups.figure FOR EACH ROW
    WHEN (new.grain = 'day' AND new.scope = 'project' AND current_setting('reporting.formulas', true) IS DISTINCT FROM '3')
    EXECUTE FUNCTION rollups.note_outdated_day();

INSERT INTO rollups.outdated_day SELECT DISTINCT project_id, day FROM rollups.figure WHERE grain = 'day' ON CONFLICT DO NOTHING;
