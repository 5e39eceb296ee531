/**
 * Private rows: what only this profile knows (contacts, checks of keys, cards of one's own). Each is sealed for its table,
 * key and version; only that there are so many rows can be seen. `private_mark` is one sealed row that counts them all,
 * so that a part of them cannot be put back or taken away unnoticed (`wallet/vault/private-rows.ts`).
 */
export const up = `
CREATE TABLE private_row (
  kind     TEXT NOT NULL,
  key      TEXT NOT NULL,
  version  INTEGER NOT NULL,
  sealed   BLOB NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE private_mark (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  version  INTEGER NOT NULL,
  sealed   BLOB NOT NULL
) STRICT;
`;
