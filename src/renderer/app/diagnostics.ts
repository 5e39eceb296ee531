/** What helps whoever helps: versions, engines, states and counts. No name, no key, no path, no text of anybody. */
import type { AboutView } from '../../contract/channels/shell.ts';
import type { DeskState } from '../../contract/state.ts';
import { api, value } from '../api.ts';
import { deskState } from './state.ts';

const time = (seconds: number | undefined): string =>
  seconds === undefined ? 'never' : new Date(seconds * 1000).toISOString();

/** States and counts, one to a line. */
function stateLines({ profile, ledger, sync, outbox, alarms, records }: DeskState): readonly string[] {
  return [
    `profile: ${profile?.kind ?? 'none'}`,
    [`identity: ${profile?.identity.state ?? 'none'}`, profile?.identity.failure?.code]
      .filter(Boolean)
      .join(', '),
    ledger === null ? 'ledger: none' : `ledger: ${ledger.filled} of ${ledger.size} blocks checked`,
    ...(ledger === null ? [] : [`newest block: ${time(ledger.sealed)}`]),
    `synchronising: ${sync.phase}, last ${time(sync.last)}${sync.problem === undefined ? '' : `, ${sync.problem.code}`}`,
    `outbox: ${outbox.queued} queued, ${outbox.accepted} promised, ${outbox.refused} refused, ${outbox.broken} broken`,
    `alarms: ${alarms.proven} proven, ${alarms.broken} broken promises, ${alarms.open} open`,
    `records: ${records.total}`,
  ];
}

/** The diagnostics as text. */
function diagnosticsOf(about: AboutView, state: DeskState | undefined): string {
  const { version, platform, programs, engines, dropped } = about;
  const lines = [
    `Countersign ${version}`,
    `system: ${platform}`,
    ...programs.map(({ name, version: of }) => `${name}: ${of}`),
    ...engines.map(({ what, name }) => `engine for ${what}: ${name}`),
    ...dropped.map(({ name, reason }) => `engine not used: ${name}: ${reason}`),
    ...(state === undefined ? [] : stateLines(state)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Puts the diagnostics into the clipboard. @throws Refused */
export async function copyDiagnostics(): Promise<void> {
  const about = await value(api.shellAbout({}));
  await value(api.shellCopy({ text: diagnosticsOf(about, deskState()).slice(0, 4096) }));
}
