/** How contacts are shown: what one calls them is never mixed with what they say of themselves. */
import { ShieldAlert, ShieldCheck, ShieldQuestion } from 'lucide-react';
import type { ClaimsView, ContactState } from '../../../contract/channels/contacts.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { Status, type Tone } from '../../ui/controls.tsx';

/** What a card says, in quotation marks. */
export function claimsText(t: Text, { name, role, firm }: ClaimsView): string {
  const parts = [name, role, firm].filter((text) => text !== undefined);
  return parts.length === 0 ? t('contacts.says.nothing') : parts.map((text) => `“${text}”`).join(', ');
}

export const tones: Readonly<Record<ContactState, Tone>> = {
  verified: 'good',
  unchecked: 'warn',
  unannounced: 'warn',
  changed: 'bad',
  revoked: 'bad',
  mismatch: 'bad',
};

const icons = { good: ShieldCheck, warn: ShieldQuestion, bad: ShieldAlert, calm: ShieldQuestion };

export function KeyState({ state }: { state: ContactState }) {
  const t = useText();
  const tone = tones[state];
  return (
    <Status tone={tone} icon={icons[tone]}>
      {t(`contacts.state.${state}`)}
    </Status>
  );
}
