/**
 * What a text for people may hold (`docs/spec/encodings.md`, 'Texts for people'). The code points are listed here and
 * there, so that no version of Unicode decides whether a statement counts.
 */

/** The class of a regular expression for runs of code points in hexadecimal: `0041-005A 005F`. */
function classOf(runs: string): string {
  const points = runs.trim().split(/\s+/);
  const escaped = points.map((run) => run.replace(/[0-9A-F]+/g, (point) => `\\u{${point}}`));
  return `[${escaped.join('')}]`;
}

/** Shown as nothing, or reordering, breaking or hiding what stands around it. */
const refused = classOf(`
  0000-001F 007F-009F 00AD 034F 0600-0605 061C 06DD 070F 0890-0891 08E2 115F-1160 17B4-17B5
  180B-180F 200B-200F 2028-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 FFF0-FFFB
  110BD 110CD 13430-1343F 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF`);

/** Joiners, and the letters and marks that they stand between where a script needs them. */
const joiner = classOf('200C-200D');
const joined = classOf('0620-06FF 0750-077F 0870-08FF 0900-0DFF');

const spaces = classOf('0020 00A0 1680 2000-200A 202F 205F 2800 3000');

const joinerInPlace = new RegExp(`(?<=${joined})${joiner}(?=${joined})`, 'gu');
const anyRefused = new RegExp(refused, 'u');
const spacesOnly = new RegExp(`^${spaces}*$`, 'u');

/** Whether a text holds nothing that cannot be seen, but for spaces among what can. Its length is not judged. */
export function showsWhatItHolds(text: string): boolean {
  return !spacesOnly.test(text) && !anyRefused.test(text.replace(joinerInPlace, ''));
}
