-- Who was erased, what is theirs (calls), and streams that are about them: what is written into these later is taken out again.
CREATE TABLE IF NOT EXISTS erased (id uuid PRIMARY KEY);

-- Erasures of before there was this table.
DO $$
DECLARE erasures regclass;
BEGIN
    FOR erasures IN SELECT oid FROM pg_class WHERE relname = 'mt_doc_employeeerasedv1' AND relkind = 'r' LOOP
        EXECUTE format('INSERT INTO erased SELECT id FROM %s ON CONFLICT DO NOTHING', erasures);
    END LOOP;
    FOR erasures IN SELECT oid FROM pg_class WHERE relname = 'mt_doc_customererasedv1' AND relkind = 'r' LOOP
        EXECUTE format(
            'INSERT INTO erased SELECT jsonb_array_elements_text(data -> ''Calls'')::uuid FROM %s ON CONFLICT DO NOTHING', erasures);
    END LOOP;
END $$;
