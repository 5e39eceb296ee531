import type { Verb } from '../verb.ts';

export const verb: Verb = {
  summary: 'show two people at work on this machine, on your own files where given',
  configure(command) {
    command
      .argument('[FILE...]', 'files to put on record in the demonstration (default: samples)')
      .addHelpText(
        'after',
        `
Shows two people, Alice and Bob, on a ledger of their own: they join by card, compare safety numbers, record and find files,
sign without a network, and see a firehose killed and started again. Each command is a process of its own, shown with what it
printed. At the end one bit is changed in copies of the data, and each change is caught.

Keyring, firehose, homes and databases belong to the demonstration alone. Your own keyring, your profile and your files are not
touched, and nothing leaves this machine. Where everything lies is said at the end.

A file whose name begins with a dash goes after --.

Exit codes: 0 everything went as it should; 1 a file cannot be read, or a step did not end as it should; 69 there is no keyring.

Examples:
  countersign demo
  countersign demo contract.pdf photo.jpg`,
      );
  },
  async run(command, terminal) {
    const { runDemo } = await import('../demo/demo.ts');
    return runDemo(command.args, terminal);
  },
};
