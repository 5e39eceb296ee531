/**
 * The preview: the built application in a window of Chromium, by way of the stand-in for Electron. It shows only the
 * practice ledger, says so at all times, and what it writes lies in a temporary folder that is removed at its end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Host, standInLacks } from './host.ts';

const lacks = standInLacks();
if (lacks !== undefined) {
  console.error(`preview: ${lacks}`);
  process.exit(69);
}
const home = mkdtempSync(join(tmpdir(), 'countersign-preview-'));
const host = await Host.preview(home, { STAND_IN_HEADED: '1' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void host.stop());
console.log('The preview is open. It ends when its window is closed, or with Ctrl-C.');
await host.ended;
rmSync(home, { recursive: true, force: true, maxRetries: 5 });
process.exit(0);
