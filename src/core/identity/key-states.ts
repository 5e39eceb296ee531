/**
 * The rules by which statements change keys (`docs/spec/identities.md`, 'History of a key', 1 to 6). They are applied
 * one by one, in the order that `history.ts` puts them in.
 */
import { toHex } from '../bytes.ts';
import type { IdentityCode } from '../errors/identity.ts';
import type { Announcement, KeyStatement, Revocation, Rotation } from './statement.ts';
import { recoveryCommitment } from './statement.ts';

/** A place in the record: a block's height and a message's index in that block. */
export interface Position {
  readonly height: number;
  readonly index: number;
}

/** A statement at its place. */
export interface PlacedStatement extends Position {
  readonly statement: KeyStatement;
}

/** What became of a statement: it counts, or it is void for a reason. */
export interface Outcome extends Position {
  readonly statement: KeyStatement;
  readonly void?: VoidCode;
}

export type VoidCode = Extract<IdentityCode, `identity-void-${string}`>;

/** Someone's word that a key may have been in other hands: shown beside the verdict, which it does not change. */
export interface CompromiseClaim {
  /** Since when, in seconds since 1970. */
  readonly since: number;
  /** Where the revocation stands that says so. */
  readonly claimedAt: Position;
  /** Whether the key itself says so or the recovery key of its identity. */
  readonly by: 'key' | 'recovery';
  /** Whether the key had ended before: then whoever holds it, a thief above all, could still speak in its name. */
  readonly endedBefore: boolean;
}

export interface KeyVerdict {
  /** `rotated`, `revoked`, `recovered`: how the key ended. `unannounced`: in no identity at that place. */
  readonly status: 'valid' | 'unannounced' | 'rotated' | 'revoked' | 'recovered';
  /** Where the statement stands that ended the key, when it has ended by then. */
  readonly endedAt?: Position;
  /** All that count, wherever they stand, in the order in which they took effect. */
  readonly claims: readonly CompromiseClaim[];
}

/** A key of an identity, as the statement says by which it joined. */
export interface IdentityKey {
  readonly sign: Uint8Array;
  readonly encrypt: Uint8Array;
  /** The commitment to the contact card. */
  readonly card: Uint8Array;
  readonly joinedAt: Position;
}

export interface Identity {
  /** In the order in which they joined; the first is the root. */
  readonly keys: readonly IdentityKey[];
  /** The key that may act now, unless it was revoked. */
  readonly current?: IdentityKey;
  /** The commitment to the recovery key. */
  readonly recovery: Uint8Array;
  /** The public name that the root announced, if any. */
  readonly name?: string;
}

interface MutableIdentity {
  readonly keys: IdentityKey[];
  /** The commitment that would name each of its keys as a recovery key. */
  readonly keyCommitments: Set<string>;
  current: { readonly name: string; readonly key: IdentityKey } | undefined;
  recovery: Uint8Array;
  /** Every commitment that it has or had. */
  readonly commitments: Set<string>;
  readonly name: string | undefined;
}

interface KeyState {
  used: boolean;
  revoked: boolean;
  identity: MutableIdentity | undefined;
  /** From here on, inclusive, it is in its identity. */
  joined: Position | undefined;
  end: { readonly status: 'rotated' | 'revoked' | 'recovered'; readonly by: Position } | undefined;
  readonly claims: CompromiseClaim[];
}

/** Index of the start of a block: before every message of it. */
const blockStart = -1;

/** What the statements applied so far made of all keys. */
export class KeyStates {
  readonly #keys = new Map<string, KeyState>();
  readonly #outcomes: Outcome[] = [];

  /** Every statement with what became of it, in the order in which they were applied. */
  get outcomes(): readonly Outcome[] {
    return this.#outcomes;
  }

  /** How a key stands at the place of a message that it signed. */
  keyVerdictAt(key: Uint8Array, at: Position): KeyVerdict {
    const state = this.#keys.get(toHex(key));
    if (state === undefined) return { status: 'unannounced', claims: [] };
    const { claims, end, joined } = state;
    // One message rotates the key away and is still valid itself; every other end holds for its whole block.
    if (end !== undefined && (end.status === 'rotated' ? isBefore(end.by, at) : end.by.height <= at.height)) {
      return { status: end.status, endedAt: end.by, claims };
    }
    if (joined === undefined || isBefore(at, joined)) return { status: 'unannounced', claims };
    return { status: 'valid', claims };
  }

  /** The identity that a key belongs to after all statements, or undefined. */
  identityOf(key: Uint8Array): Identity | undefined {
    const identity = this.#keys.get(toHex(key))?.identity;
    if (identity === undefined) return undefined;
    const { keys, current, recovery, name } = identity;
    return {
      keys: [...keys],
      ...(current === undefined ? {} : { current: current.key }),
      recovery,
      ...(name === undefined ? {} : { name }),
    };
  }

  /** Applies the next statement in the order of the specification. */
  apply({ height, index, statement }: PlacedStatement): void {
    const reason = this.#effect(statement, { height, index });
    const { content } = statement;
    if (content.kind !== 'revocation') this.#state(content.sign).used = true;
    this.#outcomes.push({ height, index, statement, ...(reason === undefined ? {} : { void: reason }) });
  }

  #effect(statement: KeyStatement, at: Position): VoidCode | undefined {
    const { content, sender } = statement;
    switch (content.kind) {
      case 'announcement':
        return this.#announce(content, at);
      case 'rotation':
        return content.recovery === undefined
          ? this.#rotate(content, at)
          : this.#recover(content, content.recovery, sender, at);
      case 'revocation':
        return this.#revoke(content, sender, at);
    }
  }

  #state(key: Uint8Array): KeyState {
    const name = toHex(key);
    let state = this.#keys.get(name);
    if (state === undefined) {
      state = {
        used: false,
        revoked: false,
        identity: undefined,
        joined: undefined,
        end: undefined,
        claims: [],
      };
      this.#keys.set(name, state);
    }
    return state;
  }

  #announce(content: Announcement, at: Position): VoidCode | undefined {
    const fault = this.#freshFault(content.sign);
    if (fault !== undefined) return fault;
    const { recovery, name } = content;
    const commitments = new Set([toHex(recovery)]);
    const identity = { keys: [], keyCommitments: new Set<string>(), current: undefined };
    this.#join({ ...identity, recovery, commitments, name }, content, at, at);
    return undefined;
  }

  #rotate(content: Rotation, at: Position): VoidCode | undefined {
    const from = this.#state(content.from);
    const { identity } = from;
    if (identity === undefined) return 'identity-void-unknown';
    if (identity.current?.name !== toHex(content.from)) return 'identity-void-current';
    const fault = this.#freshFault(content.sign) ?? commitmentFault(identity, content.sign);
    if (fault !== undefined) return fault;
    from.end = { status: 'rotated', by: at };
    this.#join(identity, content, at, at);
    return undefined;
  }

  #recover(content: Rotation, next: Uint8Array, sender: Uint8Array, at: Position): VoidCode | undefined {
    const { identity } = this.#state(content.from);
    if (identity === undefined) return 'identity-void-unknown';
    const fault =
      this.#recoveryFault(identity, sender) ??
      this.#freshFault(content.sign) ??
      commitmentFault(identity, content.sign);
    if (fault !== undefined) return fault;
    const named = toHex(next);
    if (identity.keyCommitments.has(named) || identity.commitments.has(named)) {
      return 'identity-void-commitment';
    }
    const ended = identity.current === undefined ? undefined : this.#keys.get(identity.current.name);
    if (ended !== undefined) ended.end = { status: 'recovered', by: at };
    identity.recovery = next;
    identity.commitments.add(named);
    this.#join(identity, content, { height: at.height, index: blockStart }, at);
    return undefined;
  }

  #revoke({ key, since }: Revocation, sender: Uint8Array, at: Position): VoidCode | undefined {
    const state = this.#state(key);
    const { identity } = state;
    const by = toHex(sender) === toHex(key) ? 'key' : 'recovery';
    if (by === 'recovery') {
      if (identity === undefined) return 'identity-void-unknown';
      const fault = this.#recoveryFault(identity, sender);
      if (fault !== undefined) return fault;
    }
    state.revoked = true;
    const endedBefore = state.end !== undefined;
    if (since !== undefined) state.claims.push(Object.freeze({ since, claimedAt: at, by, endedBefore }));
    state.end ??= { status: 'revoked', by: at };
    if (identity?.current?.name === toHex(key)) identity.current = undefined;
    return undefined;
  }

  #join(
    identity: MutableIdentity,
    { sign, encrypt, card }: Announcement | Rotation,
    from: Position,
    joinedAt: Position,
  ): void {
    const key = { sign, encrypt, card, joinedAt };
    identity.keys.push(key);
    identity.keyCommitments.add(toHex(recoveryCommitment(sign)));
    identity.current = { name: toHex(sign), key };
    const state = this.#state(sign);
    state.identity = identity;
    state.joined = from;
  }

  /** What keeps a key from joining an identity. */
  #freshFault(key: Uint8Array): VoidCode | undefined {
    const state = this.#state(key);
    if (state.used) return 'identity-void-used';
    return state.revoked ? 'identity-void-revoked' : undefined;
  }

  /** What keeps a sender from acting as the recovery key of an identity. */
  #recoveryFault(identity: MutableIdentity, sender: Uint8Array): VoidCode | undefined {
    const named = toHex(identity.recovery) === toHex(recoveryCommitment(sender));
    return named && !this.#state(sender).revoked ? undefined : 'identity-void-recovery';
  }
}

/** A key that served or serves to recover an identity never becomes one of its ordinary keys. */
function commitmentFault(identity: MutableIdentity, sign: Uint8Array): VoidCode | undefined {
  return identity.commitments.has(toHex(recoveryCommitment(sign))) ? 'identity-void-commitment' : undefined;
}

function isBefore(a: Position, b: Position): boolean {
  return a.height < b.height || (a.height === b.height && a.index < b.index);
}
