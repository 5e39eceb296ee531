/** Answers about looking after a profile: locking, room on the disk, backups, and the keys of one's identity. */
import { toHex } from '../../core/bytes.ts';
import type { BackupCode } from '../../core/errors/backup.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { CardClaims } from '../../core/identity/card.ts';
import type { Identity } from '../../core/identity/key-states.ts';
import type { OwnKeysView, OwnKeyView } from '../../contract/channels/settings.ts';
import type { RequestOf } from '../../contract/schema.ts';
import { ownIdentity, revoke, rotate } from '../../wallet/identity/own-identity.ts';
import type { Desk, Handlers } from '../desk.ts';
import { diskOf, removeFile } from '../disk.ts';
import { needOpen, tellContacts } from './own-card.ts';

const now = (): number => Math.floor(Date.now() / 1000);

function keysOf({ keys }: Identity): readonly OwnKeyView[] {
  return keys
    .map(({ sign, joinedAt }, i): OwnKeyView => {
      const next = keys[i + 1];
      return {
        key: toHex(sign),
        from: joinedAt.height,
        ...(next === undefined ? {} : { until: next.joinedAt.height }),
      };
    })
    .toReversed();
}

function stateOf(identity: Identity | undefined, isOurs: boolean): OwnKeysView['state'] {
  if (identity === undefined) return 'unannounced';
  if (identity.current === undefined) return 'revoked';
  return isOurs ? 'current' : 'elsewhere';
}

async function keys(desk: Desk): Promise<OwnKeysView> {
  const { wallet, pinned } = await needOpen(desk);
  const { identity, current, pending, isWatched } = await ownIdentity(wallet, pinned);
  return {
    origin: pinned.card.origin,
    state: stateOf(identity, current !== undefined || isWatched),
    isWatched,
    ...(identity?.name === undefined ? {} : { publicName: identity.name }),
    keys: identity === undefined ? [] : keysOf(identity),
    pending: pending.length,
  };
}

/** Makes a statement about one's keys, after a look at what the record has by now. */
async function change(desk: Desk, make: () => Promise<unknown>): Promise<null> {
  const { follower } = desk.need();
  await follower.once();
  try {
    await follower.alone(make);
  } finally {
    tellContacts(desk);
    follower.look();
  }
  return null;
}

async function rotateOwn(desk: Desk, { name, firm, role }: RequestOf<'identity.rotate'>): Promise<null> {
  const claims: CardClaims = {
    ...(firm === undefined ? {} : { firm }),
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
  };
  return change(desk, async () => {
    const { wallet, pinned } = await needOpen(desk);
    await rotate(wallet, pinned, claims, now());
  });
}

async function revokeOwn(desk: Desk, { reason, since }: RequestOf<'identity.revoke'>): Promise<null> {
  return change(desk, async () => {
    const { wallet, pinned } = await needOpen(desk);
    const isSince = reason === 'compromised' && since !== undefined;
    await revoke(wallet, pinned, { reason, now: now(), ...(isSince ? { since } : {}) });
  });
}

async function backupFolder(desk: Desk): Promise<{ readonly folder: string } | null> {
  desk.need();
  const folder = await desk.ask('folder');
  if (folder === undefined) return null;
  desk.care.folder = folder;
  return { folder: folder.toWellFormed() };
}

function tryBackup(desk: Desk, chosen: number): Promise<null> {
  const [path, ...more] = desk.choices.get(chosen).paths;
  if (path === undefined || more.length > 0)
    throw new CountersignError<BackupCode>('backup-unread', 'not one file');
  desk.care.file = path;
  return Promise.resolve(null);
}

type Names =
  | 'settings.active'
  | 'settings.setIdle'
  | 'settings.disk'
  | 'settings.remove'
  | 'settings.backupFolder'
  | 'settings.tryBackup'
  | 'identity.keys'
  | 'identity.rotate'
  | 'identity.revoke';

export function settingsHandlers(desk: Desk): Handlers<Names> {
  return {
    'settings.active': () => {
      desk.idle.touch();
      return Promise.resolve(null);
    },
    'settings.setIdle': async ({ minutes }) => {
      desk.need().session.preferences.set({ idleMinutes: minutes });
      desk.idle.set(minutes);
      await desk.care.tell();
      return null;
    },
    'settings.disk': () => diskOf(desk.need().session.wallet.profile),
    'settings.remove': async ({ name }) => {
      await removeFile(desk.need().session.wallet.profile, name);
      return null;
    },
    'settings.backupFolder': () => backupFolder(desk),
    'settings.tryBackup': async ({ chosen }) => tryBackup(desk, chosen),
    'identity.keys': () => keys(desk),
    'identity.rotate': (request) => rotateOwn(desk, request),
    'identity.revoke': (request) => revokeOwn(desk, request),
  };
}
