/** What the shell answers itself: appearance, clipboard, the window for secrets. */
import { app, clipboard, nativeTheme } from 'electron';
import type { WindowKind } from '../contract/channel.ts';
import type { PurposeView } from '../contract/channels/secret.ts';
import type { ChannelName, ReplyOf, RequestOf, Schema } from '../contract/schema.ts';
import type { DeskThread } from './desk-thread.ts';
import type { SettingsFile } from './settings.ts';
import type { Windows } from './windows.ts';

type ShellChannel = {
  [N in ChannelName]: Schema[N]['answeredBy'] extends 'shell' ? N : never;
}[ChannelName];

/** A function for each channel of the shell. */
type ShellHandlers = {
  readonly [N in ShellChannel]: (request: RequestOf<N>, from: WindowKind) => Promise<ReplyOf<N>> | ReplyOf<N>;
};

/** The locale that a start asks for: `--locale=en-XA` shows the pseudo-locale. */
function localeIn(args: readonly string[]): string | undefined {
  return args
    .map((argument) => /^--locale=([A-Za-z]{2}(?:-[A-Za-z]{2})?)$/.exec(argument)?.[1])
    .find(Boolean);
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
      platform: process.platform,
      preview: isPreview,
      locale: localeIn(process.argv) ?? app.getLocale(),
      engine: desk.engine,
    }),
    'shell.setTheme': ({ theme }) => {
      nativeTheme.themeSource = theme;
      settings.set({ theme });
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
