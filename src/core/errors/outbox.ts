import { errorFamily } from './family.ts';

/** What waits to be sent, and what became of it. */
export const outboxErrors = errorFamily('outbox', {
  'outbox-lost': {
    happened: 'A message that waits to be sent can no longer be read.',
    means: 'It was not sent. Its sealed content is missing or damaged on this machine.',
    next: 'Make it again; its identity and its other messages are not affected.',
  },
  'outbox-refused': {
    happened: 'The firehose will not take a message.',
    means: 'The message is not on the record and will not be sent again by itself.',
    next: 'Look at the reason that it gave; make the message anew once that is remedied.',
  },
  'outbox-waiting': {
    happened: 'A message was made and signed, and could not be sent yet.',
    means: 'It waits on this machine, sealed, and is not on the record.',
    next: 'Run "countersign notarize" without a file, or synchronise, when the firehose can be reached.',
  },
  'outbox-not-broken': {
    happened: 'There is no such message whose promise was broken.',
    means: 'Nothing was changed. What waits is sent by itself, and what is on the record needs no sending.',
    next: 'See how far your messages are with "countersign outbox list".',
  },
  'outbox-broken': {
    happened: 'The operator promised to record a message by a certain time and did not.',
    means: 'The promise and the record contradict each other; both are signed, and the evidence is saved.',
    next: 'Show the evidence to the other parties (countersign alarm export). Send it again (countersign outbox resend).',
  },
});

export type OutboxCode = keyof typeof outboxErrors;
