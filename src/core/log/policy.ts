/**
 * Trust policies: which logs one accepts and how many witnesses must have cosigned. Reading the file; judging a
 * checkpoint by it is in `judge.ts`. Specified in `docs/spec/notes.md`, after C2SP tlog-policy.
 */
import { equalBytes, fromUtf8 } from '../bytes.ts';
import type { PolicyCode } from '../errors/policy.ts';
import { ok, refuse, type Refusal, type Result } from '../result.ts';
import { keyType, parseVerifierKey, type KeyType, type VerifierKey } from './verifier-key.ts';

/** Limits of a policy file; C2SP asks for at least 32 of each kind. */
const policyLimits = { bytes: 65_536, logs: 64, witnesses: 64, groups: 64 } as const;

export interface PolicyLog {
  readonly key: VerifierKey;
  readonly url?: string;
}

export interface PolicyWitness {
  readonly kind: 'witness';
  /** Its name in the policy only, for people to read: two names may look alike, so compare objects. */
  readonly name: string;
  readonly key: VerifierKey;
  readonly url?: string;
}

export interface PolicyGroup {
  readonly kind: 'group';
  /** As a witness's name. */
  readonly name: string;
  /** How many members must have witnessed: 1 to the number of members. */
  readonly threshold: number;
  readonly members: readonly PolicyMember[];
}

export type PolicyMember = PolicyWitness | PolicyGroup;

/** A policy as its file states it. No witness stands in it twice, under whatever name. */
export interface Policy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** What must have witnessed; 'none' asks for no witness at all. */
  readonly quorum: PolicyMember | 'none';
}

type Refused = Refusal<PolicyCode> | undefined;

/** Reads a policy line by line. Every name must be defined before it is used, so there are no cycles. */
class PolicyReader {
  readonly #logs: PolicyLog[] = [];
  readonly #witnesses: PolicyWitness[] = [];
  // By name as opaque bytes, one character for each: 'K' and the Kelvin sign are two names.
  readonly #defined = new Map<string, PolicyMember>();
  readonly #grouped = new Set<string>();
  #groups = 0;
  #quorum: PolicyMember | 'none' | undefined;

  /** Takes one line, split into its words. */
  take(words: readonly string[]): Refused {
    const [verb, ...rest] = words;
    if (verb === 'log') return this.#log(rest);
    if (verb === 'witness') return this.#witness(rest);
    if (verb === 'group') return this.#group(rest);
    return verb === 'quorum' ? this.#setQuorum(rest) : refuse('policy-line');
  }

  finish(): Result<Policy, PolicyCode> {
    if (this.#quorum === undefined) return refuse('policy-quorum', 'there is none');
    return ok({ logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum });
  }

  #key(encoded: string, type: KeyType): Result<VerifierKey, PolicyCode> {
    const key = parseVerifierKey(readable(encoded));
    if (!key.ok) return refuse('policy-key', key.code);
    if (key.value.type !== type) return refuse('policy-key', `type ${key.value.type}`);
    // One key has one role: a log that witnesses itself would add nothing.
    const others = [...this.#logs, ...this.#witnesses].map((other) => other.key);
    const same = others.find((other) => equalBytes(other.publicKey, key.value.publicKey));
    // Two keys with one name and id could not be told apart in a note.
    const alike = others.find((other) => other.name === key.value.name && other.id === key.value.id);
    return same === undefined && alike === undefined ? key : refuse('policy-duplicate', key.value.name);
  }

  #log([encoded, url, ...more]: readonly string[]): Refused {
    if (encoded === undefined || more.length > 0) return refuse('policy-line');
    const key = this.#key(encoded, keyType.ed25519);
    if (!key.ok) return key;
    if (this.#logs.length === policyLimits.logs) return refuse('policy-too-many');
    this.#logs.push({ key: key.value, ...(url === undefined ? {} : { url }) });
    return undefined;
  }

  #witness([name, encoded, url, ...more]: readonly string[]): Refused {
    if (name === undefined || encoded === undefined || more.length > 0) return refuse('policy-line');
    const key = this.#key(encoded, keyType.cosignature);
    if (!key.ok) return key;
    if (this.#witnesses.length === policyLimits.witnesses) return refuse('policy-too-many');
    const witness: PolicyWitness = {
      kind: 'witness',
      name: readable(name),
      key: key.value,
      ...(url === undefined ? {} : { url }),
    };
    this.#witnesses.push(witness);
    return this.#define(name, witness);
  }

  #define(name: string, member: PolicyMember): Refused {
    if (name === 'none') return refuse('policy-name', name);
    if (this.#defined.has(name)) return refuse('policy-duplicate', member.name);
    this.#defined.set(name, member);
    return undefined;
  }

  #group([name, needed, ...names]: readonly string[]): Refused {
    if (name === undefined || needed === undefined || names.length === 0) return refuse('policy-line');
    if (this.#groups++ === policyLimits.groups) return refuse('policy-too-many');
    const members: PolicyMember[] = [];
    for (const memberName of names) {
      const member = this.#defined.get(memberName);
      if (member === undefined) return refuse('policy-name', readable(memberName));
      // Over the whole file, so that no witness counts in more than one way.
      if (this.#grouped.has(memberName)) return refuse('policy-member-twice', readable(memberName));
      this.#grouped.add(memberName);
      members.push(member);
    }
    const threshold = needed === 'all' ? members.length : needed === 'any' ? 1 : decimal(needed);
    if (threshold === undefined || threshold > members.length)
      return refuse('policy-threshold', readable(needed));
    return this.#define(name, { kind: 'group', name: readable(name), threshold, members });
  }

  #setQuorum([name, ...more]: readonly string[]): Refused {
    if (name === undefined || more.length > 0) return refuse('policy-line');
    if (this.#quorum !== undefined) return refuse('policy-quorum', 'a second one');
    this.#quorum = name === 'none' ? 'none' : this.#defined.get(name);
    return this.#quorum === undefined ? refuse('policy-name', readable(name)) : undefined;
  }
}

/** One character for each byte, as text for people: UTF-8 where it is that. */
function readable(octets: string): string {
  return fromUtf8(Uint8Array.from(octets, (char) => char.charCodeAt(0))) ?? octets;
}

/** A threshold in plain digits, 1 to 9999. */
function decimal(text: string): number | undefined {
  return /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : undefined;
}

/** Reads a policy file. The refusal's detail names the line. */
export function parsePolicy(bytes: Uint8Array): Result<Policy, PolicyCode> {
  if (bytes.length > policyLimits.bytes) return refuse('policy-too-long', `${bytes.length} bytes`);
  if (bytes.some((byte) => (byte < 0x20 && byte !== 0x09 && byte !== 0x0a) || byte === 0x7f)) {
    return refuse('policy-character');
  }
  if (bytes.length > 0 && bytes.at(-1) !== 0x0a) return refuse('policy-unterminated');
  const lines = Array.from(bytes, (byte) => String.fromCharCode(byte))
    .join('')
    .split('\n');
  const reader = new PolicyReader();
  for (const [i, line] of lines.entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    if (words.length === 0 || words[0]?.startsWith('#') === true) continue;
    const refused = reader.take(words);
    if (refused !== undefined)
      return refuse(refused.code, [`line ${i + 1}`, refused.detail].filter(Boolean).join(': '));
  }
  return reader.finish();
}

/**
 * The policy for one log that is known from elsewhere, as a ledger's is from its first header. A policy without
 * logs takes it in; a policy that lists logs must list this one.
 */
export function policyForLog(policy: Policy, logKey: VerifierKey): Result<Policy, PolicyCode> {
  const listed = policy.logs.find(
    ({ key }) => key.name === logKey.name && equalBytes(key.publicKey, logKey.publicKey),
  );
  if (policy.logs.length > 0 && listed === undefined) return refuse('policy-log-not-listed', logKey.name);
  const clash = (key: VerifierKey): boolean =>
    equalBytes(key.publicKey, logKey.publicKey) || (key.name === logKey.name && key.id === logKey.id);
  if (policy.witnesses.some(({ key }) => clash(key))) {
    return refuse('policy-duplicate', logKey.name);
  }
  return ok({ ...policy, logs: [listed ?? { key: logKey }] });
}
