/** How the ledgers of a profile stand: what is said of each where it is looked after. */
import { formatVerifierKey } from '../core/log/verifier-key.ts';
import type { PolicyMember } from '../core/log/policy.ts';
import type { AlarmsView, DeskState, LedgerStanding } from '../contract/state.ts';
import { alarmCounts } from '../wallet/alarms/rows.ts';
import type { PinnedLedger } from '../wallet/ledgers.ts';
import { followedCount, followedTags } from '../wallet/store/followed-store.ts';
import { allLedgers, ledgerView, type Session } from './session.ts';

/** More ledgers than this are not listed: a topic of the state stays small. */
const mostLedgers = 50;

function quorumText(member: PolicyMember): string {
  if (member.kind === 'witness') return member.name;
  return `${member.threshold} of ${member.members.map(quorumText).join(', ')}`;
}

async function standingOf(session: Session, pinned: PinnedLedger, isShown: boolean): Promise<LedgerStanding> {
  const { joined, card, pinnedAt } = pinned;
  const { database } = session.wallet;
  const { quorum, witnesses } = card.trust;
  const follows = joined.mode === 'follow';
  return {
    ...(await ledgerView(session, pinned)),
    isShown,
    joined: pinnedAt,
    witnesses: witnesses.map(({ name, key }) => ({ name, key: formatVerifierKey(key) })),
    ...(quorum === 'none' ? {} : { quorum: quorumText(quorum).slice(0, 1000) }),
    own: follows ? await followedCount(database, joined) : 0,
    tags: follows ? (await followedTags(database, joined)).length : 0,
    alarms: await alarmCounts(database, joined),
  };
}

/** All ledgers, the one that is shown first. */
export async function standings(session: Session): Promise<readonly LedgerStanding[]> {
  const found: LedgerStanding[] = [];
  for (const pinned of (await allLedgers(session)).slice(0, mostLedgers))
    found.push(await standingOf(session, pinned, found.length === 0));
  return found;
}

const weights = ['proven', 'broken', 'open'] as const satisfies readonly (keyof AlarmsView)[];

/** The alarms of all ledgers together. */
export function alarmsOfAll(ledgers: readonly LedgerStanding[]): DeskState['alarms'] {
  const sum = (kind: keyof AlarmsView): number => ledgers.reduce((all, { alarms }) => all + alarms[kind], 0);
  const worst = weights.find((kind) => sum(kind) > 0);
  const about = worst && ledgers.find(({ alarms }) => alarms[worst] > 0);
  return {
    ...{ proven: sum('proven'), broken: sum('broken'), open: sum('open') },
    ...(about === undefined ? {} : { origin: about.origin }),
  };
}
