/** What became of a record, step by step, with the times that are known. */
import type { RecordDetail } from '../../../contract/channels/records.ts';
import { useText } from '../../i18n/text.ts';
import { number } from '../../ui/numbers.ts';
import { FullTime } from '../../ui/time.tsx';

interface Step {
  readonly key: string;
  readonly what: string;
  /** Seconds since 1970. */
  readonly time?: number;
  readonly tone: 'done' | 'waits' | 'failed';
}

/** The steps of a record, the first first. */
function useSteps(record: RecordDetail): readonly Step[] {
  const t = useText();
  const { state, time, promisedBy, height = 0, sealed, headSize = 0, attempts = 0, nextAttempt = 0 } = record;
  const step = (key: string, tone: Step['tone'], values = {}, at?: number): Step => ({
    key,
    tone,
    what: t(`records.history.${key}`, values),
    ...(at === undefined ? {} : { time: at }),
  });
  const steps = [step('signed', 'done', {}, time)];
  if (attempts > 0) steps.push(step('tried', 'failed', { count: number(attempts) }, nextAttempt));
  if (promisedBy !== undefined) steps.push(step('promised', 'done', {}, promisedBy));
  if (state === 'in-block' && sealed !== undefined) {
    steps.push(step('sealed', 'done', { height: number(height) }, sealed));
    steps.push(step('head', 'done', { size: number(headSize) }));
  }
  if (state === 'queued') steps.push(step('waits', 'waits'));
  if (state === 'accepted') steps.push(step('awaited', 'waits'));
  if (state === 'refused' || state === 'broken') steps.push(step(state, 'failed'));
  return steps;
}

export function History({ record }: { record: RecordDetail }) {
  const t = useText();
  return (
    <section aria-labelledby="history">
      <h3 id="history">{t('records.history')}</h3>
      <ol className="ladder">
        {useSteps(record).map(({ key, what, time, tone }) => (
          <li key={key} className={`stop ${tone}`}>
            <span>
              {what}
              {time === undefined ? null : (
                <span className="when quiet small">
                  <FullTime seconds={time} />
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
