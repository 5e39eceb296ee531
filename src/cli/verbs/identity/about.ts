/** What the verbs of this folder have in common. */
export const summary = 'make, restore, announce and change your own identity';
