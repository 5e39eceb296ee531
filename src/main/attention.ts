/** What draws attention outside of the window: the sign in the bar of the system, and notifications without names. */
import { app, Notification } from 'electron';
import type { Delta, DeskState } from '../contract/state.ts';
import type { DeskThread } from './desk-thread.ts';
import { newsIn, noticeOf } from './news.ts';
import type { SettingsFile } from './settings.ts';
import { putTray } from './tray.ts';
import type { Windows } from './windows.ts';
import type { ShellText } from './texts.ts';

export interface AttentionParts {
  readonly windows: Windows;
  readonly settings: SettingsFile;
  readonly texts: ShellText;
  /** The picture of the sign. */
  readonly icon: string;
}

export class Attention {
  readonly #parts: AttentionParts;
  #state: Partial<DeskState> = {};
  #tellTray: ((state: Partial<DeskState>) => void) | undefined;

  constructor(parts: AttentionParts) {
    this.#parts = parts;
  }

  /** Puts the sign into the bar of the system. */
  start(desk: DeskThread): void {
    const show = (): void => void this.#parts.windows.openMain();
    this.#tellTray = putTray(this.#parts.texts, this.#parts.icon, {
      show,
      lock: () => {
        desk.lock();
      },
      quit: () => {
        app.quit();
      },
    });
    this.#tellTray(this.#state);
  }

  take(delta: Delta): void {
    const news = newsIn(this.#state, delta);
    this.#state = { ...this.#state, [delta.topic]: delta.value };
    this.#tellTray?.(this.#state);
    const { texts: t, settings } = this.#parts;
    const body = news && noticeOf(t, news, settings.value.notices);
    // Who looks at the window sees it there.
    if (body === undefined || this.#parts.windows.main?.isFocused() === true) return;
    const notice = new Notification({ title: t('app.name'), body, silent: true });
    notice.on('click', () => void this.#parts.windows.openMain('home'));
    notice.show();
  }

  /** The desk begins anew: what was known does not hold. */
  forget(): void {
    this.#state = {};
    this.#tellTray?.(this.#state);
  }
}
