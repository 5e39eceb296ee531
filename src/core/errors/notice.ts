import { errorFamily } from './family.ts';

const ignored = 'It is not counted as a notice.';
const release = 'If someone sent it to you, ask them to make it again with a current release.';

/** Notices that something could not be read (`docs/spec/channels.md`, 'Unreadable notices'). */
export const noticeErrors = errorFamily('notice', {
  'notice-members': {
    happened: 'A notice that something could not be read lacks an entry, or has one too many.',
    means: ignored,
    next: release,
  },
  'notice-value': {
    happened: 'An entry of a notice that something could not be read has a form that is not allowed.',
    means: ignored,
    next: release,
  },
  'notice-tag': {
    happened: 'A notice that something could not be read is not about this transaction.',
    means: ignored,
    next: 'Look at the transaction that it belongs to.',
  },
});

export type NoticeCode = keyof typeof noticeErrors;
