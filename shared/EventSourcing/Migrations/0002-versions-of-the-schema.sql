-- Which versions of the schema this database has been brought to. A version that is in it can run.
CREATE TABLE IF NOT EXISTS schema_version (version text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
