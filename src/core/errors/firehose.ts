import { errorFamily } from './family.ts';

/** What a firehose answers when it cannot take or serve something, and what can go wrong inside it. */
export const firehoseErrors = errorFamily('firehose', {
  'firehose-storage': {
    happened: 'The firehose could not read or write its storage.',
    means: 'What was acknowledged before is kept; the last request was not carried out.',
    next: 'Check that the data folder has room and may be read and written, then start the firehose again.',
  },
  'firehose-damaged': {
    happened: 'The stored record of this firehose does not verify.',
    means: 'The firehose stopped before it could sign anything on top of damaged data.',
    next: 'Restore the data folder from a copy; compare it with the record that clients hold.',
  },
  'firehose-not-founded': {
    happened: 'This folder holds no ledger.',
    means: 'There is nothing to serve.',
    next: 'Name the folder of a ledger: the one in which its folders public and private lie.',
  },
  'firehose-unfinished': {
    happened: 'This folder holds the keys of a ledger, but not its record.',
    means: 'Its founding was interrupted, or the public files were lost. Nothing was changed.',
    next: 'If the ledger was never used, delete the folder and found it anew; otherwise restore its public files.',
  },
  'firehose-in-use': {
    happened: 'Another firehose is at work on this ledger.',
    means: 'Two of them would sign two different records, so this one did not start.',
    next: 'Go on with the one that runs, or stop it first.',
  },
  'firehose-founded': {
    happened: 'This folder already holds a ledger.',
    means: 'It was left exactly as it is.',
    next: 'Choose an empty folder for a new ledger.',
  },
  'firehose-too-long': {
    happened: 'The message is longer than this ledger allows.',
    means: 'It was not taken.',
    next: 'Shorten the text, or split the attachment into several messages.',
  },
  'firehose-refused': {
    happened: 'The firehose refused the message because it does not verify.',
    means: 'It was not taken, and nobody else saw it.',
    next: 'Look at the code that follows; a message from an up-to-date Countersign always verifies.',
  },
  'firehose-busy': {
    happened: 'The firehose cannot take a message at the moment.',
    means: 'It was not taken: more waits already than the firehose can promise to put into blocks in time.',
    next: 'Send it again in a minute.',
  },
  'firehose-rate': {
    happened: 'This key sends messages faster than the firehose takes them from one key.',
    means: 'The message was not taken; those that were acknowledged are kept.',
    next: 'Send it again in a moment, and more slowly.',
  },
  'firehose-not-admitted': {
    happened: 'The firehose does not take messages from this key.',
    means: 'Its operator admits the keys on a list only, and this one is not on it.',
    next: 'Ask the operator to admit the key, or use a ledger that is open to everyone.',
  },
  'firehose-admission': {
    happened: 'The list of admitted keys could not be read.',
    means: 'A firehose that starts does not; one that runs goes on with the list it has.',
    next: 'Write one key to a line: 64 hexadecimal digits in small letters, with # before a comment.',
  },
  'firehose-connections': {
    happened: 'The firehose has as many connections as it can bear.',
    means: 'The request was not carried out.',
    next: 'Try again in a moment.',
  },
  'firehose-slow-reader': {
    happened: 'The firehose ended a connection on which its answer was not being read.',
    means: 'A reader that does not read takes up memory that others need.',
    next: 'Connect again and read what comes without long pauses.',
  },
  'firehose-slow-sender': {
    happened: 'The firehose ended a connection on which a request did not arrive in time.',
    means: 'Nothing of the request was carried out.',
    next: 'Send it again over a faster network.',
  },
  'firehose-request': {
    happened: 'The firehose received something that is no HTTP request.',
    means: 'Nothing was carried out.',
    next: 'Check the address: http or https, and the port.',
  },
  'firehose-failed': {
    happened: 'The firehose failed to answer because of a fault of its own.',
    means: 'What was acknowledged before is kept; the request was not carried out.',
    next: 'Send it again later; if it happens again, tell the operator of the firehose.',
  },
  'firehose-port': {
    happened: 'The firehose could not listen on its address.',
    means: 'It is not running.',
    next: 'Choose another address with --host or --port, or end the program that uses this one.',
  },
  'firehose-stopping': {
    happened: 'The firehose is stopping.',
    means: 'The message was not taken.',
    next: 'Send it again when the firehose is back.',
  },
});

export type FirehoseCode = keyof typeof firehoseErrors;
