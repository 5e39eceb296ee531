import { errorFamily } from './family.ts';

/** What a look at a profile finds that has no code of its own. */
export const doctorErrors = errorFamily('doctor', {
  'doctor-permissions': {
    happened: 'Other users of this machine may read files of the profile.',
    means:
      'What is private in it is sealed, but the copy of the record and its size show what you are part of.',
    next: 'Take their permissions away, on Linux and macOS with: chmod -R go-rwx FOLDER.',
  },
  'doctor-cannot-write': {
    happened: 'The folder of the profile, or a file in it, may not be written.',
    means: 'What is there can be read; nothing new can be kept.',
    next: 'Make the folder and its files writable for you, or mount its disk for writing.',
  },
  'doctor-disk': {
    happened: 'The disk that holds the profile is almost full.',
    means: 'The next synchronisation or backup may not fit. What is there is not affected.',
    next: 'Free some room on that disk.',
  },
  'doctor-unread': {
    happened: 'The private records were not looked at, because the identity could not be opened.',
    means: 'Whether they are whole is not known. Everything else was looked at.',
    next: 'Unlock the keychain, or give the passphrase, and run "countersign doctor --deep" again.',
  },
  'doctor-card': {
    happened: 'The card by which a ledger was joined is damaged on this machine.',
    means:
      'Its addresses and its trust policy cannot be read. Nobody but the one who gave it to you has them.',
    next: 'Restore your last backup into a new profile, or join the ledger in a new profile with its card.',
  },
  'doctor-evidence': {
    happened: 'A file of evidence against an operator does not verify any more.',
    means: 'It was changed on this machine, and cannot be fetched from anywhere.',
    next: 'Take the file from your last backup, or from whoever you showed it to.',
  },
  'doctor-data': {
    happened: 'The data of some messages of the record is not here.',
    means: 'The firehose does not hand it out. Everything else about these messages was verified.',
    next: 'Ask the other parties for it: whoever has the data can show that it is what was recorded.',
  },
  'doctor-lost': {
    happened: 'Some rows that only this profile has could not be read any more.',
    means: 'They cannot be fetched from anywhere. The damaged file that held them was kept.',
    next: 'Restore your last backup into a new profile.',
  },
  'doctor-unrepaired': {
    happened: 'The copy of the record could not be repaired.',
    means: 'Nothing was changed: the damaged file is where it was.',
    next: 'Look at what stood in the way, then run "countersign doctor --deep" again; it goes on by itself.',
  },
  'doctor-no-room': {
    happened: 'There is not enough room on the disk to repair the copy of the record.',
    means: 'A new file is written beside the damaged one, which is kept. Nothing was changed.',
    next: 'Free as much room as the profile takes, then run "countersign doctor --deep" again.',
  },
  'doctor-head': {
    happened: 'The signed head of the record that was held on this machine cannot be read any more.',
    means:
      'The copy was made again under a head from the firehose. That it continues what was here is not shown.',
    next: 'Compare the number and the hash of your newest block with the other parties ("countersign blocks").',
  },
});

export type DoctorCode = keyof typeof doctorErrors;
