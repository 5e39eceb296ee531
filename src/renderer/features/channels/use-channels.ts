/** Something about channels, asked again whenever channels, contacts or the record changed. */
import type { Answer } from '../../../contract/channel.ts';
import { useDesk } from '../../app/state.ts';
import { type Loaded, useLoaded } from '../../app/use-loaded.ts';

/** @param what names what is asked for. */
export function useChannels<T>(what: string, ask: () => Promise<Answer<T>>): Loaded<T> {
  const { version } = useDesk('channels');
  const contacts = useDesk('contacts').version;
  const { id = '', filled = 0, reach = 0 } = useDesk('ledger') ?? {};
  return useLoaded(`${what} ${version} ${contacts} ${id} ${filled} ${reach}`, ask);
}
