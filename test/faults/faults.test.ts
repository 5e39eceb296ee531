/** The short form; the long one is `npm run test:faults`. */
import { describe, expect, it } from 'vitest';
import { Campaign } from './campaign.ts';

/** Another one each day, and the same one all day: what fails can be run again. */
const seed = Number(process.env['COUNTERSIGN_FAULTS_SEED'] ?? Math.floor(Date.now() / 86_400_000));

describe('faults', () => {
  it(
    `lose nothing that was acknowledged and show nothing false: seed ${seed}`,
    { timeout: 240_000 },
    async () => {
      const campaign = new Campaign(seed);
      await campaign.run({ kills: 5, instants: 1, failures: 4, lies: 3, honest: 3, flips: 25 });
      expect(campaign.tallies.map(({ injected, name }) => [name, injected])).toEqual([
        ['firehose killed', 5],
        ['firehose writes failed', 4],
        ['firehose killed at random instants', 1],
        ['wallet killed', 5],
        ['wallet writes failed', 4],
        ['wallet killed at random instants', 1],
        ['lies seen through', 3],
        ['honest runs without an alarm', 3],
        ['bits flipped, wallet', 25],
        ['bits flipped, firehose', 25],
      ]);
    },
  );

  it('are no test when nothing was injected', async () => {
    const none = { kills: 0, instants: 0, failures: 0, lies: 0, honest: 0, flips: 0 };
    await expect(new Campaign(seed).run(none)).rejects.toThrow(/0 of 0 faults were injected/);
  });
});
