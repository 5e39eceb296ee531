import { errorFamily } from './family.ts';

const damaged =
  'It was damaged or changed on its way, or it is not a signed note at all; its text is not read.';
const again = 'Get it again from its source, or from another one.';

/** Verifier keys, signed notes and cosignatures (`docs/spec/notes.md`). */
export const noteErrors = errorFamily('note', {
  'note-key-malformed': {
    happened: 'A verifier key is not written as name+id+key.',
    means: 'Without the key no signature can be checked.',
    next: 'Copy the whole key again: a name, eight hexadecimal digits and base64, joined by plus signs, no spaces.',
  },
  'note-key-type': {
    happened: 'A verifier key is of a kind that is not used here.',
    means:
      'Only Ed25519 keys of logs (type 1) and of witnesses (type 4) are checked, each in its own place only.',
    next: 'Ask whoever gave you the key for the one that fits: the log key for a log, the witness key for a witness.',
  },
  'note-key-id': {
    happened: "A verifier key's id does not fit its name and key.",
    means: 'A character of the key was lost or changed, or it was put together wrongly.',
    next: 'Copy the whole key again from where it was published.',
  },
  'note-too-long': {
    happened: 'A signed note is longer than 1,048,576 bytes.',
    means: 'No honest note is that long, so it was not read.',
    next: again,
  },
  'note-control-character': {
    happened: 'A signed note contains a control character other than the line feed.',
    means: damaged,
    next: again,
  },
  'note-malformed': {
    happened: 'This is not a signed note: UTF-8 text, an empty line, and signature lines.',
    means: damaged,
    next: again,
  },
  'note-too-many-signatures': {
    happened: 'A signed note carries more than 64 signature lines.',
    means: 'No honest note carries so many, so none of them was checked.',
    next: again,
  },
  'note-signature-line': {
    happened: 'A signature line is not written as dash, name and base64.',
    means: damaged,
    next: again,
  },
  'note-signature-refused': {
    happened: 'The signature of a known key on this note is wrong.',
    means: 'The text or the signature was changed after signing, so the whole note is refused.',
    next: 'Get it again from another source. If the key is one that you trust, find out where this copy came from.',
  },
  'note-unsigned': {
    happened: 'None of the known keys has signed this note.',
    means: 'It may be genuine and signed by somebody else, but nobody you named vouches for it.',
    next: 'Check that the key you gave is the one of this very log or witness.',
  },
});

export type NoteCode = keyof typeof noteErrors;
