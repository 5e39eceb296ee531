/** How the identity of a profile stands. No secret is needed for that, and no dialog is opened. */
import type { VaultState } from '../vault/session.ts';
import { type Finding, found, type FindingState, sound } from './findings.ts';

const about = 'Identity';

const fine: Readonly<Partial<Record<VaultState['name'], string>>> = {
  open: 'The identity opens with its keychain.',
  closed: 'The identity is locked.',
  none: 'This profile has no identity: it reads and checks, and signs nothing.',
  passphrase: 'The identity is protected by a passphrase, which was not asked for.',
};

/** What passes by itself, or by unlocking, and what does not. */
const passing: readonly VaultState['name'][] = ['locked', 'locked-or-lost', 'no-keychain'];

export function aboutVault({ name, code }: VaultState): Finding {
  const words = fine[name];
  if (words !== undefined) return sound(about, words);
  const state: FindingState = passing.includes(name) ? 'note' : 'bad';
  return found(state, about, code ?? 'vault-unreadable');
}
