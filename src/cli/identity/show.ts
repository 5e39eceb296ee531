/** How an identity is shown. Nothing secret is in it. */
import { toHex } from '../../core/bytes.ts';
import { explain } from '../../core/errors/family.ts';
import type { IdentityKey } from '../../core/identity/key-states.ts';
import type { OwnIdentity } from '../../wallet/identity/own-identity.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import { ownHere } from '../ledger/show-card.ts';
import type { VaultState } from '../../wallet/vault/session.ts';
import type { Wallet } from '../../wallet/wallet.ts';

interface Standing {
  readonly pinned: PinnedLedger;
  readonly own: OwnIdentity;
}

/** How the identity stands on every joined ledger; nothing when it cannot be opened. */
async function standings(wallet: Wallet, state: VaultState): Promise<readonly Standing[]> {
  if (state.name !== 'open') return [];
  const { pinnedLedgers } = await import('../../wallet/ledgers.ts');
  const { ownIdentity } = await import('../../wallet/identity/own-identity.ts');
  const found: Standing[] = [];
  for (const pinned of await pinnedLedgers(wallet.database)) {
    found.push({ pinned, own: await ownIdentity(wallet, pinned) });
  }
  return found;
}

const stateWords: Readonly<Record<VaultState['name'], string>> = {
  open: 'open',
  closed: 'locked',
  none: 'none',
  gone: 'gone',
  passphrase: 'waits for its passphrase',
  'no-keychain': 'closed: no keychain',
  locked: 'closed: the keychain is locked',
  lost: 'closed: the key is not in the keychain',
  'locked-or-lost': 'closed: the keychain is locked, or the key was lost',
  changed: 'closed: the key in the keychain is another one',
  damaged: 'closed: the sealed file is damaged',
};

function keyLine(key: IdentityKey, own: OwnIdentity): string {
  const isCurrent = own.identity?.current === key;
  const { height, index } = key.joinedAt;
  return `  ${isCurrent ? 'current' : 'ended  '}  ${toHex(key.sign)}  since block ${height}, message ${index}`;
}

function standingLines({ pinned, own }: Standing): readonly string[] {
  const { card, joined } = pinned;
  const asOf = `as of ${ownHere(joined)} of ${joined.size} blocks`;
  const lines = [`${card.origin}  (${asOf})`];
  const { identity } = own;
  if (identity === undefined) lines.push('  not announced');
  else {
    for (const key of identity.keys) lines.push(keyLine(key, own));
    if (identity.current === undefined) lines.push('  revoked: no key counts until it is recovered');
    else if (own.current === undefined && !own.isWatched) lines.push('  the current key is of other words');
  }
  for (const { kind, id } of own.pending)
    lines.push(`  ${kind} sent, not in a block yet: message ${toHex(id)}`);
  for (const { statement, reason } of own.void) {
    lines.push(`  ${statement.kind} without effect: message ${toHex(statement.id)}`);
    lines.push(`    ${explain(reason)?.happened ?? reason} [${reason}]`);
  }
  return lines;
}

/** An identity in sentences and lines. */
export async function identityLines(wallet: Wallet, state: VaultState): Promise<readonly string[]> {
  const isWatching = state.name === 'open' && !(await wallet.unlock()).canSign;
  const lines = [`profile   ${wallet.profile.name}`, `identity  ${stateWords[state.name]}`];
  if (isWatching) lines.push('          only watched: its words are elsewhere');
  const said = explain(state.code ?? '');
  if (said !== undefined)
    lines.push(...[said.happened, said.means, said.next].map((text) => `          ${text}`));
  for (const standing of await standings(wallet, state)) lines.push(...standingLines(standing));
  return lines;
}

function standingJson({ pinned, own }: Standing): Record<string, unknown> {
  const { joined, card } = pinned;
  const { identity } = own;
  return {
    ledger: joined.ledger.idText,
    origin: card.origin,
    blocks: ownHere(joined),
    announced: identity !== undefined,
    ...(identity?.current === undefined ? {} : { current: toHex(identity.current.sign) }),
    keys: (identity?.keys ?? []).map((key) => ({
      sign: toHex(key.sign),
      encrypt: toHex(key.encrypt),
      since: { height: key.joinedAt.height, index: key.joinedAt.index },
      current: identity?.current === key,
    })),
    usable: own.current !== undefined,
    pending: own.pending.map(({ kind, id }) => ({ kind, message: toHex(id) })),
    void: own.void.map(({ statement, reason }) => ({
      kind: statement.kind,
      message: toHex(statement.id),
      reason,
    })),
  };
}

/** An identity as JSON, in the form of the command line. */
export async function identityJson(wallet: Wallet, state: VaultState): Promise<Record<string, unknown>> {
  return {
    profile: wallet.profile.name,
    state: state.name,
    ...(state.code === undefined ? {} : { code: state.code }),
    ...(state.name === 'open' ? { watchOnly: !(await wallet.unlock()).canSign } : {}),
    ledgers: (await standings(wallet, state)).map(standingJson),
  };
}
