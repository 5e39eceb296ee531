import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { publicKeyOf, signMessage, x25519PublicKey } from '../../src/core/crypto/signature.ts';
import type { JsonObject } from '../../src/core/encoding/json.ts';
import type { CardClaims } from '../../src/core/identity/card.ts';
import { cardCommitment, parseCard, writeCard } from '../../src/core/identity/card.ts';
import { consentBytes } from '../../src/core/identity/consent.ts';
import type { KeyRole } from '../../src/core/identity/derive.ts';
import { deriveKey } from '../../src/core/identity/derive.ts';
import { draftAnnouncement, draftRevocation, draftRotation } from '../../src/core/identity/draft.ts';
import { safetyNumber } from '../../src/core/identity/safety-number.ts';
import type { KeyStatement } from '../../src/core/identity/statement.ts';
import { keyStatusTag, readKeyStatement, recoveryCommitment } from '../../src/core/identity/statement.ts';
import { parseWords, seedOfWords, wordsOf } from '../../src/core/identity/words.ts';
import { composeMessage } from '../../src/core/record/envelope.ts';
import type { VerifiedMessage } from '../../src/core/record/message.ts';
import { verifyMessage } from '../../src/core/record/message.ts';
import { startEngines } from '../../src/engines/start.ts';
import type { Result } from '../../src/core/result.ts';
import type { PackedBytes, Sweep } from './support.ts';
import { good, hex, sweepDifferences, unpack, vectors, verdict } from './support.ts';

interface Refused {
  readonly name: string;
  readonly code: string;
}

interface Side {
  readonly ledger: string;
  readonly sign: string;
  readonly encrypt: string;
}

const file = vectors('identities') as {
  readonly words: readonly {
    readonly entropy: string;
    readonly words: string;
    readonly seed: string;
    readonly keys: Readonly<
      Record<
        string,
        readonly {
          readonly role: KeyRole;
          readonly index: number;
          readonly path: readonly number[];
          readonly secret: string;
          readonly public: string;
        }[]
      >
    >;
  }[];
  readonly typedWords: readonly { readonly name: string; readonly typed: string }[];
  readonly refusedWords: readonly (Refused & { readonly typed: string })[];
  readonly derived: readonly {
    readonly name: string;
    readonly signing: string;
    readonly recoveryCommitment: string;
    readonly statusTag: string;
  }[];
  readonly ledger: string;
  readonly statements: readonly {
    readonly name: string;
    readonly type: string;
    readonly sender: string;
    readonly body: Readonly<Record<string, string | number>>;
    readonly leaf: string;
    readonly consentBytes?: string;
    readonly newSeed?: string;
  }[];
  readonly refusedStatements: readonly (Refused & { readonly leaf: string })[];
  readonly changed: readonly {
    readonly name: string;
    readonly leaf: string;
    readonly ledger: string;
    readonly sweep: Sweep;
  }[];
  readonly cards: readonly {
    readonly name: string;
    readonly card: Side & { readonly card: CardClaims; readonly salt: string };
    readonly bytes: string;
    readonly commitment: string;
  }[];
  readonly refusedCards: readonly (Refused & { readonly bytes: PackedBytes })[];
  readonly safetyNumbers: readonly {
    readonly name: string;
    readonly sides: readonly [Side, Side];
    readonly groups: readonly string[];
    readonly qr: string;
  }[];
  readonly refusedSafetyNumbers: readonly (Refused & { readonly sides: readonly [Side, Side] })[];
};

const ledger = hex(file.ledger);
const limits = { headBytes: 65_535, dataBytes: 16_777_216 };

function message(leaf: string): VerifiedMessage {
  return good(verifyMessage(hex(leaf), new Uint8Array(0), ledger, limits));
}

function statement(leaf: string): Result<KeyStatement> {
  const read = readKeyStatement(message(leaf));
  if (read === undefined) throw new Error('not taken for a statement about a key');
  return read;
}

/** A statement's members as hexadecimal texts, like those of the vector. */
function shown(content: KeyStatement['content']): JsonObject {
  const members = Object.entries(content).filter(([name]) => name !== 'kind');
  return Object.fromEntries(
    members.map(([name, value]) => [name, value instanceof Uint8Array ? toHex(value) : value]),
  );
}

beforeAll(startEngines);

describe('keys from words of the second implementation', () => {
  it.each(file.words)('derives from the words of $entropy', ({ entropy, words, seed, keys }) => {
    expect(wordsOf(hex(entropy))).toBe(words);
    const found = seedOfWords(good(parseWords(words)));
    expect(toHex(found)).toBe(seed);
    for (const [of, list] of Object.entries(keys)) {
      for (const { role, index, secret, public: expected } of list) {
        const derived = deriveKey(found, hex(of), role, index);
        expect(toHex(derived)).toBe(secret);
        expect(toHex(role === 'encryption' ? x25519PublicKey(derived) : publicKeyOf(derived))).toBe(expected);
      }
    }
  });

  it.each(file.typedWords)('takes words $name', ({ typed }) => {
    expect(good(parseWords(typed))).toBe(file.words[0]?.words);
  });

  it.each(file.refusedWords)('refuses words with $code: $name', ({ typed, code }) => {
    expect(verdict(parseWords(typed))).toBe(code);
  });
});

describe('statements about keys of the second implementation', () => {
  it.each(file.derived)('derives tag and commitment: $name', (vector) => {
    expect(toHex(recoveryCommitment(hex(vector.signing)))).toBe(vector.recoveryCommitment);
    expect(toHex(keyStatusTag(hex(vector.signing)))).toBe(vector.statusTag);
  });

  it.each(file.statements)('reads: $name', ({ leaf, sender, body }) => {
    const read = good(statement(leaf));
    expect(toHex(read.sender)).toBe(sender);
    const { proof, ...rest } = shown(read.content);
    const { proof: expected, ...members } = body;
    expect(rest).toEqual(members);
    expect(proof === undefined).toBe(expected === undefined);
  });

  it.each(file.statements)(
    'composes the same signed bytes: $name',
    ({ leaf, sender, consentBytes: consent, newSeed }) => {
      const { head, id } = message(leaf);
      const { content } = good(statement(leaf));
      const origin = { ledger, nonce: head.nonce, sender: hex(sender), time: head.time };
      const draftOf = () => {
        if (content.kind === 'announcement') return draftAnnouncement(origin, content);
        if (content.kind === 'revocation') return draftRevocation(origin, content);
        const { card, encrypt, from, sign, recovery } = content;
        const terms = { card, encrypt, from, sign, ...(recovery === undefined ? {} : { recovery }) };
        const full = { ...terms, ledger, nonce: head.nonce, sender: hex(sender) };
        expect(toHex(consentBytes(full))).toBe(consent);
        return draftRotation(head.time, full, signMessage(hex(newSeed ?? ''), consentBytes(full)));
      };
      const draft = draftOf();
      const tags = new Map([...draft.head.tags, ...head.tags].map((tag) => [toHex(tag), tag]));
      expect(tags.size).toBe(head.tags.length);
      const made = composeMessage({ ...draft, head: { ...draft.head, tags: head.tags } });
      expect(toHex(made.id)).toBe(toHex(id));
    },
  );

  it.each(file.refusedStatements)('refuses with $code: $name', ({ leaf, code }) => {
    expect(verdict(statement(leaf))).toBe(code);
  });

  it.each(file.changed)('refuses every changed byte: $name', ({ leaf, ledger: of, sweep }) => {
    const judge = (bytes: Uint8Array): string =>
      verdict(verifyMessage(bytes, new Uint8Array(0), hex(of), limits));
    expect(sweepDifferences(hex(leaf), sweep, judge)).toEqual([]);
  });
});

describe('cards and safety numbers of the second implementation', () => {
  const sideOf = ({ ledger: of, sign, encrypt }: Side) => ({
    ledger: hex(of),
    sign: hex(sign),
    encrypt: hex(encrypt),
  });

  it.each(file.cards)('reads and writes a card: $name', ({ card: vector, bytes, commitment }) => {
    const card = good(parseCard(hex(bytes), ledger));
    expect(card).toEqual({ ...sideOf(vector), claims: vector.card, salt: hex(vector.salt) });
    expect(toHex(writeCard(card))).toBe(bytes);
    expect(toHex(cardCommitment(card))).toBe(commitment);
  });

  it.each(file.refusedCards)('refuses a card with $code: $name', ({ bytes, code }) => {
    expect(verdict(parseCard(unpack(bytes), ledger))).toBe(code);
  });

  it.each(file.safetyNumbers)('computes a safety number: $name', ({ sides: [one, other], groups, qr }) => {
    expect(good(safetyNumber(sideOf(one), sideOf(other)))).toEqual({ groups, qr });
  });

  it.each(file.refusedSafetyNumbers)('refuses with $code: $name', ({ sides: [one, other], code }) => {
    expect(verdict(safetyNumber(sideOf(one), sideOf(other)))).toBe(code);
  });
});
