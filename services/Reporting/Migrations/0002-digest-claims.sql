-- Who is about which digest and until when, by the database's clock. Numbers only rise: one that stood still is told from who came after it.
CREATE SCHEMA IF NOT EXISTS digests;
CREATE SEQUENCE IF NOT EXISTS digests.claim_number;
CREATE TABLE IF NOT EXISTS digests.claim (
    digest_id uuid PRIMARY KEY, number bigint NOT NULL DEFAULT nextval('digests.claim_number'), owner text NOT NULL, until timestamptz NOT NULL);

-- Weeks whose figures have changed and that no digest was compared with since. A row goes when that is done; by a trigger, so that an
-- instance of the version before tells it as well.
CREATE TABLE IF NOT EXISTS rollups.changed_week (
    project_id uuid NOT NULL, week date NOT NULL, change_id bigint NOT NULL, PRIMARY KEY (project_id, week));

CREATE OR REPLACE FUNCTION rollups.note_changed_week() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rollups.changed_week VALUES (new.project_id, new.week, new.id)
    ON CONFLICT (project_id, week) DO UPDATE SET change_id = greatest(changed_week.change_id, excluded.change_id);
    RETURN null;
END $$;
CREATE OR REPLACE TRIGGER note_changed_week AFTER INSERT ON rollups.change FOR EACH ROW EXECUTE FUNCTION rollups.note_changed_week();

INSERT INTO rollups.changed_week SELECT project_id, week, max(id) FROM rollups.change GROUP BY project_id, week ON CONFLICT DO NOTHING;
