/**
 * Disclosing. First it is logged in every channel that it concerns, and where a current epoch is disclosed the next one
 * begins; only when the record shows both is the grant handed out. Stopped at any point it goes on from there.
 */
import { randomBytes } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { equalBytes } from '../../core/bytes.ts';
import { writeContent } from '../../core/channel/content.ts';
import { type Grant, parseGrant, writeGrant } from '../../core/channel/grant.ts';
import { draftGrant } from '../../core/channel/grant-message.ts';
import { sizeStep } from '../../core/channel/padding.ts';
import type { RosterMember } from '../../core/channel/roster.ts';
import { sha256 } from '../../core/crypto/sha256.ts';
import type { DiscloseCode } from '../../core/errors/disclose.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { composeMessage, sealMessage } from '../../core/record/envelope.ts';
import { type Intent, queueIntents } from '../channels/drafts.ts';
import { channelMessages } from '../channels/messages.ts';
import { type LocalChannel, openChannel } from '../channels/open.ts';
import { randomness } from '../channels/rows.ts';
import type { PinnedLedger } from '../ledgers.ts';
import { outboxItem, queueMessages } from '../outbox/outbox.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { writeNewFile } from '../vault/new-file.ts';
import type { Wallet } from '../wallet.ts';
import {
  type Disclosure,
  forgetDisclosure,
  keepDisclosure,
  knownDisclosure,
  openDisclosures,
  type Recipient,
} from './disclosure-rows.ts';
import type { DisclosurePlan } from './plan.ts';

function fail(code: DiscloseCode, detail?: string, cause?: unknown): CountersignError<DiscloseCode> {
  return new CountersignError<DiscloseCode>(code, detail, cause === undefined ? {} : { cause });
}

async function needFree(path: string): Promise<void> {
  const isTaken = await lstat(path).then(
    () => true,
    () => false,
  );
  if (isTaken) throw fail('disclose-exists', path);
}

/** What a letter is longer than the padded grant. */
const letterOverhead = 81;

/**
 * Begins a disclosure: it is kept, and what is said about it waits in its channels for `deliver`. Nothing is handed out.
 * @param now seconds since 1970.
 * @throws CountersignError `disclose-exists`, `disclose-too-large`, or as `Wallet.privateRows`.
 */
export async function beginDisclosure(
  wallet: Wallet,
  { joined }: PinnedLedger,
  plan: DisclosurePlan,
  recipient: Recipient,
  now: number,
): Promise<Disclosure> {
  const to: Recipient =
    recipient.kind === 'file' ? { kind: 'file', path: resolve(recipient.path) } : recipient;
  const { ledger } = joined;
  const { scope, content, channels } = plan;
  const grant = writeGrant(content);
  if (to.kind === 'file') await needFree(to.path);
  else if (sizeStep(grant.length + 4) + letterOverhead > ledger.limits.dataBytes) {
    throw fail('disclose-too-large', `${grant.length} bytes`);
  }
  const rows = await wallet.privateRows();
  const hash = sha256(grant);
  const known = await knownDisclosure(rows, { hash, to });
  if (known !== undefined) return known;
  const { transaction } = content;
  const ids = channels.map(({ channel }) => channel);
  const begun = { hash, ledger: ledger.id, transaction, channels: ids, grant, to, created: now };
  const disclosure: Disclosure = { ...begun, from: joined.size };
  const addressed = to.kind === 'key' ? { to: to.keys.sign } : {};
  const log = writeContent({ kind: 'disclosed', grant: hash, scope, ...addressed });
  await keepDisclosure(rows, disclosure);
  for (const { channel, current } of channels) {
    const renewal: readonly Intent[] = current === undefined ? [] : [{ kind: 'renew', after: current }];
    const where = { ledger: ledger.id, transaction, channel };
    await queueIntents(rows, where, [{ kind: 'say', ...log }, ...renewal], now);
  }
  return disclosure;
}

/** Whether a channel shows that a disclosure was logged, by this identity and since it was begun. */
async function isLogged(wallet: Wallet, channel: LocalChannel, { hash, from }: Disclosure): Promise<boolean> {
  const own = channel.epochs.flatMap(({ me }) => (me === undefined ? [] : [me.sign]));
  for await (const { content, height, sealed } of channelMessages(wallet, channel, {
    order: 'newest first',
  })) {
    if (height < from) return false;
    const said = content?.ok === true ? content.value : undefined;
    const isIt = said?.kind === 'disclosed' && equalBytes(said.grant, hash);
    if (isIt && own.some((sign) => equalBytes(sign, sealed.message.sender))) return true;
  }
  return false;
}

/** Whether what was disclosed says all that will ever be said with it: no epoch of it is current. */
function isPast({ current }: LocalChannel, grant: Grant): boolean {
  return current === undefined || grant.epoch(current.epoch.id) === undefined;
}

async function mayLeave(wallet: Wallet, pinned: PinnedLedger, disclosure: Disclosure): Promise<boolean> {
  const { channels, grant, ledger, transaction } = disclosure;
  const read = parseGrant(grant, ledger);
  if (!read.ok) throw new CountersignError(read.code, read.detail);
  for (const id of channels) {
    const channel = await openChannel(wallet, pinned, { transaction, channel: id });
    if (!isPast(channel, read.value)) return false;
    if (!(await isLogged(wallet, channel, disclosure))) return false;
  }
  return true;
}

/** Writes a grant for whoever has the file. @returns the path that it stands at. @throws CountersignError `disclose-` */
export type GrantWriter = (path: string, grant: Uint8Array) => Promise<string>;

/**
 * Writes it under this very name.
 * @throws CountersignError `disclose-exists`: what is there is left as it is; or `disclose-cannot-write`.
 */
export const writeGrantFile: GrantWriter = async (path, grant) => {
  try {
    await writeNewFile(path, grant);
    return path;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw fail(code === 'EEXIST' ? 'disclose-exists' : 'disclose-cannot-write', `${path}: ${code}`, error);
  }
};

/** Puts the letter with a grant into the outbox. Its id is kept first: it is never sealed a second time while it is there. */
async function queueGrant(
  wallet: Wallet,
  { joined }: PinnedLedger,
  rows: PrivateRows,
  disclosure: Disclosure,
  to: RosterMember,
  now: number,
): Promise<void> {
  const { database, store } = wallet;
  const { grant, ledger, sent, transaction } = disclosure;
  const isThere =
    sent !== undefined &&
    ((await outboxItem(database, joined, sent)) !== undefined ||
      (await store.placeOf(joined, sent)) !== undefined);
  if (isThere) return;
  const signer = await wallet.signer(ledger);
  const nonce = new Uint8Array(randomBytes(16));
  const origin = { ledger, sender: signer.publicKey, nonce, time: now };
  const unsigned = composeMessage(draftGrant(origin, transaction, to, grant, await randomness(rows)));
  const message = sealMessage(unsigned, signer.sign(unsigned.signedBytes));
  await keepDisclosure(rows, { ...disclosure, sent: message.id });
  await queueMessages(database, rows, joined, [message]);
}

/** How far a disclosure is. `given`: the file was written, or the letter is in the outbox. */
export interface DisclosureStep {
  readonly disclosure: Disclosure;
  readonly state: 'waits' | 'given';
  /** Where it was written, once it was. */
  readonly file?: string;
}

/**
 * Hands out the disclosures of which the record shows that they were logged. Bring the copy up to date before, and send
 * what is in the outbox afterwards.
 * @param now seconds since 1970.
 * @throws CountersignError as `write`, `openChannel` and `Wallet.signer`.
 */
export async function handOutDisclosures(
  wallet: Wallet,
  pinned: PinnedLedger,
  now: number,
  write: GrantWriter,
): Promise<readonly DisclosureStep[]> {
  const rows = await wallet.privateRows();
  const steps: DisclosureStep[] = [];
  for (const disclosure of await openDisclosures(rows, pinned.joined.ledger.id)) {
    if (!(await mayLeave(wallet, pinned, disclosure))) {
      steps.push({ disclosure, state: 'waits' });
      continue;
    }
    const { to, grant } = disclosure;
    const file = to.kind === 'file' ? await write(to.path, grant) : undefined;
    if (to.kind === 'key') await queueGrant(wallet, pinned, rows, disclosure, to.keys, now);
    await forgetDisclosure(rows, disclosure);
    steps.push({ disclosure, state: 'given', ...(file === undefined ? {} : { file }) });
  }
  return steps;
}
