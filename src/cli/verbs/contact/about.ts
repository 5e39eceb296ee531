/** What the verbs of this folder have in common. */
export const summary = 'keep the people you deal with, and check their keys';
