/** What the verbs of this folder have in common. */
export const summary = 'encrypted documents in channels: send, list, write out';
