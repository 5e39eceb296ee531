/** What happened that a person wants to know of while the window is not in sight: kinds and counts, never a name. */
import type { NoticeStyle } from '../contract/channels/shell.ts';
import type { Delta, DeskState } from '../contract/state.ts';
import type { ShellText } from './texts.ts';

export interface News {
  readonly what: 'alarm' | 'recorded' | 'failed' | 'refused';
  readonly count: number;
}

/** What is new in a delta; undefined when nothing is, or when nothing was known before. */
export function newsIn(before: Partial<DeskState>, delta: Delta): News | undefined {
  const grown = (what: News['what'], now: number, then: number | undefined): News | undefined =>
    then !== undefined && now > then ? { what, count: now - then } : undefined;
  if (delta.topic === 'alarms') {
    const sum = ({ proven, broken, open }: DeskState['alarms']): number => proven + broken + open;
    return grown('alarm', sum(delta.value), before.alarms && sum(before.alarms));
  }
  if (delta.topic === 'outbox') return grown('refused', delta.value.refused, before.outbox?.refused);
  if (delta.topic !== 'job') return undefined;
  const { phase, files = 0, id } = delta.value ?? {};
  const was = before.job?.id === id ? before.job?.phase : undefined;
  if (was === undefined || was === phase) return undefined;
  if (phase === 'done') return { what: 'recorded', count: files };
  return phase === 'failed' ? { what: 'failed', count: 1 } : undefined;
}

/** What a notification says; undefined when there is to be none. */
export function noticeOf(t: ShellText, { what, count }: News, style: NoticeStyle): string | undefined {
  if (style === 'off') return undefined;
  return style === 'hidden' ? t('notice.hidden') : t(`notice.${what}`, { count });
}
