/** Documents of a conversation: put in, gone on with, and how far the one on its way is. */
import { Paperclip } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { DocumentLook, InterruptedView } from '../../../contract/channels/documents.ts';
import type { TransferView } from '../../../contract/state.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Notice, Progress } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FileButton } from '../../ui/file-button.tsx';
import { number, size } from '../../ui/numbers.ts';
import { PublicPreview } from './public.tsx';
import { useChannels } from './use-channels.ts';

interface Ids {
  readonly transaction: string;
  readonly channel: string;
}

const over: readonly TransferView['phase'][] = ['done', 'stopped', 'failed'];

function isOver({ phase }: TransferView): boolean {
  return over.includes(phase);
}

/** Whether a document is on its way, of whichever channel. */
function useIsTransferring(): boolean {
  const transfer = useDesk('transfer');
  return transfer !== null && !isOver(transfer);
}

/** How far the document on its way is; what became of it, until it is put away. */
export function TransferState({ channel }: Pick<Ids, 'channel'>) {
  const t = useText();
  const transfer = useDesk('transfer');
  const [past, setPast] = useState(0);
  if (transfer?.channel !== channel || transfer.id === past) return null;
  const { id, kind, name, phase, done, of, file, problem } = transfer;
  const close = (
    <Button
      kind="plain"
      onClick={() => {
        setPast(id);
      }}
    >
      {t('channels.transfer.close')}
    </Button>
  );
  if (!isOver(transfer)) {
    const label = t(`channels.transfer.${phase}`, { name });
    return (
      <section className="transfer stack" aria-label={t('channels.transfer')}>
        <div className="row">
          <span className="grow">{label}</span>
          <span className="quiet small">{t('channels.transfer.of', { done: size(done), of: size(of) })}</span>
          <Button onClick={() => void api.documentsStop({})}>{t('channels.transfer.stop')}</Button>
        </div>
        <Progress label={label} done={done} of={of} />
      </section>
    );
  }
  if (problem !== undefined) return <FailureNotice failure={problem} action={close} />;
  return (
    <Notice
      tone={phase === 'done' ? 'good' : 'warn'}
      title={t(`channels.transfer.${kind}.${phase}`, { name, file: file ?? '' })}
      action={close}
    />
  );
}

function Interrupted({ ids, upload }: { ids: Ids; upload: InterruptedView }) {
  const t = useText();
  const work = useWork();
  const { id, name, sent, pieces } = upload;
  const action = (
    <Button
      disabled={work.busy}
      onClick={() => {
        void work.run(() => value(api.documentsResume({ ...ids, id })));
      }}
    >
      {t('channels.document.resume')}
    </Button>
  );
  return (
    <>
      <Notice tone="warn" title={t('channels.document.interrupted', { name })} action={action}>
        {t('channels.document.interrupted.more', { sent: number(sent), pieces: number(pieces) })}
      </Notice>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </>
  );
}

function InterruptedList({ ids }: { ids: Ids }) {
  const { value: found } = useChannels(`interrupted ${ids.channel}`, () => api.documentsInterrupted(ids));
  return (found ?? []).map((upload) => <Interrupted key={upload.id} ids={ids} upload={upload} />);
}

/** Documents that wait to be gone on with: asked anew after each that was on its way, and none from before it is shown. */
export function InterruptedDocuments({ transaction, channel }: Ids) {
  const isBusy = useIsTransferring();
  const { id = 0 } = useDesk('transfer') ?? {};
  return isBusy ? null : <InterruptedList key={`${channel} ${id}`} ids={{ transaction, channel }} />;
}

interface Given extends DocumentLook {
  readonly chosen: number;
}

/** Asks before a document is sent, with all that everybody will see of it. */
function AskDocument({ ids, given, onClose }: { ids: Ids; given: Given; onClose: () => void }) {
  const t = useText();
  const work = useWork();
  const { chosen, name, parts, dataBytes, told } = given;
  const bytes = number(dataBytes);
  const put = (): void => {
    void work
      .run(() => value(api.documentsPut({ ...ids, chosen })))
      .then((isDone) => {
        if (isDone) onClose();
      });
  };
  return (
    <Dialog
      title={t('channels.document.title', { name })}
      onClose={onClose}
      ends={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" onClick={put} disabled={work.busy || told.problem !== undefined}>
            {t('channels.document.go')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t('channels.document.more', { size: size(given.size) })}</p>
        <PublicPreview preview={told}>
          <li className="sole">
            {t(parts === 1 ? 'channels.document.part' : 'channels.document.parts', {
              bytes,
              parts: number(parts),
            })}
          </li>
        </PublicPreview>
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      </div>
    </Dialog>
  );
}

/** Chooses a file for the channel. */
export function PutDocument(ids: Ids) {
  const t = useText();
  const work = useWork();
  const isBusy = useIsTransferring();
  const [given, setGiven] = useState<Given>();
  const { channel } = ids;
  useEffect(() => {
    setGiven(undefined);
  }, [channel]);
  const offer = (files: readonly File[]): void => {
    void work.run(async () => {
      const { chosen } = await value(api.offerFiles(files));
      setGiven({ ...(await value(api.documentsLook({ ...ids, chosen }))), chosen });
    });
  };
  return (
    <>
      <FileButton icon={Paperclip} disabled={isBusy || work.busy} onFiles={offer}>
        {t('channels.document.choose')}
      </FileButton>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {given === undefined ? null : (
        <AskDocument
          ids={ids}
          given={given}
          onClose={() => {
            setGiven(undefined);
          }}
        />
      )}
    </>
  );
}

/** Writes a document of the conversation into a folder that is asked for. */
export function SaveDocument({ ids, message }: { ids: Ids; message: string }) {
  const t = useText();
  const work = useWork();
  const isBusy = useIsTransferring();
  return (
    <>
      <Button
        disabled={isBusy || work.busy}
        onClick={() => {
          void work.run(() => value(api.documentsSave({ ...ids, message })));
        }}
      >
        {t('channels.document.save')}
      </Button>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
    </>
  );
}
