-- Nobody works at two places at a time, whoever publishes when: the last word on what publications check themselves.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE SCHEMA IF NOT EXISTS rosters;

CREATE TABLE IF NOT EXISTS rosters.published_shift (
    day uuid PRIMARY KEY, agent uuid NOT NULL, span tstzrange NOT NULL,
    CONSTRAINT one_place_at_a_time EXCLUDE USING gist (agent WITH =, span WITH &&));
