/** Disclosures that are on their way: sealed rows. What was handed out is logged in the channel, and kept here no longer. */
import { fromBase64, toBase64, toHex } from '../../core/bytes.ts';
import type { RosterMember } from '../../core/channel/roster.ts';
import type { JsonValue } from '../../core/encoding/json.ts';
import { arrayOf, hexOf, integerFrom, readObject, time } from '../../core/encoding/members.ts';
import { rowCodes } from '../channels/rows.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { PrivateTable } from '../vault/private-table.ts';

/** Who gets a disclosure. */
export type Recipient =
  | { readonly kind: 'key'; readonly keys: RosterMember }
  /** Whoever has the file: its path, which must be free. */
  | { readonly kind: 'file'; readonly path: string };

/** A disclosure that was logged, or is to be logged, and was not handed out yet. */
export interface Disclosure {
  /** SHA-256 of the grant. */
  readonly hash: Uint8Array;
  readonly ledger: Uint8Array;
  readonly transaction: Uint8Array;
  /** The channels in which it is logged. */
  readonly channels: readonly Uint8Array[];
  readonly grant: Uint8Array;
  readonly to: Recipient;
  /** When it was begun: seconds since 1970. */
  readonly created: number;
  /** The number of blocks at that time: it is logged in none of them. */
  readonly from: number;
  /** The message that it left in. */
  readonly sent?: Uint8Array;
}

const bytes = (value: JsonValue): Uint8Array | undefined =>
  typeof value === 'string' ? fromBase64(value) : undefined;
const text = (value: JsonValue): string | undefined => (typeof value === 'string' ? value : undefined);

/** What tells two disclosures apart: what, and to whom. */
function keyOf({ hash, to }: Pick<Disclosure, 'hash' | 'to'>): string {
  return `${toHex(hash)}/${to.kind === 'key' ? toHex(to.keys.sign) : to.path}`;
}

const disclosures = new PrivateTable<Disclosure>({
  kind: 'disclosure',
  // The longest grant, in base64.
  maxBytes: 12_582_912,
  keyOf,
  write: ({ hash, ledger, transaction, channels, grant, to, created, from, sent }) => ({
    channels: channels.map(toHex),
    created,
    from,
    grant: toBase64(grant),
    hash: toHex(hash),
    ledger: toHex(ledger),
    ...(sent === undefined ? {} : { sent: toHex(sent) }),
    ...(to.kind === 'file' ? { path: to.path } : {}),
    ...(to.kind === 'key' ? { encrypt: toHex(to.keys.encrypt), sign: toHex(to.keys.sign) } : {}),
    transaction: toHex(transaction),
  }),
  read(json) {
    const row = readObject(
      json,
      rowCodes,
      {
        channels: arrayOf(hexOf(32), 4096),
        created: time,
        from: integerFrom(0, Number.MAX_SAFE_INTEGER),
        grant: bytes,
        hash: hexOf(32),
        ledger: hexOf(32),
        transaction: hexOf(32),
      },
      { encrypt: hexOf(32), path: text, sent: hexOf(32), sign: hexOf(32) },
    );
    if (!row.ok) return undefined;
    const { encrypt, path, sent, sign, ...rest } = row.value;
    const more = sent === undefined ? {} : { sent };
    if (path !== undefined) return { ...rest, ...more, to: { kind: 'file', path } };
    if (encrypt === undefined || sign === undefined) return undefined;
    return { ...rest, ...more, to: { kind: 'key', keys: { encrypt, sign } } };
  },
});

/** Keeps how far a disclosure is. */
export async function keepDisclosure(rows: PrivateRows, disclosure: Disclosure): Promise<void> {
  await disclosures.put(rows, disclosure);
}

/** Forgets a disclosure: it was handed out. */
export async function forgetDisclosure(rows: PrivateRows, disclosure: Disclosure): Promise<void> {
  await disclosures.remove(rows, keyOf(disclosure));
}

/** The same disclosure, when it is on its way already. */
export async function knownDisclosure(
  rows: PrivateRows,
  disclosure: Pick<Disclosure, 'hash' | 'to'>,
): Promise<Disclosure | undefined> {
  return disclosures.get(rows, keyOf(disclosure));
}

/** The disclosures of a ledger that were not handed out yet, the earliest first. */
export async function openDisclosures(rows: PrivateRows, ledger: Uint8Array): Promise<readonly Disclosure[]> {
  const name = toHex(ledger);
  const all = (await disclosures.all(rows)).filter((one) => toHex(one.ledger) === name);
  return all.sort((a, b) => a.created - b.created);
}
