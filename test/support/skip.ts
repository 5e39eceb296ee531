import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the conformance data of others lies: COUNTERSIGN_CONFORMANCE, or a folder beside the project. */
const conformanceRoot = resolve(
  import.meta.dirname,
  '../..',
  process.env['COUNTERSIGN_CONFORMANCE'] ?? '../shared/conformance',
);

/**
 * The path of a folder of the conformance data, or undefined when it is not there. A test that needs it says so in
 * its name: `describe.skipIf(path === undefined)('... (skipped: COUNTERSIGN_CONFORMANCE has no <folder>)', ...)`.
 */
export function conformancePath(folder: string): string | undefined {
  const path = join(conformanceRoot, folder);
  return existsSync(path) ? path : undefined;
}

/** The name of a suite that reads `folder`; when the folder is missing, the name says that and why it is skipped. */
export function conformanceName(name: string, folder: string): string {
  return conformancePath(folder) === undefined
    ? `${name} (skipped: COUNTERSIGN_CONFORMANCE has no ${folder})`
    : name;
}
