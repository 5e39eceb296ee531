/** Opening the identity of the profile that is shown. */
import type { IdentityView } from '../../contract/state.ts';
import { api, value } from '../api.ts';

/** Opens the identity: by the keychain where that is enough, else in the window for secrets. */
export function unlock({ state }: IdentityView): void {
  if (state === 'passphrase' || state === 'closed') {
    void value(api.startUnlock({})).catch(() => api.shellOpenSecret({ purpose: 'unlock' }));
  } else void api.startUnlock({});
}
