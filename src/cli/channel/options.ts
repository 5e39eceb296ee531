/** The options that the verbs of `channel` share. */
import { type Command, InvalidArgumentError } from 'commander';
import { addLedgerOption } from '../identity/options.ts';
import { addIdentityOptions, addJsonOption } from '../profile-option.ts';
import { numberFrom } from '../records/options.ts';

export interface ReadOptions {
  readonly ledger?: string;
  readonly json?: true;
}

export interface SendVerbOptions extends ReadOptions {
  readonly preview?: true;
  readonly offline?: true;
  readonly wait: number;
}

/** Declares what every verb about channels takes. */
export function addChannelOptions(command: Command): Command {
  return addJsonOption(addLedgerOption(addIdentityOptions(command)));
}

/** Declares what every verb takes that sends. */
export function addSendOptions(command: Command): Command {
  return addChannelOptions(command)
    .option('--preview', 'show what everyone will see, and do nothing')
    .option('--offline', 'keep it here; it is sealed and sent with a later run')
    .option('--wait <SECONDS>', 'wait at most so long for the block', numberFrom(0, 86_400), 60);
}

/** A text for people of 1 to so many characters on one line. */
export function textUpTo(most: number): (text: string) => string {
  return (text) => {
    const length = Array.from(text).length;
    if (length >= 1 && length <= most && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) return text;
    throw new InvalidArgumentError(`Give 1 to ${most} characters on one line, without control characters.`);
  };
}

/** For an option that may be given several times. */
export function several(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}
