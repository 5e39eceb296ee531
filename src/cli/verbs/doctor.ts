import type { Command } from 'commander';
import type { Progress } from '../../wallet/sync/options.ts';
import type { Finding, FindingState } from '../../wallet/doctor/findings.ts';
import type { DeepOptions } from '../../wallet/doctor/deep.ts';
import type { Profile } from '../../wallet/profile.ts';
import { exit, type ExitCode } from '../exit.ts';
import { withExits } from '../exits.ts';
import { loadExplanations, type Terminal } from '../output.ts';
import { addIdentityOptions, addJsonOption, keySources, profileFrom } from '../profile-option.ts';
import { interruptible } from '../records/interrupt.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly deep?: true;
  readonly json?: true;
}

const help = `
Says how a profile stands: its folder and disk, its database, its identity and keychain, its ledgers and whether their
addresses answer, and what waits to be sent. No secret is needed, nothing is changed, and it takes a few seconds.

With --deep it reads everything and verifies it again: every block, message, signature and index entry of the record, and,
with the identity, every private record and receipt. What is damaged of the record is fetched again and verified under the
signed head that was held; the damaged file is kept beside it. What nobody else has cannot be fetched: it is named, with
the way out. It can be stopped with Ctrl-C at any time.

Exit codes: 0 all is in order, or was repaired; 1 something is not; 2 it was stopped.

Examples:
  countersign doctor
  countersign doctor --deep --profile work`;

const marks: Readonly<Record<FindingState, string>> = {
  ok: 'ok',
  note: 'note',
  bad: 'WRONG',
  repaired: 'repaired',
};

const indent = ' '.repeat(10);

function print(terminal: Terminal, { about, code, detail, next, sentence, state }: Finding): void {
  const mark = marks[state].padEnd(indent.length);
  const name = code === undefined || state === 'ok' ? '' : ` [${code}]`;
  terminal.line(`${mark}${about}: ${sentence}${name}`);
  if (detail !== undefined) terminal.line(`${indent}What was met: ${detail}`);
  if (next !== undefined && state !== 'ok') terminal.line(`${indent}What to do: ${next}`);
}

function rate({ done, of, perSecond, secondsLeft }: Progress): string {
  const speed = perSecond === undefined ? '' : `, ${Math.round(perSecond)} per second`;
  const left = secondsLeft === undefined ? '' : `, about ${Math.ceil(secondsLeft)} s left`;
  return `${done} of ${of}${speed}${left}`;
}

function deepOptions(terminal: Terminal, signal: AbortSignal): DeepOptions {
  return {
    signal,
    onCheck: (origin, { phase, ...progress }) => {
      terminal.progress(`${origin}: ${phase} ${rate(progress)}`);
    },
    onRepair: ({ phase, done, of }) => {
      terminal.progress(`Repairing: ${done} of ${of} ${phase === 'headers' ? phase : 'blocks'}`);
    },
    onPrivate: (what, done, of) => {
      terminal.progress(`${what === 'rows' ? 'Private records' : 'Receipts'}: ${done} of ${of}`);
    },
  };
}

/** Looks, and hands on what is found as it comes. @returns false when it was stopped. */
async function look(
  command: Command,
  terminal: Terminal,
  profile: Profile,
  report: (finding: Finding) => void,
): Promise<boolean> {
  const { httpReader } = await import('../../engines/http-reader.ts');
  const { quickLook } = await import('../../wallet/doctor/quick.ts');
  const { deepLook } = await import('../../wallet/doctor/deep.ts');
  const ports = { ...(await keySources(command, terminal)), readerOf: httpReader };
  if (command.opts<Options>().deep !== true) {
    await quickLook(profile, ports, report);
    return true;
  }
  return interruptible(terminal, async (signal) => {
    try {
      await deepLook(profile, ports, report, deepOptions(terminal, signal));
      return true;
    } catch (error) {
      if (!signal.aborted) throw error;
      return false;
    }
  });
}

function conclude(terminal: Terminal, findings: readonly Finding[], isWhole: boolean): void {
  const count = (state: FindingState): number => findings.filter((one) => one.state === state).length;
  const repaired = count('repaired') > 0 ? ' What was damaged of the record is repaired.' : '';
  if (!isWhole) terminal.line('Stopped: not everything was looked at.');
  else if (count('bad') > 0)
    terminal.line(`Not everything is in order: ${count('bad')} marked WRONG.${repaired}`);
  else terminal.line(`Everything that was looked at is in order.${repaired}`);
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { json } = command.opts<Options>();
  await loadExplanations();
  const { startEngines } = await import('../../engines/start.ts');
  const { needProfile } = await import('../../wallet/profile.ts');
  await startEngines();
  return withExits(async () => {
    const profile = profileFrom(command);
    await needProfile(profile);
    const findings: Finding[] = [];
    if (json !== true) terminal.line(`Profile ${profile.name} in ${profile.folder}`);
    const isWhole = await look(command, terminal, profile, (finding) => {
      findings.push(finding);
      if (json !== true) print(terminal, finding);
    });
    const isSound = findings.every(({ state }) => state !== 'bad');
    if (json === true) {
      const report = {
        profile: profile.name,
        folder: profile.folder,
        sound: isSound,
        complete: isWhole,
        findings,
      };
      terminal.line(JSON.stringify(report));
    } else conclude(terminal, findings, isWhole);
    if (!isSound) return exit.failed;
    return isWhole ? exit.ok : exit.insufficient;
  });
}

export const verb: Verb = {
  summary: 'look whether a profile is in order, and repair its copy of the record',
  configure(command) {
    addJsonOption(addIdentityOptions(command))
      .option('--deep', 'read and verify everything, and repair what can be fetched again')
      .addHelpText('after', help);
  },
  run,
};
