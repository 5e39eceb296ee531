import type { Verb } from '../verb.ts';

export const verb: Verb = {
  summary: 'show everything at work on this machine, on your own files where given',
  configure(command) {
    command
      .argument('[FILE...]', 'files to put on record in the demonstration (default: samples)')
      .addHelpText(
        'after',
        `
Starts a keyring, a firehose and a database of its own, records the files there, checks everything without the network,
changes one bit in copies, and shows that each change is caught. Your own keyring, your profile and your files are not
touched, and nothing leaves this machine. Where everything lies is said at the end.

A file whose name begins with a dash goes after --.`,
      );
  },
  async run(command, terminal) {
    const { runDemo } = await import('../demo/demo.ts');
    return runDemo(command.args, terminal);
  },
};
