/** The addresses of a ledger: which answer and how far they are; another one is added only when it serves this ledger. */
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { AddressView } from '../../../contract/channels/sync.ts';
import type { LedgerStanding } from '../../../contract/state.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { said, useText } from '../../i18n/text.ts';
import { Button, Field, Status } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';

/** A card has so many addresses at most, each so long. */
const mostAddresses = 8;
const longestAddress = 255;

/** What an address answered, beside what is held. */
function Answered({ answer, size }: { answer: AddressView; size: number }) {
  const t = useText();
  const { problem } = answer;
  if (problem !== undefined || answer.size === undefined)
    return <Status tone="bad">{said(problem?.code ?? '', 'happened', problem?.happened ?? '')}</Status>;
  const more = answer.size - size;
  const key = more === 0 ? 'same' : more > 0 ? 'more' : 'fewer';
  return (
    <Status tone={more < 0 ? 'warn' : 'good'}>
      {t(`syncing.answer.${key}`, { count: number(Math.abs(more)) })}
    </Status>
  );
}

interface RowProps {
  readonly address: string;
  readonly answer: AddressView | undefined;
  readonly ledger: LedgerStanding;
  readonly onRemove: (() => void) | undefined;
}

function Row({ address, answer, ledger, onRemove }: RowProps) {
  const t = useText();
  const label = t('syncing.remove', { address });
  return (
    <li>
      <div className="grow">
        <div className="mono address">{address}</div>
        {answer === undefined ? null : <Answered answer={answer} size={ledger.size} />}
      </div>
      {onRemove === undefined ? null : (
        <Button kind="plain" icon={Trash2} aria-label={label} title={label} onClick={onRemove} />
      )}
    </li>
  );
}

function Add({ ledger, onDone }: { ledger: string; onDone: () => void }) {
  const t = useText();
  const work = useWork();
  const [address, setAddress] = useState('');
  const add = (): void => {
    void work
      .run(() => value(api.syncAddAddress({ ledger, address: address.trim() })))
      .then((isDone) => {
        if (!isDone) return;
        setAddress('');
        onDone();
      });
  };
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault();
        if (address.trim() !== '') add();
      }}
    >
      <div className="beside">
        <Field
          label={t('syncing.add')}
          hint={t('syncing.add.hint')}
          value={address}
          mono
          maxLength={longestAddress}
          onChange={(next) => {
            setAddress(next);
            work.clear();
          }}
        />
        <Button type="submit" disabled={work.busy || address.trim() === ''}>
          {t(work.busy ? 'syncing.add.busy' : 'syncing.add.go')}
        </Button>
      </div>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </form>
  );
}

export function Addresses({ ledger }: { ledger: LedgerStanding }) {
  const t = useText();
  const work = useWork();
  const [answers, setAnswers] = useState<readonly AddressView[]>([]);
  const { id, endpoints } = ledger;
  const ask = (): void => {
    void work.run(async () => {
      setAnswers(await value(api.syncAsk({ ledger: id })));
    });
  };
  const remove = (address: string): void => {
    void work.run(() => value(api.syncRemoveAddress({ ledger: id, address })));
  };
  return (
    <section className="stack tight">
      <h3>{t('syncing.addresses')}</h3>
      <p className="quiet">{t('syncing.addresses.more')}</p>
      <ul className="addresses">
        {endpoints.map((address) => (
          <Row
            key={address}
            address={address}
            answer={answers.find((one) => one.address === address)}
            ledger={ledger}
            onRemove={
              endpoints.length === 1
                ? undefined
                : () => {
                    remove(address);
                  }
            }
          />
        ))}
      </ul>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      <div className="row">
        <Button disabled={work.busy} onClick={ask}>
          {t(work.busy ? 'syncing.ask.busy' : 'syncing.ask')}
        </Button>
      </div>
      {endpoints.length < mostAddresses ? <Add ledger={id} onDone={ask} /> : null}
    </section>
  );
}
