import { describe, expect, it } from 'vitest';
import { formatVerifierKey, keyType, verifierKey } from '../core/log/verifier-key.ts';
import { CountersignError } from '../core/errors/family.ts';
import { dispatch, report } from './dispatch.ts';
import { exit, Stop } from './exit.ts';
import type { Terminal } from './output.ts';
import { summaryOf } from './verbs.ts';

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs something with a terminal that keeps what is printed. */
async function heard(run: (terminal: Terminal) => Promise<number>): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run({
    line: (text = '') => out.push(text),
    say: (text = '') => err.push(text),
    progress: () => undefined,
    abandoned: new AbortController().signal,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const countersign = async (...args: readonly string[]): Promise<Said> =>
  await heard(async (terminal) => await dispatch(args, terminal));

const vkey = formatVerifierKey(verifierKey('example.com/test-log', keyType.ed25519, new Uint8Array(32)));
const witnessKey = formatVerifierKey(verifierKey('w', keyType.cosignature, new Uint8Array(32)));

describe('a wrong command line', () => {
  const wrongs: readonly (readonly [string, readonly string[]])[] = [
    ["Required option '--vkey <KEY>' not specified", ['log', 'verify', '.']],
    ["Option '--vkey <KEY>' argument missing", ['log', 'verify', '.', '--vkey']],
    ['Missing required argument', ['log', 'verify', '--vkey', vkey]],
    ['Too many arguments', ['log', 'verify', '--vkey', vkey, '.', '.']],
    ["Unknown option '--force'", ['log', 'verify', '--vkey', vkey, '--force', '.']],
    ['A verifier key is not written as', ['log', 'verify', '--vkey', 'nonsense', '.']],
    ['A verifier key is not written as', ['log', 'verify', '--vkey', ` ${vkey}`, '.']],
    ["A verifier key's id does not fit", ['log', 'verify', '--vkey', vkey.replace('test', 'tent'), '.']],
    ['A verifier key is of a kind that is not used here', ['log', 'verify', '--vkey', witnessKey, '.']],
    ['The folder or address is empty', ['log', 'verify', '--vkey', vkey, '']],
    ['Only http and https addresses', ['log', 'verify', '--vkey', vkey, 'file:///tmp']],
    ['Only http and https addresses', ['log', 'verify', '--vkey', vkey, 'ftp://example.com/']],
    ['Not an address', ['log', 'verify', '--vkey', vkey, 'http://[']],
    ['without user, password', ['log', 'verify', '--vkey', vkey, 'http://me:secret@example.com/']],
    ['Give whole seconds', ['log', 'verify', '--vkey', vkey, '--timeout', '0', '.']],
    ["Unknown verb 'verfy'", ['log', 'verfy']],
    ["Unknown verb 'lgo'", ['lgo']],
    ["Unknown verb 'lgo'", ['help', 'lgo']],
    ["Unknown option '--nope'", ['--nope']],
    ["Unknown option '--command'", ['--command']],
    ['What should it do?', []],
    ['What should it do?', ['log']],
  ];

  it.each(wrongs)('%s: %j', async (sentence, args) => {
    const { code, out, err } = await countersign(...args);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(sentence);
    expect(err).toMatch(/\n {2}Nothing was done\.\n {2}What it takes is shown by: countersign .*--help$/);
  });
});

describe('help', () => {
  it('of everything lists the verbs with their summaries', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { code, out, err } = await countersign(...args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/^Usage: countersign VERB/);
      expect(out).toMatch(/\n {2}log +audit transparency logs/);
    }
  });

  it('of a folder of verbs lists those in it', async () => {
    for (const args of [
      ['log', '--help'],
      ['help', 'log'],
      ['log', 'help'],
    ]) {
      const { code, out } = await countersign(...args);
      expect(code).toBe(0);
      expect(out).toMatch(/verify +audit every file/);
    }
  });

  it('of a verb that cannot be loaded here says so, and hurts no other', async () => {
    const url = new URL('./verbs/no-such-file.ts', import.meta.url);
    expect(await summaryOf({ words: ['x'], url, isGroup: false })).toBe('(cannot be loaded on this machine)');
  });

  it('of a verb tells what it takes', async () => {
    for (const args of [
      ['log', 'verify', '--help'],
      ['help', 'log', 'verify'],
    ]) {
      const { code, out } = await countersign(...args);
      expect(code).toBe(0);
      expect(out).toContain('Usage: countersign log verify --vkey <KEY> [options] <DIR|URL>');
    }
  });
});

describe('an error', () => {
  it('that ends a run on purpose is explained, with its exit code', async () => {
    const stop = new Stop(exit.unavailable, 'log-missing', 'tile/0/000');
    const { code, err } = await heard(async (terminal) => await report(stop, terminal));
    expect(code).toBe(69);
    expect(err).toMatch(
      /^countersign: A file that must be there is not\. \[log-missing\]\n {2}What was met: tile/,
    );
  });

  it('of a part that works with disk, network or keychain is explained as unavailable', async () => {
    const error = new CountersignError('log-unreadable', 'EIO');
    const { code, err } = await heard(async (terminal) => await report(error, terminal));
    expect(code).toBe(69);
    expect(err).toContain('[log-unreadable]');
  });

  it('that nobody expected is a fault of ours, told without a stack', async () => {
    const { code, err } = await heard(async (terminal) => await report(new TypeError('x is no y'), terminal));
    expect(code).toBe(70);
    expect(err).toContain('What was met: x is no y');
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('with a code that nobody explains is still told', async () => {
    const { code, err } = await heard(
      async (terminal) => await report(new Stop(exit.failed, 'no-such'), terminal),
    );
    expect(code).toBe(1);
    expect(err).toContain('[no-such]');
  });
});
