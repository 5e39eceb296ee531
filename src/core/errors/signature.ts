import { errorFamily } from './family.ts';

export const signatureErrors = errorFamily('signature', {
  'signature-engine-differs': {
    happened: 'A fast signature checker gave a wrong verdict on a test case, or failed on it.',
    means: 'It is not used on this computer; another checker does its work, perhaps more slowly.',
    next: 'Nothing has to be done; if you report a problem, say which checker was dropped and why.',
  },
  'signature-agreement-zero': {
    happened:
      'The other side offered an encryption key of a kind that makes the shared secret known to everyone.',
    means: 'The key is damaged or was made to let others read along, so nothing was encrypted to it.',
    next: 'Ask the other person for a new key over a way that you trust.',
  },
});

export type SignatureCode = keyof typeof signatureErrors;
