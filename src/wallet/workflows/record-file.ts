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

/** How a file is recorded. */
export interface RecordOptions {
  /** The salt for a record with this nonce, 32 bytes; `public` for a hash that everybody can compare. */
  readonly salt: ((nonce: Uint8Array) => Uint8Array) | 'public';
  /** What everybody may read with it; often nothing. */
  readonly data: Uint8Array;
}

/** SHA-256 of a file of any size, read piece by piece. @throws NodeJS.ErrnoException, AbortError */
export async function hashFile(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  const hash = createHash('sha256');
  const options = signal === undefined ? {} : { signal };
  for await (const chunk of createReadStream(path, options) as AsyncIterable<Buffer>) hash.update(chunk);
  return new Uint8Array(hash.digest());
}

/**
 * Makes the signed message that records a file.
 * @param time seconds since 1970.
 * @returns the salt with it, when there is one.
 */
export function composeFileRecord(
  signer: Pick<Signer, 'publicKey' | 'sign'>,
  ledger: Uint8Array,
  fileHash: Uint8Array,
  time: number,
  options: RecordOptions,
): { readonly message: SignedMessage; readonly salt: Uint8Array | undefined } {
  const nonce = new Uint8Array(randomBytes(16));
  const salt = options.salt === 'public' ? undefined : options.salt(nonce);
  const record =
    salt === undefined
      ? ({ method: 'public', value: fileHash } as const)
      : ({ method: 'salted', value: saltedCommitment(salt, fileHash) } as const);
  const draft = draftFileRecord({ ledger, sender: signer.publicKey, nonce, time }, record, options.data);
  const unsigned = composeMessage(draft);
  return { message: sealMessage(unsigned, signer.sign(unsigned.signedBytes)), salt };
}

/**
 * Makes the signed message that records a file under a random salt, and the receipt for it.
 * @param time seconds since 1970.
 */
export function recordFile(
  signer: Signer,
  ledger: Uint8Array,
  fileHash: Uint8Array,
  time: number,
): { readonly message: SignedMessage; readonly receipt: FileReceipt } {
  const salt = new Uint8Array(randomBytes(32));
  const options = { salt: () => salt, data: new Uint8Array() };
  const { message } = composeFileRecord(signer, ledger, fileHash, time, options);
  return { message, receipt: { fileHash, salt, messageId: message.id } };
}

/** Whether a receipt is about this file: its hash, with the receipt's salt, gives the recorded value. */
export function isAboutFile(receipt: FileReceipt, recorded: Uint8Array, fileHash: Uint8Array): boolean {
  return equalBytes(saltedCommitment(receipt.salt, fileHash), recorded);
}
