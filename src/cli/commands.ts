/** The commands of commander, from the verbs' own declarations: what parses a command line and what its help says. */
import { readFileSync } from 'node:fs';
import { Command, Help, type Option } from 'commander';
import type { Terminal } from './output.ts';
import type { Verb } from './verb.ts';
import { loadVerb, summaryOf, verbsIn, type VerbPlace } from './verbs.ts';

export const program = 'countersign';

/** The version in `package.json`. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

const widest = 100;

/** How wide help may be: as the terminal, where there is one, within what is easily read. */
function helpWidth(): number {
  const { columns } = process.stdout;
  return columns > 40 ? Math.min(columns, widest) : 80;
}

/** Breaks running text anew. Lines that are indented, empty, or followed by an indented one stay as they are. */
export function reflow(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let isRunning = false;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const isText = /^\S/.test(line);
    if (!isText) lines.push(line);
    else {
      const words = line.split(' ');
      let open = isRunning ? lines.pop() : undefined;
      for (const word of words) {
        if (open !== undefined && open.length + 1 + word.length > width) {
          lines.push(open);
          open = undefined;
        }
        open = open === undefined ? word : `${open} ${word}`;
      }
      if (open !== undefined) lines.push(open);
    }
    isRunning = isText;
  }
  return lines;
}

/** Options that must be given stand in the usage line, and are named so. */
class VerbHelp extends Help {
  override commandUsage(command: Command): string {
    const needed = command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags);
    return super.commandUsage(command).replace('[options]', [...needed, '[options]'].join(' '));
  }

  override optionDescription(option: Option): string {
    return option.mandatory ? `${option.description} (required)` : super.optionDescription(option);
  }
}

/** A command whose help goes out through the terminal and whose errors are thrown, never printed by commander. */
function commandAt(words: readonly string[], terminal: Terminal): Command {
  const print = (text: string): void => {
    for (const line of reflow(text, helpWidth())) terminal.line(line);
  };
  const command = new Command([program, ...words].join(' '));
  command.exitOverride();
  command.configureOutput({
    writeOut: print,
    writeErr: print,
    outputError: () => undefined,
    getOutHelpWidth: helpWidth,
  });
  command.createHelp = () => new VerbHelp();
  command.helpOption('-h, --help', 'show this help');
  return command;
}
/** The command of a folder of verbs: it knows its children by name and summary, for help and for suggestions. */
export async function groupCommand(place: VerbPlace, terminal: Terminal): Promise<Command> {
  const command = commandAt(place.words, terminal);
  if (place.words.length === 0) {
    command.description('Co-sign, notarize and audit agreements on a public, tamper-evident record.');
    command.version(`${program} ${version()}`, '-V, --version', 'show the version');
  } else {
    command.description(await summaryOf(place));
  }
  command.commandsGroup('Verbs:');
  command.usage('VERB [options]');
  for (const child of verbsIn(place)) {
    command.command(child.words.at(-1) ?? '').summary(await summaryOf(child));
  }
  command.helpCommand('help [VERB]', 'show the help of a verb');
  return command;
}

/** The command of one verb. @throws whatever its file throws while loading. */
export async function verbCommand(
  place: VerbPlace,
  terminal: Terminal,
): Promise<{ readonly command: Command; readonly verb: Verb }> {
  const verb = await loadVerb(place);
  const command = commandAt(place.words, terminal);
  command.description(verb.summary);
  verb.configure(command);
  return { command, verb };
}
