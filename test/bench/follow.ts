/**
 * Following one message in a thousand (`countersign sync --follow --tag`), beside fetching all of the same record
 * (`--full`), each into a fresh profile over HTTP.
 */
import { join } from 'node:path';
import { toHex } from '../../src/core/bytes.ts';
import { type Bench, median, type Setting } from './support/bench.ts';
import { type DataSet, dataSeed, dataSet, startFirehose } from './support/data-set.ts';
import { joinedHome } from './support/home.ts';
import { senderOf } from './support/messages.ts';
import { type Measured, measureCli } from './support/program.ts';

const usual = { size: 100_000, times: 3 };
const quick = { size: 4000, times: 1 };

/** Everything that one sender of a thousand sent. */
const followed = ['--follow', '--tag', toHex(senderOf(dataSeed, 1).tag)];

async function synchronise(
  { folder }: Setting,
  data: DataSet,
  name: string,
  options: readonly string[],
): Promise<Measured> {
  const firehose = await startFirehose(data.folder);
  try {
    const home = join(folder, name);
    await joinedHome(home, data, firehose.url);
    return await measureCli(['sync', ...options], folder, home);
  } finally {
    await firehose.stop();
  }
}

export const bench: Bench = {
  summary: 'following one message in a thousand, beside fetching all of the record',
  run: async (setting) => {
    const preset = setting.isQuick ? quick : usual;
    const size = setting.sizes?.at(-1) ?? preset.size;
    const data = await dataSet(setting, size);
    const [full, follow]: [Measured[], Measured[]] = [[], []];
    for (let n = 0; n < preset.times; n++) {
      setting.say(`all of ${size.toLocaleString('en-US')} messages, then one in a thousand`);
      full.push(await synchronise(setting, data, `full-${n}`, ['--full']));
      follow.push(await synchronise(setting, data, `follow-${n}`, followed));
    }
    const [all, own] = [full, follow].map((runs) => median(runs.map(({ seconds }) => seconds)));
    const [allCpu, ownCpu] = [full, follow].map((runs) => median(runs.map(({ cpuSeconds }) => cpuSeconds)));
    if (all === undefined || own === undefined || allCpu === undefined || ownCpu === undefined) return;
    setting.figure({ name: 'all of it, the whole command', value: all, unit: 's' });
    setting.figure({ name: 'one in a thousand, the whole command', value: own, unit: 's' });
    setting.figure({
      name: 'the one beside the other',
      value: all / own,
      unit: 'times',
      target: { atLeast: 10 },
    });
    const ratio = allCpu / ownCpu;
    setting.figure({
      name: 'the same, by processor time',
      value: ratio,
      unit: 'times',
      target: { atLeast: 10 },
    });
  },
};
