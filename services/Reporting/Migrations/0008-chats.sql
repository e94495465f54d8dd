-- Chats by how they were greeted and replied to.
CREATE TABLE IF NOT EXISTS facts.chat (
    id uuid PRIMARY KEY, version bigint NOT NULL, position bigint NOT NULL DEFAULT nextval('facts.position'),
    project_id uuid NOT NULL, at timestamptz, agent_id uuid, greeting_s numeric, reply_s numeric, asked boolean NOT NULL);
CREATE INDEX IF NOT EXISTS chat_at ON facts.chat (project_id, at);

-- Of before no chat is known, so these sums are right as they begin, and no day is to be counted again but those that the version before
-- still counts.
ALTER TABLE rollups.figure
    ADD COLUMN IF NOT EXISTS chats bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS chats_greeted_in_time bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS chats_asked bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS chats_replied_in_time bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE TRIGGER note_outdated_day AFTER INSERT OR UPDATE ON rollups.figure FOR EACH ROW
    WHEN (new.grain = 'day' AND new.scope = 'project' AND current_setting('reporting.formulas', true) IS DISTINCT FROM '5')
    EXECUTE FUNCTION rollups.note_outdated_day();
