/** What a person chooses of a copy: everything, or only their own; and what they want to follow beside that. */
import { keyStatusTag } from '../../core/identity/statement.ts';
import { senderTag } from '../../core/record/sender-tag.ts';
import type { PinnedLedger } from '../ledgers.ts';
import {
  addFollowed,
  followedTags,
  type FollowWish,
  removeFollowed,
  setMode,
} from '../store/followed-store.ts';
import type { SyncMode } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';
import { refresh } from '../records/refresh.ts';
import { isKnown } from './known.ts';
import { keyWish } from './own-tags.ts';

export interface Choice {
  /** As it is when left out. */
  readonly mode?: SyncMode;
  /** Everything that carries these tags. */
  readonly tags: readonly Uint8Array[];
  /** The histories of these keys, and everything with their sender tags. */
  readonly keys: readonly Uint8Array[];
  /** Tags and keys that are not to be followed any more; what is here of them stays. */
  readonly forget: readonly Uint8Array[];
}

/** Keeps what a person chose: the next synchronisation does it. */
export async function choose(wallet: Wallet, { joined }: PinnedLedger, choice: Choice): Promise<void> {
  const wishes: FollowWish[] = choice.tags.map((tag) => ({ tag, why: 'tag' }));
  for (const key of choice.keys) wishes.push(keyWish(key), { tag: senderTag(key), why: 'tag' });
  await wallet.store.transaction(async ({ statements }) => {
    if (choice.mode !== undefined) await setMode(statements, joined, choice.mode);
    for (const name of choice.forget) {
      for (const tag of [name, keyStatusTag(name), senderTag(name)])
        await removeFollowed(statements, joined, tag);
    }
    await addFollowed(statements, joined, wishes);
  });
}

/** Whether anything is followed on a ledger: then it can go on without the identity. */
export async function followsAnything(wallet: Wallet, { joined }: PinnedLedger): Promise<boolean> {
  return (await followedTags(wallet.database, joined)).length > 0;
}

/**
 * Makes sure that the history of a key is here, before something is said about it: a copy that follows fetches it.
 * @returns the ledger as it stands then.
 * @throws CountersignError as `refresh` does.
 */
export async function learnKey(wallet: Wallet, pinned: PinnedLedger, key: Uint8Array): Promise<PinnedLedger> {
  const { joined } = pinned;
  if (joined.mode === 'full' || (await isKnown(wallet.database, joined, keyStatusTag(key)))) return pinned;
  await wallet.store.transaction(({ statements }) => addFollowed(statements, joined, [keyWish(key)]));
  return (await refresh(wallet, pinned)).pinned;
}
