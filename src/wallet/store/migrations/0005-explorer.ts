/**
 * Finding messages by who signed them and by their type, newest first. Both are read out of the leaf, where they stand
 * behind its first byte, the length of the type (`docs/spec/envelope.md`), so that nothing is stored twice.
 */
export const up = `
CREATE INDEX message_by_sender ON message (ledger, substr(leaf, 3 + unicode(substr(leaf, 1, 1)), 32), height, position);
CREATE INDEX message_by_type ON message (ledger, substr(leaf, 2, unicode(substr(leaf, 1, 1))), height, position);
`;
