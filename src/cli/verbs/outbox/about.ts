/** What the verbs of this folder have in common. */
export const summary = 'messages on their way to the record';
