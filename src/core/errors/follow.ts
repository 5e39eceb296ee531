import { errorFamily } from './family.ts';

const kept = 'What you hold is unchanged.';
const elsewhere = 'Try another address of the same ledger.';
const ofAddress = `${kept} It is a fault of this address, and says nothing about the operator.`;

/** Following a part of the record: what endpoints and operators can do wrong, and what a copy that follows cannot say. */
export const followErrors = errorFamily('follow', {
  'follow-index': {
    happened: 'The firehose sent an index that is not the one which the signed block commits to.',
    means: `${kept} It left entries out, added some or changed them; the operator signed something else.`,
    next: elsewhere,
  },
  'follow-pages': {
    happened: 'The firehose sent a page directory that leads to the wrong place.',
    means: ofAddress,
    next: elsewhere,
  },
  'follow-body': {
    happened: 'The firehose sent messages that are not the ones which the signed block commits to.',
    means: ofAddress,
    next: elsewhere,
  },
  'follow-only': {
    happened: 'This copy follows only your own.',
    means:
      'It holds all blocks, but only the messages that concern you; about others it cannot say anything.',
    next: 'To hold everything, run "countersign sync --full".',
  },
  'follow-tag': {
    happened: 'This copy follows only your own, and it does not follow this key or tag yet.',
    means: 'Without its whole history nothing can be said about it.',
    next: 'Run "countersign sync" with your identity unlocked, or follow it with "countersign sync --key" or "--tag".',
  },
  'follow-many': {
    happened: 'There are more tags to follow than a copy that follows can hold.',
    means: `${kept} Following so many takes longer than fetching everything.`,
    next: 'Fetch everything with "countersign sync --full".',
  },
});

export type FollowCode = keyof typeof followErrors;
