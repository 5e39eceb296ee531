import { errorFamily } from './family.ts';

const kept = 'What you hold is unchanged.';
const shown =
  'The proof is kept. Show it to the other parties (countersign alarm export); rely on nothing newer from this operator.';

/** What can go wrong while a copy of the record is fetched from an endpoint. */
export const syncErrors = errorFamily('sync', {
  'sync-unreachable': {
    happened: 'The firehose could not be reached.',
    means: `${kept} You can go on reading and writing; what you send waits here.`,
    next: 'Check the network and the address of the firehose, then try again.',
  },
  'sync-no-ledger': {
    happened: 'The firehose does not serve the ledger that was asked for.',
    means: `${kept} The address may belong to somebody else's ledger of the same name.`,
    next: 'Compare the ledger card with the one you were given, and ask the operator for the right address.',
  },
  'sync-checkpoint': {
    happened: 'The firehose sent a head of the record that its operator did not sign.',
    means: `${kept} It is a fault of this address, and says nothing about the operator.`,
    next: 'Try another address of the same ledger.',
  },
  'sync-other-key': {
    happened: 'An address shows a record of the name of this ledger that another key signed.',
    means: `${kept} Either somebody else uses the name, or you are being led to a false ledger.`,
    next: 'Do not join anything from there. Ask the operator by telephone, and compare the ledger id on your card.',
  },
  'sync-rollback': {
    happened: 'An address shows a shorter record than it showed before.',
    means: `${kept} The address was set back to an earlier state, or hides what it has shown already.`,
    next: 'Try again later or at another address; do not rely on this one until it has caught up.',
  },
  'sync-stale': {
    happened: 'An address shows a shorter record than the one that is here.',
    means: `${kept} The address is behind; what it shows is a true beginning of the record.`,
    next: 'Try again later or at another address.',
  },
  'sync-fork': {
    happened: 'The operator signed two different records of one ledger.',
    means: `${kept} Both signatures together are proof that the operator does not keep one single record.`,
    next: shown,
  },
  'sync-extended': {
    happened: 'The operator signed a head of the record that says more than any head may.',
    means: `${kept} Nobody can check what stands there beyond size and content of the record.`,
    next: shown,
  },
  'sync-mismatch': {
    happened: 'The blocks that the firehose sent are not the ones that its signed head commits to.',
    means: `${kept} Either this address sends damaged blocks, or its record does not continue yours.`,
    next: 'Try another address of the same ledger; if it happens there too, tell the other parties.',
  },
  'sync-malformed': {
    happened: 'The firehose sent something that is not a valid block.',
    means: `${kept} Nothing of the block was taken over.`,
    next: 'Try another address of the same ledger.',
  },
  'sync-oversized': {
    happened: 'The firehose sent more than any honest file of the ledger can hold.',
    means: `${kept} It was not read to its end.`,
    next: 'Try another address of the same ledger.',
  },
  'sync-reordered': {
    happened: 'The firehose sent blocks or messages in another order than the operator signed.',
    means: `${kept} It is a fault of this address; nothing of it was taken over.`,
    next: 'Try another address of the same ledger.',
  },
  'sync-invalid': {
    happened: 'A block that the operator signed breaks the rules of the ledger.',
    means: `${kept} The operator made a mistake or lies, unless the copy on this machine is damaged.`,
    next: 'Check the copy on this machine; if it is whole, ask the operator, and tell the other parties.',
  },
  'sync-index': {
    happened: 'The operator signed an index of a block that does not say what is in the record.',
    means: `${kept} With such an index messages can be hidden, or shown to people whom they do not concern.`,
    next: 'See "countersign alarm list" for the proof, and tell the other parties; rely on nothing newer from this operator.',
  },
  'sync-withheld': {
    happened: 'The firehose does not hand out a part of the record that its signed head covers.',
    means: 'Everything before it is kept and checked; the record is not complete here.',
    next: 'Try again later or at another address.',
  },
  'sync-refused': {
    happened: 'The firehose did not take the message.',
    means: 'The message is not on the record.',
    next: 'Look at the reason it gave, then send the message again.',
  },
  'sync-failing': {
    happened: 'The firehose could not deal with the message at the moment.',
    means: 'The message may or may not get on the record.',
    next: 'Send the same message again later: sent twice it is still one message.',
  },
  'sync-promise': {
    happened: 'The firehose took a message without a valid promise to record it.',
    means: 'The message may or may not get on the record; nobody can be held to it.',
    next: 'Synchronise and look whether the message is there; if not, send it again.',
  },
});

export type SyncCode = keyof typeof syncErrors;
