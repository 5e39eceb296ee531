import { toUtf8 } from '../../src/core/bytes.ts';
import { draftFounding, readAnnouncement } from '../../src/core/channel/announcement.ts';
import type { Announcement } from '../../src/core/channel/announcement.ts';
import type { Chain, PlacedAnnouncement } from '../../src/core/channel/chain.ts';
import { resolveEpochs } from '../../src/core/channel/chain.ts';
import type { Content } from '../../src/core/channel/content.ts';
import { writeContent } from '../../src/core/channel/content.ts';
import type { OpenEpoch } from '../../src/core/channel/epoch.ts';
import { draftNextEpoch, openEpoch } from '../../src/core/channel/epoch.ts';
import type { Randomness } from '../../src/core/channel/keys.ts';
import { channelId, transactionId } from '../../src/core/channel/names.ts';
import type { RosterMember } from '../../src/core/channel/roster.ts';
import type { PlainContent, SealedMessageOnRecord } from '../../src/core/channel/sealed.ts';
import { draftMessage, readSealed } from '../../src/core/channel/sealed.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { publicKeyOf, x25519PublicKey } from '../../src/core/crypto/signature.ts';
import type { Draft, DraftOrigin } from '../../src/core/record/envelope.ts';
import { signDraft } from '../../src/core/record/envelope.ts';
import type { VerifiedMessage } from '../../src/core/record/message.ts';
import { verifyMessage } from '../../src/core/record/message.ts';
import type { Result } from '../../src/core/result.ts';

/** 32 bytes that look random and are always the same for a text. */
export function bytes32(text: string): Uint8Array {
  return sha256(toUtf8(`test: ${text}`));
}

/** The value of a result that must be good. @throws Error with the code when it is refused. */
export function value<T>(result: Result<T> | undefined): T {
  if (result?.ok !== true) throw new Error(`refused: ${result?.code ?? 'of another type'}`);
  return result.value;
}

/** The code of a refusal, or 'ok'. */
export function codeOf(result: Result<unknown> | undefined): string {
  return result === undefined ? 'of another type' : result.ok ? 'ok' : result.code;
}

/** Someone who may be a member. */
export interface Person extends RosterMember {
  readonly name: string;
  readonly seed: Uint8Array;
  readonly encryptSecret: Uint8Array;
  readonly localKey: Uint8Array;
}

export function person(name: string): Person {
  const [seed, encryptSecret] = [bytes32(`${name} signing`), bytes32(`${name} encryption`)];
  const keys = { sign: publicKeyOf(seed), encrypt: x25519PublicKey(encryptSecret) };
  return { name, seed, encryptSecret, ...keys, localKey: bytes32(`${name} local`) };
}

const limits = { headBytes: 65_535, dataBytes: 16_777_216 };

/** A draft, signed and verified. */
export function onRecord(draft: Draft, author: Person): VerifiedMessage {
  const { leaf, data } = signDraft(draft, author.seed);
  return value(verifyMessage(leaf, data, draft.head.ledger, limits));
}

let drawn = 0;

/** Randomness that was never drawn before in this process. */
function freshRandomness(author: Person): Randomness {
  drawn++;
  return { localKey: author.localKey, random: bytes32(`random ${drawn}`) };
}

export function originOf(author: Person, ledger: Uint8Array): DraftOrigin {
  drawn++;
  return { ledger, sender: author.sign, nonce: bytes32(`nonce ${drawn}`).slice(0, 16), time: 1_700_000_000 };
}

/** A channel whose announcements stand in blocks 1, 2, ... unless they are placed elsewhere. */
export class TestChannel {
  readonly ledger: Uint8Array;
  readonly transaction: Uint8Array;
  readonly channel: Uint8Array;
  readonly placed: PlacedAnnouncement[] = [];
  #resolved: { readonly chain: Chain; readonly count: number } | undefined;

  constructor(founder: Person, members: readonly Person[], name = 'channel', ledger = bytes32('ledger')) {
    const salt = bytes32(`${name} salt`);
    this.ledger = ledger;
    this.transaction = transactionId(ledger, founder.sign, bytes32(`${name} transaction`));
    this.channel = channelId(ledger, this.transaction, founder.sign, salt);
    const plan = {
      origin: originOf(founder, ledger),
      transaction: this.transaction,
      members,
      randomness: freshRandomness(founder),
    };
    this.place(onRecord(draftFounding(plan, salt), founder));
  }

  get chain(): Chain {
    if (this.#resolved?.count !== this.placed.length) {
      const chain = value(resolveEpochs(this.channel, this.placed, () => false));
      this.#resolved = { chain, count: this.placed.length };
    }
    return this.#resolved.chain;
  }

  /** Places an announcement in the next block. */
  place(message: VerifiedMessage): Announcement {
    const announcement = value(readAnnouncement(message));
    this.placed.push({ announcement, height: this.placed.length + 1, index: 0 });
    return announcement;
  }

  /** The draft of the next epoch. */
  nextDraft(author: Person, members: readonly Person[]): Draft {
    const { chain } = this;
    const next = { origin: originOf(author, this.ledger), members, randomness: freshRandomness(author) };
    return value(draftNextEpoch(chain, this.open(author), next));
  }

  /** Changes the members. */
  change(author: Person, members: readonly Person[]): Announcement {
    return this.place(onRecord(this.nextDraft(author, members), author));
  }

  /** The current epoch, or the one of a number, opened by a member. */
  open(member: Person, number = this.chain.epochs.length - 1): OpenEpoch {
    const epoch = this.chain.epochs[number];
    return value(epoch && openEpoch(epoch, member));
  }

  /** The draft of a message in the current epoch. */
  draft(author: Person, said: string | Content | PlainContent, randomness = freshRandomness(author)): Draft {
    const content: Content | PlainContent = typeof said === 'string' ? { kind: 'text', text: said } : said;
    const plain = 'kind' in content ? writeContent(content) : content;
    const plan = { origin: originOf(author, this.ledger), plain, randomness };
    return value(draftMessage(this.chain, this.open(author), plan));
  }

  /** A sealed message in the current epoch. */
  say(author: Person, said: string | Content | PlainContent): SealedMessageOnRecord {
    return value(readSealed(onRecord(this.draft(author, said), author)));
  }
}
