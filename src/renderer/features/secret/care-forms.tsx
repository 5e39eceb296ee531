/** The forms of backups: the passphrase of a new one, the trial of one, the trial of the words. */
import { useState } from 'react';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Field, Notice } from '../../ui/controls.tsx';
import { StepForm } from './create-steps.tsx';

interface Props {
  readonly onDone: () => void;
}

const leastLength = 12;
const allWords = 24;

export function BackupForm({ onDone }: Props) {
  const t = useText();
  const work = useWork();
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [withRecord, setWithRecord] = useState(false);
  const [file, setFile] = useState<string>();
  if (file !== undefined) {
    return (
      <StepForm next={t('common.close')} canNext onNext={onDone}>
        <Notice tone="good" urgent title={t('secret.backup.done')}>
          <span className="mono small">{file}</span>
        </Notice>
        <p className="quiet">{t('secret.backup.next')}</p>
      </StepForm>
    );
  }
  const isSame = passphrase === again;
  const write = (): void => {
    void work.run(async () => {
      setFile((await value(api.secretBackup({ passphrase, withRecord }))).file);
    });
  };
  return (
    <StepForm
      next={t(work.busy ? 'secret.busy' : 'secret.backup.go')}
      canNext={passphrase.length >= leastLength && isSame && !work.busy}
      onNext={write}
      back={t('common.cancel')}
      onBack={onDone}
    >
      <p className="quiet">{t('secret.backup.more')}</p>
      <Field
        type="password"
        label={t('secret.passphrase')}
        hint={t('secret.passphrase.hint')}
        value={passphrase}
        onChange={setPassphrase}
        autoFocus
      />
      <Field
        type="password"
        label={t('secret.passphrase.again')}
        wrong={again !== '' && !isSame ? t('secret.passphrase.differs') : undefined}
        value={again}
        onChange={setAgain}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={withRecord}
          onChange={({ target }) => {
            setWithRecord(target.checked);
          }}
        />
        {t('secret.backup.record')}
      </label>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </StepForm>
  );
}

export function DrillForm({ onDone }: Props) {
  const t = useText();
  const work = useWork();
  const [passphrase, setPassphrase] = useState('');
  const [isWhole, setWhole] = useState(false);
  if (isWhole) {
    return (
      <StepForm next={t('common.close')} canNext onNext={onDone}>
        <Notice tone="good" urgent title={t('secret.drill.done')}>
          {t('secret.drill.next')}
        </Notice>
      </StepForm>
    );
  }
  return (
    <StepForm
      next={t(work.busy ? 'secret.busy' : 'secret.drill.go')}
      canNext={passphrase !== '' && !work.busy}
      onNext={() => {
        void work.run(() => value(api.secretDrill({ passphrase }))).then(setWhole);
      }}
      back={t('common.cancel')}
      onBack={onDone}
    >
      <p className="quiet">{t('secret.drill.more')}</p>
      <Field
        type="password"
        label={t('secret.drill.passphrase')}
        value={passphrase}
        onChange={setPassphrase}
        autoFocus
      />
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </StepForm>
  );
}

export function WordsForm({ onDone }: Props) {
  const t = useText();
  const work = useWork();
  const [words, setWords] = useState('');
  const [isRight, setRight] = useState(false);
  const clean = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (isRight) {
    return (
      <StepForm next={t('common.close')} canNext onNext={onDone}>
        <Notice tone="good" urgent title={t('secret.words.right')}>
          {t('secret.words.right.more')}
        </Notice>
      </StepForm>
    );
  }
  return (
    <StepForm
      next={t(work.busy ? 'secret.busy' : 'secret.words.try')}
      canNext={clean.length === allWords && !work.busy}
      onNext={() => {
        void work.run(() => value(api.secretCheckWords({ words: clean.join(' ') }))).then(setRight);
      }}
      back={t('common.cancel')}
      onBack={onDone}
    >
      <p className="quiet">{t('secret.words.more')}</p>
      <Field
        label={t('secret.words')}
        hint={t('secret.words.count', { count: clean.length })}
        value={words}
        onChange={setWords}
        lines={4}
        maxLength={400}
        autoFocus
        mono
      />
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </StepForm>
  );
}
