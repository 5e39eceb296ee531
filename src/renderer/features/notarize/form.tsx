/** What is asked before files are recorded: labels, and what becomes public. */
import { useId, useState } from 'react';
import type { ChosenView } from '../../../contract/channels/records.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Choices, Field, Notice } from '../../ui/controls.tsx';
import { number, size } from '../../ui/numbers.ts';

const labelNames = ['matter', 'client', 'reference'] as const;
const longestLabel = 200;

function ChosenFiles({ chosen, onOther }: { chosen: ChosenView; onOther: () => void }) {
  const t = useText();
  const { count, bytes, names } = chosen;
  const key = count === 1 ? 'notarize.chosen.one' : 'notarize.chosen';
  return (
    <div className="panel chosen wide">
      <h2>{t(key, { count: number(count), size: size(bytes) })}</h2>
      <Button kind="plain" onClick={onOther}>
        {t('notarize.other')}
      </Button>
      <ul className="names" tabIndex={0} aria-label={t(key, { count: number(count), size: size(bytes) })}>
        {names.map((name, i) => (
          <li key={`${i} ${name}`} title={name}>
            {name}
          </li>
        ))}
        {count > names.length ? <li>{t('notarize.more', { count: number(count - names.length) })}</li> : null}
      </ul>
    </div>
  );
}

type Labels = Readonly<Record<(typeof labelNames)[number], string>>;

function LabelFields({ labels, onChange }: { labels: Labels; onChange: (labels: Labels) => void }) {
  const t = useText();
  return (
    <section className="labels">
      <div>
        <h2>{t('notarize.labels')}</h2>
        <p className="quiet small">{t('notarize.labels.more')}</p>
      </div>
      {labelNames.map((name) => (
        <Field
          key={name}
          label={t(`notarize.${name}`)}
          value={labels[name]}
          maxLength={longestLabel}
          onChange={(text) => {
            onChange({ ...labels, [name]: text });
          }}
        />
      ))}
    </section>
  );
}

/** Labels without those that are empty, without white space around them. */
function given(labels: Labels): Partial<Labels> {
  const kept = labelNames
    .map((name) => [name, labels[name].trim()] as const)
    .filter(([, text]) => text !== '');
  return Object.fromEntries(kept);
}

interface FormProps {
  readonly chosen: ChosenView;
  readonly canStart: boolean;
  readonly onOther: () => void;
}

export function NotarizeForm({ chosen, canStart, onOther }: FormProps) {
  const t = useText();
  const work = useWork();
  const againId = useId();
  const [labels, setLabels] = useState<Labels>({ matter: '', client: '', reference: '' });
  const [method, setMethod] = useState<'salted' | 'public'>('salted');
  const [again, setAgain] = useState(false);
  const start = (): void => {
    void work.run(() => value(api.notarizeStart({ chosen: chosen.chosen, method, again, ...given(labels) })));
  };
  return (
    <form
      className="notarize-form"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <ChosenFiles chosen={chosen} onOther={onOther} />
      <LabelFields labels={labels} onChange={setLabels} />
      <div className="stack">
        <Choices
          legend={t('notarize.method')}
          value={method}
          onChange={setMethod}
          choices={(['salted', 'public'] as const).map((one) => ({
            value: one,
            title: t(`notarize.${one}`),
            more: t(`notarize.${one}.more`),
          }))}
        />
        {method === 'public' ? <Notice tone="warn" title={t('notarize.public.warn')} /> : null}
        <div className="check-line">
          <input
            id={againId}
            type="checkbox"
            checked={again}
            onChange={({ target }) => {
              setAgain(target.checked);
            }}
          />
          <label htmlFor={againId}>{t('notarize.again')}</label>
        </div>
      </div>
      {work.failure === undefined ? null : (
        <div className="wide">
          <FailureNotice failure={work.failure} />
        </div>
      )}
      <div className="row wide">
        <Button type="submit" kind="primary" disabled={!canStart || work.busy}>
          {t(chosen.count === 1 ? 'notarize.go.one' : 'notarize.go', { count: number(chosen.count) })}
        </Button>
      </div>
    </form>
  );
}
