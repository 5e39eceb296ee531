/** One channel: what was said in it, who reads it, and saying something. */
import { MessageSquarePlus } from 'lucide-react';
import { useEffect, useState } from 'react';
import type {
  ChannelRowView,
  ConversationView,
  PlaceView,
  WaitingView,
} from '../../../contract/channels/channels.ts';
import { api, value } from '../../api.ts';
import { Back } from '../../app/back.tsx';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { said, useText } from '../../i18n/text.ts';
import { Button, Notice } from '../../ui/controls.tsx';
import { Compose } from './compose.tsx';
import { DiscloseMessage, DisclosePart, Disclosures } from './disclose.tsx';
import { InterruptedDocuments, PutDocument, SaveDocument, TransferState } from './documents.tsx';
import { Entry, Waiting } from './entry.tsx';
import { OwnStanding } from './list.tsx';
import { Members } from './members.tsx';
import { channelName, personName } from './people.tsx';
import { AskFirst } from './public.tsx';
import { useChannels } from './use-channels.ts';

interface Ids {
  readonly transaction: string;
  readonly channel: string;
}

/** Entries on a page. */
const pageSize = 50;

function Alarms({ alarms }: Pick<ChannelRowView, 'alarms'>) {
  const t = useText();
  return alarms.map(({ code, happened, means, next, who }, index) => (
    <Notice
      key={`${code} ${index}`}
      tone="bad"
      title={`${who === undefined ? '' : `${personName(t, who)}: `}${said(code, 'happened', happened)}`}
    >
      {said(code, 'means', means)} {said(code, 'next', next)}
    </Notice>
  ));
}

/** An invitation that was not answered yet. */
function Invited({ summary }: { summary: ChannelRowView }) {
  const t = useText();
  const { transaction, channel, from, note } = summary;
  const [isAsking, setAsking] = useState(false);
  const close = (): void => {
    setAsking(false);
  };
  const action = (
    <Button
      kind="primary"
      onClick={() => {
        setAsking(true);
      }}
    >
      {t('channels.join')}
    </Button>
  );
  const title = t('channels.invited', { name: from === undefined ? '' : personName(t, from) });
  return (
    <>
      <Notice tone="calm" title={title} action={action}>
        {note === undefined ? t('channels.invited.more') : <q>{note}</q>}
      </Notice>
      {isAsking ? (
        <AskFirst
          act={{ act: 'join', transaction, channel }}
          title={t('channels.join.title')}
          more={t('channels.join.more')}
          go={t('channels.join')}
          onClose={close}
          onDone={close}
        />
      ) : null}
    </>
  );
}

function Discard({ ids, waiting }: { ids: Ids; waiting: WaitingView }) {
  const t = useText();
  const work = useWork();
  return (
    <>
      <Button
        kind="plain"
        disabled={work.busy}
        onClick={() => {
          void work.run(() => value(api.channelsDiscard({ ...ids, id: waiting.id })));
        }}
      >
        {t('channels.discard')}
      </Button>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </>
  );
}

interface PagesProps {
  readonly older: PlaceView | undefined;
  readonly turned: readonly PlaceView[];
  readonly onTurn: (turned: readonly PlaceView[]) => void;
}

function Pages({ older, turned, onTurn }: PagesProps) {
  const t = useText();
  if (turned.length === 0 && older === undefined) return null;
  return (
    <div className="row">
      <Button
        disabled={older === undefined}
        onClick={() => {
          if (older !== undefined) onTurn([...turned, older]);
        }}
      >
        {t('channels.older')}
      </Button>
      <Button
        disabled={turned.length === 0}
        onClick={() => {
          onTurn(turned.slice(0, -1));
        }}
      >
        {t('channels.newer')}
      </Button>
    </div>
  );
}

/** Keeps that everything up to the newest entry in sight was read. */
function useSeen({ transaction, channel }: Ids, last: PlaceView | undefined, unread: number): void {
  const { height, position } = last ?? {};
  useEffect(() => {
    if (height === undefined || position === undefined || unread === 0) return;
    void api.channelsSeen({ transaction, channel, height, position });
  }, [height, position, unread, transaction, channel]);
}

interface SaidProps {
  readonly ids: Ids;
  readonly page: ConversationView;
  readonly turned: readonly PlaceView[];
  readonly onTurn: (turned: readonly PlaceView[]) => void;
  readonly canSign: boolean;
}

/** What was said, and saying more. */
function Said({ ids, page, turned, onTurn, canSign }: SaidProps) {
  const t = useText();
  const { summary, entries, older, waiting } = page;
  const isNewest = turned.length === 0;
  const last = isNewest ? entries.at(-1) : undefined;
  useSeen(ids, last, summary.unread);
  const canDisclose = canSign && ['reads', 'invited'].includes(summary.standing);
  return (
    <div className="stack">
      <Alarms alarms={summary.alarms} />
      {summary.standing === 'invited' && canSign ? <Invited summary={summary} /> : null}
      <Pages older={older} turned={turned} onTurn={onTurn} />
      <ol className="conversation" aria-label={t('channels.conversation')}>
        {entries.map((entry) => (
          <Entry
            key={entry.id}
            entry={entry}
            more={<SaveDocument ids={ids} message={entry.id} />}
            acts={canDisclose ? <DiscloseMessage ids={ids} message={entry.id} /> : null}
          />
        ))}
        {isNewest
          ? waiting.map((one) => (
              <Waiting key={one.id} waiting={one} onDiscard={<Discard ids={ids} waiting={one} />} />
            ))
          : null}
      </ol>
      <Disclosures {...ids} />
      <TransferState channel={ids.channel} />
      <InterruptedDocuments {...ids} />
      {canSign && ['reads', 'invited'].includes(summary.standing) ? (
        <Compose {...ids} more={<PutDocument {...ids} />} />
      ) : null}
    </div>
  );
}

export function Conversation({ transaction, channel }: Ids) {
  const t = useText();
  const ids = { transaction, channel };
  const canSign = useDesk('profile')?.identity.canSign === true;
  /** The places before which earlier pages end, the newest page first. */
  const [turned, setTurned] = useState<readonly PlaceView[]>([]);
  const before = turned.at(-1);
  const what = `${transaction} ${channel} ${before?.height ?? ''}.${before?.position ?? ''}`;
  const { value: page, failure } = useChannels(what, () =>
    api.channelsPage({ ...ids, limit: pageSize, ...(before === undefined ? {} : { before }) }),
  );
  return (
    <div className="page">
      <header>
        <div>
          <Back to="channels">{t('channels.back')}</Back>
          <h1>
            <bdi>{page === undefined ? t('channels.title') : channelName(t, page.summary)}</bdi>
          </h1>
        </div>
        {page === undefined ? null : <OwnStanding standing={page.summary.standing} />}
      </header>
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      {page === undefined ? null : (
        <div className="channel">
          <Said ids={ids} page={page} turned={turned} onTurn={setTurned} canSign={canSign} />
          <div className="stack">
            <Members summary={page.summary} members={page.members} canSign={canSign} />
            {canSign ? <Further transaction={transaction} /> : null}
            {canSign && ['reads', 'invited'].includes(page.summary.standing) ? (
              <DisclosePart ids={ids} />
            ) : null}
          </div>
        </div>
      )}
    </div>
  );
}

function Further({ transaction }: Pick<Ids, 'transaction'>) {
  const t = useText();
  return (
    <div className="row">
      <Button
        kind="plain"
        icon={MessageSquarePlus}
        onClick={() => {
          go(`channels/new/${transaction}`);
        }}
      >
        {t('channels.new.further')}
      </Button>
    </div>
  );
}
