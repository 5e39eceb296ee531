/**
 * The outbox: messages of this profile on their way into a block. Before a message is public only its id stands here;
 * the message itself is a private row of the kind `outbox`. `promise` is the operator's signed note, `evidence` the file
 * that shows that it was broken.
 */
export const up = `
CREATE TABLE outbox (
  id            INTEGER PRIMARY KEY,
  ledger        INTEGER NOT NULL REFERENCES ledger (id),
  message_id    BLOB NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('queued', 'accepted', 'in-block', 'refused', 'broken')),
  attempts      INTEGER NOT NULL DEFAULT 0,
  next_attempt  INTEGER NOT NULL DEFAULT 0,
  problem       TEXT,
  promise       BLOB,
  height        INTEGER,
  evidence      BLOB,
  UNIQUE (ledger, message_id)
) STRICT;
CREATE INDEX outbox_open ON outbox (ledger, id) WHERE state <> 'in-block';
`;
