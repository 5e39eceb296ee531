import { errorFamily } from './family.ts';

const raw = 'It was opened and can be seen as it is, but it counts for nothing.';
const release = 'Ask its author to make it again with a current release.';

/** What sealed messages say (`docs/spec/channels.md`, 'Contents'). */
export const contentErrors = errorFamily('content', {
  'content-members': {
    happened: 'What a sealed message says lacks an entry that it must have, or has one too many.',
    means: raw,
    next: release,
  },
  'content-value': {
    happened: 'An entry in what a sealed message says has a form that is not allowed.',
    means: raw,
    next: release,
  },
  'content-proof': {
    happened: 'A member says that they can read the channel, and does not show it.',
    means: 'They still count as invited: nothing says that they hold the key.',
    next: 'Ask them to join again with a current release.',
  },
});

export type ContentCode = keyof typeof contentErrors;
