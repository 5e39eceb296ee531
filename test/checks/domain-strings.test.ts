import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The strings of the form `countersign/name/v1` in a text. */
function stringsIn(text: string): readonly string[] {
  return text.match(/(?<![\w./-])countersign\/[a-z0-9-]+\/v[0-9]+(?![\w/-])/g) ?? [];
}

/** All of them in the files of a folder whose names end so, tests left out. */
function stringsBelow(folder: string, end: string): ReadonlySet<string> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith(end) && !path.endsWith('.test.ts'),
  );
  expect(files.length).toBeGreaterThan(10);
  return new Set(files.flatMap((path) => stringsIn(readFileSync(join(root, folder, path), 'utf8'))));
}

/** The rows of the list in the specification, with what each is used for. */
function listed(): ReadonlyMap<string, string> {
  const [, section = ''] = readFileSync(join(root, 'docs/spec/README.md'), 'utf8').split('## Domain strings');
  const rows = section.matchAll(/^\| `(countersign\/[^`]+)` +\| (.*?) +\|$/gm);
  return new Map(Array.from(rows, ([, name = '', use = '']) => [name, use]));
}

describe('the domain strings', () => {
  const list = listed();
  const inCode = stringsBelow('src', '.ts');

  it('of the code stand on the list in docs/spec/README.md', () => {
    expect(inCode.size).toBeGreaterThan(10);
    expect([...inCode].filter((name) => !list.has(name))).toEqual([]);
  });

  it('on the list are used by the code, but for those that are reserved', () => {
    const unused = [...list].filter(([name, use]) => !inCode.has(name) && !use.startsWith('reserved'));
    expect(unused).toEqual([]);
  });

  it('of the pages of the specification and of the second implementation stand on it too', () => {
    const others = [
      ...stringsBelow('docs/spec', '.md'),
      ...stringsBelow('test/vectors/make/countersign', '.py'),
    ];
    expect(others.filter((name) => !list.has(name))).toEqual([]);
  });

  it('are recognised for what they are', () => {
    const text =
      "'countersign/a-b/v1' application/vnd.countersign/c/v1 `countersign/d/v2`, countersign/e/v1/f";
    expect(stringsIn(text)).toEqual(['countersign/a-b/v1', 'countersign/d/v2']);
  });
});
