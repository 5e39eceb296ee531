/**
 * The record: what the ledger's public blocks say. Integer keys inside, hashes only where they are looked up,
 * because random keys in every index make inserts slower with every million rows.
 *
 * `ledger.size` headers are under `ledger.checkpoint`, and `ledger.tree` holds the peaks of the tree over them; the
 * messages of the first `ledger.filled` blocks are here. They move in one transaction with what they count, so there is
 * never a gap below them. Headers that no signed head is known to cover yet wait in `incoming`, which counts for nothing.
 *
 * `tagged` says which message carries which tag in its head. A message's own id is a tag too, and gets a row in `tag`
 * only when another message carries it: until then its link is the message's height with a total of 1.
 *
 * `evidence` holds the files that prove a lie of the operator.
 */
export const up = `
CREATE TABLE ledger (
  id          INTEGER PRIMARY KEY,
  ledger_id   BLOB NOT NULL UNIQUE,
  founding    BLOB NOT NULL,
  endpoint    TEXT NOT NULL,
  checkpoint  BLOB,
  tree        BLOB NOT NULL,
  size        INTEGER NOT NULL,
  filled      INTEGER NOT NULL
) STRICT;

CREATE TABLE incoming (
  ledger   INTEGER NOT NULL REFERENCES ledger (id),
  session  BLOB NOT NULL,
  height   INTEGER NOT NULL,
  header   BLOB NOT NULL,
  PRIMARY KEY (ledger, session, height)
) STRICT, WITHOUT ROWID;

CREATE TABLE block (
  ledger   INTEGER NOT NULL REFERENCES ledger (id),
  height   INTEGER NOT NULL,
  header   BLOB NOT NULL,
  PRIMARY KEY (ledger, height)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
  id          INTEGER PRIMARY KEY,
  ledger      INTEGER NOT NULL REFERENCES ledger (id),
  height      INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  message_id  BLOB NOT NULL,
  leaf        BLOB NOT NULL,
  data        BLOB,
  UNIQUE (ledger, height, position),
  UNIQUE (ledger, message_id)
) STRICT;

CREATE TABLE tag (
  id      INTEGER PRIMARY KEY,
  ledger  INTEGER NOT NULL REFERENCES ledger (id),
  tag     BLOB NOT NULL,
  height  INTEGER NOT NULL,
  total   INTEGER NOT NULL,
  UNIQUE (ledger, tag)
) STRICT;
CREATE INDEX tag_by_height ON tag (ledger, height);

CREATE TABLE tagged (
  tag      INTEGER NOT NULL REFERENCES tag (id),
  message  INTEGER NOT NULL REFERENCES message (id),
  PRIMARY KEY (tag, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  id      INTEGER PRIMARY KEY,
  ledger  INTEGER NOT NULL REFERENCES ledger (id),
  file    BLOB NOT NULL,
  UNIQUE (ledger, file)
) STRICT;
`;
