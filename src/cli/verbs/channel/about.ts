/** What the verbs of this folder have in common. */
export const summary = 'talk in private on the record: only members read what is said';
