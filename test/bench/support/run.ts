/**
 * Runs benches and prints what they measured:
 *
 *     npm run bench -- [NAME...] [--quick] [--sizes N,N,...] [--json FILE]
 *
 * Method and results: docs/performance.md.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, platform, release, tmpdir, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEngines } from '../../../src/engines/start.ts';
import { type Bench, type Figure, isMet } from './bench.ts';

const benches = dirname(import.meta.dirname);
const root = dirname(dirname(benches));

/** What one bench measured. */
interface Outcome {
  readonly bench: string;
  readonly seconds: number;
  readonly figures: readonly Figure[];
  readonly failure?: string;
}

function names(): readonly string[] {
  return readdirSync(benches)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3))
    .sort();
}

/** Three digits, or all of a whole number. */
function written(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);
}

function targetOf(figure: Figure): string {
  const { target } = figure;
  if (target === undefined) return '';
  const words = 'atLeast' in target ? `at least ${target.atLeast}` : `at most ${target.atMost}`;
  return `${words}: ${isMet(figure) === true ? 'yes' : 'NO'}`;
}

function print({ bench, seconds, figures, failure }: Outcome): void {
  console.log(`\n${bench} (${seconds.toFixed(0)} s)`);
  const width = Math.max(0, ...figures.map(({ name }) => name.length));
  for (const figure of figures) {
    const value = `${written(figure.value).padStart(9)} ${figure.unit}`;
    console.log(`  ${figure.name.padEnd(width)} ${value.padEnd(24)} ${targetOf(figure)}`.trimEnd());
  }
  if (failure !== undefined) console.log(`  FAILED: ${failure}`);
}

async function run(name: string, isQuick: boolean, sizes: readonly number[] | undefined): Promise<Outcome> {
  const cache = join(root, '.cache', 'bench');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), `countersign-${name}-`));
  const figures: Figure[] = [];
  const begun = performance.now();
  const outcome = (failure?: string): Outcome => {
    const seconds = (performance.now() - begun) / 1000;
    return { bench: name, seconds, figures, ...(failure === undefined ? {} : { failure }) };
  };
  try {
    const { bench } = (await import(join(benches, `${name}.ts`))) as { readonly bench: Bench };
    console.error(`${name}: ${bench.summary}`);
    const say = (text: string): void => {
      console.error(`${name}: ${text}`);
    };
    const figure = (measured: Figure): void => void figures.push(measured);
    await bench.run({ isQuick, sizes, folder, cache, say, figure });
    return outcome();
  } catch (error) {
    return outcome(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['-C', root, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

function machine(): Readonly<Record<string, unknown>> {
  const gib = (bytes: number): number => Math.round(bytes / 2 ** 30);
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: gib(totalmem()),
    freeGiB: gib(freemem()),
    system: `${platform()} ${release()}`,
    node: process.version,
    commit: commit(),
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    json: { type: 'string', default: join(root, 'out', 'bench.json') },
  },
});
const sizes = values.sizes?.split(',').map(Number);
const known = names();
const unknown = positionals.filter((name) => !known.includes(name));
const areSizes = sizes?.every((size) => Number.isSafeInteger(size) && size > 0) ?? true;
if (unknown.length > 0 || !areSizes) {
  console.error(unknown.length > 0 ? `There is no bench ${unknown.join(', ')}.` : 'Sizes are whole numbers.');
  console.error(`Benches: ${known.join(', ')}`);
  process.exit(64);
}
const { signatures } = await startEngines();
const outcomes: Outcome[] = [];
for (const name of positionals.length > 0 ? positionals : known) {
  const outcome = await run(name, values.quick, sizes);
  outcomes.push(outcome);
  print(outcome);
}
const report = { date: new Date().toISOString(), quick: values.quick, machine: { ...machine(), signatures } };
mkdirSync(dirname(resolve(values.json)), { recursive: true });
writeFileSync(values.json, `${JSON.stringify({ ...report, outcomes }, undefined, 2)}\n`);
console.log(`\n${JSON.stringify(report.machine)}`);
if (values.quick) console.log('Quick: this shows that everything runs. No figure above is to be believed.');
console.log(`written to ${values.json}`);
process.exitCode = outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0;
