import { errorFamily } from './family.ts';

const unread =
  'A policy that is not wholly understood is not used, because it could be weaker than its author meant.';

/** Trust policies: which logs and how many witnesses one relies on (`docs/spec/notes.md`). */
export const policyErrors = errorFamily('policy', {
  'policy-too-long': {
    happened: 'A policy file is longer than 65,536 bytes.',
    means: unread,
    next: 'Check that this is really a policy file.',
  },
  'policy-character': {
    happened: 'A policy file contains a control character other than tab and line feed.',
    means: unread,
    next: 'Save the file as plain text with simple line ends (not those of Windows).',
  },
  'policy-unterminated': {
    happened: 'The last line of a policy file does not end with a line feed.',
    means: 'The file may have been cut off, and a policy that lost its end can be weaker.',
    next: 'Check that the file is complete and end its last line.',
  },
  'policy-line': {
    happened: 'A line of a policy file is not one of: log, witness, group, quorum, or a comment.',
    means: unread,
    next: 'Correct the line that is named.',
  },
  'policy-key': {
    happened: 'A line of a policy file holds a verifier key that cannot be used in that place.',
    means: unread,
    next: 'A log needs its log key (type 1), a witness its witness key (type 4): copy the right one again.',
  },
  'policy-duplicate': {
    happened: 'A policy file names the same key, or the same name, twice.',
    means: 'One witness could be counted as two.',
    next: 'Leave only one of the lines.',
  },
  'policy-name': {
    happened: 'A policy file uses a name that no line before it defines, or defines the reserved name none.',
    means: unread,
    next: 'Define witnesses and groups on the lines before the one that uses them.',
  },
  'policy-member-twice': {
    happened: 'A policy file puts one witness or group into groups more than once.',
    means: 'One witness could be counted twice.',
    next: 'Leave it in one place only.',
  },
  'policy-threshold': {
    happened: "A group's threshold in a policy file is not a number from 1 to the number of its members.",
    means: unread,
    next: 'Write all, any, or how many of the members are needed.',
  },
  'policy-quorum': {
    happened: 'A policy file does not have exactly one quorum line.',
    means: 'It does not say how many witnesses are enough.',
    next: 'Write one line: quorum and the name of a witness or a group, or quorum none.',
  },
  'policy-too-many': {
    happened: 'A policy file defines more than 64 logs, 64 witnesses or 64 groups.',
    means: unread,
    next: 'Reduce it to what you rely on.',
  },
  'policy-no-log': {
    happened: 'The policy names no log.',
    means: 'Nobody knows whose checkpoints it accepts.',
    next: "Add a log line with the log's verifier key.",
  },
  'policy-log-not-listed': {
    happened: 'The policy lists logs, and the log of this ledger is not among them.',
    means: 'The policy was made for other logs.',
    next: 'Use the policy for this ledger, or add its log key if you have it from someone you trust.',
  },
});

export type PolicyCode = keyof typeof policyErrors;
