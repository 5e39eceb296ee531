/**
 * Following: a copy that holds all headers, and of the messages only what carries certain tags. `mode` is what the next
 * synchronisation does; what is held follows from the rest: every message of the blocks below `ledger.filled`, and of
 * the blocks from there on those in `followed_message`. `ledger.followed` is the number of blocks up to which everything
 * that was to be followed at the last whole synchronisation is here.
 *
 * For each tag in `followed_tag` all messages of the blocks `first` to `covered` - 1 are here, shown to be all by links,
 * totals and roll-ups; `height` is the newest of these blocks with the tag, and `total` its running total. `why` is `key`
 * for a key whose history was asked for, `found` for one that such a history led to, `tag` for any other tag, and `sent`
 * for the id of a message that waits for its block. Tags and keys are public values; whose they are stands in sealed rows.
 *
 * `followed_message.proof` shows where the message stands, as in a receipt but without the header's place under the
 * signed head, which grows. `followed_carried` says which message carries which tag in its head.
 */
export const up = `
ALTER TABLE ledger ADD COLUMN mode TEXT NOT NULL DEFAULT 'full' CHECK (mode IN ('full', 'follow'));
ALTER TABLE ledger ADD COLUMN followed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE followed_tag (
  id       INTEGER PRIMARY KEY,
  ledger   INTEGER NOT NULL REFERENCES ledger (id),
  tag      BLOB NOT NULL,
  why      TEXT NOT NULL CHECK (why IN ('key', 'found', 'tag', 'sent')),
  key      BLOB,
  first    INTEGER NOT NULL,
  covered  INTEGER NOT NULL,
  height   INTEGER,
  total    INTEGER NOT NULL,
  UNIQUE (ledger, tag)
) STRICT;

CREATE TABLE followed_message (
  id          INTEGER PRIMARY KEY,
  ledger      INTEGER NOT NULL REFERENCES ledger (id),
  height      INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  message_id  BLOB NOT NULL,
  leaf        BLOB NOT NULL,
  data        BLOB,
  proof       BLOB NOT NULL,
  UNIQUE (ledger, height, position)
) STRICT;
CREATE INDEX followed_by_id ON followed_message (ledger, message_id);

CREATE TABLE followed_carried (
  ledger   INTEGER NOT NULL,
  tag      BLOB NOT NULL,
  message  INTEGER NOT NULL REFERENCES followed_message (id),
  PRIMARY KEY (ledger, tag, message)
) STRICT, WITHOUT ROWID;
`;
