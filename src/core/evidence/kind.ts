/**
 * What every kind of evidence is made of (`docs/spec/evidence.md`): the members of its proof, and a judge that says
 * which lie they show. A kind is defined once; reading and composing come from the same definition.
 */
import { toBase64, toHex } from '../bytes.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import type { ValueReader } from '../encoding/members.ts';
import { arrayOf, base64UpTo, hexOf, integerFrom, readObject } from '../encoding/members.ts';
import type { EvidenceCode } from '../errors/evidence.ts';
import type { BlockProof, LogHeaders, MessageProof } from '../record/log-headers.ts';
import type { RollupLevel } from '../record/rollup.ts';
import type { Absence, Presence } from '../record/tag-proof.ts';
import {
  absenceFrom,
  absenceJson,
  blockFrom,
  blockJson,
  pathJson,
  presenceFrom,
  presenceJson,
} from '../record/proof-json.ts';
import type { Result } from '../result.ts';
import { refuse } from '../result.ts';

/** No longer list is read, in bytes: an evidence file has no room for it. */
const maxListBytes = 8_388_608;

/** How a member of a proof is read and written. */
export interface Codec<T> {
  readonly read: ValueReader<T>;
  readonly write: (value: T) => JsonValue;
}

export const block: Codec<BlockProof> = { read: blockFrom, write: blockJson };
export const message: Codec<MessageProof> = { read: presenceFrom, write: presenceJson };
export const presence: Codec<Presence> = { read: presenceFrom, write: presenceJson };
export const absence: Codec<Absence> = { read: absenceFrom, write: absenceJson };
export const hash: Codec<Uint8Array> = { read: hexOf(32), write: toHex };
export const hashes: Codec<readonly Uint8Array[]> = { read: arrayOf(hexOf(32), 128), write: pathJson };
export const list: Codec<Uint8Array> = { read: base64UpTo(maxListBytes), write: toBase64 };
export const text: Codec<string> = {
  read: (value) => (typeof value === 'string' ? value : undefined),
  write: (value) => value,
};
export const listedIndex: Codec<number> = { read: integerFrom(0, 0xffff_ffff), write: (value) => value };
export const level: Codec<RollupLevel> = {
  read: (value) => (value === 1 || value === 2 ? value : undefined),
  write: (value) => value,
};

/** Any codec: what it reads is unknown, so nothing can be written with it unless its type is known again. */
interface AnyCodec {
  readonly read: ValueReader<unknown>;
  readonly write: (value: never) => JsonValue;
}

type Codecs = Readonly<Record<string, AnyCodec>>;
type Values<C extends Codecs> = {
  readonly [Name in keyof C]: C[Name] extends { readonly read: ValueReader<infer T> } ? T : never;
};

/** The proof of a kind: all its required members, and any of its optional ones. */
type ProofOf<R extends Codecs, O extends Codecs> = Values<R> & Partial<Values<O>>;

/** Why a proof shows no lie. */
export type NoLie = Extract<EvidenceCode, 'evidence-proof' | 'evidence-no-lie'>;

/** A sentence for people that names the lie: what was signed, and what contradicts it. */
export type Verdict = Result<string, NoLie>;

/** A signed head of whatever form, and the ledger whose log key signed it. */
export type SignedHead = Pick<LogHeaders, 'checkpoint' | 'ledger'>;

/**
 * A kind of evidence. `Proof` is what its composer takes; `Log` what it is judged against: the blocks under the
 * evidence's checkpoint or, for kinds about heads alone, just that checkpoint.
 */
export interface Kind<Name extends string = string, Proof = never, Log extends SignedHead = LogHeaders> {
  readonly name: Name;
  /** Reads the proof and judges it. */
  readonly verify: (proof: JsonValue, log: Log) => Verdict;
  readonly write: (proof: Proof) => JsonObject;
}

/** Defines a kind by the members of its proof and its judge. Which optional ones are needed is for the judge to say. */
export function defineKind<
  const Name extends string,
  R extends Codecs,
  O extends Codecs,
  Log extends SignedHead = LogHeaders,
>(
  name: Name,
  members: { readonly required: R; readonly optional: O },
  judge: (proof: ProofOf<R, O>, log: Log) => Verdict,
): Kind<Name, ProofOf<R, O>, Log> {
  const codes = { members: 'evidence-proof', value: 'evidence-proof' } as const;
  const all: Codecs = { ...members.required, ...members.optional };
  return {
    name,
    verify: (value, log) => {
      const proof = readObject(value, codes, readers(members.required), readers(members.optional));
      // The readers come from the very codecs that make up the type.
      return proof.ok ? judge(proof.value as ProofOf<R, O>, log) : proof;
    },
    write: (proof) => {
      const values = Object.entries<never>(proof as Readonly<Record<string, never>>);
      return Object.fromEntries(
        values.map(([member, value]) => {
          const codec = all[member];
          if (codec === undefined) throw new RangeError(`${name} has no member ${member}`);
          return [member, codec.write(value)];
        }),
      );
    },
  };
}

function readers(codecs: Codecs): Readonly<Record<string, ValueReader<unknown>>> {
  return Object.fromEntries(Object.entries(codecs).map(([name, codec]) => [name, codec.read]));
}

/** A part of the proof that is not in form or does not verify. */
export function badProof(what: string, code?: string): Result<never, 'evidence-proof'> {
  return refuse('evidence-proof', code === undefined ? what : `${what}: ${code}`);
}

/** All parts verify, and nothing contradicts. */
export function noLie(why: string): Result<never, 'evidence-no-lie'> {
  return refuse('evidence-no-lie', why);
}
