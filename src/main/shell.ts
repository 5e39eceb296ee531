/** What the shell answers itself: appearance, clipboard, the window for secrets. */
import { app, clipboard, nativeTheme } from 'electron';
import type { WindowKind } from '../contract/channel.ts';
import type { PurposeView } from '../contract/channels/secret.ts';
import type { AboutView } from '../contract/channels/shell.ts';
import type { ChannelName, ReplyOf, RequestOf, Schema } from '../contract/schema.ts';
import type { DeskThread } from './desk-thread.ts';
import type { SettingsFile } from './settings.ts';
import { locale } from './texts.ts';
import type { Windows } from './windows.ts';

type ShellChannel = {
  [N in ChannelName]: Schema[N]['answeredBy'] extends 'shell' ? N : never;
}[ChannelName];

/** A function for each channel of the shell. */
type ShellHandlers = {
  readonly [N in ShellChannel]: (request: RequestOf<N>, from: WindowKind) => Promise<ReplyOf<N>> | ReplyOf<N>;
};

/** What the program is made of. */
function about({ ready }: DeskThread): AboutView {
  const { engines } = ready ?? {};
  const { electron, chrome, node } = process.versions as Readonly<Record<string, string | undefined>>;
  const programs = { Electron: electron, Chromium: chrome, Node: node };
  const works = ['signatures', 'hashes', 'boxes', 'agreement'] as const;
  return {
    version: app.getVersion(),
    platform: `${process.platform} ${process.arch}`,
    programs: Object.entries(programs).flatMap(([name, version]) =>
      version === undefined ? [] : [{ name, version }],
    ),
    engines: engines === undefined ? [] : works.map((what) => ({ what, name: engines[what] })),
    dropped: engines?.dropped.map(({ name, reason }) => ({ name, reason: reason.slice(0, 200) })) ?? [],
    folder: ready?.folder ?? '',
  };
}

export interface ShellParts {
  readonly windows: Windows;
  readonly settings: SettingsFile;
  readonly desk: DeskThread;
  readonly isPreview: boolean;
}

export function shellHandlers({ windows, settings, desk, isPreview }: ShellParts): ShellHandlers {
  let purpose: PurposeView['purpose'] = 'create';
  return {
    'shell.view': (_request, from) => ({
      window: from,
      version: app.getVersion(),
      theme: settings.value.theme,
      contrast: settings.value.contrast,
      clock: settings.value.clock,
      platform: process.platform,
      preview: isPreview,
      locale: locale(),
      engine: desk.ready?.engines.signatures ?? '',
      notices: settings.value.notices,
      ...windows.recovery(from),
    }),
    'shell.about': () => about(desk),
    'shell.setTheme': ({ theme }) => {
      nativeTheme.themeSource = theme;
      settings.set({ theme });
      return null;
    },
    'shell.setNotices': ({ notices }) => {
      settings.set({ notices });
      return null;
    },
    'shell.setLook': ({ contrast, clock }) => {
      settings.set({ ...(contrast && { contrast }), ...(clock && { clock }) });
      return null;
    },
    'shell.copy': async ({ text }) => {
      await clipboard.writeText(text);
      return null;
    },
    'shell.openSecret': async (request) => {
      ({ purpose } = request);
      await windows.openSecret(() => {
        desk.secretClosed();
      });
      return null;
    },
    'secret.purpose': () => ({ purpose }),
    'secret.close': () => {
      // After the answer is on its way.
      setImmediate(() => {
        windows.closeSecret();
      });
      return null;
    },
  };
}
