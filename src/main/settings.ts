/** What the shell remembers between starts: the theme and where the window stood. Nothing private, nothing secret. */
import { z } from 'zod';
import { noticeStyle } from '../contract/channels/shell.ts';
import { KeptFile } from '../desk/kept-file.ts';

const settingsForm = z.strictObject({
  theme: z.enum(['light', 'dark', 'system']),
  notices: noticeStyle.default('hidden'),
  contrast: z.enum(['system', 'more']).default('system'),
  clock: z.enum(['both', 'utc']).default('both'),
  window: z
    .strictObject({
      x: z.number().int(),
      y: z.number().int(),
      width: z.number().int().min(320).max(20_000),
      height: z.number().int().min(240).max(20_000),
      maximized: z.boolean(),
    })
    .optional(),
});

type Settings = z.output<typeof settingsForm>;

const usual: Settings = { theme: 'system', notices: 'hidden', contrast: 'system', clock: 'both' };

export type SettingsFile = KeptFile<Settings>;

export function settingsIn(file: string): SettingsFile {
  return new KeptFile(file, (json) => settingsForm.parse(json), usual);
}
