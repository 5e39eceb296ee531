/**
 * What a window shows without asking: the state of the desk, by topic. A window takes one snapshot, then deltas with
 * consecutive numbers; when one is missing it takes a new snapshot. A delta replaces one topic as a whole, so topics are
 * small: lists are asked for page by page, and a topic only says that they changed.
 */
import type { Failure } from './channel.ts';

/** How the identity of a profile stands; the names are those of the engine's vault states. */
export interface IdentityView {
  readonly state: string;
  /** Why it is not open, where the keychain or the sealed file is the reason. */
  readonly failure?: Failure;
  readonly canSign: boolean;
}

/** Somebody with whom nothing is done until the person looks at the key. */
export interface ContactNeedView {
  readonly id: string;
  readonly name: string;
  readonly state: 'changed' | 'mismatch' | 'revoked';
}

export interface ProfileView {
  readonly name: string;
  /** `practice`: throw-away keys on a ledger of this machine. */
  readonly kind: 'own' | 'practice';
  readonly identity: IdentityView;
}

/** What there is to begin with. */
export interface StartView {
  /** Names of profiles on this machine. */
  readonly profiles: readonly string[];
  readonly busy: boolean;
}

export interface LedgerView {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly origin: string;
  readonly endpoints: readonly string[];
  readonly asksForWitnesses: boolean;
  /** Blocks under the signed head, and blocks whose messages are here and checked. */
  readonly size: number;
  readonly filled: number;
  /** Whether everything is fetched, or only what concerns this profile; and so far, by blocks, all of that is here. */
  readonly mode: 'full' | 'follow';
  readonly reach: number;
  /** When the newest block was sealed: seconds since 1970; absent while there is none. */
  readonly sealed?: number;
}

export interface WitnessView {
  readonly name: string;
  /** As verifiers write it: name, hash, key. */
  readonly key: string;
}

/** A ledger with everything that is said of it where it is looked after. */
export interface LedgerStanding extends LedgerView {
  /** Whether it is the one that the other views show. */
  readonly isShown: boolean;
  /** When its key was pinned: seconds since 1970. */
  readonly joined: number;
  readonly witnesses: readonly WitnessView[];
  /** How many witnesses must have signed, in the words of the card; absent when none must. */
  readonly quorum?: string;
  /** Of a copy that follows: messages above the whole blocks, and tags that are followed. */
  readonly own: number;
  readonly tags: number;
  readonly alarms: AlarmsView;
}

export interface SyncView {
  /** `stopped`: by a person, before it came to its end; it goes on when it is asked to. */
  readonly phase: 'idle' | 'running' | 'stopped';
  readonly done?: number;
  readonly of?: number;
  readonly what?: 'headers' | 'bodies' | 'own';
  readonly perSecond?: number;
  readonly secondsLeft?: number;
  /** When it was last brought up to date: seconds since 1970. */
  readonly last?: number;
  /** Why the last try failed. */
  readonly problem?: ProblemView;
  /** Addresses that did not do, where another one did. */
  readonly skipped?: readonly { readonly address: string; readonly problem: ProblemView }[];
}

export interface ProblemView {
  readonly code: string;
  readonly happened: string;
  readonly next: string;
}

/** What a look at the profile found. */
export interface FindingView {
  /** `ok`: in order. `note`: somebody should know. `bad`: wrong. `repaired`: was wrong, is in order now. */
  readonly state: 'ok' | 'note' | 'bad' | 'repaired';
  readonly about: string;
  readonly sentence: string;
  readonly code?: string;
  readonly detail?: string;
  readonly next?: string;
}

/** The last look at the profile, or the one under way. */
export interface DoctorView {
  readonly look: 'quick' | 'deep' | 'repair';
  readonly phase: 'running' | 'done' | 'stopped' | 'failed';
  /** When it began: seconds since 1970. */
  readonly began: number;
  /** At most a hundred. */
  readonly findings: readonly FindingView[];
  /** What of the record is damaged can be fetched again. */
  readonly canRepair: boolean;
  readonly progress?: {
    readonly what: 'record' | 'repair' | 'rows' | 'receipts';
    readonly done: number;
    readonly of: number;
    readonly perSecond?: number;
    readonly secondsLeft?: number;
  };
  readonly problem?: ProblemView;
}

export interface OutboxView {
  readonly queued: number;
  readonly accepted: number;
  readonly refused: number;
  readonly broken: number;
}

/** Work on files: one at a time. */
export interface JobView {
  readonly id: number;
  readonly phase: 'signing' | 'sending' | 'done' | 'stopped' | 'failed';
  readonly files: number;
  readonly signed: number;
  readonly sent: number;
  readonly inBlock: number;
  readonly perSecond?: number;
  readonly secondsLeft?: number;
  readonly problem?: { readonly code: string; readonly happened: string; readonly next: string };
}

/** Judging blocks of the copy again: one range at a time. */
export interface RangeView {
  readonly id: number;
  /** Both included. */
  readonly from: number;
  readonly to: number;
  readonly phase: 'running' | 'good' | 'bad' | 'stopped' | 'failed';
  readonly what?: 'headers' | 'messages';
  readonly done: number;
  readonly of: number;
  readonly secondsLeft?: number;
  /** What was gone through, when nothing was wrong. */
  readonly report?: {
    readonly size: number;
    readonly messages: number;
    readonly withoutData: number;
    readonly unfilled: number;
    readonly followed: number;
    readonly isWhole: boolean;
  };
  /** What is wrong, or why it could not be checked. */
  readonly problem?: {
    readonly code: string;
    readonly detail?: string;
    readonly happened: string;
    readonly means: string;
    readonly next: string;
  };
}

/** A document on its way out of this machine or onto it: one at a time. */
export interface TransferView {
  readonly id: number;
  readonly kind: 'put' | 'save';
  /** Of which channel: 64 hexadecimal digits. */
  readonly channel: string;
  /** What the document is called. */
  readonly name: string;
  readonly phase: 'waiting' | 'hashing' | 'sending' | 'checking' | 'writing' | 'done' | 'stopped' | 'failed';
  /** Bytes. */
  readonly done: number;
  readonly of: number;
  /** Where it was written, once it was. */
  readonly file?: string;
  readonly problem?: ProblemView;
}

/** A disclosure that was written into a file. */
export interface WrittenDisclosureView {
  /** The first of its channels: 64 hexadecimal digits. */
  readonly channel: string;
  /** Where it is: beside what had the name that was meant, when that was taken. */
  readonly file: string;
}

/** A message of the record in few words: what changed. */
export interface EventView {
  /** The message's id. */
  readonly id: string;
  readonly height: number;
  /** Seconds since 1970. */
  readonly sealed: number;
  readonly what: 'record' | 'announcement' | 'rotation' | 'revocation' | 'other';
  readonly own: boolean;
  /** The sender's key. */
  readonly sender: string;
  /** A public name or label, as the sender claims it; of an own record the name of the file. */
  readonly says?: string;
}

/** Alarms, by what stands behind them. */
export interface AlarmsView {
  /** Shown by the operator's own signatures. */
  readonly proven: number;
  /** Signed promises that were not kept. */
  readonly broken: number;
  /** Seen, without proof. */
  readonly open: number;
}

/** How the open profile is looked after. */
export interface CareView {
  /** After how many minutes without use the identity is locked; 0 for never. */
  readonly idleMinutes: number;
  /** Who guards the key; absent where there is none. */
  readonly keeper?: 'keychain' | 'passphrase';
  /** The last backup that was written here: when, and the file. */
  readonly backup?: { readonly at: number; readonly file: string };
  /** The last backup that was opened as a trial: when, when it was made, and of which profile. */
  readonly drill?: { readonly at: number; readonly created: number; readonly profile: string };
  /** When the words were tried the last time. */
  readonly words?: number;
}

export interface DeskState {
  /** Of all ledgers; `origin` is the one about which the worst is known. */
  readonly alarms: AlarmsView & { readonly origin?: string };
  readonly start: StartView;
  readonly profile: ProfileView | null;
  /** The ledger that is shown. */
  readonly ledger: LedgerView | null;
  readonly sync: SyncView;
  /** All ledgers of the profile, and how their synchronisation stands, by their ids. */
  readonly ledgers: readonly LedgerStanding[];
  readonly syncs: Readonly<Record<string, SyncView>>;
  readonly doctor: DoctorView | null;
  readonly care: CareView | null;
  readonly outbox: OutboxView;
  readonly job: JobView | null;
  readonly range: RangeView | null;
  readonly transfer: TransferView | null;
  readonly records: { readonly version: number; readonly total: number };
  /** Grows when contacts, or what is known of one's own card, changed. */
  readonly contacts: {
    readonly version: number;
    /** The first few whose keys need a look, and how many there are; none while the identity is not open. */
    readonly needs: readonly ContactNeedView[];
    readonly needing: number;
  };
  /** Grows when channels, or what waits in them, changed; and how much in them was not read, and needs a look. */
  readonly channels: {
    readonly version: number;
    readonly unread: number;
    readonly alarms: number;
    /** The newest disclosures that were written since the application was opened; at most five. */
    readonly written: readonly WrittenDisclosureView[];
  };
  /** The newest messages of the record, newest first; at most ten. */
  readonly events: readonly EventView[];
}

export type Topic = keyof DeskState;

export interface Snapshot {
  readonly number: number;
  readonly state: DeskState;
}

export type Delta = {
  readonly [T in Topic]: { readonly number: number; readonly topic: T; readonly value: DeskState[T] };
}[Topic];
