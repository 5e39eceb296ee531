import { errorFamily } from './family.ts';

const untouched = 'The identity is still here, sealed; nothing was changed.';

/** What can go wrong with the sealed file that holds an identity's secret. */
export const vaultErrors = errorFamily('vault', {
  'vault-exists': {
    happened: 'This profile already has an identity.',
    means: 'It was left exactly as it is; nothing was overwritten.',
    next: 'Open the existing identity, or choose another profile.',
  },
  'vault-missing': {
    happened: 'This profile has no identity yet.',
    means: 'There is nothing to unlock.',
    next: 'Create one with "countersign identity new", or restore one from its words with "countersign identity restore".',
  },
  'vault-gone': {
    happened: 'This profile has private records, but the sealed file of its identity is gone.',
    means: 'Without that file the private records cannot be read. They were left as they are.',
    next: 'Put the file identity.sealed back, or restore a backup, or restore the identity from its words, into a new profile.',
  },
  'vault-foreign': {
    happened: 'The sealed identity of this profile is not the one that its private records belong to.',
    means: 'The sealed file or the database was exchanged. Both were left as they are.',
    next: 'Put the right file back, or restore a backup into a new profile.',
  },
  'vault-rows': {
    happened: 'Private records of this profile were changed, put back to an older state, or removed.',
    means: 'They cannot be relied on, so they are not shown. The public record is not affected.',
    next: 'Keep the profile folder as it is, and restore your last backup into a new profile.',
  },
  'vault-locked': {
    happened: 'The keychain that protects this identity is locked.',
    means: untouched,
    next: 'Unlock the keychain, as you do when you log in, then try again.',
  },
  'vault-lost': {
    happened: 'The keychain is open, but the key that protects this identity is not in it.',
    means: `The entry was deleted, or this is another user's keychain. ${untouched}`,
    next: 'Run "countersign identity restore" with your words: they open this same profile again. Or restore a backup.',
  },
  'vault-locked-or-lost': {
    happened: 'This profile has an identity, but the keychain does not hand out the key that protects it.',
    means: `The keychain is locked, belongs to another user, or its entry was deleted. ${untouched}`,
    next: 'Unlock the keychain and try again. If the entry is gone, run "countersign identity restore" with your words.',
  },
  'vault-changed': {
    happened: 'The keychain holds a key, but it does not open this identity.',
    means: 'The keychain entry or the sealed file was replaced or damaged. Nothing was changed.',
    next: 'Put the sealed file back from a copy, or run "countersign identity restore" with your words.',
  },
  'vault-unreadable': {
    happened: 'The sealed file of this profile cannot be read.',
    means: 'The disk or the permissions of the file refuse it. The identity is still there.',
    next: 'Check that the file is yours, that you may read it, and that its disk is mounted; then try again.',
  },
  'vault-malformed': {
    happened: 'The sealed file of this profile is damaged.',
    means: 'It cannot be read. It was left as it is.',
    next: 'Put it back from a copy, or restore a backup or your words into a new profile.',
  },
  'vault-cannot-write': {
    happened: 'The sealed file of this profile could not be written.',
    means: 'The identity was not created or changed.',
    next: 'Check that the profile folder has room and may be written, then try again.',
  },
  'vault-passphrase': {
    happened: 'The passphrase does not open this identity.',
    means: `It was mistyped, or the sealed file was damaged. ${untouched}`,
    next: 'Try again. If it is forgotten, run "countersign identity restore" with your words.',
  },
  'vault-passphrase-missing': {
    happened: 'This identity is protected by a passphrase, and none was given.',
    means: untouched,
    next: 'Run the command in a terminal, or give the passphrase by --passphrase-fd or COUNTERSIGN_PASSPHRASE.',
  },
  'vault-passphrase-differs': {
    happened: 'The two passphrases are not the same.',
    means: 'One of them was mistyped. Nothing was written.',
    next: 'Run the command again.',
  },
  'vault-not-asked': {
    happened: 'The question was not answered.',
    means: 'Nothing was changed.',
    next: 'Run the command again when you are ready.',
  },
  'vault-passphrase-weak': {
    happened: 'The passphrase has fewer than 12 characters.',
    means: 'Whoever gets the file could find it by trying. Nothing was written.',
    next: 'Choose a longer one: four or more words that nobody would guess.',
  },
  'vault-watch-only': {
    happened: 'This profile only watches: it does not hold the words of its identity.',
    means: 'It can read and check, but it cannot sign. Nothing was signed.',
    next: 'Sign on the machine that holds the identity, or restore it here from its words into a new profile.',
  },
  'vault-other-words': {
    happened: 'These are not the words of the identity in this profile.',
    means: 'They are sound words, but of another identity. Nothing was changed.',
    next: 'Find the right sheet of words, or restore these words into a new profile with --profile.',
  },
  'vault-revoked': {
    happened: 'The key of this identity was revoked on this ledger, and no new one took its place.',
    means: 'What it signed now would not count. Nothing was signed.',
    next: 'Recover with your recovery words: "countersign identity rotate --recovery".',
  },
  'vault-closed': {
    happened: 'The identity was locked while it was needed.',
    means: 'Nothing was signed and nothing was changed.',
    next: 'Unlock it and do it again.',
  },
});

export type VaultCode = keyof typeof vaultErrors;
