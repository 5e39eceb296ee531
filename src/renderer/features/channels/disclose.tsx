/** Opening something of a channel to somebody who is no member: what, for whom, what everybody will see, then the act. */
import { ScanEye } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Failure } from '../../../contract/channel.ts';
import type {
  DisclosedMessageView,
  DisclosurePlanView,
  DisclosureTargetRequest,
  WaitingDisclosureView,
} from '../../../contract/channels/disclosure.ts';
import type { WrittenDisclosureView } from '../../../contract/state.ts';
import { api, failureOf, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Choices, Notice, Pick } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { number } from '../../ui/numbers.ts';
import { UtcTime } from '../../ui/time.tsx';
import { Content } from './entry.tsx';
import { personName } from './people.tsx';
import { PublicPreview } from './public.tsx';
import { useChannels } from './use-channels.ts';

interface Ids {
  readonly transaction: string;
  readonly channel: string;
}

/** As many contacts as are offered. */
const shownContacts = 200;

interface Planned {
  readonly plan?: DisclosurePlanView;
  readonly failure?: Failure;
  readonly of: string;
}

/** What would open; undefined while it is not known for this very target. */
function usePlan(ids: Ids, target: DisclosureTargetRequest): Planned | undefined {
  const [planned, setPlanned] = useState<Planned>();
  const of = JSON.stringify({ ...ids, target });
  useEffect(() => {
    let isGone = false;
    const keep = (found: Omit<Planned, 'of'>): void => {
      if (!isGone) setPlanned({ ...found, of });
    };
    value(api.disclosurePlan(JSON.parse(of) as Ids & { target: DisclosureTargetRequest })).then(
      (plan) => {
        keep({ plan });
      },
      (error: unknown) => {
        keep({ failure: failureOf(error) });
      },
    );
    return () => {
      isGone = true;
    };
  }, [of]);
  return planned?.of === of ? planned : undefined;
}

/** A message that opens, in a few lines. */
export function Disclosed({ message }: { message: DisclosedMessageView }) {
  const t = useText();
  const { author, time, content } = message;
  return (
    <div className="disclosed">
      <p className="small">
        <bdi className="name">{personName(t, author)}</bdi> <UtcTime seconds={time} />
      </p>
      <Content content={content} more={null} />
    </div>
  );
}

/** Exactly what would open. */
function Opens({ plan, scope }: { plan: DisclosurePlanView; scope: string }) {
  const t = useText();
  const { messages, documents, newest, closedParts, renews } = plan;
  const values = { count: number(messages), documents: number(documents) };
  const alone = messages === 1 ? 'channels.opens.one' : 'channels.opens';
  const whole = documents === 0 ? alone : 'channels.opens.documents';
  return (
    <section className="stack" aria-label={t('channels.opens.label')}>
      <h3>{t(renews ? 'channels.opens.so-far' : whole, values)}</h3>
      <ul className="opens" tabIndex={0} aria-label={t('channels.opens.label')}>
        {newest.map((message) => (
          <li key={message.id}>
            <Disclosed message={message} />
          </li>
        ))}
        {messages > newest.length ? (
          <li className="quiet small">
            {t('channels.opens.earlier', { count: number(messages - newest.length) })}
          </li>
        ) : null}
      </ul>
      {scope === 'message' ? null : <p className="small">{t('channels.opens.members')}</p>}
      {closedParts > 0 && scope !== 'message' ? (
        <p className="small">{t('channels.opens.closed', { count: number(closedParts) })}</p>
      ) : null}
      {renews ? <p className="small">{t('channels.opens.renews')}</p> : null}
    </section>
  );
}

interface RecipientProps {
  readonly kind: 'contact' | 'file';
  readonly contact: string;
  readonly onKind: (kind: 'contact' | 'file') => void;
  readonly onContact: (contact: string) => void;
}

/** For whom it is. */
function RecipientFields({ kind, contact, onKind, onContact }: RecipientProps) {
  const t = useText();
  const { value: page } = useChannels('recipients', () =>
    api.contactsPage({ text: '', limit: shownContacts }),
  );
  const rows = (page?.rows ?? []).filter(({ state }) => state === 'verified' || state === 'unchecked');
  const chosen = rows.find(({ id }) => id === contact);
  return (
    <>
      <Choices
        legend={t('channels.disclose.for')}
        value={kind}
        onChange={onKind}
        choices={(['contact', 'file'] as const).map((one) => ({
          value: one,
          title: t(`channels.disclose.for.${one}`),
          more: t(`channels.disclose.for.${one}.more`),
        }))}
      />
      {kind === 'contact' ? (
        <Pick
          label={t('channels.disclose.contact')}
          value={contact}
          onChange={onContact}
          options={[
            { value: '', label: t('channels.disclose.nobody') },
            ...rows.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      ) : null}
      {kind === 'contact' && chosen?.state === 'unchecked' ? (
        <Notice tone="warn" title={t('channels.unchecked', { name: chosen.name })}>
          {t('channels.unchecked.more')}
        </Notice>
      ) : null}
    </>
  );
}

const scopes = ['epoch', 'channel', 'transaction'] as const;

interface DiscloseProps {
  readonly ids: Ids;
  /** One message; else it is asked which part. */
  readonly message?: string;
  readonly onClose: () => void;
}

function Disclose({ ids, message, onClose }: DiscloseProps) {
  const t = useText();
  const work = useWork();
  const [scope, setScope] = useState<(typeof scopes)[number]>('epoch');
  const [kind, setKind] = useState<'contact' | 'file'>('contact');
  const [contact, setContact] = useState('');
  const target: DisclosureTargetRequest = message === undefined ? { scope } : { scope: 'message', message };
  const planned = usePlan(ids, target);
  const { plan, failure } = planned ?? {};
  const isFor = kind === 'file' || contact !== '';
  const canGo = plan !== undefined && plan.told.problem === undefined && isFor && !work.busy;
  const act = (): void => {
    if (plan === undefined) return;
    void work.run(async () => {
      const to = kind === 'contact' ? { contact } : {};
      const isBegun = await value(api.disclosureBegin({ ...ids, target, grant: plan.grant, ...to }));
      if (isBegun) onClose();
    });
  };
  return (
    <Dialog
      title={t(message === undefined ? 'channels.disclose.title' : 'channels.disclose.title.message')}
      onClose={onClose}
      ends={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" onClick={act} disabled={!canGo}>
            {t(kind === 'file' ? 'channels.disclose.go.file' : 'channels.disclose.go')}
          </Button>
        </>
      }
    >
      <div className="stack">
        {message === undefined ? (
          <Choices
            legend={t('channels.disclose.what')}
            value={scope}
            onChange={setScope}
            choices={scopes.map((one) => ({ value: one, title: t(`channels.disclose.${one}`) }))}
          />
        ) : null}
        {planned === undefined ? <p className="quiet">{t('channels.looking')}</p> : null}
        {plan === undefined ? null : <Opens plan={plan} scope={target.scope} />}
        <RecipientFields kind={kind} contact={contact} onKind={setKind} onContact={setContact} />
        {plan === undefined ? null : (
          <PublicPreview preview={plan.told}>
            {kind === 'contact' ? (
              <li className="sole">{t('channels.disclose.letter', { bytes: number(plan.letterBytes) })}</li>
            ) : null}
            {plan.toldMore > 0 ? (
              <li className="sole">{t('channels.disclose.told.more', { count: number(plan.toldMore) })}</li>
            ) : null}
          </PublicPreview>
        )}
        <p>{t('channels.disclose.more')}</p>
        {failure === undefined ? null : <FailureNotice failure={failure} />}
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      </div>
    </Dialog>
  );
}

/** The button by a message, and what it asks. */
export function DiscloseMessage({ ids, message }: { ids: Ids; message: string }) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const label = t('channels.disclose.message');
  return (
    <div className="acts">
      <Button
        kind="plain"
        icon={ScanEye}
        aria-label={label}
        title={label}
        onClick={() => {
          setOpen(true);
        }}
      />
      {isOpen ? (
        <Disclose
          ids={ids}
          message={message}
          onClose={() => {
            setOpen(false);
          }}
        />
      ) : null}
    </div>
  );
}

/** The button by the channel, and what it asks. */
export function DisclosePart({ ids }: { ids: Ids }) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="row">
      <Button
        kind="plain"
        icon={ScanEye}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('channels.disclose')}
      </Button>
      {isOpen ? (
        <Disclose
          ids={ids}
          onClose={() => {
            setOpen(false);
          }}
        />
      ) : null}
    </div>
  );
}

function Waits({ waiting }: { waiting: WaitingDisclosureView }) {
  const t = useText();
  const { to, file = '' } = waiting;
  const title =
    to === undefined
      ? t('channels.disclosure.waits.file', { file })
      : t('channels.disclosure.waits', { name: personName(t, to) });
  return (
    <Notice tone="calm" title={title}>
      {t('channels.disclosure.waits.more')}
    </Notice>
  );
}

/** Where a disclosure was written, until it is put away. */
function Written({ written: { file } }: { written: WrittenDisclosureView }) {
  const t = useText();
  const [isAway, setAway] = useState(false);
  if (isAway) return null;
  const close = (
    <Button
      kind="plain"
      onClick={() => {
        setAway(true);
      }}
    >
      {t('channels.transfer.close')}
    </Button>
  );
  return (
    <Notice tone="good" title={t('channels.disclosure.written', { file })} action={close}>
      {t('channels.disclosure.written.more')}
    </Notice>
  );
}

/** Disclosures that wait for the record, and those that were written. */
export function Disclosures({ transaction, channel }: Ids) {
  const { written } = useDesk('channels');
  const { value: found } = useChannels(`disclosures ${channel}`, () =>
    api.disclosureWaiting({ transaction, channel }),
  );
  return (
    <>
      {(found ?? []).map((one, index) => (
        <Waits key={`${one.grant} ${index}`} waiting={one} />
      ))}
      {written
        .filter((one) => one.channel === channel)
        .map((one) => (
          <Written key={one.file} written={one} />
        ))}
    </>
  );
}
