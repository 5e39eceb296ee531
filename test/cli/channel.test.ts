import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/core/identity/words.ts';
import { keepRecoveries } from '../../src/wallet/identity/recovery.ts';
import { createVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import { RecoveryKeys } from '../../src/wallet/workflows/announce.ts';
import { type CliRun, runCli } from '../support/cli.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { Party } from '../support/parties.ts';
import { Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'channel-verbs-'));
const path = (...names: readonly string[]): string => join(folder, ...names);
const passphrase = 'correct horse battery staple';

let place: Place;

/** A person whose profile opens with a passphrase, so that the command line can open it too. */
async function person(who: string, name: string): Promise<Party> {
  const wallet = await place.open(who, new MemoryKeychain());
  await place.join(wallet);
  const secrets = newSecrets(new Uint8Array(randomBytes(32)));
  wallet.vault.adopt(
    await createVault(wallet.profile.vaultFile, { kind: 'passphrase', passphrase }, secrets),
  );
  await keepRecoveries(wallet, new RecoveryKeys(wordsOf(new Uint8Array(randomBytes(32)))));
  await place.sync(wallet);
  await place.announce(wallet, { name });
  return new Party(place, wallet);
}

beforeAll(async () => {
  place = await Place.start(folder);
  const buyer = await person('buyer', 'Buyer');
  const seller = await person('seller', 'Seller');
  await person('auditor', 'Auditor');
  await buyer.meet(seller, 'Seller');
  await seller.meet(buyer, 'Buyer');
  await place.close();
}, 60_000);
afterAll(async () => {
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
});

const run = (who: string, ...args: readonly string[]): Promise<CliRun> =>
  runCli(['channel', ...args], { COUNTERSIGN_HOME: path(who), COUNTERSIGN_PASSPHRASE: passphrase });
const json = async <T>(who: string, ...args: readonly string[]): Promise<T> => {
  const { code, stderr, stdout } = await run(who, ...args, '--json');
  if (code !== 0) throw new Error(`${args.join(' ')}: ${String(code)} ${stderr}`);
  return JSON.parse(stdout) as T;
};

interface Entries {
  readonly entries: readonly { readonly kind: string; readonly text?: string; readonly code?: string }[];
}

describe('channels at the command line', () => {
  it('are founded, written and read; what everyone will see is said first, and is all that they see', async () => {
    interface Preview {
      readonly public: readonly {
        readonly for: string;
        readonly dataBytes: number;
        readonly tags: readonly { readonly links: string }[];
      }[];
    }
    const preview = await json<Preview>('buyer', 'new', '--name', 'Price', '--with', 'Seller', '--preview');
    expect(preview.public.map((one) => one.for)).toEqual(['found', 'invite', 'invite']);
    const made = await run('buyer', 'new', '--name', 'Price', '--with', 'Seller');
    expect(made.code).toBe(0);
    expect(made.stderr).toContain('Everyone will see, for good');
    expect(made.stderr).toContain(
      "You have not compared safety numbers with Seller: countersign contact verify 'Seller'",
    );
    expect(made.stdout).toMatch(
      /^Channel Price \([0-9a-f]{12}\) with you and 1 other member\.\nOn record in block \d+\.\n$/,
    );

    writeFileSync(path('offer'), 'We offer 100.\nSubject to contract.\n');
    const posted = await run('buyer', 'post', 'Price', path('offer'));
    expect(posted.stdout).toMatch(/^Said in Price \([0-9a-f]{12}\)\.\nOn record in block \d+\.\n$/);

    const listed = await run('seller', 'list');
    expect(listed.stdout).toContain('you are invited: countersign channel join; 2 members, 1 unread');
    const read = await run('seller', 'read', 'Price');
    expect(read.stdout).toMatch(/Buyer: We offer 100\.\n {10}Subject to contract\.\n$/);
    const { channels } = await json<{
      readonly channels: readonly { readonly channel: string; readonly unread: number }[];
    }>('seller', 'list');
    expect(channels).toMatchObject([{ name: 'Price', standing: 'invited', unread: 0 }]);

    const removed = await run('buyer', 'remove', 'Price', 'Seller');
    expect(removed.stderr).toContain('Seller keeps what was sealed until now: 1 message.');
    await run('buyer', 'post', 'Price', path('offer'));
    const after = await json<Entries>('seller', 'read', 'Price');
    expect(after.entries.map(({ kind, text, code }) => text ?? code ?? kind)).toEqual([
      'epoch',
      'We offer 100.\nSubject to contract.',
      'message',
      'epoch',
      'channel-wrap',
    ]);
    const refused = await run('seller', 'post', 'Price', path('offer'));
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('[channel-removed]')]);

    const id = channels[0]?.channel ?? '';
    const outside = await run('auditor', 'show', id, '--public');
    expect(outside.stdout).toContain('3 sealed slots, which nobody outside can read:');
    expect(outside.stdout).not.toContain('100');
    expect((await run('auditor', 'read', 'Price')).code).toBe(2);
    expect((await run('auditor', 'post', 'Price', path('missing'))).stderr).toContain('[channel-text]');
  }, 300_000);
});
