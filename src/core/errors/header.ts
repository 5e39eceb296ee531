import { errorFamily } from './family.ts';

const notSealed = 'No honest operator seals such a block, so nothing in it is relied on.';
const elsewhere =
  'Get the header from another source; if the signed record really holds it, keep it as evidence against its operator.';

/** Block headers (`docs/spec/blocks.md`). */
export const headerErrors = errorFamily('header', {
  'header-too-long': {
    happened: 'A block header is longer than 65,535 bytes.',
    means: 'No block of the record may have so long a header, so it was not read.',
    next: elsewhere,
  },
  'header-members': {
    happened: 'A block header lacks a part that it must have, or has one that it must not have.',
    means: notSealed,
    next: elsewhere,
  },
  'header-value': {
    happened: 'A part of a block header does not have the form that it must have.',
    means: notSealed,
    next: elsewhere,
  },
  'header-founding': {
    happened:
      'The founding part of the first block breaks the rules for the name, keys or limits of a record.',
    means: 'A record cannot begin like this, so it cannot be used.',
    next: 'Check that you have the right first block; ask the operator for it again.',
  },
  'header-empty': {
    happened: 'A block is empty, or the first block is not.',
    means: notSealed,
    next: elsewhere,
  },
  'header-limits': {
    happened: 'A block header states more messages, tags or bytes than any block may have.',
    means: notSealed,
    next: elsewhere,
  },
  'header-position': {
    happened: 'A block header states another height or another record than the place where it stands.',
    means: 'It does not belong there: it was mixed up, or its operator put it there.',
    next: elsewhere,
  },
});

export type HeaderCode = keyof typeof headerErrors;
