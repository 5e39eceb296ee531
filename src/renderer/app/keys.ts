/** Keys: how they are written, shown, and obeyed. There is one handler, and it knows what commands declare. */
import { useEffect } from 'react';
import { available } from './commands.ts';
import type { Command } from './feature.ts';

/** Names of keys that no single letter stands for. */
const named: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
  Escape: 'Esc',
};

const isMac = navigator.platform.startsWith('Mac');

/** Keys as they stand on the keyboard: `Ctrl K`, `⌘ K`. */
export function shownKeys(keys: string): string {
  return keys
    .split('+')
    .map((key) => (key === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : (named[key] ?? key)))
    .join(' ');
}

/** Keys as assistive technology takes them. */
export function ariaKeys(keys: string): string {
  return keys.replace('Mod', isMac ? 'Meta' : 'Control');
}

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Whether these keys were pressed. */
function matches(keys: string, event: Pressed): boolean {
  const isMod = keys.startsWith('Mod+');
  const key = isMod ? keys.slice('Mod+'.length) : keys;
  const isHeld = isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  if (event.altKey || (isMod ? !isHeld : event.ctrlKey || event.metaKey)) return false;
  return event.key.toLowerCase() === key.toLowerCase();
}

/** Whether what is pressed is meant for a field. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

/** The command that an event calls, among those that can be done now. */
function called(event: KeyboardEvent): Command | undefined {
  // A dialog has its own keys.
  if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return undefined;
  return available().find(({ keys }) => {
    if (keys === undefined || !matches(keys, event)) return false;
    return keys.startsWith('Mod+') || !isTyping(event.target);
  });
}

/** Obeys keys for as long as the window is there. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const command = called(event);
      if (command === undefined) return;
      event.preventDefault();
      command.run();
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
    };
  }, []);
}
