import { errorFamily } from './family.ts';

const nothing = 'It proves nothing about any file.';
const again = 'Ask whoever gave you the receipt for it again, as the file that was written.';

/** Receipts of recorded files (`docs/spec/receipt.md`). */
export const receiptErrors = errorFamily('receipt', {
  'receipt-format': {
    happened: 'A file is not a receipt of version 1, or a part of it has another form than it must have.',
    means: nothing,
    next: again,
  },
  'receipt-ledger': {
    happened: 'The receipt is of another ledger than the one that was asked about.',
    means: 'It says nothing about this ledger.',
    next: 'Ask about the ledger that the receipt names, if you trust it.',
  },
  'receipt-founding': {
    happened: 'The first header in the receipt is not that of the ledger that it names.',
    means: nothing,
    next: again,
  },
  'receipt-message': {
    happened: 'The message in the receipt is not a valid signed message of this ledger.',
    means: nothing,
    next: again,
  },
  'receipt-record': {
    happened: 'The message in the receipt does not record a file.',
    means: 'It may be genuine, and it is about something else.',
    next: again,
  },
  'receipt-value': {
    happened: 'The hash and the salt in the receipt do not give the value that was recorded.',
    means: 'The receipt was changed, or it was put together from two.',
    next: again,
  },
  'receipt-promise': {
    happened: 'The promise in the receipt was not signed by the operator, or is about another message.',
    means: 'Nobody is bound by it.',
    next: again,
  },
  'receipt-checkpoint': {
    happened: "The head of the record in the receipt was not signed by the ledger's log key.",
    means: 'What the receipt says about a block counts for nothing.',
    next: again,
  },
  'receipt-block': {
    happened: 'The block in the receipt does not stand in the record that the signed head commits to.',
    means: 'The receipt does not show that the message was sealed.',
    next: again,
  },
  'receipt-inclusion': {
    happened: 'The message in the receipt does not stand in the block that it names.',
    means: 'The receipt does not show that the message was sealed.',
    next: again,
  },
  'receipt-tags': {
    happened: 'The receipt does not show that the block lists the message under each of its labels.',
    means: 'Others who search the record could miss the message, so it does not count as recorded.',
    next: again,
  },
  'receipt-file': {
    happened: 'The file is not the one that the receipt is about.',
    means: 'It differs from the recorded file by at least one bit.',
    next: 'Look for the version of the file that was recorded; a copy that was saved again can differ.',
  },
  'receipt-cannot-write': {
    happened: 'A receipt could not be written.',
    means: 'What was recorded is recorded; only the file with the receipt is missing.',
    next: 'Free room or name another folder, then run notarize with --receipts and no file.',
  },
  'receipt-unreadable': {
    happened: 'A file could not be read.',
    means: 'Nothing was recorded or checked for it.',
    next: 'Check its name and that you may read it, then try again.',
  },
  'receipt-unknown': {
    happened: 'This profile knows of no record of the file.',
    means: 'It may still be on record: without its receipt a salted record cannot be told from others.',
    next: 'Give the receipt with --receipt, or synchronise the ledger that it may be recorded on.',
  },
  'receipt-pending': {
    happened: 'The file was handed in and does not stand in a block yet, as far as this machine knows.',
    means: 'It is not on record until it stands in a block.',
    next: 'Synchronise the ledger, then check again.',
  },
  'receipt-witnesses': {
    happened: 'Too few witnesses vouch for the signed head of the record.',
    means:
      'The operator could show others another record; your policy for this ledger asks for more witnesses.',
    next: 'Synchronise again later, or ask for a receipt under a head that enough witnesses signed.',
  },
  'receipt-fork': {
    happened: 'The receipt and the copy on this machine show two different blocks at the same height.',
    means: 'Both are signed by the operator, who does not keep one single record.',
    next: 'Keep the receipt and a backup of this profile, and show both to the other parties.',
  },
  'receipt-no-root': {
    happened: 'The receipt is of a ledger that this profile has not joined.',
    means: 'The receipt agrees with itself, but nothing says that its ledger is the one that you trust.',
    next: 'Compare the ledger id with one from a source that you trust and give it with --ledger, or join it.',
  },
});

export type ReceiptCode = keyof typeof receiptErrors;
