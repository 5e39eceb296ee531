/** What the shell and the thread behind it say to each other. Requests were parsed before they are passed on. */
import type { Answer } from '../contract/channel.ts';
import type { Delta } from '../contract/state.ts';
import type { EngineReport } from '../engines/start.ts';

/** What the thread is made with. */
export interface DeskSetup {
  /** Where the practice ledger lies. */
  readonly practiceFolder: string;
  /** The program of the keychain child may need to be told to behave as Node. */
  readonly keychainEnv: Readonly<Record<string, string>>;
  /** Every profile in the preview is the practice one. */
  readonly practiceOnly: boolean;
}

/** What the thread needs a person for: a folder to write into. */
export type Question = 'folder';

export type ToDesk =
  | { readonly kind: 'ask'; readonly id: number; readonly channel: string; readonly request: unknown }
  /** What a person answered, or nothing. */
  | { readonly kind: 'reply'; readonly id: number; readonly value: string | undefined }
  /** The window for secrets was closed: words that were made in it are gone. */
  | { readonly kind: 'secret-closed' }
  | { readonly kind: 'stop' };

export type FromDesk =
  | { readonly kind: 'ready'; readonly engines: EngineReport; readonly folder: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<unknown> }
  | { readonly kind: 'delta'; readonly delta: Delta }
  | { readonly kind: 'question'; readonly id: number; readonly what: Question }
  | { readonly kind: 'stopped' };
