/** The other forms of the window for secrets: restoring from words, watching, unlocking. */
import { useState } from 'react';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Field } from '../../ui/controls.tsx';
import { StepForm } from './create-steps.tsx';
import { KeeperFields, keeperOf, noKeeper } from './keeper.tsx';

interface Props {
  readonly onDone: () => void;
}

const allWords = 24;

function wordsIn(text: string): readonly string[] {
  return text.trim().toLowerCase().split(/\s+/).filter(Boolean);
}

function WordsField({ words, onChange }: { words: string; onChange: (words: string) => void }) {
  const t = useText();
  return (
    <Field
      label={t('secret.words')}
      hint={t('secret.words.count', { count: wordsIn(words).length })}
      value={words}
      onChange={onChange}
      lines={4}
      maxLength={400}
      autoFocus
      mono
    />
  );
}

export function RestoreForm({ onDone }: Props) {
  const t = useText();
  const work = useWork();
  const [words, setWords] = useState('');
  const [keeper, setKeeper] = useState(noKeeper);
  const chosen = keeperOf(keeper);
  const clean = wordsIn(words);
  return (
    <StepForm
      next={t(work.busy ? 'secret.busy' : 'secret.restore.go')}
      canNext={clean.length === allWords && chosen !== undefined && !work.busy}
      onNext={() => {
        if (chosen === undefined) return;
        void work
          .run(() => value(api.secretRestore({ words: clean.join(' '), keeper: chosen })))
          .then((isDone) => {
            if (isDone) onDone();
          });
      }}
      back={t('common.cancel')}
      onBack={onDone}
    >
      <WordsField words={words} onChange={setWords} />
      <KeeperFields state={keeper} onChange={setKeeper} />
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </StepForm>
  );
}

/** The recovery words, for as long as it takes to make what an announcement commits to. */
export function RecoveryForm({ onDone }: Props) {
  const t = useText();
  const work = useWork();
  const [words, setWords] = useState('');
  const clean = wordsIn(words);
  return (
    <StepForm
      next={t(work.busy ? 'secret.busy' : 'secret.recovery.go')}
      canNext={clean.length === allWords && !work.busy}
      onNext={() => {
        void work
          .run(() => value(api.secretRecovery({ words: clean.join(' ') })))
          .then((isDone) => {
            if (isDone) onDone();
          });
      }}
      back={t('common.cancel')}
      onBack={onDone}
    >
      <p className="quiet">{t('secret.recovery.more')}</p>
      <WordsField words={words} onChange={setWords} />
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </StepForm>
  );
}

export function WatchForm({ onDone }: Props) {
  const t = useText();
  const work = useWork();
  const [keeper, setKeeper] = useState(noKeeper);
  const chosen = keeperOf(keeper);
  return (
    <StepForm
      next={t(work.busy ? 'secret.busy' : 'secret.watch.go')}
      canNext={chosen !== undefined && !work.busy}
      onNext={() => {
        if (chosen === undefined) return;
        void work
          .run(() => value(api.secretWatch({ keeper: chosen })))
          .then((isDone) => {
            if (isDone) onDone();
          });
      }}
      back={t('common.cancel')}
      onBack={onDone}
    >
      <p className="quiet">{t('secret.watch.more')}</p>
      <KeeperFields state={keeper} onChange={setKeeper} />
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </StepForm>
  );
}

export function UnlockForm({ onDone }: Props) {
  const t = useText();
  const work = useWork();
  const [passphrase, setPassphrase] = useState('');
  return (
    <StepForm
      next={t(work.busy ? 'secret.busy' : 'secret.unlock.go')}
      canNext={passphrase !== '' && !work.busy}
      onNext={() => {
        void work
          .run(() => value(api.secretUnlock({ passphrase })))
          .then((isDone) => {
            if (isDone) onDone();
          });
      }}
      back={t('common.cancel')}
      onBack={onDone}
    >
      <Field
        type="password"
        label={t('secret.passphrase')}
        value={passphrase}
        onChange={setPassphrase}
        autoFocus
      />
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </StepForm>
  );
}
