/** Judging a range of blocks of this copy again, with a sentence as verdict. */
import { useState } from 'react';
import type { RangeView } from '../../../contract/state.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { said, type Text, useText } from '../../i18n/text.ts';
import { Button, Field, Notice, Progress } from '../../ui/controls.tsx';
import { duration, number } from '../../ui/numbers.ts';
import { Tabs } from './tabs.tsx';

/** As many digits as a height has at most. */
const longest = 15;

function heightIn(text: string): number | undefined {
  const digits = text.replace(/[,.\s]/g, '');
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** What was gone through, sentence by sentence. */
function shown(t: Text, { from, to, report }: RangeView): readonly string[] {
  if (report === undefined) return [];
  const { size, messages, withoutData, unfilled, followed, isWhole } = report;
  const values = { from: number(from), to: number(to), size: number(size), messages: number(messages) };
  return [
    t('explorer.verify.headers', values),
    messages === 1 ? t('explorer.verify.message') : t('explorer.verify.messages', values),
    isWhole ? t('explorer.verify.index') : t('explorer.verify.noindex'),
    ...(withoutData === 0 ? [] : [t('explorer.verify.withoutdata', { count: number(withoutData) })]),
    ...(unfilled === 0
      ? []
      : [t('explorer.verify.unfilled', { count: number(unfilled), followed: number(followed) })]),
    t('explorer.verify.limits'),
  ];
}

function Verdict({ range }: { range: RangeView }) {
  const t = useText();
  const { phase, from, to, problem, report } = range;
  const values = { from: number(from), to: number(to) };
  if (phase === 'good') {
    const isPart = (report?.unfilled ?? 0) > 0;
    return (
      <Notice
        tone={isPart ? 'calm' : 'good'}
        title={t(isPart ? 'explorer.verify.part' : 'explorer.verify.good', values)}
      >
        <ul className="warnings">
          {shown(t, range).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Notice>
    );
  }
  if (phase === 'bad' && problem !== undefined) {
    const { code, happened, means, next, detail } = problem;
    return (
      <Notice tone="bad" urgent title={t('explorer.verify.bad', values)}>
        <p>
          {said(code, 'happened', happened)} {detail === undefined ? '' : t('common.detail', { detail })}
        </p>
        <p>
          {said(code, 'means', means)} {said(code, 'next', next)}
        </p>
      </Notice>
    );
  }
  if (phase === 'failed' && problem !== undefined) return <FailureNotice failure={problem} />;
  return phase === 'stopped' ? <Notice tone="warn" title={t('explorer.verify.stopped', values)} /> : null;
}

function Running({ range }: { range: RangeView }) {
  const t = useText();
  const { from, to, done, of, what, secondsLeft } = range;
  const label = t('explorer.verify.running', { from: number(from), to: number(to) });
  return (
    <div className="panel stack">
      <h3>{label}</h3>
      <Progress label={label} done={done} of={of} />
      <div className="row">
        <span className="grow quiet">
          {what === undefined
            ? t('common.loading')
            : t(`explorer.verify.at.${what}`, { done: number(done), of: number(of) })}
          {secondsLeft === undefined ? '' : ` ${t('explorer.verify.left', { time: duration(secondsLeft) })}`}
        </span>
        <Button onClick={() => void api.explorerVerifyStop({})}>{t('common.cancel')}</Button>
      </div>
    </div>
  );
}

/** @param size blocks under the signed head. */
export function Verify({ size }: { size: number }) {
  const t = useText();
  const range = useDesk('range');
  const work = useWork();
  const [first, setFirst] = useState('0');
  const [last, setLast] = useState(String(size - 1));
  const [from, to] = [heightIn(first), heightIn(last)];
  const isGood = from !== undefined && to !== undefined && from <= to && to < size;
  const isRunning = range?.phase === 'running';
  const wrong = t('explorer.verify.wrong', { last: number(size - 1) });
  const start = (): void => {
    if (isGood) void work.run(() => value(api.explorerVerify({ from, to })));
  };
  return (
    <>
      <Tabs tab="verify" />
      <div className="verify stack">
        <p className="quiet">{t('explorer.verify.lead')}</p>
        <form
          className="verify-form"
          onSubmit={(event) => {
            event.preventDefault();
            start();
          }}
        >
          <Field
            label={t('explorer.verify.from')}
            value={first}
            maxLength={longest}
            wrong={from === undefined || from >= size ? wrong : undefined}
            onChange={setFirst}
          />
          <Field
            label={t('explorer.verify.to')}
            value={last}
            maxLength={longest}
            wrong={to === undefined || to >= size || to < (from ?? 0) ? wrong : undefined}
            onChange={setLast}
          />
          <Button type="submit" kind="primary" disabled={!isGood || isRunning || work.busy}>
            {isGood
              ? t('explorer.verify.go', { from: number(from), to: number(to) })
              : t('explorer.verify.blocks')}
          </Button>
        </form>
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
        <div className="stack" aria-live="polite">
          {range === null ? null : isRunning ? <Running range={range} /> : <Verdict range={range} />}
        </div>
      </div>
    </>
  );
}
