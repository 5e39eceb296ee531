/** Invitations and answers that travel outside the record: read from a file or link, written to a file or as a link. */
import type { InviteCode } from '../../core/errors/invite.ts';
import { maxInvitationBytes } from '../../core/channel/invitation.ts';
import type { ContactCard } from '../../core/identity/card.ts';
import type { HandOver } from '../../wallet/channels/open-invitations.ts';
import { addContact, findContact, proposeContact } from '../../wallet/contacts/contacts.ts';
import { learnKey } from '../../wallet/follow/choose.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import { writeNewFile } from '../../wallet/vault/new-file.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { exit, Stop } from '../exit.ts';
import { startOf, Unreadable } from '../given.ts';
import type { Terminal } from '../output.ts';

/** Reads an invitation or an answer: the link itself, a file, or `-` for standard input. @throws Stop `invite-unread` */
export async function handedOver(given: string): Promise<Uint8Array> {
  if (/^\s*(\{|countersign:)/.test(given)) return Buffer.from(given);
  try {
    return await startOf(given, 2 * maxInvitationBytes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const code: InviteCode = 'invite-unread';
    throw new Stop(exit.failed, code, `${given}: ${error.message}`, { cause: error });
  }
}

/** Writes what is to be handed over into a new file, or prints its link. @throws Stop `cli-cannot-write` */
export async function handOver(made: HandOver, out: string | undefined, terminal: Terminal): Promise<void> {
  if (out === undefined) {
    terminal.line(made.link);
    return;
  }
  await writeNewFile(out, made.bytes).catch((cause: unknown) => {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new Stop(exit.cannotWrite, 'cli-cannot-write', `${out}: ${code}`, { cause });
  });
  terminal.line(`Wrote ${out}.`);
}

/**
 * Makes the owner of a card a contact, unless they are one.
 * @returns what the contact is called here.
 * @throws Stop `contact-look-alike`; CountersignError as `proposeContact`.
 */
export async function keepCard(
  wallet: Wallet,
  pinned: PinnedLedger,
  card: ContactCard,
  name: string,
): Promise<string> {
  const known = await findContact(wallet, Buffer.from(card.sign).toString('hex')).catch(() => undefined);
  if (known !== undefined) return known.contact.name;
  const now = Math.floor(Date.now() / 1000);
  const proposal = await proposeContact(wallet, await learnKey(wallet, pinned, card.sign), card, name, now);
  const [warning] = proposal.warnings;
  if (warning !== undefined) throw new Stop(exit.failed, 'contact-look-alike', warning.slice(0, 200));
  await addContact(wallet, proposal);
  return name;
}
