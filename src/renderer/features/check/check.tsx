/** Check: one drop target, and a sentence for each file. */
import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import { useState } from 'react';
import type { CheckView } from '../../../contract/channels/records.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useWork } from '../../app/use-work.ts';
import { said, type Text, useText } from '../../i18n/text.ts';
import { Button, Facts, Hash, Notice } from '../../ui/controls.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { number } from '../../ui/numbers.ts';
import { utcLong } from '../../ui/time.tsx';
import './check.css';

const forms = {
  recorded: { tone: 'good', Icon: CircleCheck },
  invalid: { tone: 'bad', Icon: CircleX },
  open: { tone: 'warn', Icon: CircleHelp },
} as const;

/** The verdict as a sentence. */
function sentence(t: Text, check: CheckView): string {
  const { verdict, own, height = 0, sealed = 0, sender = '', code = '', happened = '' } = check;
  if (verdict !== 'recorded') return said(code, 'happened', happened);
  const values = { height: number(height), time: utcLong(sealed), key: sender.slice(0, 16) };
  return t(own === true ? 'check.recorded.own' : 'check.recorded.other', values);
}

function Known({ check }: { check: CheckView }) {
  const t = useText();
  const { by = 'copy', origin = '', headSize = 0, message = '', hash, own } = check;
  return (
    <div className="more">
      <p className="quiet">
        {t(`check.by.${by}`, { origin, size: number(headSize) })} {t('check.limits')}
      </p>
      <Facts
        facts={[
          [t('check.hash'), <Hash key="hash" value={hash} />],
          [t('check.message'), <Hash key="message" value={message} />],
        ]}
      />
      {own === true ? (
        <Button
          onClick={() => {
            go(`records/${message}`);
          }}
        >
          {t('check.show')}
        </Button>
      ) : null}
    </div>
  );
}

function Verdict({ check }: { check: CheckView }) {
  const t = useText();
  const { verdict, name, code = '', means = '', next = '', detail, hash } = check;
  const { tone, Icon } = forms[verdict];
  return (
    <li className={`verdict ${tone}`}>
      <Icon size={22} aria-hidden />
      <div className="stack">
        <div>
          <div className="name">{name}</div>
          <p className="sentence">{sentence(t, check)}</p>
        </div>
        {verdict === 'recorded' ? (
          <Known check={check} />
        ) : (
          <div className="more">
            <p className="quiet">
              {t(`check.${verdict}`)}. {said(code, 'means', means)} {said(code, 'next', next)}
              {detail === undefined ? '' : ` ${t('common.detail', { detail })}`}
            </p>
            <Facts facts={[[t('check.hash'), <Hash key="hash" value={hash} />]]} />
          </div>
        )}
      </div>
    </li>
  );
}

interface Result {
  readonly files: readonly CheckView[];
  readonly more: number;
}

export function Check() {
  const t = useText();
  const work = useWork();
  const [result, setResult] = useState<Result>();
  const check = (files: readonly File[]): void => {
    void work.run(async () => {
      const { chosen } = await value(api.offerFiles(files));
      setResult(await value(api.checkFiles({ chosen })));
    });
  };
  return (
    <div className="page">
      <header>
        <div>
          <h1>{t('check.title')}</h1>
          <p>{t('check.lead')}</p>
        </div>
      </header>
      <DropZone title={t(work.busy ? 'check.busy' : 'check.drop')} button={t('check.choose')} onFiles={check}>
        {t('check.drop.more')}
      </DropZone>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {result === undefined ? null : (
        <div aria-live="polite">
          <ul className="verdicts">
            {result.files.map((one, i) => (
              <Verdict key={`${i} ${one.name}`} check={one} />
            ))}
          </ul>
          {result.files.length === 0 ? <Notice tone="warn" title={t('check.only-receipts')} /> : null}
          {result.more === 0 ? null : (
            <Notice tone="warn" title={t('check.more', { count: number(result.more) })} />
          )}
        </div>
      )}
    </div>
  );
}
