import { errorFamily } from './family.ts';

const askAgain = 'Ask the owner of the key to make the statement again with a current release.';
const shown = 'The statement is kept and shown, but it changes nothing about any key.';

export const identityErrors = errorFamily('identity', {
  'identity-members': {
    happened: 'A statement about a key lacks an entry that it must have, or has one that it must not have.',
    means: shown,
    next: askAgain,
  },
  'identity-value': {
    happened: 'An entry of a statement about a key has a form that is not allowed.',
    means: shown,
    next: askAgain,
  },
  'identity-key': {
    happened: 'A statement names a key that cannot be used safely.',
    means: 'Anyone could sign or read with such a key, so the statement changes nothing.',
    next: 'Do not trust this key. Its owner has to make a new one.',
  },
  'identity-tag': {
    happened: 'A statement about a key does not carry the label by which it is found.',
    means: 'Whoever checks the key would miss it, so it changes nothing.',
    next: askAgain,
  },
  'identity-sender': {
    happened: 'A statement about a key was sent by a key that may not make it.',
    means: shown,
    next: 'If you meant to make it, do so with the key that it is about, or with your recovery words.',
  },
  'identity-recovery': {
    happened: 'A statement names as recovery key one of the very keys that the recovery key is to outrank.',
    means: 'Whoever stole that key could keep the identity for good, so the statement changes nothing.',
    next: 'Make it again with a recovery key from other words, kept apart.',
  },
  'identity-proof': {
    happened: 'The new key did not agree to take over.',
    means: 'Someone named a key that they may not hold, so the statement changes nothing.',
    next: askAgain,
  },
  'identity-history-ledger': {
    happened: 'Statements about keys of different ledgers were put together.',
    means: 'Keys stand differently in each ledger, so nothing was concluded from the mixture.',
    next: 'Take the statements from one ledger only, that of the message in question.',
  },
  'identity-history-place': {
    happened: 'Two different statements about keys are said to stand at the same place of the record.',
    means:
      'A place holds one message, so these do not come from one record; nothing was concluded from them.',
    next: 'Check both against the signed head. If both are proven, the operator signed two records: keep the proofs.',
  },
  'identity-history-too-long': {
    happened: 'The history of a key leads over more than 4,096 keys.',
    means:
      'Only its holders can make it so long. It was not followed to its end, and how the key stands is not known.',
    next: 'Do not rely on a signature by this key; ask its holder to begin again with a new identity.',
  },
  'identity-void-unknown': {
    happened: 'A statement is about a key that belongs to no identity.',
    means: shown,
    next: 'If the key is yours, announce it first.',
  },
  'identity-void-current': {
    happened: 'A key handed over to a new one although it was no longer the current key.',
    means: 'The handing over has no effect; the key had been replaced or ended before.',
    next: 'If you did not do this yourself, someone else holds the old key. Compare safety numbers again.',
  },
  'identity-void-recovery': {
    happened: 'Someone tried to use a recovery key that is not, or no longer, that of the identity.',
    means: shown,
    next: 'If it is your identity, make sure that you use your newest recovery words and number.',
  },
  'identity-void-used': {
    happened: 'A statement names as new key one that was named as new before.',
    means: 'A key serves one identity once, so the statement changes nothing.',
    next: 'Make it again with a fresh key.',
  },
  'identity-void-revoked': {
    happened: 'A statement names as new key one that was declared ended.',
    means: 'An ended key never comes back, so the statement changes nothing.',
    next: 'Make it again with a fresh key.',
  },
  'identity-void-commitment': {
    happened:
      'A statement mixes the recovery keys of an identity with its other keys, or names an old one again.',
    means: 'A recovery key serves once and for recovery only, so the statement changes nothing.',
    next: 'Make it again with fresh keys, and a recovery key from other words.',
  },
});

export type IdentityCode = keyof typeof identityErrors;
