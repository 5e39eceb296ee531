/**
 * Sending what waits in channels. Each thing is sealed for the members of this moment and sent at once; what was sealed
 * and not taken is taken back when the members have changed since. Bring the copy up to date before.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { composeMessage, type Draft, sealMessage } from '../../core/record/envelope.ts';
import type { VerifiedMessage } from '../../core/record/message.ts';
import type { PinnedLedger } from '../ledgers.ts';
import { outboxItem, queueMessages, withdrawQueued } from '../outbox/outbox.ts';
import { sendQueued, type Sender } from '../outbox/send-queued.ts';
import { settleOutbox } from '../outbox/settle.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import type { Signer } from '../vault/signer.ts';
import type { Wallet } from '../wallet.ts';
import { type ChannelDraft, dropDraft, keepDraft, openDrafts, queueJoin, swapDraft } from './drafts.ts';
import { isOfOneChannel, type LocalChannel, openChannel } from './open.ts';
import { hadJoined, ownStanding } from './people.ts';
import { channelRows } from './rows.ts';
import { sealIntent } from './seal.ts';

export interface DeliverOptions {
  /** Seconds since 1970. */
  readonly now: () => number;
  /** `at once`: a person asked for it. `due`: only what has waited long enough since the last failure. */
  readonly when: 'at once' | 'due';
  /** Stops after the message in hand. */
  readonly signal?: AbortSignal;
  /** In place of HTTP. */
  readonly send?: Sender;
}

/** What became of what waited. */
export interface DeliverReport {
  /** Drafts that are done now: in a block, or there was nothing left to do. */
  readonly done: readonly ChannelDraft[];
  /** Drafts that still wait, in their order: for a block, for a way to send, or because of their problem. */
  readonly waiting: readonly ChannelDraft[];
  /** Whether some of them can go on once what was sent is in a block. */
  readonly needsBlock: boolean;
  /** Why sending failed, when it did. */
  readonly failure: CountersignError | undefined;
}

interface Desk {
  readonly wallet: Wallet;
  readonly rows: PrivateRows;
  readonly pinned: PinnedLedger;
  readonly signer: Signer;
  readonly options: DeliverOptions;
  readonly done: ChannelDraft[];
  /** Messages in the outbox that are sealed for the members of this moment, in hexadecimal. */
  readonly fitting: Set<string>;
}

/** How far a draft is. `sent` lets the next one begin, `waits` does not. */
type Step = 'done' | 'sent' | 'waits';

/** A draft as it was before it was sealed. */
function unsealed(draft: ChannelDraft): ChannelDraft {
  const { id, ledger, transaction, channel, number, created, intent } = draft;
  return { id, ledger, transaction, channel, number, created, intent };
}

/** Whether what comes after it has to wait for its block. */
function beginsEpoch({ intent }: ChannelDraft): boolean {
  return intent.kind === 'found' || intent.kind === 'members' || intent.kind === 'renew';
}

/** Whether a queued message was sealed for an epoch that is not current any more. */
function isOutdated(channel: LocalChannel, draft: ChannelDraft): boolean {
  const { kind } = draft.intent;
  if (kind === 'invite' || kind === 'notice') return false;
  const now = channel.current?.epoch.id;
  const then = draft.epoch;
  return then === undefined ? now !== undefined : now === undefined || !equalBytes(now, then);
}

async function seal(desk: Desk, channel: LocalChannel, draft: ChannelDraft): Promise<Step> {
  const { rows, signer, wallet, options } = desk;
  const sealer = { sender: signer.publicKey, now: options.now() };
  const sealing = await sealIntent(wallet, channel, sealer, draft.intent);
  if (sealing.kind === 'done') return 'done';
  if (sealing.kind === 'wait') return 'waits';
  if (sealing.kind === 'problem') {
    await keepDraft(rows, { ...unsealed(draft), problem: sealing.code });
    return 'waits';
  }
  const isOurs = await enter(desk, channel, draft, sealing.draft);
  return isOurs && !beginsEpoch(draft) ? 'sent' : 'waits';
}

/**
 * Signs a message and puts it into the outbox. Its id is kept first: one that is queued is never sealed a second time.
 * @returns false when another window of this profile has just sealed it.
 */
async function enter(desk: Desk, channel: LocalChannel, draft: ChannelDraft, made: Draft): Promise<boolean> {
  const { rows, signer, wallet, pinned, fitting } = desk;
  const unsigned = composeMessage(made);
  const message = sealMessage(unsigned, signer.sign(unsigned.signedBytes));
  const epoch = channel.current === undefined ? {} : { epoch: channel.current.epoch.id };
  const sealed = { ...unsealed(draft), ...epoch, sent: message.id };
  if (!(await swapDraft(rows, draft, sealed))) return false;
  await queueMessages(wallet.database, rows, pinned.joined, [message]);
  fitting.add(toHex(message.id));
  return true;
}

/** What became of an announcement that is in a block. */
function outcome(channel: LocalChannel, sent: Uint8Array): 'counts' | 'again' | undefined {
  const found = channel.chain.outcomes.find(({ announcement }) => equalBytes(announcement.id, sent));
  if (found === undefined) return undefined;
  return found.void === undefined ? 'counts' : 'again';
}

/** Goes on with one that was sealed before. */
async function goOn(desk: Desk, channel: LocalChannel, draft: ChannelDraft, sent: Uint8Array): Promise<Step> {
  const { wallet, pinned, rows, fitting } = desk;
  const { database } = wallet;
  const again = async (): Promise<Step> => seal(desk, channel, draft);
  if ((await wallet.store.placeOf(pinned.joined, sent)) !== undefined) {
    if (!beginsEpoch(draft)) return 'done';
    const became = outcome(channel, sent);
    if (became === undefined) return 'waits';
    // Another change came first: it is made again, on the members as they are now.
    return became === 'counts' ? 'done' : again();
  }
  const item = await outboxItem(database, pinned.joined, sent);
  if (item === undefined) return again();
  if (item.state === 'refused') {
    await keepDraft(rows, { ...draft, problem: 'outbox-refused' });
    return 'waits';
  }
  if (item.state === 'queued') {
    if (isOutdated(channel, draft) && (await withdrawQueued(database, rows, pinned.joined, sent)))
      return again();
    fitting.add(toHex(sent));
  }
  return beginsEpoch(draft) ? 'waits' : 'sent';
}

/** Does what can be done now of what waits in one channel. */
async function advance(desk: Desk, channel: LocalChannel, line: readonly ChannelDraft[]): Promise<void> {
  for (const draft of line) {
    if (draft.problem !== undefined || desk.options.signal?.aborted === true) return;
    const step =
      draft.sent === undefined
        ? await seal(desk, channel, draft)
        : await goOn(desk, channel, draft, draft.sent);
    if (step === 'done') {
      await dropDraft(desk.rows, draft.id);
      desk.done.push(draft);
    }
    if (step === 'waits') return;
  }
}

/** How far the copy of a ledger was when it was last looked whether an epoch is to be joined. */
const joinedAt = new WeakMap<Wallet, Map<string, string>>();

/** The key that signs now; undefined while none can: it was revoked, or is being changed. */
async function signingKey(wallet: Wallet, ledger: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    return (await wallet.signer(ledger)).publicKey;
  } catch (error) {
    const codes = ['own-pending', 'own-unsynced', 'vault-revoked', 'vault-watch-only'];
    if (error instanceof CountersignError && codes.includes(String(error.code))) return undefined;
    throw error;
  }
}

/** Joins epochs that others began in channels that the person joined: each epoch has a key of its own. */
async function joinAgain(wallet: Wallet, pinned: PinnedLedger, now: number): Promise<void> {
  const { filled, followed, ledger, size } = pinned.joined;
  const rows = await wallet.privateRows();
  const seen = joinedAt.get(wallet) ?? new Map<string, string>();
  const state = [filled, followed, size].join(' ');
  const key = seen.get(ledger.idText) === state ? undefined : await signingKey(wallet, ledger.id);
  if (key === undefined) return;
  joinedAt.set(wallet, seen.set(ledger.idText, state));
  const drafts = await openDrafts(rows, ledger.id);
  for (const row of await channelRows(rows, ledger.id)) {
    const waits = drafts.some(
      ({ channel, intent }) => intent.kind === 'join' && equalBytes(channel, row.channel),
    );
    if (row.joined === false || waits) continue;
    await ofOne(async () => {
      const channel = await openChannel(wallet, pinned, row);
      const { me } = channel.current ?? {};
      // Invited with a key that was replaced since: others have to invite the new one.
      if (me === undefined || !equalBytes(me.sign, key)) return;
      if ((await ownStanding(wallet, channel)) !== 'invited') return;
      if (row.joined !== true && !(await hadJoined(wallet, channel))) return;
      await queueJoin(rows, row, now);
    });
  }
}

/** Does something with one channel. @returns what is wrong with that channel only, which does not keep the others. */
async function ofOne(work: () => Promise<void>): Promise<CountersignError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (isOfOneChannel(error)) return error;
    throw error;
  }
}

/**
 * Gives up something that waits. What the operator promised to record cannot be taken back.
 * @returns whether it was given up.
 */
export async function discard(
  wallet: Wallet,
  { joined }: PinnedLedger,
  draft: ChannelDraft,
): Promise<boolean> {
  const rows = await wallet.privateRows();
  const item = draft.sent && (await outboxItem(wallet.database, joined, draft.sent));
  if (item?.state === 'accepted') return false;
  if (draft.sent !== undefined) await withdrawQueued(wallet.database, rows, joined, draft.sent);
  const all = draft.intent.kind === 'found' ? await openDrafts(rows, joined.ledger.id) : [draft];
  // Of a channel that is not founded nothing else can be done either.
  for (const { channel, id } of all) if (equalBytes(channel, draft.channel)) await dropDraft(rows, id);
  return true;
}

function byChannel(drafts: readonly ChannelDraft[]): readonly (readonly ChannelDraft[])[] {
  const lines = new Map<string, ChannelDraft[]>();
  for (const draft of drafts) {
    const name = toHex(draft.transaction) + toHex(draft.channel);
    const line = lines.get(name) ?? [];
    line.push(draft);
    lines.set(name, line);
  }
  return [...lines.values()];
}

/**
 * Seals and sends what waits in the channels of a ledger.
 * @throws CountersignError `alarm-open`, or as `Wallet.signer`.
 */
export async function deliver(
  wallet: Wallet,
  pinned: PinnedLedger,
  options: DeliverOptions,
): Promise<DeliverReport> {
  const rows = await wallet.privateRows();
  const { id: ledger } = pinned.joined.ledger;
  await joinAgain(wallet, pinned, options.now());
  if ((await openDrafts(rows, ledger)).length === 0)
    return { done: [], waiting: [], needsBlock: false, failure: undefined };
  await settleOutbox(wallet.database, pinned.joined);
  const signer = await wallet.signer(ledger);
  const desk: Desk = { wallet, rows, pinned, signer, options, done: [], fitting: new Set() };
  let fault: CountersignError | undefined;
  for (const line of byChannel(await openDrafts(rows, ledger))) {
    const [first] = line;
    if (first === undefined) continue;
    fault ??= await ofOne(async () => advance(desk, await openChannel(wallet, pinned, first), line));
  }
  const fits = (message: VerifiedMessage): boolean => desk.fitting.has(toHex(message.id));
  const { failure: unsent } = await sendQueued(wallet.database, rows, pinned, { ...options, fits });
  const failure = unsent ?? fault;
  const waiting = await openDrafts(rows, ledger);
  // What cannot be done stands in the way of all that comes after it in its channel.
  const needsBlock =
    failure === undefined && byChannel(waiting).some(([first]) => first?.problem === undefined);
  return { done: desk.done, waiting, needsBlock, failure };
}
