/**
 * What this identity recorded, as the record itself shows it: found by its keys, with salts made from its words again.
 * After a restore from words alone this is all that there is; names of files and private labels are in no record.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { fileRecordType, readFileRecord, saltedCommitment } from '../../core/record/file-record.ts';
import type { VerifiedMessage } from '../../core/record/message.ts';
import { type Labels, readLabels } from '../../core/record/record-note.ts';
import type { Place } from '../explorer/copy.ts';
import { messagesWithIdFrom } from '../explorer/look-up.ts';
import { idsOfMessages } from '../explorer/search.ts';
import { findOwnKeys } from '../identity/own-keys.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';

/** A file record that this identity signed. */
export interface RecordOnRecord extends Place {
  readonly message: VerifiedMessage;
  /** What the record says of the file: its hash, or a salted commitment to it. */
  readonly value: Uint8Array;
  /** 32 bytes; undefined for a public hash. Made from the words: it fits when they made the record. */
  readonly salt: Uint8Array | undefined;
  /** The labels that are published with it. */
  readonly labels: Labels;
}

/**
 * The file records in the copy that a key of this identity signed, oldest first for each key, older keys first. Nothing in
 * a profile that only watches.
 * @param known ids in hexadecimal of records that are of no interest: they are not even read.
 * @throws CountersignError with a `store-` code, or as `Wallet.unlock`.
 */
export async function* recordsOnRecord(
  wallet: Wallet,
  joined: JoinedLedger,
  known: ReadonlySet<string>,
): AsyncGenerator<RecordOnRecord> {
  const vault = await wallet.unlock();
  if (!vault.canSign) return;
  const { database } = wallet;
  const { id: ledger } = joined.ledger;
  const { free } = await findOwnKeys(database, joined, vault);
  for (let index = 0; index <= free; index++) {
    const filter = { sender: vault.signerFor(ledger, index).publicKey, type: fileRecordType };
    for (const id of await idsOfMessages(database, joined, filter)) {
      if (known.has(toHex(id))) continue;
      const [found] = await messagesWithIdFrom(database, joined, toHex(id));
      const record = found && readFileRecord(found.message);
      if (found === undefined || record?.ok !== true) continue;
      const { message, height, position } = found;
      const { method, value } = record.value;
      const salt = method === 'salted' ? vault.recordSalt(ledger, message.head.nonce) : undefined;
      const labels = readLabels(message.data ?? new Uint8Array());
      yield { message, height, position, value, salt, labels: labels.ok ? labels.value : {} };
    }
  }
}

/** Whether a record is about the file with this SHA-256. */
export function isRecordOf({ value, salt }: RecordOnRecord, fileHash: Uint8Array): boolean {
  return equalBytes(value, salt === undefined ? fileHash : saltedCommitment(salt, fileHash));
}
