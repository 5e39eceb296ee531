/** The options that the verbs about records share. */
import { type Command, InvalidArgumentError } from 'commander';
import { fromHex } from '../../core/bytes.ts';
import { labelLimits, type Labels, labelReaders } from '../../core/record/record-note.ts';
import type { MessageFilter } from '../../wallet/explorer/conditions.ts';

export interface LabelOptions {
  readonly matter?: string;
  readonly client?: string;
  readonly reference?: string;
  readonly text?: string;
}

function label(name: keyof typeof labelReaders): (text: string) => string {
  return (text) => {
    if (labelReaders[name](text) !== undefined) return text;
    throw new InvalidArgumentError(
      `Give 1 to ${labelLimits[name]} characters in one line, without control characters.`,
    );
  };
}

/** Declares `--matter`, `--client`, `--reference` and `--text`. */
export function addLabelOptions(command: Command, what: string): Command {
  return command
    .option('--matter <TEXT>', `the matter ${what}`, label('matter'))
    .option('--client <TEXT>', `the client ${what}`, label('client'))
    .option('--reference <TEXT>', `a reference ${what}`, label('reference'))
    .option('--text <TEXT>', `a text ${what}`, label('text'));
}

/** The labels that options name. */
export function labelsOf({ matter, client, reference, text }: LabelOptions): Labels {
  return {
    ...(client === undefined ? {} : { client }),
    ...(matter === undefined ? {} : { matter }),
    ...(reference === undefined ? {} : { reference }),
    ...(text === undefined ? {} : { text }),
  };
}

/** A whole number in a range. */
export function numberFrom(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^(?:0|[1-9][0-9]{0,14})$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}

/** Declares `--limit`. */
export function addLimitOption(command: Command, standard: number): Command {
  return command.option('--limit <N>', 'show at most so many', numberFrom(1, 1000), standard);
}

/** Declares `--ledger`. */
export function addLedgerOption(command: Command): Command {
  return command.option(
    '--ledger <LEDGER>',
    'its origin or the beginning of its id; not needed when only one is joined',
  );
}

/** A hash, tag or key. */
export function hash(what: string): (text: string) => Uint8Array {
  return (text) => {
    const bytes = fromHex(text, 32);
    if (bytes !== undefined) return bytes;
    throw new InvalidArgumentError(`Give ${what} as 64 hexadecimal digits in small letters.`);
  };
}

function payloadType(text: string): string {
  if (/^[a-z0-9][a-z0-9._+/-]{0,126}$/.test(text)) return text;
  throw new InvalidArgumentError('Give a type like application/vnd.countersign.record.v1, or "file".');
}

/** A day or a second, UTC, as seconds since 1970; of a day its first second, or its last one. */
function timeOf(text: string, end: boolean): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text);
  const milliseconds = isDay || isTime ? Date.parse(text) : Number.NaN;
  const same = isDay
    ? new Date(milliseconds || 0).toISOString().startsWith(text)
    : new Date(milliseconds || 0).toISOString().replace('.000', '') === text;
  if (Number.isNaN(milliseconds) || milliseconds < 0 || !same) {
    throw new InvalidArgumentError('Give a day like 2026-01-31 or a time like 2026-01-31T12:00:00Z, UTC.');
  }
  return milliseconds / 1000 + (isDay && end ? 86_399 : 0);
}

export interface FilterOptions {
  readonly key?: Uint8Array;
  readonly type?: string;
  readonly tag?: Uint8Array;
  readonly since?: number;
  readonly until?: number;
}

/** Declares `--key`, `--type`, `--tag`. */
export function addFilterOptions(command: Command): Command {
  return command
    .option('--key <KEY>', 'only messages that this key signed', hash('the key'))
    .option('--type <TYPE>', 'only messages of this type', payloadType)
    .option('--tag <TAG>', 'only messages that carry this tag', hash('the tag'));
}

/** Declares `--since` and `--until`. */
export function addTimeOptions(command: Command): Command {
  return command
    .option('--since <TIME>', 'only what was sealed on this day (UTC) or later', (text) =>
      timeOf(text, false),
    )
    .option('--until <TIME>', 'only what was sealed on this day (UTC) or before', (text) =>
      timeOf(text, true),
    );
}

/** The filter that options name. */
export function filterOf({ key, type, tag, since, until }: FilterOptions): MessageFilter {
  return {
    ...(key === undefined ? {} : { sender: key }),
    ...(type === undefined ? {} : { type: type === 'file' ? fileType : type }),
    ...(tag === undefined ? {} : { tag }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

const fileType = 'application/vnd.countersign.record.v1';
