import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { matchCard } from '../../src/core/identity/card.ts';
import { readKeyStatement } from '../../src/core/identity/statement.ts';
import { wordsOf } from '../../src/core/identity/words.ts';
import { readFileRecord } from '../../src/core/record/file-record.ts';
import { type VerifiedMessage, verifyMessage } from '../../src/core/record/message.ts';
import { seedOf, signerOfSeed } from '../../src/wallet/vault/signer.ts';
import { announceIdentity, RecoveryKeys } from '../../src/wallet/workflows/announce.ts';
import { hashFile, isAboutFile, recordFile } from '../../src/wallet/workflows/record-file.ts';
import { bytes32, testTime, TestLedger, unwrap } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'workflows-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const { ledger } = new TestLedger('workflows');
const signer = signerOfSeed(seedOf(bytes32('entropy')), ledger.id, 0);

function verified(message: { leaf: Uint8Array; data: Uint8Array }): VerifiedMessage {
  return unwrap(verifyMessage(message.leaf, message.data, ledger.id, ledger.limits));
}

function fileWith(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

describe('announcing an identity', () => {
  const recoveryOf = (words: string, id: Uint8Array): Uint8Array =>
    new RecoveryKeys(wordsOf(bytes32(words))).commitment(id, 0);
  const recovery = recoveryOf('recovery words', ledger.id);
  const key = { signer, claims: { name: 'A name', role: 'A role' }, salt: bytes32('salt') };

  it('makes a message that says which keys it has and no word of the card', () => {
    const { message, card } = announceIdentity(key, ledger.id, recovery, testTime);
    const statement = unwrap(readKeyStatement(verified(message)) ?? { ok: false, code: 'none' });
    const { content } = statement;
    if (content.kind !== 'announcement') throw new Error(content.kind);
    expect(toHex(content.sign)).toBe(toHex(signer.publicKey));
    expect(toHex(content.encrypt)).toBe(toHex(signer.encryptionKey));
    expect(toHex(content.recovery)).toBe(toHex(recovery));
    expect(content.name).toBeUndefined();
    expect(matchCard(card, content)).toMatchObject({ ok: true });
    expect(Buffer.from(message.leaf).includes('A name')).toBe(false);
  });

  it('is another message each time', () => {
    const [one, two] = [0, 1].map(() => announceIdentity(key, ledger.id, recovery, testTime));
    expect(toHex(one?.message.id ?? new Uint8Array())).not.toBe(toHex(two?.message.id ?? new Uint8Array()));
  });

  it('takes the recovery key from other words than the rest', () => {
    expect(toHex(recovery)).not.toBe(toHex(recoveryOf('entropy', ledger.id)));
    expect(toHex(recovery)).not.toBe(toHex(recoveryOf('recovery words', bytes32('other'))));
  });
});

describe('recording a file', () => {
  it.each([
    ['nothing', ''],
    ['a few words', 'a few words'],
    ['more than is read at once', Buffer.alloc(3_000_000, 'x')],
  ])('hashes %s piece by piece', async (_, content) => {
    const path = fileWith('hashed', content);
    expect(toHex(await hashFile(path))).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('says what the disk says where there is no file', async () => {
    await expect(hashFile(join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(hashFile(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('makes a record that the receipt alone ties to the file', async () => {
    const path = fileWith('contract.txt', 'a contract');
    const fileHash = await hashFile(path);
    const { message, receipt } = recordFile(signer, ledger.id, fileHash, testTime);
    const record = unwrap(readFileRecord(verified(message)) ?? { ok: false, code: 'none' });
    expect(record.method).toBe('salted');
    expect(Buffer.from(message.leaf).includes(toHex(fileHash))).toBe(false);
    expect(toHex(receipt.messageId)).toBe(toHex(message.id));
    expect(isAboutFile(receipt, record.value, fileHash)).toBe(true);
    fileWith('contract.txt', 'a contract.');
    expect(isAboutFile(receipt, record.value, await hashFile(path))).toBe(false);
    const other = recordFile(signer, ledger.id, fileHash, testTime);
    expect(isAboutFile(other.receipt, record.value, fileHash)).toBe(false);
    expect(toHex(other.message.id)).not.toBe(toHex(message.id));
  });
});
