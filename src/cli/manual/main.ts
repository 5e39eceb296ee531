/** Prints the manual of the command line as Markdown. `npm run docs` writes it to docs/cli.md. */
import { manualPage } from './page.ts';

process.stdout.write(await manualPage());
