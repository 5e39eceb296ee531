/** What a verdict comes to, in words: one for a list, a sentence for a person. */
import type { JudgedView, OwnerView } from '../../../contract/channels/check.ts';
import { said, type Text } from '../../i18n/text.ts';
import type { Tone } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { utcLong } from '../../ui/time.tsx';
import { claimsText } from '../contacts/claims.tsx';
import type { ShownView } from './use-check.ts';

export interface Short {
  readonly tone: Tone;
  /** The key of the word. */
  readonly word: string;
}

const cards: readonly string[] = ['ledger card', 'contact card'];

/** A verdict in a word. */
export function shortOf(view: ShownView): Short {
  const { kind, verdict } = view;
  if (kind === 'contact card' && view.contact !== undefined) {
    const isBad = ['mismatch', 'revoked'].includes(view.contact.standing);
    return isBad ? { tone: 'bad', word: 'check.word.invalid' } : { tone: 'calm', word: 'check.word.card' };
  }
  if (verdict === 'invalid') return { tone: 'bad', word: 'check.word.invalid' };
  if (kind === 'ledger card') return { tone: 'calm', word: 'check.word.card' };
  if (verdict === 'open') return { tone: 'warn', word: 'check.word.open' };
  if (kind === 'evidence') return { tone: 'bad', word: 'check.word.lie' };
  const words: Readonly<Record<string, string>> = {
    document: 'check.word.recorded',
    message: 'check.word.recorded',
    receipt: 'check.word.recorded',
    promise: 'check.word.promised',
  };
  return { tone: 'good', word: words[kind] ?? 'check.word.known' };
}

/** Who has a key, within a sentence. */
export function ownerText(t: Text, owner: OwnerView | undefined, key: string): string {
  if (owner === undefined) return t('check.by.key', { key: key.slice(0, 16) });
  return owner.who === 'self' ? t('check.by.self') : t('check.by.contact', { name: owner.name });
}

function judgedSentence(t: Text, view: JudgedView): string {
  const { kind, verdict, failure, shows, origin = '', receipt, contact, card } = view;
  if (contact !== undefined) {
    const { says, owner } = contact;
    const values = { says: claimsText(t, says), name: owner?.who === 'contact' ? owner.name : '' };
    return t(`check.contact.${owner?.who ?? 'nobody'}`, values);
  }
  if (card !== undefined) return t(`check.card.${card.effect}`, { origin });
  if (verdict !== 'valid') return said(failure?.code ?? '', 'happened', failure?.happened ?? '');
  const place = receipt?.place;
  if (kind === 'receipt' && receipt !== undefined && place !== undefined) {
    const { height, sealed } = place;
    const values = { file: receipt.file, origin, height: number(height), time: utcLong(sealed) };
    return t('check.receipt', values);
  }
  return said('', 'happened', shows[0] ?? '');
}

/** The verdict as a sentence. */
export function sentenceOf(t: Text, view: ShownView): string {
  switch (view.kind) {
    case 'document': {
      if (view.verdict !== 'valid') return said(view.failure.code, 'happened', view.failure.happened);
      const { owner, own, height, sealed, sender } = view;
      const values = { height: number(height), time: utcLong(sealed), by: ownerText(t, owner, sender) };
      return t(own || owner?.who === 'self' ? 'check.recorded.own' : 'check.recorded', values);
    }
    case 'message': {
      const { owner, height, sealed, sender, origin } = view;
      const by = ownerText(t, owner, sender);
      return t('check.message.is', { by, origin, height: number(height), time: utcLong(sealed) });
    }
    case 'key': {
      const { owner, origin, height, isCurrent } = view;
      const whose = owner === undefined ? 'nobody' : owner.who;
      const values = { origin, name: owner?.who === 'contact' ? owner.name : '' };
      const standing = height === undefined ? 'absent' : isCurrent === true ? 'current' : 'former';
      return `${t(`check.key.${whose}`, values)} ${t(`check.key.is.${standing}`, { ...values, height: number(height ?? 0) })}`;
    }
    case 'ledger':
      return t('check.ledger.is', { origin: view.origin });
    case 'safety': {
      if (view.owner?.who === 'contact') return t('check.safety.is', { name: view.owner.name });
      return t(view.isSealed ? 'check.safety.sealed' : 'check.safety.nobody');
    }
    case 'empty':
    case 'nothing':
      return t(`check.${view.kind}`);
    case 'picture':
      return t(`qr.${view.finding}`);
    case 'unread':
    case 'unknown': {
      const { code, happened } = view.failure;
      return said(code, 'happened', happened);
    }
    case 'evidence':
    case 'receipt':
    case 'promise':
    case 'ledger card':
    case 'contact card':
      return judgedSentence(t, view);
  }
}

/** What the verdict means, what it does not, and what to do next. */
export function meaningOf(t: Text, view: ShownView): string {
  const { kind } = view;
  if (kind === 'empty') return t('check.empty.more');
  if (kind === 'nothing') return t(view.isSealed ? 'check.nothing.sealed' : 'check.nothing.more');
  if (kind === 'picture') return t(`qr.${view.finding}.more`);
  if (kind === 'safety') return t(view.owner === undefined ? 'check.safety.differ' : 'check.safety.more');
  if (kind === 'contact card' && view.contact !== undefined) return t('check.limits.contact');
  if (kind === 'ledger card' && view.card !== undefined) return t('check.limits.card');
  const failure = 'failure' in view ? view.failure : undefined;
  if (failure !== undefined) {
    const { code, means, next, detail } = failure;
    const met = detail === undefined || cards.includes(kind) ? '' : ` ${t('common.detail', { detail })}`;
    return `${said(code, 'means', means)} ${said(code, 'next', next)}${met}`;
  }
  if (kind === 'document' && view.verdict === 'valid') {
    const known = t(`check.from.${view.by}`, { origin: view.origin, size: number(view.headSize) });
    return `${known} ${t('check.limits.document')}`;
  }
  return t(`check.limits.${kind}`);
}
