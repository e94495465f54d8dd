-- Who was erased, what is theirs (calls), and streams that are about them: what is written into these later is taken out again.
CREATE TABLE IF NOT EXISTS erased (id uuid PRIMARY KEY, place text NOT NULL);
