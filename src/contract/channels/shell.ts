/** What the shell itself answers: the appearance, the clipboard, the window for secrets. */
import { z } from 'zod';
import { channel, type WindowKind } from '../channel.ts';
import type { Snapshot } from '../state.ts';

/** Notifications: none, without any content, or with what happened and how often. Never a name. */
export const noticeStyle = z.enum(['off', 'hidden', 'counts']);
export type NoticeStyle = z.output<typeof noticeStyle>;

export interface ShellView {
  /** Which window asked. */
  readonly window: WindowKind;
  readonly version: string;
  readonly theme: 'light' | 'dark' | 'system';
  /** More contrast than the system asks for. */
  readonly contrast: 'system' | 'more';
  /** How times are shown: UTC with the local time, or UTC alone. */
  readonly clock: 'both' | 'utc';
  readonly platform: string;
  /** A test double or a preview says so, always in sight. */
  readonly preview: boolean;
  readonly locale: string;
  readonly engine: string;
  readonly notices: NoticeStyle;
  /** What ended by itself just now, so that the page was loaded again. */
  readonly recovered?: 'page' | 'desk';
}

/** What the program is made of, and where it keeps what it keeps. */
export interface AboutView {
  readonly version: string;
  readonly platform: string;
  /** What it runs on, by name. */
  readonly programs: readonly { readonly name: string; readonly version: string }[];
  /** Which engine does which kind of work. */
  readonly engines: readonly { readonly what: EngineWork; readonly name: string }[];
  /** Engines that failed their test at the start, and why. */
  readonly dropped: readonly { readonly name: string; readonly reason: string }[];
  /** The folder with all profiles of this user. */
  readonly folder: string;
}

export type EngineWork = 'signatures' | 'hashes' | 'boxes' | 'agreement';

export const shellChannels = {
  'shell.view': channel<ShellView>()({
    request: z.strictObject({}),
    answeredBy: 'shell',
    windows: ['main', 'secret'],
  }),
  'shell.about': channel<AboutView>()({ request: z.strictObject({}), answeredBy: 'shell' }),
  'shell.setTheme': channel<null>()({
    request: z.strictObject({ theme: z.enum(['light', 'dark', 'system']) }),
    answeredBy: 'shell',
  }),
  'shell.setNotices': channel<null>()({
    request: z.strictObject({ notices: noticeStyle }),
    answeredBy: 'shell',
  }),
  'shell.setLook': channel<null>()({
    request: z.strictObject({
      contrast: z.enum(['system', 'more']).optional(),
      clock: z.enum(['both', 'utc']).optional(),
    }),
    answeredBy: 'shell',
  }),
  'shell.copy': channel<null>()({
    request: z.strictObject({ text: z.string().max(262_144) }),
    maxRequest: 1_048_576,
    answeredBy: 'shell',
  }),
  'shell.openSecret': channel<null>()({
    request: z.strictObject({
      purpose: z.enum([
        'create',
        'restore',
        'reopen',
        'unlock',
        'watch',
        'recovery',
        'backup',
        'drill',
        'words',
      ]),
    }),
    answeredBy: 'shell',
  }),
  'state.snapshot': channel<Snapshot>()({ request: z.strictObject({}) }),
} as const;
