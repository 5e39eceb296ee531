/** The manual of the command line, made of what the verbs declare and say of themselves. */
import type { Argument, Command, Option } from 'commander';
import { verbCommand } from '../commands.ts';
import { exitMeanings } from '../exit.ts';
import type { Terminal } from '../output.ts';
import { findVerb, summaryOf, verbsIn, type VerbPlace } from '../verbs.ts';
import { environmentVariables, profileFiles, profileFolders } from './facts.ts';

/** Help goes nowhere: only what it is made of is wanted. */
const silent: Terminal = {
  line: () => undefined,
  say: () => undefined,
  progress: () => undefined,
  abandoned: new AbortController().signal,
};

/** Every verb below a folder, depth first, by name. */
function allVerbs(group: VerbPlace): readonly VerbPlace[] {
  return verbsIn(group).flatMap((place) => (place.isGroup ? allVerbs(place) : [place]));
}

/** Text as Markdown shows it: nothing in it is taken for markup. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, (char) => `\\${char}`);
}

/** Something that is typed or named as it stands. */
function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** The same, with options and environment variables set as code. */
function prose(text: string): string {
  return plain(text)
    .replace(/(?<=^|[\s(,])--[a-z][a-z-]*[a-z]/g, code)
    .replace(/COUNTERSIGN(?:\\_[A-Z]+)+/g, (name) => code(name.replaceAll('\\', '')));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The text that a verb adds to its help, paragraph by paragraph. */
function helpText(command: Command): readonly string[] {
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => written.push(text) });
  command.outputHelp();
  // The first is what commander makes itself, of the options.
  const text = written.slice(1).join('');
  return text
    .split(/\n{2,}/)
    .map((part) => part.replace(/^\n+|\n+$/g, ''))
    .filter((part) => part !== '');
}

/** Examples as the help has them, without their indent. */
function exampleBlock(part: string): string {
  const lines = part.split('\n').map((line) => line.replace(/^ {2}/, ''));
  return `\`\`\`\n${lines.join('\n')}\n\`\`\``;
}

/** A paragraph of help: running text, text that ends in examples, or examples alone. */
function paragraph(part: string): string {
  const lines = part.split('\n');
  const from = lines.findIndex((line) => line.startsWith('  '));
  if (from < 0) return part.split('\n').map(prose).join('\n');
  const examples = exampleBlock(lines.slice(from).join('\n'));
  const head = lines
    .slice(0, from)
    .map((line) => (/^Examples?:$/.test(line) ? `**${line.slice(0, -1)}**` : prose(line)));
  return head.length === 0 ? examples : `${head.join('\n')}\n\n${examples}`;
}

/** An option or argument, and what it is, with its choices and default. */
function argumentRow(argument: Argument): readonly string[] {
  const { required, variadic, description } = argument;
  const name = `${argument.name()}${variadic ? '...' : ''}`;
  return [code(name), `${prose(description)}${required ? '' : ' (may be left out)'}`];
}

function optionRow(option: Option): readonly string[] {
  const { flags, description, mandatory, argChoices } = option;
  const standard: unknown = option.defaultValue;
  const notes = [
    ...(mandatory ? ['required'] : []),
    ...(argChoices === undefined ? [] : [`one of ${argChoices.map(code).join(', ')}`]),
    ...(typeof standard === 'string' || typeof standard === 'number'
      ? [`default ${code(String(standard))}`]
      : []),
  ];
  return [code(flags), `${prose(description)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`];
}

function synopsis(command: Command): string {
  return command.createHelp().commandUsage(command);
}

async function verbSection(place: VerbPlace): Promise<string> {
  const { command, verb } = await verbCommand(place, silent);
  const rows = [...command.registeredArguments.map(argumentRow), ...command.options.map(optionRow)];
  const parts = [
    `### ${place.words.join(' ')}`,
    `${verb.summary.charAt(0).toUpperCase()}${prose(verb.summary.slice(1))}.`,
    `\`\`\`\n${synopsis(command)}\n\`\`\``,
    ...(rows.length === 0 ? [] : [table(['Argument or option', 'Meaning'], rows)]),
    ...helpText(command).map(paragraph),
  ];
  return parts.join('\n\n');
}

const anchor = (words: readonly string[]): string => `#${words.join('-')}`;

async function verbList(): Promise<string> {
  const rows: string[][] = [];
  for (const place of allVerbs(findVerb([]).place)) {
    rows.push([`[${place.words.join(' ')}](${anchor(place.words)})`, prose(await summaryOf(place))]);
  }
  return table(['Verb', 'What it does'], rows);
}

const head = `# countersign: the command line

<!-- Written by "npm run docs" from the verbs' own declarations in src/cli/verbs. Do not edit it here. -->

## Name

\`countersign\` - co-sign, notarize and audit agreements on a public, tamper-evident record

## Synopsis

\`\`\`
countersign VERB [options] [arguments]
countersign [help VERB] [VERB --help] [--version]
\`\`\`

Every verb explains itself with \`--help\`. An argument that begins with a dash goes after \`--\`.

## Verbs`;

const habits = `## What all verbs have in common

| option | meaning |
| --- | --- |
| \`--profile NAME\` | the profile that the verb works on: one identity, its contacts and its copies of ledgers |
| \`--ledger LEDGER\` | which of the joined ledgers is meant: its origin, or the beginning of its id; not needed when only one is joined |
| \`--json\` | one JSON object on standard output, for programs; errors stay sentences on standard error |
| \`--limit N\`, \`--before PLACE\` | one page of a list, the newest first; each page says with which \`--before\` the next one begins |
| \`--passphrase-fd N\` | an open file descriptor on whose first line the passphrase stands; a passphrase is never an argument |
| \`--yes\` | yes to what the verb would ask; without it, and without a terminal to ask on, nothing is done |

Results go to standard output, everything else to standard error. Progress is shown on a terminal only. What comes from
others is printed as one harmless line: characters that could steer a terminal are written as their code points, as in
\`\\u{1b}\`. Times are UTC.

An error says what happened, what it means and what to do next, with a code in brackets that does not change between
versions. Nothing is ever overwritten: a file that a verb writes must not be there yet, unless the verb says otherwise.`;

function exits(): string {
  const rows = Object.entries(exitMeanings).map(([number, meaning]) => [number, meaning]);
  return `## Exit codes\n\n${table(['Code', 'Meaning'], rows)}\n\nWhere a verb uses them in a narrower sense, its own section says so.`;
}

function environment(): string {
  const rows = Object.entries(environmentVariables).map(([name, meaning]) => [code(name), meaning]);
  return `## Environment\n\n${table(['Variable', 'Meaning'], rows)}`;
}

function files(): string {
  const folders = table(['System', 'Folder of a profile'], profileFolders);
  const inside = table(
    ['In it', 'What it is'],
    profileFiles.map(([name, what]) => [code(name), what]),
  );
  return [
    `## Files\n\n${folders}`,
    `With \`COUNTERSIGN_HOME\` it is \`$COUNTERSIGN_HOME/PROFILE\`.`,
    inside,
    'What a firehose keeps in its `--data` folder is told in [firehose.md](firehose.md); the formats of cards, receipts, backups and evidence in the [specification](spec/README.md).',
  ].join('\n\n');
}

/** The whole manual as Markdown. @throws what the file of a verb throws when it cannot be loaded. */
export async function manualPage(): Promise<string> {
  const sections: string[] = [];
  for (const place of allVerbs(findVerb([]).place)) sections.push(await verbSection(place));
  const parts = [
    head,
    await verbList(),
    habits,
    exits(),
    environment(),
    files(),
    '## The verbs one by one',
    ...sections,
  ];
  return `${parts.join('\n\n')}\n`;
}
