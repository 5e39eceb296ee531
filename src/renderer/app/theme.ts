/** The theme that was chosen; the shell keeps it, and pages follow by their media query. */
import { create } from 'zustand';
import type { ShellView } from '../../contract/channels/shell.ts';
import { api } from '../api.ts';

type Theme = ShellView['theme'];

/** Undefined until another one than at the start was chosen. */
const useChosen = create<{ readonly theme: Theme | undefined }>(() => ({ theme: undefined }));

/** The theme in use. @param first the one at the start. */
export function useTheme(first: Theme): Theme {
  return useChosen(({ theme }) => theme) ?? first;
}

export function chooseTheme(theme: Theme): void {
  useChosen.setState({ theme });
  void api.shellSetTheme({ theme });
}
