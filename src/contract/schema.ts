/**
 * The one schema of what windows may ask. Main reads parsers, bounds and who may ask from it; the preload and the
 * renderer have their types from it; tests go through it channel by channel. A feature adds a file to `channels/` and
 * one line here.
 */
import type { z } from 'zod';
import type { Answer, Channel } from './channel.ts';
import { checkChannels } from './channels/check.ts';
import { alarmChannels } from './channels/alarms.ts';
import { channelChannels } from './channels/channels.ts';
import { contactChannels } from './channels/contacts.ts';
import { explorerChannels } from './channels/explorer.ts';
import { disclosureChannels } from './channels/disclosure.ts';
import { documentChannels } from './channels/documents.ts';
import { recordChannels } from './channels/records.ts';
import { secretChannels } from './channels/secret.ts';
import { settingsChannels } from './channels/settings.ts';
import { shellChannels } from './channels/shell.ts';
import { startChannels } from './channels/start.ts';
import { syncChannels } from './channels/sync.ts';
import type { Delta } from './state.ts';

export const schema = {
  ...shellChannels,
  ...startChannels,
  ...secretChannels,
  ...recordChannels,
  ...contactChannels,
  ...channelChannels,
  ...documentChannels,
  ...disclosureChannels,
  ...checkChannels,
  ...syncChannels,
  ...alarmChannels,
  ...explorerChannels,
  ...settingsChannels,
} as const;

export type Schema = typeof schema;
export type ChannelName = keyof Schema;

/** What a channel is asked with, once it is parsed. */
export type RequestOf<N extends ChannelName> = z.output<Schema[N]['request']>;

/** What a channel answers. */
export type ReplyOf<N extends ChannelName> =
  Schema[N] extends Channel<z.ZodType, infer Reply> ? Reply : never;

/** The channels whose names are known at run time only. */
export function channelNamed(name: string): Channel | undefined {
  return Object.hasOwn(schema, name) ? (schema as Readonly<Record<string, Channel>>)[name] : undefined;
}

export const channelNames = Object.keys(schema) as readonly ChannelName[];

/** One function for each channel; in the names of functions a dot and the letter after it are one capital letter. */
type FunctionName<N extends string> = N extends `${infer Group}.${infer Rest}`
  ? `${Group}${Capitalize<Rest>}`
  : N;

/** What only the preload asks, because only it is handed the paths of files. */
type PreloadOnly = 'files.offer';

/** What the preload puts into a page: functions with names, each for one thing. */
export type Api = {
  readonly [N in Exclude<ChannelName, PreloadOnly> as FunctionName<N>]: (
    request: RequestOf<N>,
  ) => Promise<Answer<ReplyOf<N>>>;
} & {
  /** Hands files over that the person dropped or chose; their paths never pass through the page. */
  readonly offerFiles: (files: readonly unknown[]) => Promise<Answer<ReplyOf<'files.offer'>>>;
  /** Calls back with every change of the state. */
  readonly onDelta: (listener: (delta: Delta) => void) => void;
  /** Calls back when a menu, a key or a link asks for a view. */
  readonly onView: (listener: (view: string) => void) => void;
};
