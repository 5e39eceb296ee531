/**
 * How packages of the application are made: what is in them, what the system is told about them, and which switches of
 * Electron are welded shut. `scripts/package.ts` runs it; `docs/desktop.md` says how.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses';
import type { AfterPackContext, Configuration } from 'electron-builder';
import { project } from '../lockfile.ts';

/** Every fuse is written out, so that none keeps the value of the day. */
const fuses = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
} as const;

/** The program in an unpacked folder. */
function programIn({ appOutDir, electronPlatformName, packager }: AfterPackContext): string {
  const { productFilename } = packager.appInfo;
  if (electronPlatformName === 'darwin') return join(appOutDir, `${productFilename}.app`);
  if (electronPlatformName === 'win32') return join(appOutDir, `${productFilename}.exe`);
  return join(appOutDir, executable);
}

const executable = 'countersign';
const icons = join(project, 'resources/icons');

/** The files that the product writes and opens. Opening one shows it in a view, and does nothing else. */
const files = [
  { ext: 'card', name: 'Countersign contact card', mimeType: 'application/vnd.countersign.card+json' },
  { ext: 'receipt.json', name: 'Countersign receipt', mimeType: 'application/vnd.countersign.receipt+json' },
  {
    ext: 'evidence.json',
    name: 'Countersign evidence',
    mimeType: 'application/vnd.countersign.evidence+json',
  },
  {
    ext: 'ledger.json',
    name: 'Countersign ledger card',
    mimeType: 'application/vnd.countersign.ledger+json',
  },
] as const;

export interface PackagingPlaces {
  readonly output: string;
  /** A folder with Electron's program; undefined to have it fetched. */
  readonly electron: string | undefined;
  /** Called with everything unpacked and the fuses set. */
  readonly onPacked?: ((context: AfterPackContext) => Promise<void>) | undefined;
}

/** The configuration of electron-builder. */
export function packaging({ output, electron, onPacked }: PackagingPlaces): Configuration {
  const { devDependencies, description } = JSON.parse(
    readFileSync(join(project, 'package.json'), 'utf8'),
  ) as {
    devDependencies: Readonly<Record<string, string>>;
    description: string;
  };
  return {
    appId: 'org.countersign.desktop',
    productName: 'Countersign',
    copyright: 'Licensed under the Apache License 2.0',
    ...(electron === undefined ? {} : { electronDist: electron }),
    electronVersion: devDependencies['electron'] ?? '',
    directories: { output, buildResources: join(project, 'resources') },
    // The staged folder is what goes in. Its packages are named apart, or they would be looked for by way of npm.
    files: ['**/*', { from: 'node_modules', to: 'node_modules' }],
    asar: true,
    // The system's loader opens files, not members of an archive.
    asarUnpack: ['**/*.node'],
    npmRebuild: false,
    nodeGypRebuild: false,
    publish: null,
    afterPack: async (context) => {
      await flipFuses(programIn(context), fuses);
      await onPacked?.(context);
    },
    protocols: [{ name: 'Countersign', schemes: ['countersign'] }],
    fileAssociations: files.map((one) => ({ ...one, role: 'Viewer' as const })),
    linux: {
      target: ['deb', 'AppImage'],
      executableName: executable,
      icon: icons,
      category: 'Office',
      synopsis: description,
      maintainer: 'Countersign',
      desktop: { entry: { StartupWMClass: 'countersign', Keywords: 'notarize;sign;record;audit;' } },
    },
    deb: {
      depends: [
        'libgtk-3-0 | libgtk-3-0t64',
        'libnotify4',
        'libnss3',
        'libxss1',
        'libsecret-1-0',
        'libuuid1',
      ],
    },
    mac: {
      target: ['dmg'],
      icon: join(icons, 'icon.icns'),
      category: 'public.app-category.business',
      hardenedRuntime: true,
    },
    win: { target: ['nsis'], icon: join(icons, 'icon.ico') },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  };
}
