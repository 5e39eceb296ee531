/** The bytes of a message beside what they say, part by part. */
import type { ReactNode } from 'react';
import type { LeafPart, MessageDetail } from '../../../contract/channels/explorer.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { Hash } from '../../ui/controls.tsx';
import { hex, hexPairs, textOf } from '../../ui/hex.ts';
import { number, size } from '../../ui/numbers.ts';
import { CopyButton } from './copy-link.tsx';

/** More bytes than are in sight at once: they can be scrolled, so they take the focus. */
const longBytes = 100;

/** A number in big-endian bytes. */
function numberIn(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The head, which is JSON on one line, with its members below each other. */
function indented(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.stringify(JSON.parse(text) as unknown, undefined, 2);
  } catch {
    return text;
  }
}

/** What the bytes of a part say. */
function saying(t: Text, part: LeafPart, bytes: Uint8Array, message: MessageDetail): ReactNode {
  switch (part) {
    case 'type-length':
    case 'head-length':
    case 'data-length':
      return t('explorer.bytes', { count: number(numberIn(bytes)) });
    case 'type':
      return message.type;
    case 'version':
      return number(numberIn(bytes));
    case 'head':
      return (
        <pre className="json" tabIndex={0}>
          {indented(bytes)}
        </pre>
      );
    case 'sender':
    case 'data-hash':
    case 'signature':
      return <Hash value={hex(bytes)} />;
  }
}

interface PartProps {
  readonly name: string;
  readonly from: number;
  readonly bytes: Uint8Array;
  readonly children: ReactNode;
}

function Part({ name, from, bytes, children }: PartProps) {
  const t = useText();
  return (
    <tr>
      <th scope="row">
        {name}
        <span className="quiet small">{t('explorer.offset', { from: number(from) })}</span>
      </th>
      <td>
        <pre className="bytes" tabIndex={bytes.length > longBytes ? 0 : undefined}>
          {hexPairs(bytes)}
        </pre>
      </td>
      <td>{children}</td>
    </tr>
  );
}

function Data({ message: { data, dataBytes } }: { message: MessageDetail }) {
  const t = useText();
  if (dataBytes === 0) return null;
  const text = data && textOf(data);
  const isCut = data !== undefined && data.length < dataBytes;
  return (
    <tbody>
      <tr className="group">
        <th scope="rowgroup" colSpan={3}>
          {t('explorer.raw.data', { size: size(dataBytes) })}
          {isCut ? (
            <span className="quiet"> {t('explorer.raw.cut', { size: size(data.length) })}</span>
          ) : null}
        </th>
      </tr>
      {data === undefined ? (
        <tr>
          <td colSpan={3}>{t('explorer.raw.absent')}</td>
        </tr>
      ) : (
        <Part name={t('explorer.part.data')} from={0} bytes={data}>
          {text === undefined ? (
            t('explorer.raw.nottext')
          ) : (
            <pre className="json" tabIndex={0}>
              {text}
            </pre>
          )}
        </Part>
      )}
    </tbody>
  );
}

export function RawMessage({ message }: { message: MessageDetail }) {
  const t = useText();
  const { leaf, parts, data } = message;
  return (
    <div className="raw-message">
      <div className="raw-head">
        <h3 id="raw">{t('explorer.raw')}</h3>
        <div className="row">
          <CopyButton text={hex(leaf)} label={t('explorer.copy.leaf')} />
          {data === undefined || data.length === 0 ? null : (
            <CopyButton text={hex(data)} label={t('explorer.copy.data')} />
          )}
        </div>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('explorer.raw.part')}</th>
            <th scope="col">{t('explorer.raw.bytes')}</th>
            <th scope="col">{t('explorer.raw.says')}</th>
          </tr>
        </thead>
        <tbody>
          <tr className="group">
            <th scope="rowgroup" colSpan={3}>
              {t('explorer.raw.leaf', { size: size(leaf.length) })}
            </th>
          </tr>
          {parts.map(({ part, end }, i) => {
            const from = parts[i - 1]?.end ?? 0;
            const bytes = leaf.subarray(from, end);
            return (
              <Part key={part} name={t(`explorer.part.${part}`)} from={from} bytes={bytes}>
                {saying(t, part, bytes, message)}
              </Part>
            );
          })}
        </tbody>
        <Data message={message} />
      </table>
    </div>
  );
}
