/** What the desk answers about disclosures: where one is written when its name was taken, and how much a reply carries. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DisclosedMessageView } from '../../src/contract/channels/disclosure.ts';
import { schema } from '../../src/contract/schema.ts';
import { withinReply } from '../../src/desk/channels/disclosing.ts';
import { freeGrantPath, writeFreeGrant } from '../../src/desk/channels/grant-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-grant-file-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the file of a disclosure', () => {
  const grant = Buffer.from('what is handed out');

  it('has the name that was meant, as long as that is free', async () => {
    const path = await freeGrantPath(folder, 'ab'.repeat(32));
    expect(path).toBe(join(folder, 'disclosure abababab.countersign-grant'));
    expect(await writeFreeGrant(path, grant)).toBe(path);
    expect(await freeGrantPath(folder, 'ab'.repeat(32))).toBe(
      join(folder, 'disclosure abababab 2.countersign-grant'),
    );
  });

  it('takes the next name that is free when that was taken meanwhile, and says which', async () => {
    const path = join(folder, 'Quarter (1).grant');
    writeFileSync(path, 'of somebody else');
    mkdirSync(join(folder, 'Quarter _1_.grant'));
    const file = await writeFreeGrant(path, grant);
    expect(file).toBe(join(folder, 'Quarter _1_ 2.grant'));
    expect(readFileSync(file).equals(grant)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('of somebody else');
    expect(readdirSync(folder)).toHaveLength(4);
  });

  it('is nowhere when its folder is gone, and that is said', async () => {
    const refused = writeFreeGrant(join(folder, 'gone', 'x.countersign-grant'), grant);
    await expect(refused).rejects.toMatchObject({ code: 'disclose-cannot-write' });
  });
});

describe('the messages of a reply', () => {
  const hex = 'f'.repeat(64);
  const message = (text: string): DisclosedMessageView => ({
    id: hex,
    channel: hex,
    height: 1,
    position: 1,
    author: { key: hex, isMe: false, standing: 'unknown' },
    time: 1,
    content: { kind: 'text', text, isCut: false },
  });

  it('are whole where they are few', () => {
    const all = [message('x'.repeat(8000))];
    expect(withinReply(all)).toEqual(all);
  });

  it('share what a reply carries where they are many, and say what is cut', () => {
    const all = withinReply(Array.from({ length: 100 }, () => message('\u0001'.repeat(8000))));
    expect(JSON.stringify(all).length).toBeLessThan(0.7 * schema['grants.open'].maxReply);
    expect(all.every(({ content }) => content.kind === 'text' && content.isCut)).toBe(true);
  });
});
