/** What the shell and the thread behind it say to each other. Requests were parsed before they are passed on. */
import type { Answer } from '../contract/channel.ts';
import type { Delta } from '../contract/state.ts';
import type { EngineReport } from '../engines/start.ts';
import type { KeychainRequest } from '../wallet/keychain/protocol.ts';

/** What the thread is made with. */
export interface DeskSetup {
  /** Where the practice ledger lies. */
  readonly practiceFolder: string;
  /** Every profile in the preview is the practice one. */
  readonly practiceOnly: boolean;
}

/** What the thread needs a person for: a folder to write into. */
export type Question = 'folder';

export type ToDesk =
  | { readonly kind: 'ask'; readonly id: number; readonly channel: string; readonly request: unknown }
  /** What a person answered, or nothing. */
  | { readonly kind: 'reply'; readonly id: number; readonly value: string | undefined }
  /** What the keychain answered: its text, empty without one, undefined when it did not answer in time. */
  | { readonly kind: 'keychain'; readonly id: number; readonly answer: string | undefined }
  /** The window for secrets was closed: words that were made in it are gone. */
  | { readonly kind: 'secret-closed' }
  /** The identity is to be locked as soon as no work needs it. */
  | { readonly kind: 'lock' }
  | { readonly kind: 'stop' };

export type FromDesk =
  | { readonly kind: 'ready'; readonly engines: EngineReport; readonly folder: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> }
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'question'; readonly id: number; readonly what: Question }
  /** The keychain is asked by the shell: only it can start processes. */
  | {
      readonly kind: 'keychain';
      readonly id: number;
      readonly request: KeychainRequest;
      readonly waitMs: number;
    }
  | { readonly kind: 'stopped' };
