/** What was chosen of the appearance beside the theme; the shell keeps it. */
import { create } from 'zustand';
import type { ShellView } from '../../contract/channels/shell.ts';
import { api } from '../api.ts';

type Look = Pick<ShellView, 'contrast' | 'clock'>;

/** The look in use. */
export const useLook = create<Look>(() => ({ contrast: 'system', clock: 'both' }));

/** Takes a look into use, as it was kept. */
export function wearLook({ contrast, clock }: Look): void {
  document.documentElement.dataset['contrast'] = contrast;
  useLook.setState({ contrast, clock });
}

export function chooseLook(change: Partial<Look>): void {
  wearLook({ ...useLook.getState(), ...change });
  void api.shellSetLook(change);
}
