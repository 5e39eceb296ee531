/**
 * The long form of the fault tests:
 *
 *     npm run test:faults -- --seed N --rounds N
 *
 * One round is a sample of every kind; the first one has all 500 bit flips, all lies and 200 honest runs. With
 * `--rounds 0` every boundary is broken in every way, once. What fails is reported with its seed, and can be run again.
 */
import { parseArgs } from 'node:util';
import { type Amounts, Campaign, type Tally } from './campaign.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, rounds: { type: 'string', default: '1' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const rounds = Number(values.rounds);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(rounds) || rounds < 0 || seed < 0) {
  console.error('Usage: npm run test:faults -- [--seed N] [--rounds N]   (whole numbers)');
  process.exit(64);
}

const first: Amounts = { kills: 60, instants: 20, failures: 40, lies: Infinity, honest: 200, flips: 250 };
const further: Amounts = { ...first, lies: 5, honest: 10, flips: 50 };
const everything: Amounts = { ...first, kills: Infinity, failures: Infinity };

function show({ injected, name, note }: Tally): void {
  console.log(`  ${String(injected).padStart(5)}  ${name}${note === '' ? '' : ` (${note})`}`);
}

for (let round = 0; round < Math.max(1, rounds); round++) {
  console.log(`Round ${round + 1} of ${Math.max(1, rounds)}, seed ${seed + round}`);
  const amounts = rounds === 0 ? everything : round === 0 ? first : further;
  await new Campaign(seed + round, show).run(amounts);
}
console.log('Nothing acknowledged was lost, nothing false was shown.');
