-- What the live floor is made of beside documents: contact legs as far as they say how queues stand, and the minutes in which each
-- project's source of states was heard.
CREATE SCHEMA IF NOT EXISTS floor;

-- Of a leg that is older than the floor looks back only id and version stay, for its owner asks which are held.
CREATE TABLE IF NOT EXISTS floor.leg (
    id uuid PRIMARY KEY, version bigint NOT NULL, project_id uuid, queue text, came_at timestamptz, answered_at timestamptz,
    ended_at timestamptz, outcome text);
CREATE INDEX IF NOT EXISTS leg_of_project ON floor.leg (project_id, came_at) WHERE came_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS floor.sign (
    project_id uuid NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (project_id, at));
