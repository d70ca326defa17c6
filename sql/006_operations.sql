-- The account: which batches are in the database, and which files they came from.

CREATE TABLE IF NOT EXISTS ops.ledger (
    published_at timestamptz,
    committed_at timestamptz NOT NULL DEFAULT now(),
    received     integer NOT NULL,
    stored       integer NOT NULL,
    batch_id     text NOT NULL PRIMARY KEY,
    source       text NOT NULL,
    rejected     jsonb NOT NULL DEFAULT '{}',
    dropped      jsonb NOT NULL DEFAULT '{}'
);

CREATE INDEX IF NOT EXISTS ledger_committed_at ON ops.ledger (committed_at);
-- For LIKE 'prefix%' whatever the collation: all batches of one import.
CREATE INDEX IF NOT EXISTS ledger_batch_id_prefix ON ops.ledger (batch_id text_pattern_ops);

COMMENT ON TABLE ops.ledger IS
    'Every batch that was written, in the transaction that wrote its rows: received = stored + rejected + dropped. A batch that is delivered again is recognised here';
COMMENT ON COLUMN ops.ledger.batch_id IS 'The batch''s message id as delivered: the root id from ingest and a suffix for each stage';
COMMENT ON COLUMN ops.ledger.source IS 'Tail of the routing key, for example coastal.denmark';
COMMENT ON COLUMN ops.ledger.received IS 'Records that ingest published in this batch';
COMMENT ON COLUMN ops.ledger.stored IS 'Records of it that are in the database';
COMMENT ON COLUMN ops.ledger.rejected IS 'How many the decoder rejected, by reason';
COMMENT ON COLUMN ops.ledger.dropped IS 'How many the filter left out on purpose, by rule';
COMMENT ON COLUMN ops.ledger.published_at IS 'When ingest closed the batch; null for a stranger''s';
COMMENT ON COLUMN ops.ledger.committed_at IS 'When its rows were written; the ledger forgets a batch some days later';

CREATE TABLE IF NOT EXISTS ops.imports (
    published_at timestamptz NOT NULL,
    committed_at timestamptz NOT NULL DEFAULT now(),
    bytes        bigint NOT NULL,
    lines        bigint NOT NULL,
    records      bigint NOT NULL,
    batches      integer NOT NULL,
    content_hash text NOT NULL,
    source       text NOT NULL,
    file         text NOT NULL,
    batch_prefix text NOT NULL,
    PRIMARY KEY (content_hash, source)
);

COMMENT ON TABLE ops.imports IS 'Every file that was read to its end, once for each source it was read as';
COMMENT ON COLUMN ops.imports.content_hash IS 'Hash of the file''s bytes, by which it is recognised under any name';
COMMENT ON COLUMN ops.imports.source IS 'Tail of the routing key under which the file was read';
COMMENT ON COLUMN ops.imports.file IS 'Name of the file';
COMMENT ON COLUMN ops.imports.bytes IS 'Size of the file, bytes';
COMMENT ON COLUMN ops.imports.lines IS 'Lines in the file';
COMMENT ON COLUMN ops.imports.records IS 'Records that were published from it';
COMMENT ON COLUMN ops.imports.batches IS 'Batches in which they were published';
COMMENT ON COLUMN ops.imports.batch_prefix IS 'Start of the batch ids in ops.ledger that came from it';
COMMENT ON COLUMN ops.imports.published_at IS 'When its last batch was published';
COMMENT ON COLUMN ops.imports.committed_at IS 'When this row was written';
