/**
 * The record: what the ledger's public blocks say. Integer keys inside, hashes only where they are looked up,
 * because random keys in every index make inserts slower with every million rows.
 *
 * `ledger.size` headers are under `ledger.checkpoint`, and `ledger.tree` holds the peaks of the tree over them; the
 * messages of the first `ledger.filled` blocks are here. They move in one transaction with what they count, so there is
 * never a gap below them. Headers that no signed head is known to cover yet wait in `incoming`, which counts for nothing.
 *
 * A message is found by its id over `message_key`: the first eight bytes of the id, in a table of their own, which is
 * written in its own order once for many messages. An index over whole ids, written message by message, makes inserts
 * three times slower at a million. Ids are hashes: nobody can choose many with the same first bytes.
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
  UNIQUE (ledger, height, position)
) STRICT;

CREATE TABLE message_key (
  key      BLOB NOT NULL,
  message  INTEGER NOT NULL,
  PRIMARY KEY (key, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
  id      INTEGER PRIMARY KEY,
  ledger  INTEGER NOT NULL REFERENCES ledger (id),
  tag     BLOB NOT NULL,
  height  INTEGER NOT NULL,
  total   INTEGER NOT NULL,
  UNIQUE (ledger, tag)
) STRICT;

CREATE TABLE tagged (
  tag      INTEGER NOT NULL,
  message  INTEGER NOT NULL,
  PRIMARY KEY (tag, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence (
  id      INTEGER PRIMARY KEY,
  ledger  INTEGER NOT NULL REFERENCES ledger (id),
  file    BLOB NOT NULL,
  UNIQUE (ledger, file)
) STRICT;
`;
