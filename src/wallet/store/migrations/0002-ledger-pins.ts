/**
 * What a person pinned when joining a ledger: its card. Origin, id and log key never change afterwards; the card may be
 * replaced by one with other addresses or another policy. `origin` stands in the card too; here it is what keeps two
 * ledgers of one name out.
 */
export const up = `
CREATE TABLE ledger_pin (
  ledger     INTEGER PRIMARY KEY REFERENCES ledger (id),
  origin     TEXT NOT NULL UNIQUE,
  card       BLOB NOT NULL,
  pinned_at  INTEGER NOT NULL
) STRICT;
`;
