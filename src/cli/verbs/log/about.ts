/** What the verbs of this folder have in common. */
export const summary = 'audit transparency logs';
