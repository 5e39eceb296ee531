/** Check: one target for everything that somebody gives: files, a text, a picture with a code. */
import { useEffect, useState } from 'react';
import { FailureNotice } from '../../app/failure.tsx';
import { useRoute } from '../../app/route.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Field, Notice, Progress } from '../../ui/controls.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { number } from '../../ui/numbers.ts';
import { usePastedPictures } from '../../ui/read-qr.ts';
import './check.css';
import { Results } from './results.tsx';
import { type Checked, useCheck } from './use-check.ts';

/** The longest text that is looked at, in characters. */
const longestText = 32_768;

/** Takes a text that is pasted anywhere on the page, unless it is pasted into a field. */
function usePastedText(onText: (text: string) => void): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      if (event.target instanceof Element && event.target.matches('input, textarea')) return;
      const text = event.clipboardData?.getData('text/plain').trim().slice(0, longestText) ?? '';
      if (text !== '' && event.clipboardData?.files.length === 0) onText(text);
    };
    addEventListener('paste', paste);
    return () => {
      removeEventListener('paste', paste);
    };
  }, [onText]);
}

function TextForm({ onText }: { onText: (text: string) => void }) {
  const t = useText();
  const [text, setText] = useState('');
  const given = text.trim();
  return (
    <form
      className="check-text"
      onSubmit={(event) => {
        event.preventDefault();
        if (given !== '') onText(given);
      }}
    >
      <Field label={t('check.text')} value={text} lines={1} mono maxLength={longestText} onChange={setText} />
      <Button type="submit" disabled={given === ''}>
        {t('check.text.go')}
      </Button>
    </form>
  );
}

function Outcome({ checked, onStop }: { checked: Checked; onStop: () => void }) {
  const t = useText();
  const { views, more, done, of, phase, failure } = checked;
  const isEmpty = phase === 'done' && failure === undefined && views.length === 0;
  return (
    <>
      {phase === 'running' && of > 1 ? (
        <div className="row">
          <div className="grow">
            <Progress label={t('check.busy')} done={done} of={of} />
          </div>
          <span className="quiet small">{t('check.progress', { done: number(done), of: number(of) })}</span>
          <Button onClick={onStop}>{t('check.stop')}</Button>
        </div>
      ) : null}
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      <div className="results" aria-live="polite">
        <Results views={views} />
        {isEmpty ? (
          <Notice tone="warn" title={t('check.nofiles')}>
            {t('check.nofiles.more')}
          </Notice>
        ) : null}
        {phase === 'stopped' ? (
          <Notice tone="calm" title={t('check.stopped', { done: number(done), of: number(of) })} />
        ) : null}
        {more === 0 ? null : <Notice tone="warn" title={t('check.more', { count: number(more) })} />}
      </div>
    </>
  );
}

/** What can be given, and what comes of it: in sight until something was given. */
function Kinds() {
  const t = useText();
  const kinds = ['document', 'receipt', 'contact-card', 'ledger-card', 'evidence', 'picture'] as const;
  return (
    <dl className="kinds">
      {kinds.map((kind) => (
        <div key={kind}>
          <dt>{t(`check.kind.${kind}`)}</dt>
          <dd className="quiet">{t(`check.teach.${kind}`)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Looks at files that the system handed over, each time that it does. */
function useHanded(rest: string, onHanded: (chosen: number) => void): void {
  const { visit } = useRoute();
  useEffect(() => {
    const chosen = /^given\/(\d{1,9})$/.exec(rest)?.[1];
    if (chosen !== undefined) onHanded(Number(chosen));
  }, [rest, visit, onHanded]);
}

export function Check({ rest }: { rest: string }) {
  const t = useText();
  const { checked, files, pictures, text, handed, stop } = useCheck();
  useHanded(rest, handed);
  usePastedText(text);
  usePastedPictures(pictures);
  const { phase } = checked;
  return (
    <div className="page">
      <header>
        <div>
          <h1>{t('check.title')}</h1>
          <p>{t('check.lead')}</p>
        </div>
      </header>
      <DropZone
        title={t(phase === 'running' ? 'check.busy' : 'check.drop')}
        button={t('check.choose')}
        compact={phase !== 'none'}
        onFiles={files}
        onText={text}
      >
        {t('check.drop.more')}
      </DropZone>
      <TextForm onText={text} />
      {phase === 'none' ? <Kinds /> : <Outcome checked={checked} onStop={stop} />}
    </div>
  );
}
