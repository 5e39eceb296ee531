/** Creating an identity, step by step: keeper, first sheet, its check, second sheet, its check, done. */
import { type ReactNode, useState } from 'react';
import type { SheetView } from '../../../contract/channels/secret.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Field, Notice } from '../../ui/controls.tsx';
import { KeeperFields, keeperOf, noKeeper } from './keeper.tsx';

type SheetName = 'identity' | 'recovery';
type Step = { readonly at: 'keeper' } | { readonly at: 'show' | 'check'; readonly sheet: SheetName };

interface FormProps {
  readonly children: ReactNode;
  readonly next: string;
  readonly canNext: boolean;
  readonly onNext: () => void;
  readonly back?: string;
  readonly onBack?: () => void;
}

/** A step: what it shows, a way on and a way back. */
export function StepForm({ children, next, canNext, onNext, back, onBack }: FormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (canNext) onNext();
      }}
    >
      {children}
      <div className="ends">
        {onBack === undefined ? null : <Button onClick={onBack}>{back}</Button>}
        <Button type="submit" kind="primary" disabled={!canNext}>
          {next}
        </Button>
      </div>
    </form>
  );
}

function Sheet({ sheet, words }: { sheet: SheetName; words: readonly string[] }) {
  const t = useText();
  return (
    <>
      <div>
        <h2>{t(`secret.sheet.${sheet}`)}</h2>
        <p className="quiet">{t(`secret.sheet.${sheet}.more`)}</p>
      </div>
      <ol className="words" aria-label={t(`secret.sheet.${sheet}`)}>
        {words.map((word, i) => (
          <li key={`${i} ${word}`}>
            <span className="place">{i + 1}</span>
            {word}
          </li>
        ))}
      </ol>
    </>
  );
}

interface CheckProps {
  readonly asked: readonly number[];
  readonly answers: readonly string[];
  readonly isWrong: boolean;
  readonly onChange: (answers: readonly string[]) => void;
}

function Check({ asked, answers, isWrong, onChange }: CheckProps) {
  const t = useText();
  return (
    <>
      <div>
        <h2>{t('secret.check')}</h2>
        <p className="quiet">{t('secret.check.more')}</p>
      </div>
      {asked.map((place, i) => (
        <Field
          key={place}
          label={t('secret.check.word', { number: place + 1 })}
          value={answers[i] ?? ''}
          autoFocus={i === 0}
          maxLength={16}
          mono
          onChange={(word) => {
            onChange(answers.map((answer, at) => (at === i ? word : answer)));
          }}
        />
      ))}
      {isWrong ? <Notice tone="bad" urgent title={t('secret.check.wrong')} /> : null}
    </>
  );
}

const noAnswers = ['', '', ''] as const;

/** The steps and what is known at each: everything is forgotten with the window. */
function useSteps(onDone: () => void) {
  const work = useWork();
  const [step, setStep] = useState<Step>({ at: 'keeper' });
  const [keeper, setKeeper] = useState(noKeeper);
  const [shown, setShown] = useState<SheetView>();
  const [answers, setAnswers] = useState<readonly string[]>(noAnswers);
  const [isWrong, setWrong] = useState(false);
  const chosen = keeperOf(keeper);
  const show = (sheet: SheetName): void => {
    void work.run(async () => {
      setShown(await value(api.secretSheet({ sheet })));
      setAnswers(noAnswers);
      setWrong(false);
      setStep({ at: 'show', sheet });
    });
  };
  const check = (sheet: SheetName): void => {
    void work.run(async () => {
      const { right } = await value(api.secretAnswer({ sheet, words: [...answers] }));
      setWrong(!right);
      if (!right) return;
      if (sheet === 'identity') show('recovery');
      else if (chosen !== undefined) {
        await value(api.secretCreate({ keeper: chosen }));
        onDone();
      }
    });
  };
  const ask = (sheet: SheetName): void => {
    setStep({ at: 'check', sheet });
  };
  return {
    work,
    step,
    keeper,
    setKeeper,
    canBegin: chosen !== undefined,
    shown,
    answers,
    setAnswers,
    isWrong,
    show,
    ask,
    check,
  };
}

export function CreateSteps({ onDone }: { onDone: () => void }) {
  const t = useText();
  const steps = useSteps(onDone);
  const { work, step, shown } = steps;
  const failure = work.failure === undefined ? null : <FailureNotice failure={work.failure} />;
  if (step.at === 'keeper') {
    return (
      <StepForm
        next={t('common.next')}
        canNext={steps.canBegin && !work.busy}
        onNext={() => {
          steps.show('identity');
        }}
        back={t('common.cancel')}
        onBack={onDone}
      >
        <KeeperFields state={steps.keeper} onChange={steps.setKeeper} />
        {failure}
      </StepForm>
    );
  }
  const { sheet } = step;
  if (step.at === 'show') {
    return (
      <StepForm
        next={t('secret.sheet.done')}
        canNext
        onNext={() => {
          steps.ask(sheet);
        }}
        back={t('common.cancel')}
        onBack={onDone}
      >
        <p className="quiet small">{t('secret.sheet.step', { number: sheet === 'identity' ? 1 : 2 })}</p>
        <Sheet sheet={sheet} words={shown?.words ?? []} />
        {failure}
      </StepForm>
    );
  }
  const next = sheet === 'recovery' ? 'secret.finish' : 'common.next';
  return (
    <StepForm
      next={t(work.busy ? 'secret.busy' : next)}
      canNext={steps.answers.every((answer) => answer.trim() !== '') && !work.busy}
      onNext={() => {
        steps.check(sheet);
      }}
      back={t('secret.check.again')}
      onBack={() => {
        steps.show(sheet);
      }}
    >
      <Check
        asked={shown?.asked ?? []}
        answers={steps.answers}
        isWrong={steps.isWrong}
        onChange={steps.setAnswers}
      />
      {failure}
    </StepForm>
  );
}
