-- What legs belong to: the leg that one continues, the conversation it is a part of, the customer it is with.
-- `kept_version` is the version by which a row knows that: a row of which the version before has kept another is behind.
ALTER TABLE facts.call ADD COLUMN IF NOT EXISTS linked_call_id uuid;
ALTER TABLE facts.call ADD COLUMN IF NOT EXISTS conversation_id uuid;
ALTER TABLE facts.call ADD COLUMN IF NOT EXISTS customer_id uuid;
ALTER TABLE facts.call ADD COLUMN IF NOT EXISTS kept_version bigint;

ALTER TABLE rollups.figure
    ADD COLUMN IF NOT EXISTS conversations bigint NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS transfers bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS conversations_handled bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS conversation_handle_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS conversations_of_known bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS conversations_repeated bigint NOT NULL DEFAULT 0;

INSERT INTO rollups.outdated_day SELECT DISTINCT project_id, day FROM rollups.figure WHERE grain = 'day' ON CONFLICT DO NOTHING;
