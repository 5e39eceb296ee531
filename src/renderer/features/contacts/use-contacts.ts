/** Something about contacts, asked again whenever contacts or the record changed. */
import type { Answer } from '../../../contract/channel.ts';
import { useDesk } from '../../app/state.ts';
import { type Loaded, useLoaded } from '../../app/use-loaded.ts';

/** @param what names what is asked for. */
export function useContacts<T>(what: string, ask: () => Promise<Answer<T>>): Loaded<T> {
  const { version } = useDesk('contacts');
  const { id = '', size = 0, filled = 0 } = useDesk('ledger') ?? {};
  return useLoaded(`${what} ${version} ${id} ${size} ${filled}`, ask);
}
