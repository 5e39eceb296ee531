/** Recording a file: a salted hash goes on the record, the salt stays in the receipt. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { equalBytes } from '../../core/bytes.ts';
import { composeMessage, sealMessage, type SignedMessage } from '../../core/record/envelope.ts';
import { draftFileRecord, saltedCommitment } from '../../core/record/file-record.ts';
import type { Signer } from '../vault/signer.ts';

/** What its owner needs to show later that a record is about a file. */
export interface FileReceipt {
  /** SHA-256 of the file. */
  readonly fileHash: Uint8Array;
  /** 32 bytes: without them nobody can tell which file the record is about. */
  readonly salt: Uint8Array;
  readonly messageId: Uint8Array;
}

/** SHA-256 of a file of any size, read piece by piece. @throws NodeJS.ErrnoException */
export async function hashFile(path: string): Promise<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return new Uint8Array(hash.digest());
}

/**
 * Makes the signed message that records a file, and the receipt for it.
 * @param time seconds since 1970.
 */
export function recordFile(
  signer: Signer,
  ledger: Uint8Array,
  fileHash: Uint8Array,
  time: number,
): { readonly message: SignedMessage; readonly receipt: FileReceipt } {
  const salt = new Uint8Array(randomBytes(32));
  const value = saltedCommitment(salt, fileHash);
  const nonce = new Uint8Array(randomBytes(16));
  const draft = draftFileRecord(
    { ledger, sender: signer.publicKey, nonce, time },
    { method: 'salted', value },
  );
  const unsigned = composeMessage(draft);
  const message = sealMessage(unsigned, signer.sign(unsigned.signedBytes));
  return { message, receipt: { fileHash, salt, messageId: message.id } };
}

/** Whether a receipt is about this file: its hash, with the receipt's salt, gives the recorded value. */
export function isAboutFile(receipt: FileReceipt, recorded: Uint8Array, fileHash: Uint8Array): boolean {
  return equalBytes(saltedCommitment(receipt.salt, fileHash), recorded);
}
