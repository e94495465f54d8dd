-- What the other services said, one row per thing, newest version only; and the figures made from it.
-- Databases from before there were migrations have all of it, so each statement can be repeated. The calls' columns are those of CallV1; `at` is the instant a fact counts at.

CREATE SCHEMA IF NOT EXISTS quartz;
CREATE SCHEMA IF NOT EXISTS facts;
CREATE SCHEMA IF NOT EXISTS rollups;

-- In order of arrival over all facts: the position a figure says it was computed from.
CREATE SEQUENCE IF NOT EXISTS facts.position;

CREATE TABLE IF NOT EXISTS facts.call (
    id uuid PRIMARY KEY, version bigint NOT NULL, position bigint NOT NULL DEFAULT nextval('facts.position'),
    project_id uuid NOT NULL, at timestamptz, queue text NOT NULL, direction text NOT NULL, channel text NOT NULL,
    outcome text NOT NULL, agent_id uuid, offered_at timestamptz, answered_at timestamptz, ended_at timestamptz,
    wait_ms bigint, talk_s int NOT NULL, hold_s int NOT NULL, acw_s int NOT NULL);
CREATE INDEX IF NOT EXISTS call_at ON facts.call (project_id, at);

CREATE TABLE IF NOT EXISTS facts.evaluation (
    id uuid PRIMARY KEY, version bigint NOT NULL, position bigint NOT NULL DEFAULT nextval('facts.position'),
    project_id uuid NOT NULL, at timestamptz, agent_id uuid NOT NULL, call_id uuid NOT NULL, score numeric, passed boolean);
CREATE INDEX IF NOT EXISTS evaluation_at ON facts.evaluation (project_id, at);

CREATE TABLE IF NOT EXISTS facts.training_record (
    id uuid PRIMARY KEY, version bigint NOT NULL, position bigint NOT NULL DEFAULT nextval('facts.position'),
    project_id uuid NOT NULL, at timestamptz, agent_id uuid NOT NULL, attended boolean NOT NULL, minutes int NOT NULL);
CREATE INDEX IF NOT EXISTS training_record_at ON facts.training_record (project_id, at);

-- Agents' days, agents' rosters and queues' coverage: a local day made of spans of time.
CREATE TABLE IF NOT EXISTS facts.timeline (
    id uuid PRIMARY KEY, version bigint NOT NULL, position bigint NOT NULL DEFAULT nextval('facts.position'),
    project_id uuid NOT NULL, at timestamptz, until timestamptz, kind text NOT NULL, day date NOT NULL,
    agent_id uuid, queue text, spans jsonb NOT NULL);
CREATE INDEX IF NOT EXISTS timeline_day ON facts.timeline (project_id, day);

-- What has to be rolled up again. Only ever appended to, so that consumers never wait for one another; a roll-up deletes
-- what it has seen in the transaction that counts it. `at` is a quarter hour (which day that is, the project's zone
-- says later), or `day` is given.
CREATE TABLE IF NOT EXISTS rollups.mark (
    project_id uuid NOT NULL, at timestamptz, day date, kind text NOT NULL, added int NOT NULL DEFAULT 0,
    changed int NOT NULL DEFAULT 0, marked_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX IF NOT EXISTS mark_project ON rollups.mark (project_id);

-- What a project's figures were last computed under; a difference marks what it touches.
CREATE TABLE IF NOT EXISTS rollups.project (
    project_id uuid PRIMARY KEY, zone text NOT NULL, week_starts_on int NOT NULL, dimensions text NOT NULL);

-- The threshold of a queue and the team of an agent, as they were when the day was first rolled up: a later change of
-- either does not rewrite the past.
CREATE TABLE IF NOT EXISTS rollups.rule (
    project_id uuid NOT NULL, day date NOT NULL, queue text NOT NULL, seconds int NOT NULL, PRIMARY KEY (project_id, day, queue));
CREATE TABLE IF NOT EXISTS rollups.member (
    project_id uuid NOT NULL, day date NOT NULL, agent_id uuid NOT NULL, team_id uuid NOT NULL, PRIMARY KEY (project_id, day, agent_id));

-- grain: quarter, day or week (day = its first day). scope: project, queue, team or agent; key: which one.
CREATE TABLE IF NOT EXISTS rollups.figure (
    project_id uuid NOT NULL, grain text COLLATE "C" NOT NULL, scope text COLLATE "C" NOT NULL, day date NOT NULL,
    quarter smallint NOT NULL, key text COLLATE "C" NOT NULL,
    offered bigint NOT NULL, answered bigint NOT NULL, abandoned bigint NOT NULL, open bigint NOT NULL, other bigint NOT NULL,
    outbound bigint NOT NULL, answered_in_time bigint NOT NULL, abandoned_in_time bigint NOT NULL, abandoned_short bigint NOT NULL,
    wait_ms bigint NOT NULL, talk_s bigint NOT NULL, hold_s bigint NOT NULL, acw_s bigint NOT NULL,
    contact_ms bigint NOT NULL, ready_ms bigint NOT NULL, rostered_ms bigint NOT NULL,
    evaluations bigint NOT NULL, score_sum numeric NOT NULL, evaluations_passed bigint NOT NULL, training_minutes bigint NOT NULL,
    required_s numeric NOT NULL, scheduled_s numeric NOT NULL, covered_s numeric NOT NULL,
    position bigint NOT NULL, revision int NOT NULL DEFAULT 1,
    PRIMARY KEY (project_id, grain, scope, day, quarter, key));

-- Why a week's figures changed: the causes a restatement names.
CREATE TABLE IF NOT EXISTS rollups.change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, project_id uuid NOT NULL, week date NOT NULL, kind text NOT NULL,
    added int NOT NULL, changed int NOT NULL);
CREATE INDEX IF NOT EXISTS change_week ON rollups.change (project_id, week);

-- A queue's day as a fact for others: published until published_version has caught up with version.
CREATE TABLE IF NOT EXISTS rollups.queue_day (
    project_id uuid NOT NULL, queue text NOT NULL, day date NOT NULL, version bigint NOT NULL,
    published_version bigint NOT NULL DEFAULT 0, PRIMARY KEY (project_id, queue, day));
CREATE INDEX IF NOT EXISTS queue_day_unpublished ON rollups.queue_day (project_id, day) WHERE version > published_version;
