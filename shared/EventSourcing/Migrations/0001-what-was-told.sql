-- Which version of each fact the others were told last: stored with the progress of what told it, so the two are always of one time.
CREATE TABLE IF NOT EXISTS told (
    fact text COLLATE "C" NOT NULL, bucket smallint NOT NULL GENERATED ALWAYS AS (get_byte(uuid_send(id), 15)) STORED,
    id uuid NOT NULL, version bigint NOT NULL, stream uuid NOT NULL, PRIMARY KEY (fact, bucket, id));

-- The database's histories, one after the other: a restore begins another. `place` says which server, timeline and database it is.
CREATE TABLE IF NOT EXISTS epoch (
    number bigint PRIMARY KEY, place text NOT NULL, since timestamptz NOT NULL DEFAULT now(), announced boolean NOT NULL DEFAULT false);

-- A request to tell everything again, and how far it has been met.
CREATE TABLE IF NOT EXISTS republication (requested_at timestamptz PRIMARY KEY);
ALTER TABLE republication ADD COLUMN IF NOT EXISTS told_through uuid;

-- What was told before there was this table is told once more, and so gets into it.
INSERT INTO republication SELECT now() WHERE EXISTS (SELECT FROM pg_tables WHERE tablename = 'mt_events') ON CONFLICT DO NOTHING;
