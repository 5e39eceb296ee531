/** One message: what it is and what was checked, beside a list or on a page of its own with its bytes. */
import { ArrowRight, Filter as FilterIcon, X } from 'lucide-react';
import type { MessageDetail } from '../../../contract/channels/explorer.ts';
import { api } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { Button, Facts, Hash } from '../../ui/controls.tsx';
import { number, size } from '../../ui/numbers.ts';
import { Proof } from '../../ui/proof.tsx';
import { FullTime, utcLong } from '../../ui/time.tsx';
import { CopyLink } from './copy-link.tsx';
import type { Filter } from './place.ts';
import { RawMessage } from './raw.tsx';
import { Tabs } from './tabs.tsx';

/** What it is, where it stands, and what was checked when it was read. */
function sentences(t: Text, message: MessageDetail): readonly [what: string, checked: string] {
  const { what, file, height, position, blockMessages, sealed, proof } = message;
  const is = file === undefined ? t(`explorer.is.${what}`) : t(`explorer.is.${file.method}`);
  const place = t('explorer.stands', {
    height: number(height),
    position: number(position + 1),
    of: number(blockMessages),
    time: utcLong(sealed),
  });
  const size = number(proof?.block.of ?? 0);
  return [`${is} ${place}`, t(proof === undefined ? 'explorer.checked.large' : 'explorer.checked', { size })];
}

function useMessage(id: string) {
  const { id: ledger = '', size = 0, filled = 0, reach = 0 } = useDesk('ledger') ?? {};
  return useLoaded(`${id} ${ledger} ${size} ${filled} ${reach}`, () => api.explorerMessage({ id }));
}

function signer(t: Text, { own, contact }: MessageDetail): string {
  if (own) return t('explorer.signer.you');
  return contact === undefined ? t('explorer.signer') : t('explorer.signer.contact', { name: contact });
}

type Fact = readonly [name: string, value: React.ReactNode];

function MessageFacts({ message }: { message: MessageDetail }) {
  const t = useText();
  const { says, sender, written, type, tags, file, dataBytes, data, id, blockHash } = message;
  const dataState = dataBytes === 0 ? 'none' : data === undefined ? 'absent' : 'present';
  const facts: Fact[] = [
    ...(says === undefined ? [] : [[t('explorer.fact.says'), t('explorer.saying', { says })] as const]),
    [signer(t, message), <Hash key="sender" value={sender} />],
    [t('explorer.fact.id'), <Hash key="id" value={id} />],
    ...(file === undefined
      ? []
      : [[t(`explorer.fact.file.${file.method}`), <Hash key="file" value={file.value} />] as const]),
    [t('explorer.fact.written'), <FullTime key="written" seconds={written} />],
    [
      t('explorer.fact.type'),
      <span key="type" className="hash">
        {type}
      </span>,
    ],
    ...tags.map(({ tag, of }, i): Fact => [
      t(`explorer.fact.tag.${of}`, { number: i + 1 }),
      <Hash key={tag} value={tag} />,
    ]),
    [t('explorer.fact.data'), t(`explorer.data.${dataState}`, { size: size(dataBytes) })],
    [t('explorer.fact.block'), <Hash key="block" value={blockHash} />],
  ];
  return (
    <section aria-labelledby="facts">
      <h3 id="facts">{t('explorer.facts')}</h3>
      <Facts facts={facts} />
    </section>
  );
}

/** What it is and what was checked. */
function Said({ message }: { message: MessageDetail }) {
  const t = useText();
  const [what, checked] = sentences(t, message);
  return (
    <>
      <p className="sentence">{what}</p>
      <p className="quiet small">{checked}</p>
    </>
  );
}

interface PanelProps {
  readonly id: string;
  readonly onFilter: (filter: Filter) => void;
  readonly onClose: () => void;
}

/** A message beside the list. */
export function MessagePanel({ id, onFilter, onClose }: PanelProps) {
  const t = useText();
  const { value: message, failure } = useMessage(id);
  return (
    <aside
      className="detail"
      aria-label={t('explorer.message')}
      tabIndex={0}
      onKeyDown={({ key }) => {
        if (key === 'Escape') onClose();
      }}
    >
      <div className="top">
        <h2>{message === undefined ? t('explorer.message') : t(`explorer.what.${message.what}`)}</h2>
        <Button kind="plain" icon={X} aria-label={t('explorer.close')} onClick={onClose} />
      </div>
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      {message === undefined ? null : (
        <>
          <section>
            <Said message={message} />
            <div className="row">
              <Button
                icon={ArrowRight}
                onClick={() => {
                  go(`explorer/message/${id}`);
                }}
              >
                {t('explorer.raw.go')}
              </Button>
              <Button
                onClick={() => {
                  go(`explorer/block/${message.height}`);
                }}
              >
                {t('ledger.block', { height: number(message.height) })}
              </Button>
              <Button
                icon={FilterIcon}
                onClick={() => {
                  onFilter({ key: message.sender });
                }}
              >
                {t('explorer.filter.this')}
              </Button>
              <CopyLink to={`message/${id}`} />
            </div>
          </section>
          <MessageFacts message={message} />
          {message.proof === undefined ? null : <Proof proof={message.proof} />}
        </>
      )}
    </aside>
  );
}

/** A message on a page of its own, with its bytes. */
export function MessagePage({ id }: { id: string }) {
  const { value: message, failure } = useMessage(id);
  return (
    <>
      <Tabs tab="messages" />
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      {message === undefined ? null : <WholeMessage message={message} />}
    </>
  );
}

function WholeMessage({ message }: { message: MessageDetail }) {
  const t = useText();
  const { height, sender, id } = message;
  return (
    <>
      <div className="message-head">
        <div>
          <h2>{t(`explorer.what.${message.what}`)}</h2>
          <Said message={message} />
        </div>
        <div className="row">
          <Button
            onClick={() => {
              go(`explorer/block/${height}`);
            }}
          >
            {t('ledger.block', { height: number(height) })}
          </Button>
          <Button
            icon={FilterIcon}
            onClick={() => {
              go(`explorer/key/${sender}`);
            }}
          >
            {t('explorer.filter.this')}
          </Button>
          <CopyLink to={`message/${id}`} />
        </div>
      </div>
      <RawMessage message={message} />
      <div className="message-more">
        <MessageFacts message={message} />
        {message.proof === undefined ? null : <Proof proof={message.proof} />}
      </div>
    </>
  );
}
