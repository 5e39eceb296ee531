import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { composeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { headsInconsistent } from '../../src/core/evidence/heads.ts';
import { composeEvidence } from '../../src/core/evidence/verify.ts';
import { acknowledgeAlarm, alarmsOf, keepAlarm, stoppingAlarm } from '../../src/wallet/alarms/rows.ts';
import { alarmNumbered, alarmSentence, shownAlarms } from '../../src/wallet/alarms/shown.ts';
import { effectOf, pinLedger } from '../../src/wallet/ledgers.ts';
import { openStore } from '../../src/wallet/store/open.ts';
import type { JoinedLedger } from '../../src/wallet/store/record-reader.ts';
import { emptyCopy, type TestCopy } from '../support/endpoint.ts';
import { bytes32, TestLedger, unwrap } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'alarms-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const ledger = new TestLedger('alarms');
ledger.seal([ledger.message()]);
const other = new TextDecoder().decode(ledger.signHead(2, bytes32('x')));
const evidence = composeEvidence(headsInconsistent, ledger.source(), { other });
const notice = { code: 'sync-fork', subject: '', detail: '2 blocks', address: 'http://a/', now: 5 };
const seen = { ...notice, evidence: undefined };

function cardOf(test: TestLedger) {
  const { id, logKey } = test.ledger;
  return unwrap(composeLedgerCard({ endpoints: ['http://127.0.0.1:1/'], ledger: id, log: logKey }));
}

async function joinedCopy(): Promise<{ copy: TestCopy; joined: JoinedLedger }> {
  const copy = await emptyCopy(folder);
  await pinLedger(copy.database, cardOf(ledger), ledger.ledger, 1);
  const joined = await copy.store.joined(ledger.ledger.id);
  if (joined === undefined) throw new Error('not joined');
  return { copy, joined };
}

describe('an alarm', () => {
  it('is one however often it is seen, and gains evidence once', async () => {
    const { copy, joined } = await joinedCopy();
    const { database } = copy;
    expect(await keepAlarm(database, joined, seen)).toBe(1);
    await acknowledgeAlarm(database, 1, 6);
    expect(await keepAlarm(database, joined, { ...notice, evidence, address: 'http://b/', now: 9 })).toBe(1);
    await keepAlarm(database, joined, { ...notice, evidence: bytes32('more'), now: 7 });
    expect(await alarmsOf(database, joined)).toEqual([
      {
        ...{ number: 1, code: 'sync-fork', subject: '', detail: '2 blocks', address: 'http://b/' },
        ...{ firstSeen: 5, lastSeen: 9, times: 3, evidence, acknowledged: undefined },
      },
    ]);
    expect(await stoppingAlarm(database, joined)).toBe(1);
    expect(await alarmSentence(database, joined)).toContain('is shown, by its own signatures');
    await acknowledgeAlarm(database, 1, 10);
    expect(await stoppingAlarm(database, joined)).toBeUndefined();
    expect(await alarmSentence(database, joined)).toContain('is shown, by its own signatures');
    await expect(alarmNumbered(database, 2)).rejects.toMatchObject({ code: 'alarm-unknown' });
  });

  it('cannot be taken away or changed, nor its evidence', async () => {
    const { copy, joined } = await joinedCopy();
    const { database } = copy;
    await keepAlarm(database, joined, { ...notice, evidence });
    for (const statement of [
      'DELETE FROM alarm',
      'UPDATE alarm SET evidence = NULL',
      "UPDATE alarm SET evidence = x'00'",
      "UPDATE alarm SET code = 'x'",
      "UPDATE alarm SET detail = 'x'",
      'UPDATE alarm SET first_seen = 1',
    ])
      await expect(database.exec(statement), statement).rejects.toMatchObject({ code: 'store-failed' });
    expect(await shownAlarms(database)).toMatchObject([
      { lie: { kind: 'heads-inconsistent' }, isStopping: true },
    ]);
  });

  it('is not shown by evidence that was damaged on the disk', async () => {
    const { copy, joined } = await joinedCopy();
    const { database } = copy;
    await keepAlarm(database, joined, { ...notice, evidence });
    await database.exec("DROP TRIGGER alarm_unchanged; UPDATE alarm SET evidence = x'7b7d'");
    await expect(shownAlarms(database)).rejects.toMatchObject({ code: 'store-corrupt' });
  });

  it('without evidence is kept a few dozen times for a ledger, whoever causes it', async () => {
    const { copy, joined } = await joinedCopy();
    const { database } = copy;
    for (let i = 0; i < 80; i++) await keepAlarm(database, joined, { ...seen, subject: `block ${i}` });
    expect(await alarmsOf(database, joined)).toHaveLength(64);
    await keepAlarm(database, joined, { ...notice, evidence });
    expect(await alarmsOf(database, joined)).toHaveLength(65);
  });

  it('is a card for another ledger of the same name', async () => {
    const { copy, joined } = await joinedCopy();
    const forged = cardOf(new TestLedger('alarms', {}, 'forger'));
    for (let i = 0; i < 2; i++) {
      await expect(effectOf(copy.database, forged)).rejects.toMatchObject({ code: 'ledger-changed' });
    }
    const [alarm] = await alarmsOf(copy.database, joined);
    expect(alarm).toMatchObject({ code: 'ledger-changed', times: 2, evidence: undefined });
    expect(await alarmSentence(copy.database, joined)).toContain('something was seen');
    expect(await stoppingAlarm(copy.database, joined)).toBeUndefined();
  });
});

describe('evidence of earlier versions', () => {
  it('is taken over as alarms', async () => {
    const place = mkdtempSync(join(folder, 'migrations-'));
    const own = new URL('../../src/wallet/store/migrations/', import.meta.url);
    for (const name of readdirSync(own)) {
      if (name < '0006') copyFileSync(new URL(name, own), join(place, name));
    }
    const path = join(mkdtempSync(join(folder, 'profile-')), 'record.sqlite');
    const before = await openStore(path, pathToFileURL(`${place}/`));
    await before.run(
      "INSERT INTO ledger VALUES (1, ?, ?, 'http://a/', NULL, x'', 0, 0)",
      ledger.ledger.id,
      ledger.founding,
    );
    const second = new TextEncoder().encode('{"kind":"promise-broken"}');
    for (const file of [evidence, Uint8Array.from([...evidence, 10]), second])
      await before.run('INSERT INTO evidence (ledger, file) VALUES (1, ?)', file);
    await before.close();
    const after = await openStore(path);
    const rows = await after.all('SELECT code, subject, address, evidence FROM alarm ORDER BY id');
    expect(rows).toMatchObject([
      { code: 'sync-fork', subject: '', address: 'http://a/' },
      { code: 'sync-fork', subject: '2' },
      { code: 'outbox-broken', subject: '' },
    ]);
    expect(Buffer.from(rows[0]?.['evidence'] as Uint8Array)).toEqual(Buffer.from(evidence));
    await after.close();
  });
});
