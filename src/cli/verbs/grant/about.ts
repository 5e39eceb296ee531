/** What the verbs of this folder have in common. */
export const summary = 'look at what was disclosed to you, against the record';
