/**
 * The manual of the command line, docs/cli.md, which is made of what the verbs say of themselves.
 *
 *     npm run docs                               writes it
 *     node scripts/docs-cli.ts --check [FILE]    compares it, or FILE; exit 1 when it is out of date
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { run } from './checks/run.ts';

const root = dirname(import.meta.dirname);
const page = join(root, 'docs/cli.md');

async function manual(): Promise<string> {
  const { code, output } = await run([process.execPath, 'src/cli/manual/main.ts'], { cwd: root });
  if (code !== 0) throw new Error(`the manual could not be made:\n${output}`);
  return format(output, { ...(await resolveConfig(page)), parser: 'markdown' });
}

/** Where two texts part, for a person to look at. */
function firstDifference(is: string, should: string): string {
  const [lines, wanted] = [is.split('\n'), should.split('\n')];
  const at = wanted.findIndex((line, i) => line !== lines[i]);
  const line = at < 0 ? wanted.length : at;
  return `line ${line + 1} is  ${lines[line] ?? '(nothing)'}\nand should be ${wanted[line] ?? '(nothing)'}`;
}

const [mode, file = page] = process.argv.slice(2);
const text = await manual();
if (mode === '--check') {
  const found = readFileSync(file, 'utf8');
  if (found !== text) {
    console.log(firstDifference(found, text));
    console.log('docs/cli.md is not what the verbs say of themselves: run "npm run docs" and commit it.');
    process.exitCode = 1;
  }
} else {
  writeFileSync(page, text);
  console.log(`docs/cli.md: ${text.split('\n').length - 1} lines`);
}
