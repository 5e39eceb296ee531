/** What everybody will see, before anything is sent. */
import { type ReactNode, useEffect, useState } from 'react';
import type {
  ChannelAct,
  PublicMessageView,
  PublicPreviewView,
} from '../../../contract/channels/channels.ts';
import type { Failure } from '../../../contract/channel.ts';
import { api, failureOf, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { said, useText } from '../../i18n/text.ts';
import { Button, Facts, Hash, Notice, ShortHash } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { number } from '../../ui/numbers.ts';
import { UtcTime } from '../../ui/time.tsx';
import { personName } from './people.tsx';

/** One message, as a sentence and bit by bit. */
function PublicMessage({ message }: { message: PublicMessageView }) {
  const t = useText();
  const { what, to, key, type, time, dataBytes, messageBytes, tags, members = 0 } = message;
  const values = {
    bytes: number(dataBytes),
    members: number(members),
    to: to === undefined ? '' : personName(t, to),
  };
  const meanings = tags.map(({ tag, meaning }) => (
    <div key={tag}>
      {t(`channels.tag.${meaning}`)} <ShortHash value={tag} />
    </div>
  ));
  return (
    <li>
      <details>
        <summary>
          {t(`channels.public.${what === 'invite' && to?.isMe === true ? 'self' : what}`, values)}
        </summary>
        <Facts
          facts={[
            [t('channels.public.key'), <Hash key="key" value={key} />],
            [t('channels.public.time'), <UtcTime key="time" seconds={time} />],
            [t('channels.public.type'), type],
            [
              t('channels.public.size'),
              t('channels.public.size.of', { bytes: number(dataBytes), all: number(messageBytes) }),
            ],
            [t('channels.public.tags'), <div key="tags">{meanings}</div>],
          ]}
        />
      </details>
    </li>
  );
}

interface PreviewProps {
  readonly preview: PublicPreviewView;
  /** Items of what is seen beside these messages. */
  readonly children?: ReactNode;
}

/** Everything that an act shows to everybody, and what is to be thought of. */
export function PublicPreview({ preview, children }: PreviewProps) {
  const t = useText();
  const { messages, problem, unchecked, keeps } = preview;
  const [first] = messages;
  return (
    <div className="public stack">
      {keeps.map(({ who, messages: count }) => (
        <Notice
          key={who.key}
          tone="warn"
          title={t(count === 1 ? 'channels.keeps.one' : 'channels.keeps', {
            name: personName(t, who),
            count: number(count),
          })}
        />
      ))}
      {unchecked.map((name) => (
        <Notice key={name} tone="warn" title={t('channels.unchecked', { name })}>
          {t('channels.unchecked.more')}
        </Notice>
      ))}
      {problem === undefined ? null : <FailureNotice failure={problem} />}
      {first === undefined ? null : (
        <div>
          <h3>{t('channels.public', { key: first.key.slice(0, 12) })}</h3>
          <ul className="seen">
            {children}
            {messages.map((message, index) => (
              <PublicMessage key={`${message.what} ${index}`} message={message} />
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

interface Looked {
  readonly preview?: PublicPreviewView;
  readonly failure?: Failure;
  /** The act that it is of, as a text. */
  readonly of: string;
}

/** Pauses in typing before it is looked at anew. */
const restMs = 300;

/** What everybody will see of an act; undefined while it is not known for this very act. */
export function usePreview(act: ChannelAct | undefined): Looked | undefined {
  const [looked, setLooked] = useState<Looked>();
  const of = act === undefined ? '' : JSON.stringify(act);
  useEffect(() => {
    if (of === '') return undefined;
    let isGone = false;
    const timer = setTimeout(() => {
      const asked = JSON.parse(of) as ChannelAct;
      value(api.channelsPreview({ act: asked })).then(
        (preview) => {
          if (!isGone) setLooked({ preview, of });
        },
        (error: unknown) => {
          if (!isGone) setLooked({ failure: failureOf(error), of });
        },
      );
    }, restMs);
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [of]);
  return of !== '' && looked?.of === of ? looked : undefined;
}

interface AskedProps {
  readonly act: ChannelAct;
  readonly title: string;
  /** What it means for the members, in a sentence. */
  readonly more: string;
  /** The words of the button. */
  readonly go: string;
  readonly onClose: () => void;
  readonly onDone: (ids: { readonly transaction: string; readonly channel: string }) => void;
}

/** Asks before an act, with everything that everybody will see of it. */
export function AskFirst({ act, title, more, go, onClose, onDone }: AskedProps) {
  const t = useText();
  const work = useWork();
  const looked = usePreview(act);
  const { preview, failure } = looked ?? {};
  const canGo = preview !== undefined && preview.problem === undefined && !work.busy;
  const run = (): void => {
    void work.run(async () => {
      onDone(await value(api.channelsAct({ act })));
    });
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      ends={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" onClick={run} disabled={!canGo}>
            {go}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{more}</p>
        {looked === undefined ? <p className="quiet">{t('channels.looking')}</p> : null}
        {preview === undefined ? null : <PublicPreview preview={preview} />}
        {failure === undefined ? null : <FailureNotice failure={failure} />}
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      </div>
    </Dialog>
  );
}

/** A code with its sentences, in one line. */
export function Why({ why }: { why: { readonly code: string; readonly happened: string } }) {
  return <>{said(why.code, 'happened', why.happened)}</>;
}
