/** Joining a ledger by its card: looked at first, compared by a person, then pinned. */
import { useState } from 'react';
import type { CardView } from '../../../contract/channels/start.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Facts, Field, Hash, Notice } from '../../ui/controls.tsx';

function CardFacts({ card }: { card: CardView }) {
  const t = useText();
  return (
    <Facts
      facts={[
        [t('join.origin'), <strong key="origin">{card.origin}</strong>],
        [t('join.id'), <Hash key="id" value={card.ledger} />],
        [t('join.endpoints'), card.endpoints.join(', ')],
        [t('join.policy'), t(card.asksForWitnesses ? 'join.policy.some' : 'join.policy.none')],
      ]}
    />
  );
}

/** @param given a card that came by a link. */
export function JoinLedger({ given = '' }: { given?: string }) {
  const t = useText();
  const work = useWork();
  const [text, setText] = useState(given);
  const [card, setCard] = useState<CardView>();
  const look = (): void => {
    void work.run(async () => {
      setCard(await value(api.ledgerPreview({ card: text })));
    });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (card === undefined) look();
        else void work.run(() => value(api.ledgerJoin({ card: text })));
      }}
    >
      <Field
        label={t('join.field')}
        value={text}
        lines={3}
        mono
        maxLength={6000}
        onChange={(next) => {
          setText(next);
          setCard(undefined);
          work.clear();
        }}
      />
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {card === undefined ? null : <CardFacts card={card} />}
      {card === undefined || card.effect === 'nothing' ? null : (
        <Notice tone="warn" title={t('join.compare')} />
      )}
      {card?.effect === 'nothing' ? (
        <Notice tone="good" title={t('join.joined')} />
      ) : (
        <div className="row">
          <Button type="submit" kind="primary" disabled={work.busy || text.trim().length < 2}>
            {t(card === undefined ? 'join.look' : 'join.go')}
          </Button>
        </div>
      )}
    </form>
  );
}
