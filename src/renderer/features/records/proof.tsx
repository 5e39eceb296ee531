/** The proof of a record as a picture: the way of its hash from the message up to the head that the operator signed. */
import type { ProofView } from '../../../contract/channels/records.ts';
import { useText } from '../../i18n/text.ts';
import { ShortHash } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { type Step, stepsOf } from './inclusion.ts';

function Steps({ steps }: { steps: readonly Step[] }) {
  const t = useText();
  return steps.map(({ sibling, side }, i) => (
    <li key={`${i} ${sibling}`} className="step">
      <span>
        {t('records.proof.with')} <ShortHash value={sibling} /> {t(`records.proof.${side}`)}
      </span>
    </li>
  ));
}

export function Proof({ proof }: { proof: ProofView }) {
  const t = useText();
  const { message, block, tags } = proof;
  const height = number(block.index);
  return (
    <section aria-labelledby="proof">
      <h3 id="proof">{t('records.proof')}</h3>
      <ol className="ladder">
        <li className="stop">
          {t('records.proof.message', { index: message.index + 1, of: message.of, height })}
        </li>
        <Steps steps={stepsOf(message.index, message.of, message.path)} />
        <li className="stop">{t('records.proof.block', { height })}</li>
        <Steps steps={stepsOf(block.index, block.of, block.path)} />
        <li className="stop">{t('records.proof.head', { size: number(block.of) })}</li>
      </ol>
      <p className="quiet small">{t('records.proof.tags', { count: tags.length })}</p>
      <p className="quiet small">{t('records.proof.limits')}</p>
    </section>
  );
}
