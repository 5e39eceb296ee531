import { errorFamily } from './family.ts';

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
    next: 'Create an identity or restore one from its recovery words.',
  },
  'vault-locked-or-lost': {
    happened: 'This profile has an identity, but the keychain does not hand out the key that protects it.',
    means:
      'The keychain is locked, belongs to another user, or its entry was deleted. The identity is still here.',
    next: 'Unlock the keychain and try again. If the entry is gone, restore the identity from its recovery words.',
  },
  'vault-changed': {
    happened: 'The keychain holds a key, but it does not open this identity.',
    means: 'The keychain entry or the sealed file was replaced or damaged. Nothing was changed.',
    next: 'Restore the sealed file from a backup, or restore the identity from its recovery words.',
  },
  'vault-unreadable': {
    happened: 'The sealed file of this profile cannot be read.',
    means: 'The disk or the permissions of the file refuse it. The identity is still there.',
    next: 'Check that the file is yours, that you may read it, and that its disk is mounted; then try again.',
  },
  'vault-malformed': {
    happened: 'The sealed file of this profile is damaged.',
    means: 'It cannot be read. It was left as it is.',
    next: 'Restore it from a backup, or restore the identity from its recovery words.',
  },
  'vault-cannot-write': {
    happened: 'The sealed file of this profile could not be written.',
    means: 'The identity was not created.',
    next: 'Check that the profile folder has room and may be written, then try again.',
  },
});

export type VaultCode = keyof typeof vaultErrors;
