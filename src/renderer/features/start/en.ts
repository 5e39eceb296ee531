export const en = {
  'start.title': 'Countersign',
  'start.lead':
    'Put files on a public, tamper-evident record, find them again, and prove that they existed, unchanged, at a time.',
  'start.practice': 'Try it on a practice ledger',
  'start.practice.more':
    'A real ledger of this machine alone, with sample people and throw-away keys. No account, no network; ready in seconds.',
  'start.practice.go': 'Open the practice ledger',
  'start.practice.busy': 'Opening the practice ledger',
  'start.own': 'Or begin for real',
  'start.create': 'Create an identity',
  'start.create.more':
    'New keys from 24 words that you write on paper. Your keychain, or a passphrase, guards them.',
  'start.restore': 'Restore an identity',
  'start.restore.more': 'You have the 24 words of an identity: make it again on this machine.',
  'start.watch': 'Watch only',
  'start.watch.more': 'For audits: read, search and check a ledger. This profile can never sign.',
  'start.profiles': 'Profiles on this machine',
  'start.open': 'Open “{{name}}”',
  'join.title': 'Join a ledger',
  'join.lead':
    'Paste the card or the link of a ledger. You get it from its operator; nothing is joined before you have compared its id.',
  'join.field': 'Ledger card or link',
  'join.look': 'Look at the card',
  'join.origin': 'Name',
  'join.id': 'Ledger id',
  'join.endpoints': 'Addresses',
  'join.policy': 'Witnesses',
  'join.policy.some': 'Asks for the signatures of witnesses',
  'join.policy.none': 'Asks for none',
  'join.compare': 'Compare this id with the one that the operator gave you by another way.',
  'join.go': 'It is the same: join',
  'join.joined': 'This ledger is joined already.',
};
