import { errorFamily } from './family.ts';

/** What can go wrong with the folder of a profile. */
export const profileErrors = errorFamily('profile', {
  'profile-name': {
    happened: 'This cannot be the name of a profile.',
    means: 'Nothing was read or written.',
    next: 'Use 1 to 32 small letters, digits and hyphens, beginning with a letter or a digit.',
  },
  'profile-home': {
    happened: 'COUNTERSIGN_HOME does not hold the full path of a folder.',
    means: 'It is not clear where your profiles are, so nothing was read or written.',
    next: 'Set it to a path that begins at the root of the disk, or leave it out.',
  },
  'profile-missing': {
    happened: 'There is no profile of this name on this machine.',
    means: 'Nothing was read or written, and no profile was made.',
    next: 'Check the name. A profile is made by creating or restoring an identity, or by joining a ledger.',
  },
  'profile-exists': {
    happened: 'There is a profile of this name already.',
    means: 'It was left exactly as it is; nothing was overwritten.',
    next: 'Choose a name that is not taken yet.',
  },
  'profile-cannot-write': {
    happened: 'The folder of the profile could not be made or written.',
    means: 'Nothing was created.',
    next: 'Check that the folder above it exists, has room and may be written by you.',
  },
});

export type ProfileCode = keyof typeof profileErrors;
