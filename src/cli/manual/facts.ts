/** What the manual says beside what the verbs declare themselves: environment and files. */

/** The environment variables that this program reads, by name. */
export const environmentVariables: Readonly<Record<string, string>> = {
  COUNTERSIGN_HOME:
    'The folder that holds all profiles, as a full path. Without it they lie where the system keeps data of applications.',
  COUNTERSIGN_PASSPHRASE:
    'The passphrase of the profile, for profiles made with `--keeper passphrase`. `--passphrase-fd` goes before it. It is taken out of the environment before another process is started.',
  COUNTERSIGN_BACKUP_PASSPHRASE:
    'The passphrase of a backup, in the same way. `--backup-passphrase-fd` goes before it.',
  COUNTERSIGN_DEBUG: 'When it is set, errors are shown with the place in the code that they come from.',
  XDG_DATA_HOME:
    'On Linux: where the folder `countersign` with the profiles lies. Without it: `~/.local/share`.',
  DBUS_SESSION_BUS_ADDRESS: 'On Linux: how the keychain (the Secret Service) is reached.',
};

/** Where profiles lie without COUNTERSIGN_HOME. */
export const profileFolders: readonly (readonly [system: string, folder: string])[] = [
  ['Linux', '`$XDG_DATA_HOME/countersign/PROFILE`, else `~/.local/share/countersign/PROFILE`'],
  ['macOS', '`~/Library/Application Support/countersign/PROFILE`'],
];

/** What lies in the folder of a profile. */
export const profileFiles: readonly (readonly [name: string, what: string])[] = [
  [
    'identity.sealed',
    "the identity's words, sealed; its key is in the keychain, or made from the passphrase",
  ],
  [
    'record.sqlite',
    'the verified copy of the record, and private rows, each of them sealed; files that begin with the same name belong to it while it is open',
  ],
  ['backups/', 'backups that were written without a place of their own'],
];
