export const en = {
  'check.title': 'Check',
  'check.lead': 'Is this file on record, where, and since when? Nothing leaves this machine.',
  'check.drop': 'Drop a file',
  'check.drop.more':
    'With or without its receipt (a file that ends in .receipt.json). Several at a time are fine.',
  'check.choose': 'Choose files…',
  'check.busy': 'Reading the files',
  'check.more': '{{count}} more files were not checked; give at most 200 at a time.',
  'check.recorded.own':
    'This file is identical to the one that you recorded in block {{height}}. It existed by {{time}}.',
  'check.recorded.other':
    'This file is identical to the one recorded in block {{height}}, signed by key {{key}}. It existed by {{time}}.',
  'check.invalid': 'This does not hold',
  'check.open': 'It cannot be told from what is here',
  'check.by.copy': 'Known from the verified copy of {{origin}} on this machine, {{size}} blocks.',
  'check.by.receipt': 'Known from the receipt, under a head of {{size}} blocks of {{origin}}.',
  'check.by.firehose':
    'Known from what the firehose of {{origin}} showed and proved, under a head of {{size}} blocks.',
  'check.hash': 'SHA-256',
  'check.message': 'Message',
  'check.limits': 'It does not say who wrote the file, nor that what it says is true.',
  'check.show': 'Show the record',
  'check.again': 'Check other files',
  'check.only-receipts': 'These are receipts only. Drop the file that a receipt is about together with it.',
};
