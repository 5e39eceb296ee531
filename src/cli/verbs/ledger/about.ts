/** What the verbs of this folder have in common. */
export const summary = 'found ledgers, join them by card, look at them';
