/** The part of an audit that looks at what else lies in the log's folders, where they can be listed. */
import { maxNamesInFolder, type AuditRun } from './audit-run.ts';
import { demandedTile, parseTilePath } from './tiles.ts';

const tileFolder = /^tile(\/(entries|[0-9]{1,2})(\/x[0-9]{3}){0,5}(\/[0-9]{3}\.p)?)?$/;

/** Notes every file under `tile/` that is no tile, and every tile that no signed size covers. */
export async function noteOtherFiles(run: AuditRun, size: number): Promise<void> {
  await noteIn(run, 'tile', size);
}

async function noteIn(run: AuditRun, folder: string, size: number): Promise<void> {
  const listed = await run.reader.list(folder, maxNamesInFolder);
  if (!listed.ok) {
    run.fail(listed.code, folder, listed.detail);
    return;
  }
  const entries = [...(listed.value ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, kind } of entries) {
    const path = `${folder}/${name}`;
    if (kind === 'folder' && tileFolder.test(path)) {
      await noteIn(run, path, size);
      continue;
    }
    const ref = kind === 'file' ? parseTilePath(path) : undefined;
    if (ref?.ok !== true) {
      run.note('foreignFiles', path);
      continue;
    }
    const demanded = demandedTile(size, ref.value.level, ref.value.index);
    if (demanded === undefined || ref.value.width > demanded.width) run.note('unsignedFiles', path);
  }
}
