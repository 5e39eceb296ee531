import { describe, expect, it } from 'vitest';
import { fromUtf8, toUtf8 } from '../bytes.ts';
import { passingPreAuthEncoding, preAuthEncoding } from './dsse.ts';

describe('the pre-authentication encoding', () => {
  it('is that of the DSSE protocol', () => {
    const encoded = preAuthEncoding('http://example.com/HelloWorld', toUtf8('hello world'));
    expect(fromUtf8(encoded)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  it('counts bytes, not characters, and has no second reading', () => {
    expect(fromUtf8(preAuthEncoding('é', toUtf8('ü')))).toBe('DSSEv1 2 é 2 ü');
    expect(fromUtf8(preAuthEncoding('', new Uint8Array()))).toBe('DSSEv1 0  0 ');
    expect(preAuthEncoding('a', toUtf8('b 1 c'))).not.toEqual(preAuthEncoding('a 5 b', toUtf8('c')));
  });

  it('is the same in memory that is used again', () => {
    for (const length of [0, 1, 5000, 3, 4096, 4060, 10]) {
      const body = new Uint8Array(length).fill(length);
      expect(new Uint8Array(passingPreAuthEncoding('é/x', body))).toEqual(preAuthEncoding('é/x', body));
    }
  });
});
