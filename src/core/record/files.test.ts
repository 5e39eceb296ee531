import { describe, expect, it } from 'vitest';
import { bodyPath, parseBlockFilePath, rollupPath, tagIndexPath } from './files.ts';

const heights = [0, 1, 255, 999, 1000, 65_536, 1_234_567, 2 ** 31, Number.MAX_SAFE_INTEGER];

describe('paths of the files of a block', () => {
  it('are written as those of tiles', () => {
    expect(bodyPath(5)).toBe('body/005');
    expect(tagIndexPath(1_234_067)).toBe('index/x001/x234/067');
    expect(rollupPath(65_536, 2)).toBe('rollup/2/x065/536');
    expect(() => bodyPath(-1)).toThrow(RangeError);
    expect(() => bodyPath(1.5)).toThrow(RangeError);
    expect(() => bodyPath(2 ** 53)).toThrow(RangeError);
  });

  it('are read back, every one', () => {
    for (const height of heights) {
      for (const path of [
        bodyPath(height),
        tagIndexPath(height),
        rollupPath(height, 1),
        rollupPath(height, 2),
      ])
        expect(parseBlockFilePath(path)).toEqual({ height });
    }
  });

  it('are not read when anything about them is different', () => {
    const good = ['body/005', 'index/x001/x234/067', 'rollup/2/x065/536'];
    for (const path of good) {
      for (let at = 0; at <= path.length; at++) {
        for (const char of ['', 'x', '/', '.', ' ', 'a', '\n', '\0', '%']) {
          const changed = path.slice(0, at) + char + path.slice(at + 1);
          const inserted = path.slice(0, at) + char + path.slice(at);
          for (const other of [changed, inserted].filter((text) => text !== path))
            expect(parseBlockFilePath(other), JSON.stringify(other)).toBeUndefined();
        }
      }
    }
    const others = [
      '',
      '/',
      'body',
      'body/',
      'body/5',
      'body/0005',
      'body/x000/005',
      'body/x5/005',
      'body/005.p/1',
    ];
    const far = ['x999/'.repeat(5) + '999', 'x999/'.repeat(6) + '999', 'x009/x007/x199/x254/x740/992'];
    for (const path of [...others, 'rollup/005', 'rollup/0/005', 'rollup/3/005', '../body/005', 'tile/0/005'])
      expect(parseBlockFilePath(path), path).toBeUndefined();
    for (const name of far) expect(parseBlockFilePath(`body/${name}`), name).toBeUndefined();
  });
});
