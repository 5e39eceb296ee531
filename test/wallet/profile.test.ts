import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  isProfileName,
  listProfiles,
  makeProfileFolder,
  profileExists,
  profileOf,
  profilesFolder,
} from '../../src/wallet/profile.ts';

const folder = mkdtempSync(join(tmpdir(), 'profile-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the name of a profile', () => {
  it.each(['default', 'a', '0', 'acme-ltd', 'a'.repeat(32), 'console', 'com10'])('may be %s', (name) => {
    expect(isProfileName(name)).toBe(true);
  });

  it.each([
    ['', '-a', 'A', 'a_b', 'a b', 'a/b', '..', '.', 'a.b', 'ä', 'a\n', 'a'.repeat(33)],
    ['con', 'nul', 'com1', 'lpt9', 'aux', 'prn'],
  ])('may not be %s and the like', (...names) => {
    for (const name of names) {
      expect(isProfileName(name)).toBe(false);
      expect(() => profileOf(name)).toThrow('profile-name');
    }
  });

  it('never leads out of the folder of profiles', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        if (!isProfileName(name)) return;
        const profile = profileOf(name, { COUNTERSIGN_HOME: '/home/x' });
        expect(profile.folder).toBe(`/home/x/${name}`);
      }),
    );
  });
});

describe('the folder of profiles', () => {
  it('is where each system keeps the data of applications', () => {
    expect(profilesFolder({ HOME: '/h' }, 'linux')).toBe('/h/.local/share/countersign');
    expect(profilesFolder({ HOME: '/h', XDG_DATA_HOME: '/x' }, 'linux')).toBe('/x/countersign');
    expect(profilesFolder({ HOME: '/h', XDG_DATA_HOME: 'x' }, 'linux')).toBe('/h/.local/share/countersign');
    expect(profilesFolder({ HOME: '/h' }, 'darwin')).toBe('/h/Library/Application Support/countersign');
    expect(profilesFolder({ APPDATA: '/r', HOME: '/h' }, 'win32')).toBe('/r/countersign');
    expect(profilesFolder({ HOME: '/h' }, 'win32')).toBe('/h/AppData/Roaming/countersign');
  });

  it('is replaced as a whole by COUNTERSIGN_HOME, which must be a full path', () => {
    expect(profilesFolder({ COUNTERSIGN_HOME: '/own', HOME: '/h' })).toBe('/own');
    expect(profilesFolder({ COUNTERSIGN_HOME: '', HOME: '/h' }, 'linux')).toBe('/h/.local/share/countersign');
    expect(() => profilesFolder({ COUNTERSIGN_HOME: 'own' })).toThrow('profile-home');
  });
});

describe('profiles', () => {
  const environment = { COUNTERSIGN_HOME: join(folder, 'home') };

  it('are listed by name when they hold something', async () => {
    expect(await listProfiles(environment)).toEqual([]);
    for (const name of ['two', 'one', 'empty']) await makeProfileFolder(profileOf(name, environment));
    writeFileSync(profileOf('one', environment).vaultFile, '');
    writeFileSync(profileOf('two', environment).storeFile, '');
    mkdirSync(join(environment.COUNTERSIGN_HOME, 'Not-One'));
    expect(await listProfiles(environment)).toEqual(['one', 'two']);
    expect(await profileExists(profileOf('empty', environment))).toBe(false);
  });

  it.skipIf(process.platform === 'win32')('are readable by their owner only', async () => {
    await makeProfileFolder(profileOf('own', environment));
    expect(statSync(profileOf('own', environment).folder).mode & 0o777).toBe(0o700);
  });

  it('say so when their folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const blocked = profileOf('x', { COUNTERSIGN_HOME: join(folder, 'file') });
    await expect(makeProfileFolder(blocked)).rejects.toMatchObject({ code: 'profile-cannot-write' });
    expect(readdirSync(folder).sort()).toEqual(['file', 'home']);
  });
});
