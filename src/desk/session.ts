/** One open profile: the wallet, its ledger, and who keeps its key. */
import type { IdentityView, LedgerView } from '../contract/state.ts';
import { headerAt } from '../wallet/explorer/copy.ts';
import type { Keychain } from '../wallet/keychain/keychain.ts';
import { type PinnedLedger, pinnedLedgers } from '../wallet/ledgers.ts';
import { listProfiles, profileOf } from '../wallet/profile.ts';
import { reachOf } from '../wallet/store/record-reader.ts';
import { openWallet, type Wallet } from '../wallet/wallet.ts';
import { openPractice } from './practice/practice.ts';
import { failureOf } from './explanations.ts';
import { type Preferences, preferencesOf } from './preferences.ts';
import type { DeskSetup } from './protocol.ts';

/** How long a locked keychain's own dialog may stand open. */
const patienceMs = 120_000;

export interface Session {
  readonly kind: 'own' | 'practice';
  readonly wallet: Wallet;
  /** Links of the cards of sample people; only a practice ledger has some. */
  readonly samples: readonly string[];
  /** The keychain of this user, for new profiles. */
  readonly keychain: Keychain;
  /** The keychain in which the key of this profile lies. */
  readonly keeper: Keychain;
  readonly preferences: Preferences;
  /** Ends what was started for the profile. */
  readonly stop: () => Promise<void>;
}

export async function closeSession({ wallet, preferences, stop }: Session): Promise<void> {
  await wallet.close();
  await preferences.settled();
  await stop();
}

/** Opens the practice ledger. */
export async function practiceSession(setup: DeskSetup, keychain: Keychain): Promise<Session> {
  const { wallet, keychain: keeper, samples, stop } = await openPractice(setup.practiceFolder);
  const preferences = preferencesOf(wallet.profile);
  return { kind: 'practice', wallet, samples, keychain, keeper, preferences, stop };
}

/**
 * Opens a profile of this machine.
 * @param passphrase asks the person in a window of its own.
 */
export async function ownSession(
  keychain: Keychain,
  name: string,
  mode: 'existing' | 'create',
  passphrase: () => Promise<string | undefined>,
): Promise<Session> {
  const patience = { waitMs: patienceMs, onWaiting: () => undefined };
  const wallet = await openWallet(profileOf(name), { keychain, passphrase, patience }, mode);
  const preferences = preferencesOf(wallet.profile);
  const stop = (): Promise<void> => Promise.resolve();
  return { kind: 'own', wallet, samples: [], keychain, keeper: keychain, preferences, stop };
}

/** Names of the profiles of this machine; in a preview there are none. */
export async function profilesOf({ practiceOnly }: DeskSetup): Promise<readonly string[]> {
  return practiceOnly ? [] : listProfiles();
}

/** A name for a new profile that is not taken. */
export async function freeProfileName(): Promise<string> {
  const taken = await listProfiles();
  if (!taken.includes('default')) return 'default';
  for (let n = 2; ; n++) if (!taken.includes(`profile-${n}`)) return `profile-${n}`;
}

/** How the identity stands, without any dialog. */
export async function identityView({ wallet }: Session): Promise<IdentityView> {
  const { name: state, code } = await wallet.vaultState();
  const canSign = state === 'open' && (await wallet.unlock()).canSign;
  return { state, canSign, ...(code === undefined ? {} : { failure: failureOf(code) }) };
}

/** All ledgers of the profile, the one that is shown first: the one that was chosen, or the first by name. */
export async function allLedgers({ wallet, preferences }: Session): Promise<readonly PinnedLedger[]> {
  const all = await pinnedLedgers(wallet.database);
  const shown = all.find(({ joined }) => joined.ledger.idText === preferences.value.shown);
  return shown === undefined ? all : [shown, ...all.filter((one) => one !== shown)];
}

/** The ledger that is shown. */
export async function currentLedger(session: Session): Promise<PinnedLedger | undefined> {
  return (await allLedgers(session))[0];
}

export async function ledgerView({ wallet }: Session, pinned: PinnedLedger): Promise<LedgerView> {
  const { joined, card } = pinned;
  const newest = joined.size === 0 ? undefined : await headerAt(wallet.database, joined, joined.size - 1);
  return {
    id: joined.ledger.idText,
    origin: card.origin,
    endpoints: card.endpoints,
    asksForWitnesses: card.trust.quorum !== 'none',
    size: joined.size,
    // The founding block holds no messages, so it is here as soon as its header is.
    filled: Math.min(joined.size, Math.max(joined.filled, 1)),
    mode: joined.mode,
    reach: reachOf(joined),
    ...(newest === undefined ? {} : { sealed: newest.time }),
  };
}
