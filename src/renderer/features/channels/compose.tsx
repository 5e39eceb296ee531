/** Saying something: with what everybody will see of it in sight before it is sent. */
import { Send } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ChannelAct } from '../../../contract/channels/channels.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Field } from '../../ui/controls.tsx';
import { PublicPreview, usePreview } from './public.tsx';

interface Ids {
  readonly transaction: string;
  readonly channel: string;
}

const longest = 65_536;

interface ComposeProps extends Ids {
  /** What stands beside the button that sends. */
  readonly more: ReactNode;
}

export function Compose({ transaction, channel, more }: ComposeProps) {
  const t = useText();
  const [text, setText] = useState('');
  const work = useWork();
  const isEmpty = text.trim() === '';
  const act: ChannelAct | undefined = isEmpty ? undefined : { act: 'post', transaction, channel, text };
  const looked = usePreview(act);
  const { preview, failure } = looked ?? {};
  const canSend = act !== undefined && preview !== undefined && preview.problem === undefined && !work.busy;
  const send = (): void => {
    if (!canSend) return;
    void work
      .run(() => value(api.channelsAct({ act })))
      .then((isDone) => {
        if (isDone) setText('');
      });
  };
  return (
    <form
      className="compose stack"
      aria-label={t('channels.say')}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
      }}
    >
      <Field label={t('channels.say')} value={text} lines={3} maxLength={longest} onChange={setText} />
      <div aria-live="polite">
        {isEmpty ? <p className="quiet small">{t('channels.say.hint')}</p> : null}
        {!isEmpty && looked === undefined ? <p className="quiet small">{t('channels.looking')}</p> : null}
        {preview === undefined ? null : <PublicPreview preview={preview} />}
        {failure === undefined ? null : <FailureNotice failure={failure} />}
      </div>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      <div className="row">
        <Button kind="primary" icon={Send} type="submit" disabled={!canSend} title={t('channels.send.keys')}>
          {t('channels.send')}
        </Button>
        {more}
      </div>
    </form>
  );
}
