/**
 * Makes packages of the application for the system that it runs on: deb and AppImage, dmg, or an installer for Windows.
 *
 *     npm run build && node scripts/package.ts [--dir]
 *
 * `--dir` stops at the unpacked folder. Electron's program is taken from ELECTRON_OVERRIDE_DIST_PATH, or fetched.
 */
import { join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { packaging, type PackagingPlaces } from './build/packaging.ts';
import { stageApp } from './build/staging.ts';
import { project } from './lockfile.ts';

interface PackageOptions extends Pick<PackagingPlaces, 'electron' | 'onPacked'> {
  /** Only the unpacked folder. */
  readonly isUnpacked: boolean;
  /** Where the staged application and the packages go. */
  readonly folder: string;
}

/** @returns the packages that were made; none when only a folder was. */
export async function makePackages({
  isUnpacked,
  folder,
  ...given
}: PackageOptions): Promise<readonly string[]> {
  const app = join(folder, 'app');
  stageApp(app, `${process.platform}-${process.arch}`);
  // The list of packages in the staged folder is ours; nobody is to be asked for it over a network.
  process.env['npm_config_offline'] = 'true';
  const targets = Platform.current().createTarget(isUnpacked ? 'dir' : undefined);
  const config = packaging({ output: join(folder, 'packages'), ...given });
  return build({ projectDir: app, targets, publish: 'never', config });
}

if (import.meta.main) {
  const made = await makePackages({
    isUnpacked: process.argv.includes('--dir'),
    folder: join(project, 'out/package'),
    electron: process.env['ELECTRON_OVERRIDE_DIST_PATH'],
  });
  for (const file of made) console.log(file);
}
