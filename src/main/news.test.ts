import { describe, expect, it } from 'vitest';
import type { Delta, DeskState } from '../contract/state.ts';
import { pseudoLocale, textsIn } from '../contract/texts.ts';
import { en } from './en.ts';
import { newsIn, noticeOf } from './news.ts';

const none = { proven: 0, broken: 0, open: 0 };
const job = (phase: 'sending' | 'done' | 'failed', id = 1) =>
  ({ id, phase, files: 3, signed: 3, sent: 3, inBlock: 0 }) as const;
const delta = (topic: 'alarms' | 'job' | 'profile', value: unknown): Delta =>
  ({ number: 1, topic, value }) as unknown as Delta;

describe('news', async () => {
  const texts = await textsIn('en-GB', en);
  const t = (key: string, values = {}): string => texts.t(key, values);

  it('is an alarm more than before, and none while nothing was known', () => {
    expect(newsIn({ alarms: none }, delta('alarms', { ...none, proven: 2 }))).toEqual({
      what: 'alarm',
      count: 2,
    });
    expect(newsIn({ alarms: { ...none, open: 2 } }, delta('alarms', none))).toBeUndefined();
    expect(newsIn({}, delta('alarms', { ...none, proven: 2 }))).toBeUndefined();
  });

  it('is work that came to its end, once', () => {
    const working: Partial<DeskState> = { job: job('sending') };
    expect(newsIn(working, delta('job', job('done')))).toEqual({ what: 'recorded', count: 3 });
    expect(newsIn(working, delta('job', job('failed')))).toEqual({ what: 'failed', count: 1 });
    expect(newsIn({ job: job('done') }, delta('job', job('done')))).toBeUndefined();
    expect(newsIn(working, delta('job', job('done', 2)))).toBeUndefined();
  });

  it('is told in the locale, whatever it is', async () => {
    const other = await textsIn(pseudoLocale, en);
    for (const what of ['alarm', 'recorded', 'failed', 'refused'] as const)
      for (const style of ['hidden', 'counts'] as const)
        for (const count of [1, 2])
          expect(noticeOf((key, values = {}) => other.t(key, values), { what, count }, style)).toMatch(
            /^⟦.*⟧$/,
          );
  });

  it('is told without content, with counts, or not at all; never with a name', () => {
    const news = { what: 'recorded', count: 3 } as const;
    expect(noticeOf(t, news, 'off')).toBeUndefined();
    expect(noticeOf(t, news, 'hidden')).toBe('There is news. Open Countersign to see it.');
    expect(noticeOf(t, { what: 'alarm', count: 1 }, 'hidden')).toBe(noticeOf(t, news, 'hidden'));
    expect(noticeOf(t, news, 'counts')).toBe('3 files were sent to be recorded.');
    expect(noticeOf(t, { ...news, count: 1 }, 'counts')).toBe('A file was sent to be recorded.');
    const named = { name: 'Canary', kind: 'own', identity: { state: 'open', canSign: true } };
    expect(newsIn({ profile: null }, delta('profile', named))).toBeUndefined();
  });
});
