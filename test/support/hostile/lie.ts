/** What a lie of a hostile firehose is made of. */
import type { LieKind } from '../../../src/core/evidence/verify.ts';
import type { Tamper } from '../ledger.ts';
import type { HostileFirehose } from './firehose.ts';

export interface HostileLie {
  readonly name: string;
  /** What synchronising must end with. */
  readonly code: string;
  /** Whether it is an alarm, and not just the failure of an address. */
  readonly isAlarm: boolean;
  /** What the evidence must show; undefined where nothing signed shows it. */
  readonly kind: LieKind | undefined;
  /** Whether the true record is without it, so that everything is as before once it stops. */
  readonly passes: boolean;
  /** Heights of the record before the lie: many where a roll-up is lied about. */
  readonly held: number | undefined;
  /** Whether the lie is met at the second address, which has shown nothing yet. */
  readonly atMirror: boolean;
  readonly tell: (firehose: HostileFirehose) => void;
}

type Told = Partial<Pick<HostileLie, 'kind' | 'passes' | 'held' | 'atMirror' | 'isAlarm'>>;

export function lie(name: string, code: string, tell: HostileLie['tell'], told: Told = {}): HostileLie {
  const kind = told.kind;
  const isAlarm = kind !== undefined;
  return { name, code, isAlarm, kind, passes: true, held: undefined, atMirror: false, tell, ...told };
}

/** A block that the operator sealed like this. */
export function sealed(tamper: Tamper | ((firehose: HostileFirehose) => Tamper)): HostileLie['tell'] {
  return (firehose) => {
    firehose.seal(firehose.messages(), typeof tamper === 'function' ? tamper(firehose) : tamper);
    firehose.publish();
    firehose.grow(firehose.ledger.size);
    firehose.publish();
  };
}
