import { errorFamily } from './family.ts';

/** What can go wrong with the local database. */
export const storeErrors = errorFamily('store', {
  'store-driver': {
    happened: 'The database driver of this installation cannot be loaded.',
    means: 'Nothing was read or written. What needs no database, such as auditing a log, still works.',
    next: 'Run ./start once and follow what it says about missing system packages.',
  },
  'store-cannot-open': {
    happened: 'The database of this profile could not be opened.',
    means: 'Nothing was read or written.',
    next: 'Check that the file exists, that you may read and write it, and that its disk is mounted.',
  },
  'store-future': {
    happened: 'The database was written by a newer version of Countersign.',
    means: 'This version does not know its layout, so it left it untouched.',
    next: 'Install the newer version, or open another profile.',
  },
  'store-full': {
    happened: 'The disk that holds the database is full.',
    means: 'The last change was not made; everything saved before is intact.',
    next: 'Free some room on that disk, then try again.',
  },
  'store-disk': {
    happened: 'The disk failed while the database was read or written.',
    means: 'The last change was not made. What was saved before is as the disk gives it back.',
    next: 'Look after the disk, make a backup, then run "countersign doctor --deep".',
  },
  'store-read-only': {
    happened: 'The database may not be written.',
    means: 'The last change was not made; everything saved before is intact.',
    next: 'Make the file and its folder writable for you, then try again.',
  },
  'store-busy': {
    happened: 'Another program is using the database.',
    means: 'The last change was not made; everything saved before is intact.',
    next: 'Close the other Countersign window or command that uses this profile, then try again.',
  },
  'store-corrupt': {
    happened: 'The database file is damaged.',
    means: 'Some of what it holds cannot be read. What is on the public record is not affected.',
    next: 'Run "countersign doctor --deep": it keeps the damaged file and fetches again what can be fetched.',
  },
  'store-failed': {
    happened: 'The database refused an operation.',
    means: 'The last change was not made; everything saved before is intact.',
    next: 'Try again. If it happens again, report it together with what you did.',
  },
});

export type StoreCode = keyof typeof storeErrors;
