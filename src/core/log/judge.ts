/**
 * Judging a checkpoint by a policy: who signed it, whether that is enough, and how fresh it is. Specified in
 * `docs/spec/notes.md`, after C2SP tlog-policy.
 */
import type { CheckpointCode } from '../errors/checkpoint.ts';
import type { NoteCode } from '../errors/note.ts';
import type { PolicyCode } from '../errors/policy.ts';
import { ok, refuse, type Result } from '../result.ts';
import { openCheckpoint, type VerifiedCheckpoint } from './checkpoint.ts';
import type { Policy, PolicyMember } from './policy.ts';

/** A witness of the policy that cosigned the checkpoint. */
export interface Witnessing {
  /** Its name in the policy. */
  readonly name: string;
  /** Name of its key. */
  readonly keyName: string;
  /** POSIX seconds. */
  readonly time: number;
}

const token = Symbol('made by judgeCheckpoint');

/** A class with a private field, and not exported: no literal or spread passes for a met quorum. */
class MetQuorum {
  readonly quorum = 'met';
  readonly witnesses: readonly Witnessing[];
  /** The latest time (POSIX seconds) at which the quorum stood; undefined when the policy asks for no witness. */
  readonly time: number | undefined;
  readonly #checkpoint: VerifiedCheckpoint;

  constructor(
    made: symbol,
    checkpoint: VerifiedCheckpoint,
    witnesses: readonly Witnessing[],
    time: number | undefined,
  ) {
    if (made !== token) throw new TypeError('checkpoints are judged by judgeCheckpoint');
    this.#checkpoint = checkpoint;
    this.witnesses = Object.freeze(witnesses.map((witness) => Object.freeze({ ...witness })));
    this.time = time;
    Object.freeze(this);
  }

  get checkpoint(): VerifiedCheckpoint {
    return this.#checkpoint;
  }
}

/** A checkpoint that one of the policy's logs signed and enough of its witnesses cosigned. */
export type WitnessedCheckpoint = MetQuorum;

/** A checkpoint that one of the policy's logs signed and too few of its witnesses cosigned. */
export interface UnwitnessedCheckpoint {
  readonly quorum: 'insufficient';
  readonly checkpoint: VerifiedCheckpoint;
  readonly witnesses: readonly Witnessing[];
  /** What the policy asks for, in words: `2 of (A, B, C)`. */
  readonly needed: string;
}

export type PolicyVerdict = WitnessedCheckpoint | UnwitnessedCheckpoint;

/**
 * The latest time at which a member had witnessed: of a witness its cosignature's, of a group the k-th latest of
 * its members'. Undefined when it has not. So one witness with a clock far ahead cannot make a head look fresh
 * when more than one is asked for.
 */
function attained(member: PolicyMember, times: ReadonlyMap<PolicyMember, number>): number | undefined {
  if (member.kind === 'witness') return times.get(member);
  const reached = member.members.map((inner) => attained(inner, times)).filter((time) => time !== undefined);
  return reached.sort((a, b) => b - a)[member.threshold - 1];
}

function inWords(member: PolicyMember): string {
  if (member.kind === 'witness') return member.name;
  return `${member.threshold} of (${member.members.map(inWords).join(', ')})`;
}

/**
 * Judges a signed checkpoint. Refused when the policy names no log, when no listed log signed it, and when a
 * known key's signature is wrong; otherwise the verdict says whether the quorum is met.
 */
export function judgeCheckpoint(
  bytes: Uint8Array,
  policy: Policy,
): Result<PolicyVerdict, NoteCode | CheckpointCode | PolicyCode> {
  if (policy.logs.length === 0) return refuse('policy-no-log');
  const logKeys = policy.logs.map(({ key }) => key);
  const opened = openCheckpoint(
    bytes,
    logKeys,
    policy.witnesses.map(({ key }) => key),
  );
  if (!opened.ok) return opened;
  const checkpoint = opened.value;
  const witnesses: Witnessing[] = [];
  const times = new Map<PolicyMember, number>();
  for (const witness of policy.witnesses) {
    const { name, key } = witness;
    const cosignature = checkpoint.cosignatures.find((signature) => signature.key === key);
    if (cosignature === undefined) continue;
    witnesses.push({ name, keyName: key.name, time: cosignature.time });
    times.set(witness, cosignature.time);
  }
  const { quorum } = policy;
  if (quorum === 'none') return ok(new MetQuorum(token, checkpoint, witnesses, undefined));
  const time = attained(quorum, times);
  if (time === undefined) {
    return ok({ quorum: 'insufficient', checkpoint, witnesses, needed: inWords(quorum) });
  }
  return ok(new MetQuorum(token, checkpoint, witnesses, time));
}
