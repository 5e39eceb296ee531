import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ed25519Vectors } from '../../../test/support/ed25519-vectors.ts';
import { fromHex, toHex } from '../bytes.ts';
import {
  ed25519EngineName,
  isAgreementKey,
  isSigningKey,
  passesPreChecks,
  portableEd25519,
  publicKeyOf,
  sharedSecret,
  signMessage,
  useEd25519Engine,
  useEd25519EngineAgain,
  verifySignature,
  x25519PublicKey,
  zeroize,
} from './signature.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? expect.fail('not hexadecimal');
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('signatures', () => {
  it('have the values of RFC 8032 section 7.1', () => {
    const cases = [
      [
        '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
        'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        '',
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      ],
      [
        '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
        '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        '72',
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      ],
    ];
    for (const [seed = '', publicKey = '', message = '', signature = ''] of cases) {
      expect(toHex(publicKeyOf(bytes(seed)))).toBe(publicKey);
      expect(toHex(signMessage(bytes(seed), bytes(message)))).toBe(signature);
      expect(verifySignature(bytes(publicKey), bytes(message), bytes(signature))).toBe(true);
    }
  });

  it('have the stated verdict on all vectors, refused where stated before an engine is asked', () => {
    const vectors = ed25519Vectors();
    expect(vectors.length).toBe(340);
    expect(vectors.filter((test) => test.valid).length).toBe(61);
    for (const test of vectors) {
      expect(passesPreChecks(test.publicKey, test.signature), test.name).toBe(test.preChecks);
      expect(verifySignature(test.publicKey, test.message, test.signature), test.name).toBe(test.valid);
      if (test.seed !== undefined) {
        expect(publicKeyOf(test.seed), test.name).toEqual(test.publicKey);
        expect(signMessage(test.seed, test.message), test.name).toEqual(test.signature);
      }
    }
  });

  it('need every bit of key, message and signature', () => {
    const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
    const parts = [publicKeyOf(seed), Uint8Array.of(1, 2, 3), new Uint8Array(0)];
    parts[2] = signMessage(seed, parts[1] ?? seed);
    parts.forEach((part, at) => {
      for (let i = 0; i < part.length; i++) {
        const changed = part.with(i, (part[i] ?? 0) ^ (1 << (i % 8)));
        const [publicKey = seed, message = seed, signature = seed] = parts.with(at, changed);
        expect(verifySignature(publicKey, message, signature)).toBe(false);
      }
    });
  });

  it('verify whatever is signed', () => {
    fc.assert(
      fc.property(bytes32, fc.uint8Array({ maxLength: 300 }), (seed, message) => {
        expect(verifySignature(publicKeyOf(seed), message, signMessage(seed, message))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('are judged, not thrown upon, whatever the bytes', () => {
    const any = fc.uint8Array({ maxLength: 70 });
    fc.assert(
      fc.property(any, any, any, (publicKey, message, signature) => {
        expect(verifySignature(publicKey, message, signature)).toBe(false);
      }),
    );
    fc.assert(
      fc.property(bytes32, any, bytes32, bytes32, (publicKey, message, r, s) => {
        const signature = Uint8Array.of(...r, ...s);
        signature[63] = (signature[63] ?? 0) & 15;
        expect(verifySignature(publicKey, message, signature)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('are not made with seeds of another length', () => {
    for (const length of [0, 31, 33, 64]) {
      expect(() => signMessage(new Uint8Array(length), bytes('00'))).toThrow(RangeError);
      expect(() => publicKeyOf(new Uint8Array(length))).toThrow(RangeError);
    }
  });
});

describe('keys', () => {
  it('for signing are refused of small order, non-canonical, or of another length', () => {
    const [key] = [publicKeyOf(new Uint8Array(32))];
    expect(isSigningKey(key)).toBe(true);
    expect(isSigningKey(key.subarray(1))).toBe(false);
    const named = (prefix: string): readonly Uint8Array[] =>
      ed25519Vectors()
        .filter(({ name }) => name.startsWith(prefix))
        .map((test) => test.publicKey);
    const refused = [...named('small-key-'), ...named('non-canonical-key-')];
    expect(refused.length).toBeGreaterThan(30);
    for (const publicKey of refused) expect(isSigningKey(publicKey)).toBe(false);
    for (const publicKey of named('mixed-')) expect(isSigningKey(publicKey)).toBe(true);
  });
});

describe('engines', () => {
  afterEach(() => {
    expect(useEd25519Engine(portableEd25519).ok).toBe(true);
  });

  const other = { ...portableEd25519, name: 'another' };

  it('are taken when they agree', () => {
    expect(ed25519EngineName()).toBe('tweetnacl');
    expect(useEd25519Engine(other)).toEqual({ ok: true, value: undefined });
    expect(ed25519EngineName()).toBe('another');
  });

  it('are not taken when they differ; the one in use stays', () => {
    expect(useEd25519Engine(other).ok).toBe(true);
    const wrong = { ...portableEd25519, name: 'wrong', verify: () => true };
    expect(useEd25519Engine(wrong)).toMatchObject({ ok: false, code: 'signature-engine-differs' });
    expect(ed25519EngineName()).toBe('another');
  });

  it('are not taken in a further thread either when they differ there; large messages are not tried again', () => {
    const asked: number[] = [];
    const counting = {
      ...other,
      verify: (key: Uint8Array, message: Uint8Array, signature: Uint8Array) => {
        asked.push(message.length);
        return other.verify(key, message, signature);
      },
    };
    expect(useEd25519EngineAgain(counting).ok).toBe(true);
    expect(asked.length).toBeGreaterThan(50);
    expect(Math.max(...asked)).toBe(500);
    const wrong = { ...portableEd25519, name: 'wrong', verify: () => true };
    expect(useEd25519EngineAgain(wrong)).toMatchObject({ ok: false, code: 'signature-engine-differs' });
    expect(ed25519EngineName()).toBe('another');
  });

  it('cannot be exchanged after they were taken', () => {
    const seed = new Uint8Array(32);
    const wrong = signMessage(seed, seed).with(5, 1);
    const exchanged = { ...portableEd25519, name: 'exchanged' };
    expect(useEd25519Engine(exchanged).ok).toBe(true);
    Object.assign(exchanged, { name: 'changed', verify: () => true, sign: () => wrong });
    expect(ed25519EngineName()).toBe('exchanged');
    expect(verifySignature(publicKeyOf(seed), seed, wrong)).toBe(false);
    expect(signMessage(seed, seed)).not.toEqual(wrong);
    expect(() => Object.assign(portableEd25519, { verify: () => true })).toThrow(TypeError);
  });

  it('are asked for their functions once, so that what is tested is what is used', () => {
    let reads = 0;
    const changing = {
      name: 'changing',
      sign: portableEd25519.sign,
      get verify() {
        return reads++ === 0 ? portableEd25519.verify : () => true;
      },
    };
    expect(useEd25519Engine(changing).ok).toBe(true);
    expect(
      verifySignature(publicKeyOf(new Uint8Array(32)), new Uint8Array(1), new Uint8Array(64).fill(2)),
    ).toBe(false);
    expect(reads).toBe(1);
  });

  it('do not judge what the pre-checks refuse', () => {
    let calls = 0;
    const counting = {
      ...other,
      verify: (...args: Parameters<typeof other.verify>): boolean => {
        calls++;
        return other.verify(...args);
      },
    };
    expect(useEd25519Engine(counting).ok).toBe(true);
    calls = 0;
    const refused = ed25519Vectors().filter((test) => !test.preChecks);
    for (const test of refused) verifySignature(test.publicKey, test.message, test.signature);
    expect(calls).toBe(0);
  });
});

describe('X25519', () => {
  const alice = bytes('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a');

  it('has the values of RFC 7748 section 6.1', () => {
    const bob = bytes('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
    expect(toHex(x25519PublicKey(alice))).toBe(
      '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    );
    const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
    for (const [secret, publicKey] of [
      [alice, x25519PublicKey(bob)],
      [bob, x25519PublicKey(alice)],
    ] as const) {
      const result = sharedSecret(secret, publicKey);
      expect(result.ok && toHex(result.value)).toBe(shared);
    }
    expect(isAgreementKey(x25519PublicKey(bob))).toBe(true);
  });

  it('refuses every public key of small order, in each encoding and with any secret', () => {
    const small = [
      '00'.repeat(32),
      '01' + '00'.repeat(31),
      'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
      '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
      'ec' + 'ff'.repeat(30) + '7f',
      'ed' + 'ff'.repeat(30) + '7f',
      'ee' + 'ff'.repeat(30) + '7f',
    ];
    for (const hex of small) {
      for (const top of [0, 0x80]) {
        const publicKey = bytes(hex);
        publicKey[31] = (publicKey[31] ?? 0) | top;
        expect(isAgreementKey(publicKey)).toBe(false);
        for (const secret of [alice, new Uint8Array(32), new Uint8Array(32).fill(255)]) {
          expect(sharedSecret(secret, publicKey)).toMatchObject({ code: 'signature-agreement-zero' });
        }
      }
    }
    expect(isAgreementKey(new Uint8Array(31))).toBe(false);
  });

  it('is not asked about keys of another length', () => {
    expect(() => x25519PublicKey(alice.subarray(1))).toThrow(RangeError);
    expect(() => sharedSecret(alice.subarray(1), alice)).toThrow(RangeError);
    expect(() => sharedSecret(alice, alice.subarray(1))).toThrow(RangeError);
  });
});

describe('zeroize', () => {
  it('overwrites every byte of each secret', () => {
    const secrets = [Uint8Array.of(1, 2, 3), Uint8Array.of(255)];
    zeroize(...secrets);
    expect(secrets).toEqual([new Uint8Array(3), new Uint8Array(1)]);
  });
});
