/** Alarms: what operators of ledgers, or their addresses, were seen to do that honest ones do not do. */
import { z } from 'zod';
import { channel } from '../channel.ts';

export interface AlarmRow {
  readonly number: number;
  readonly origin: string;
  /** 64 hexadecimal digits. */
  readonly ledger: string;
  readonly code: string;
  readonly happened: string;
  readonly means: string;
  readonly next: string;
  /** What the evidence shows, verified just now, and of which kind it is; absent when there is none. */
  readonly shows?: { readonly sentence: string; readonly kind: string; readonly bytes: number };
  /** Nothing newer is fetched or sent until the person decides. */
  readonly stops: boolean;
  readonly detail: string;
  /** The address that showed it first. */
  readonly address: string;
  /** Seconds since 1970. */
  readonly first: number;
  readonly last: number;
  readonly times: number;
  readonly acknowledged?: number;
}

export interface AlarmPage {
  readonly total: number;
  readonly rows: readonly AlarmRow[];
}

/** The beginning of an evidence file. */
export interface EvidenceView {
  readonly text: string;
  /** Whether there is more of it. */
  readonly isCut: boolean;
}

const number = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const errors = ['alarm', 'store'];

export const alarmChannels = {
  /** The newest first. */
  'alarms.list': channel<AlarmPage>()({
    request: z.strictObject({ limit: z.number().int().min(1).max(200) }),
    errors,
  }),
  'alarms.detail': channel<AlarmRow>()({ request: z.strictObject({ number }), errors }),
  'alarms.evidence': channel<EvidenceView>()({ request: z.strictObject({ number }), errors }),
  /** Writes the evidence into a folder that the person is asked for. @returns the path; null when none was chosen. */
  'alarms.save': channel<{ readonly file: string } | null>()({ request: z.strictObject({ number }), errors }),
  /** The person saw it and wants to go on with the ledger. */
  'alarms.acknowledge': channel<null>()({ request: z.strictObject({ number }), errors }),
} as const;
