/**
 * Alarms: what an operator, or one of its addresses, was seen to do that an honest one does not do. `code` says what, and
 * `subject` about what: the same twice is one alarm. `evidence` is the file that shows it to everybody, where there is one;
 * neither it nor an alarm is ever changed or taken away again. `address_head` is the longest record that an address has
 * shown, so that it is known when it takes something back.
 */
export const up = `
CREATE TABLE alarm (
  id            INTEGER PRIMARY KEY,
  ledger        INTEGER NOT NULL REFERENCES ledger (id),
  code          TEXT NOT NULL,
  subject       TEXT NOT NULL,
  detail        TEXT NOT NULL,
  address       TEXT NOT NULL,
  first_seen    INTEGER NOT NULL,
  last_seen     INTEGER NOT NULL,
  times         INTEGER NOT NULL,
  evidence      BLOB,
  acknowledged  INTEGER,
  UNIQUE (ledger, code, subject)
) STRICT;

INSERT INTO alarm (ledger, code, subject, detail, address, first_seen, last_seen, times, evidence)
  SELECT ledger, code, iif(number = 1, '', number), '', endpoint, unixepoch(), unixepoch(), 1, file FROM (
    SELECT evidence.*, ledger.endpoint, kinds.code,
      row_number() OVER (PARTITION BY evidence.ledger, kinds.code ORDER BY evidence.id) AS number
    FROM evidence JOIN ledger ON ledger.id = evidence.ledger JOIN (
      SELECT id, iif(json_extract(CAST(file AS TEXT), '$.kind') = 'promise-broken', 'outbox-broken', 'sync-fork') AS code
      FROM evidence) AS kinds ON kinds.id = evidence.id
    ORDER BY evidence.id);
DROP TABLE evidence;

CREATE TRIGGER alarm_kept BEFORE DELETE ON alarm BEGIN SELECT RAISE(ABORT, 'alarms are kept'); END;
CREATE TRIGGER alarm_unchanged BEFORE UPDATE OF id, ledger, code, subject, detail, address, first_seen, evidence ON alarm
WHEN NEW.id IS NOT OLD.id OR NEW.ledger IS NOT OLD.ledger OR NEW.code IS NOT OLD.code OR NEW.subject IS NOT OLD.subject
  OR NEW.first_seen IS NOT OLD.first_seen OR (OLD.evidence IS NOT NULL
    AND (NEW.evidence IS NOT OLD.evidence OR NEW.detail IS NOT OLD.detail OR NEW.address IS NOT OLD.address))
BEGIN SELECT RAISE(ABORT, 'alarms are kept as they are'); END;

CREATE TABLE address_head (
  ledger   INTEGER NOT NULL REFERENCES ledger (id),
  address  TEXT NOT NULL,
  size     INTEGER NOT NULL,
  PRIMARY KEY (ledger, address)
) STRICT, WITHOUT ROWID;
`;
