/** What the verbs of this folder have in common. */
export const summary = 'what operators of ledgers were seen to do, with the evidence';
