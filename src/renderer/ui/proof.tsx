/**
 * The proofs of a record as pictures: the way of its hash from the message up to the head that the operator signed, and of
 * each tag from its leaf up to the index of the block.
 */
import type { ProofView, TagProofView } from '../../contract/channels/records.ts';
import { useText } from '../i18n/text.ts';
import { ShortHash } from './controls.tsx';
import { number } from './numbers.ts';
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

function Tag({ tag, height }: { tag: TagProofView; height: string }) {
  const t = useText();
  const { finds, index, of, path } = tag;
  return (
    <details>
      <summary>{t(`records.tag.${finds}`)}</summary>
      <ol className="ladder">
        <li className="stop">
          <span>
            {t('records.tag.leaf', { index: number(index + 1), of: number(of) })}{' '}
            <ShortHash value={tag.tag} />
          </span>
        </li>
        <Steps steps={stepsOf(index, of, path)} />
        <li className="stop">{t('records.tag.root', { height })}</li>
      </ol>
    </details>
  );
}

export function Proof({ proof }: { proof: ProofView }) {
  const t = useText();
  const { message, block, tags, headerHash } = proof;
  const height = number(block.index);
  return (
    <section aria-labelledby="proof">
      <h3 id="proof">{t('records.proof')}</h3>
      <ol className="ladder">
        <li className="stop">
          {t('records.proof.message', { index: message.index + 1, of: message.of, height })}
        </li>
        <Steps steps={stepsOf(message.index, message.of, message.path)} />
        <li className="stop">
          <span>
            {t('records.proof.block', { height })} <ShortHash value={headerHash} />
          </span>
        </li>
        <Steps steps={stepsOf(block.index, block.of, block.path)} />
        <li className="stop">{t('records.proof.head', { size: number(block.of) })}</li>
      </ol>
      <h4>{t('records.tags', { height })}</h4>
      {tags.map((tag) => (
        <Tag key={tag.tag} tag={tag} height={height} />
      ))}
      <p className="quiet small">{t('records.proof.limits')}</p>
    </section>
  );
}
