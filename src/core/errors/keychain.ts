import { errorFamily } from './family.ts';

/** What can go wrong between Countersign and the keychain of the operating system. */
export const keychainErrors = errorFamily('keychain', {
  'keychain-unavailable': {
    happened: 'This machine has no keychain that Countersign can reach.',
    means: 'The key that protects your identity has no safe place, so nothing was created or opened.',
    next: 'Log in to a desktop session with a keyring (on Debian: gnome-keyring with dbus). Or use a passphrase: --keeper passphrase, with "countersign identity new", or with "countersign identity restore" and your words.',
  },
  'keychain-locked': {
    happened: 'The keychain of this machine is locked.',
    means: 'The key that is to protect the identity cannot be put there. Nothing was created or changed.',
    next: 'Unlock the keychain, as you do when you log in, then try again.',
  },
  'keychain-no-answer': {
    happened: 'The keychain did not answer in time.',
    means: 'It is probably waiting for you to unlock it. Your data is unchanged.',
    next: 'Look for a window that asks for your keychain password, unlock it, then try again.',
  },
  'keychain-refused': {
    happened: 'The keychain refused the request.',
    means: 'Nothing was read or written. Your data is unchanged.',
    next: 'Unlock the keychain and allow Countersign to use it, then try again.',
  },
  'keychain-driver': {
    happened: 'The keychain driver of this installation cannot be loaded.',
    means: 'Everything that needs no identity still works; identities cannot be opened.',
    next: 'Run ./start once and follow what it says about missing system packages.',
  },
});

export type KeychainCode = keyof typeof keychainErrors;
