/**
 * The bill of materials, CycloneDX 1.6 in JSON, from the lockfiles alone: the same lockfiles give the same bytes.
 *
 *     npm run --silent sbom > sbom.cdx.json
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockedPackages, project, resolveFrom } from './lockfile.ts';
import type { LockedPackage } from './lockfile.ts';

/** One entry under `components`. */
interface Component {
  readonly type: 'library' | 'platform';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly scope: 'required' | 'excluded';
  readonly purl: string;
  readonly licenses: readonly object[];
  readonly hashes: readonly { readonly alg: 'SHA-512'; readonly content: string }[];
}

/** A CycloneDX document, as far as this project fills it. */
export interface BillOfMaterials {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly version: 1;
  readonly metadata: object;
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const purl = ({ name, version }: { name: string; version: string }): string =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`;

function component(type: Component['type'], locked: LockedPackage): Component {
  const license = locked.license ?? 'NOASSERTION';
  return {
    type,
    'bom-ref': purl(locked),
    name: locked.name,
    version: locked.version,
    // 'excluded' is CycloneDX's word for what only developers need.
    scope: locked.dev ? 'excluded' : 'required',
    purl: purl(locked),
    licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }],
    hashes: [
      {
        alg: 'SHA-512',
        content: Buffer.from((locked.integrity ?? '').slice('sha512-'.length), 'base64').toString('hex'),
      },
    ],
  };
}

/** Makes the bill of materials of this checkout. */
export function billOfMaterials(): BillOfMaterials {
  const text = readFileSync(join(project, 'package.json'), 'utf8');
  const own = JSON.parse(text) as { name: string; version: string; license: string; dependencies: object };
  const packages = lockedPackages('.');
  const byPath = new Map(packages.map((locked) => [locked.path, locked]));
  const refs = (path: string, names: readonly string[]): string[] => {
    const found = names
      .map((name) => resolveFrom(path, name, byPath))
      .filter((locked) => locked !== undefined);
    return [...new Set(found.map(purl))].sort();
  };

  const components = new Map<string, Component>();
  const dependencies = new Map([[purl(own), new Set(refs('', Object.keys(own.dependencies)))]]);
  for (const locked of packages) {
    // The same version may lie in several folders and be needed by the product in one of them only.
    if (components.get(purl(locked))?.scope !== 'required')
      components.set(purl(locked), component('library', locked));
    const known = dependencies.get(purl(locked)) ?? new Set<string>();
    dependencies.set(purl(locked), new Set([...known, ...refs(locked.path, locked.needs)]));
  }
  for (const runtime of lockedPackages('scripts/node'))
    components.set(purl(runtime), component('platform', runtime));

  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': purl(own),
        name: own.name,
        version: own.version,
        licenses: [{ license: { id: own.license } }],
      },
    },
    components: [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    dependencies: [...dependencies].map(([ref, needs]) => ({ ref, dependsOn: [...needs].sort() })),
  };
}

if (import.meta.main) console.log(JSON.stringify(billOfMaterials(), undefined, 2));
