import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { logKey, signedCheckpoint, testKey } from '../../../test/support/log.ts';
import { concatBytes, toUtf8 } from '../bytes.ts';
import { emptyEdge } from './edge.ts';
import { judgeCheckpoint } from './judge.ts';
import { cosignNote, formatNote, parseNote, type NoteSignature } from './note.ts';
import { parsePolicy, policyForLog, type Policy } from './policy.ts';
import { formatVerifierKey, keyType } from './verifier-key.ts';

const witnesses = Array.from({ length: 66 }, (_, i) =>
  testKey(`example.com/w${i}`, keyType.cosignature, 100 + i),
);
const logs = Array.from({ length: 66 }, (_, i) => testKey(`example.com/log${i}`, keyType.ed25519, 10 + i));
const log = formatVerifierKey(logKey.key);
const w = witnesses.map(({ key }) => formatVerifierKey(key));
const [w0 = '', w1 = '', w2 = '', w3 = '', w4 = ''] = w;

function codeOf(result: { readonly ok: boolean; readonly code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

function policyFrom(lines: readonly string[]): Policy {
  const policy = parsePolicy(toUtf8(`${lines.join('\n')}\n`));
  if (!policy.ok) throw new Error(`${policy.code} ${policy.detail ?? ''}`);
  return policy.value;
}

/** Two of X0 to X2 and any of Y0 and Y1. */
const twoLevels = [
  '# an example in the form of C2SP tlog-policy',
  `log ${log} https://example.com/log`,
  '',
  `witness X0 ${w0}`,
  `\twitness  X1\t${w1} https://w1.example `,
  `witness X2 ${w2}`,
  'group X 2 X0 X1 X2',
  `witness Y0 ${w3}`,
  `witness Y1 ${w4}`,
  'group Y any Y0 Y1',
  'group both all X Y',
  'quorum both',
  ' # the end',
];

describe('a policy', () => {
  it('is read', () => {
    const policy = policyFrom(twoLevels);
    expect(policy.logs).toEqual([{ key: logKey.key, url: 'https://example.com/log' }]);
    expect(policy.witnesses.map(({ name }) => name)).toEqual(['X0', 'X1', 'X2', 'Y0', 'Y1']);
    expect(policy.quorum).toMatchObject({
      kind: 'group',
      name: 'both',
      threshold: 2,
      members: [
        { name: 'X', threshold: 2 },
        { name: 'Y', threshold: 1 },
      ],
    });
    expect(policyFrom(['quorum none'])).toEqual({ logs: [], witnesses: [], quorum: 'none' });
    expect(policyFrom([`witness a ${w0}`, 'quorum a']).quorum).toMatchObject({ kind: 'witness', name: 'a' });
  });

  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['policy-quorum', []],
    ['policy-quorum', [`log ${log}`]],
    ['policy-quorum', ['quorum none', 'quorum none']],
    ['policy-line', ['allow all']],
    ['policy-line', ['Quorum none']],
    ['policy-line', ['log']],
    ['policy-line', [`log ${log} url more`]],
    ['policy-line', ['witness a']],
    ['policy-line', [`witness a ${w0} url more`]],
    ['policy-line', [`witness a ${w0}`, 'group g any']],
    ['policy-line', ['group']],
    ['policy-line', ['quorum']],
    ['policy-line', ['quorum none none']],
    ['policy-key', ['log nonsense']],
    ['policy-key', [`log ${w0}`]],
    ['policy-key', [`witness a ${log}`]],
    ['policy-key', ['witness a example.com/pq+00000000+BgAA']],
    ['policy-duplicate', [`log ${log}`, `log ${log}`]],
    ['policy-duplicate', [`witness a ${w0}`, `witness b ${w0}`]],
    ['policy-duplicate', [`witness a ${w0}`, `witness a ${w1}`]],
    ['policy-duplicate', [`witness a ${w0}`, 'group a any a']],
    ['policy-name', [`witness none ${w0}`]],
    ['policy-name', [`witness a ${w0}`, 'group none any a']],
    ['policy-name', ['group g any nobody']],
    ['policy-name', [`witness a ${w0}`, 'group g any a none']],
    ['policy-name', ['quorum later', `witness later ${w0}`]],
    ['policy-name', ['group g any g']],
    ['policy-member-twice', [`witness a ${w0}`, 'group g all a a']],
    ['policy-member-twice', [`witness a ${w0}`, 'group g any a', 'group h any a']],
    ['policy-threshold', [`witness a ${w0}`, 'group g 0 a']],
    ['policy-threshold', [`witness a ${w0}`, 'group g 2 a']],
    ['policy-threshold', [`witness a ${w0}`, 'group g 01 a']],
    ['policy-threshold', [`witness a ${w0}`, 'group g ALL a']],
    ['policy-threshold', [`witness a ${w0}`, 'group g -1 a']],
    ['policy-threshold', [`witness a ${w0}`, 'group g 1.0 a']],
  ];

  it.each(cases)('is refused as %s: %j', (code, lines) => {
    const policy = parsePolicy(toUtf8(lines.map((line) => `${line}\n`).join('')));
    expect(codeOf(policy)).toBe(code);
    if (code !== 'policy-quorum') expect(policy.ok ? '' : policy.detail).toMatch(/^line [0-9]+/);
  });

  it('does not take one key as log and as witness, under whatever name', () => {
    const same = testKey('example.com/elsewhere', keyType.cosignature, 1);
    expect(
      codeOf(parsePolicy(toUtf8(`log ${log}\nwitness a ${formatVerifierKey(same.key)}\nquorum a\n`))),
    ).toBe('policy-duplicate');
  });

  it('is refused when its last line is cut off', () => {
    const whole = toUtf8(`${twoLevels.join('\n')}\n`);
    for (let end = 1; end < whole.length; end++) {
      const cut = parsePolicy(whole.subarray(0, end));
      if (whole[end - 1] !== 0x0a) expect(codeOf(cut)).toBe('policy-unterminated');
    }
  });

  it('holds no control characters, and any bytes beyond ASCII as they are', () => {
    for (const byte of [0, 1, 0x0b, 0x0d, 0x1f, 0x7f]) {
      expect(codeOf(parsePolicy(concatBytes(toUtf8('quorum none\n# '), Uint8Array.of(byte, 0x0a))))).toBe(
        'policy-character',
      );
    }
    const kelvin = `witness \u212a ${w0}\nwitness K ${w1}\ngroup g all K \u212a\nquorum g\n`;
    const policy = parsePolicy(toUtf8(kelvin));
    expect(policy.ok && policy.value.witnesses.map(({ name }) => name)).toEqual(['\u212a', 'K']);
    // Not UTF-8: one byte, another name than its UTF-8 form.
    const bytes = concatBytes(
      toUtf8('witness '),
      Uint8Array.of(0xe9),
      toUtf8(` ${w0}\nwitness \u00e9 ${w1}\nquorum none\n`),
    );
    expect(codeOf(parsePolicy(bytes))).toBe('ok');
    // A no-break space separates nothing.
    expect(codeOf(parsePolicy(toUtf8('quorum\u00a0none\n')))).toBe('policy-line');
  });

  it('has limits: 64 of each kind', () => {
    const lines = (count: number): Record<string, string[]> => ({
      logs: logs.slice(0, count).map(({ key }) => `log ${formatVerifierKey(key)}`),
      witnesses: w.slice(0, count).map((key, i) => `witness w${i} ${key}`),
      groups: w.slice(0, count).flatMap((key, i) => [`witness w${i} ${key}`, `group g${i} any w${i}`]),
    });
    for (const kind of ['logs', 'witnesses']) {
      const of = (count: number): Uint8Array =>
        toUtf8(`${[...(lines(count)[kind] ?? []), 'quorum none'].join('\n')}\n`);
      expect(codeOf(parsePolicy(of(64)))).toBe('ok');
      expect(codeOf(parsePolicy(of(65)))).toBe('policy-too-many');
    }
    const groups = lines(64)['groups'] ?? [];
    expect(codeOf(parsePolicy(toUtf8(`${groups.join('\n')}\nquorum g63\n`)))).toBe('ok');
    expect(codeOf(parsePolicy(toUtf8(`${groups.join('\n')}\ngroup g64 any g63\n`)))).toBe('policy-too-many');
    expect(codeOf(parsePolicy(new Uint8Array(65_537).fill(0x0a)))).toBe('policy-too-long');
  });

  it('of whatever words never throws', () => {
    const word = fc.constantFrom(
      'log',
      'witness',
      'group',
      'quorum',
      'none',
      'any',
      'all',
      '2',
      'a',
      'b',
      log,
      w0,
      w1,
    );
    const lines = fc.array(fc.array(word, { maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(lines, (wordLines) => {
        const text = wordLines.map((words) => `${words.join(' ')}\n`).join('');
        expect(typeof parsePolicy(toUtf8(text)).ok).toBe('boolean');
      }),
    );
  });
});

const note = signedCheckpoint(emptyEdge);
const parsed = parseNote(note);
const text = parsed.ok ? parsed.value.text : '';
const logLines = parsed.ok ? parsed.value.signatures : [];

/** The checkpoint with cosignatures: which witness at which time. */
function cosigned(times: Readonly<Record<number, number>>): Uint8Array {
  const lines: NoteSignature[] = [...logLines];
  for (const [i, time] of Object.entries(times)) {
    const witness = witnesses[Number(i)];
    if (witness !== undefined) lines.push(cosignNote(witness.key, witness.seed, text, time));
  }
  return formatNote(text, lines);
}

describe('judging a checkpoint', () => {
  const policy = policyFrom(twoLevels);

  const cases: readonly (readonly [Readonly<Record<number, number>>, number | undefined])[] = [
    [{}, undefined],
    [{ 0: 10 }, undefined],
    [{ 0: 10, 1: 20 }, undefined],
    [{ 0: 10, 1: 20, 2: 30 }, undefined],
    [{ 3: 10, 4: 20 }, undefined],
    [{ 0: 10, 3: 20, 4: 30 }, undefined],
    [{ 0: 10, 1: 20, 3: 30 }, 10],
    [{ 0: 10, 1: 20, 2: 30, 3: 40 }, 20],
    [{ 0: 10, 1: 20, 2: 30, 3: 15, 4: 5 }, 15],
    [{ 0: 250_000_000_000, 1: 20, 3: 250_000_000_000 }, 20],
  ];

  it.each(cases)('cosigned as %j the quorum stood at %j', (times, time) => {
    const verdict = judgeCheckpoint(cosigned(times), policy);
    if (!verdict.ok) throw new Error(verdict.code);
    expect(verdict.value.quorum).toBe(time === undefined ? 'insufficient' : 'met');
    expect(verdict.value.witnesses.map((witness) => witness.time)).toEqual(Object.values(times));
    if (verdict.value.quorum === 'met') expect(verdict.value.time).toBe(time);
    else expect(verdict.value.needed).toBe('2 of (2 of (X0, X1, X2), 1 of (Y0, Y1))');
  });

  it('counts no witness that the policy does not name', () => {
    const verdict = judgeCheckpoint(cosigned({ 0: 1, 5: 1, 6: 1, 3: 1 }), policy);
    expect(verdict.ok && verdict.value.quorum).toBe('insufficient');
  });

  it('asks for no witness with quorum none', () => {
    const none = policyFrom([`log ${log}`, `witness a ${w0}`, 'quorum none']);
    expect(judgeCheckpoint(note, none)).toMatchObject({
      ok: true,
      value: { quorum: 'met', time: undefined },
    });
    expect(judgeCheckpoint(cosigned({ 0: 7 }), none)).toMatchObject({
      ok: true,
      value: { quorum: 'met', witnesses: [{ name: 'a', keyName: 'example.com/w0', time: 7 }] },
    });
  });

  it('asks for one witness by name', () => {
    const one = policyFrom([`log ${log}`, `witness a ${w0}`, `witness b ${w1}`, 'quorum b']);
    const at = (times: Record<number, number>): unknown => {
      const verdict = judgeCheckpoint(cosigned(times), one);
      return verdict.ok && verdict.value.quorum;
    };
    expect(at({ 0: 1 })).toBe('insufficient');
    expect(at({ 1: 1 })).toBe('met');
  });

  it('refuses the checkpoint of a log that is not listed, and every wrong signature of a listed witness', () => {
    const elsewhere = policyFrom([`log ${formatVerifierKey(logs[0]?.key ?? logKey.key)}`, 'quorum none']);
    expect(codeOf(judgeCheckpoint(note, elsewhere))).toBe('note-unsigned');
    expect(codeOf(judgeCheckpoint(note, policyFrom(['quorum none'])))).toBe('policy-no-log');
    const witness = witnesses[2];
    if (witness === undefined) throw new Error('no witness');
    const wrong = cosignNote(witness.key, witness.seed, `${text}x\n`, 5);
    const bad = formatNote(text, [...logLines, wrong]);
    expect(codeOf(judgeCheckpoint(bad, policy))).toBe('note-signature-refused');
  });

  it('is used for a log that is known from elsewhere', () => {
    const open = policyFrom([`witness a ${w0}`, 'quorum a']);
    const forLog = policyForLog(open, logKey.key);
    expect(forLog.ok && forLog.value.logs).toEqual([{ key: logKey.key }]);
    const listed = policyForLog(policy, logKey.key);
    expect(listed.ok && listed.value.logs).toEqual(policy.logs);
    const other = logs[0]?.key ?? logKey.key;
    expect(codeOf(policyForLog(policy, other))).toBe('policy-log-not-listed');
    const renamed = testKey('example.com/renamed', keyType.ed25519, 1).key;
    expect(codeOf(policyForLog(policy, renamed))).toBe('policy-log-not-listed');
    expect(codeOf(policyForLog(open, testKey('x', keyType.ed25519, 100).key))).toBe('policy-duplicate');
  });
});
