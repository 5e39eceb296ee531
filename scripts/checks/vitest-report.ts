/** Reads the report of vitest's JSON reporter into the counts and lists that `./check` prints. */

/** The part of the report that is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What a run of tests comes to. */
export interface Tally {
  readonly passed: number;
  /** One line for each failure. */
  readonly failed: readonly string[];
  /** One line for each skipped test, its reason included. */
  readonly skipped: readonly string[];
}

/** A skipped test says why in its name or in the name of a group around it: `... (skipped: the reason)`. */
const reasonPattern = /\(skipped: [^)]+\)/;

/**
 * Counts a report. These are failures too: a file that could not be run, a test that was skipped without a reason,
 * a test that never ran, and a run in which nothing passed or that ended with an error outside of any test.
 *
 * @param text the report, or undefined when vitest wrote none
 * @param exitCode how vitest ended
 */
export function tally(text: string | undefined, exitCode: number, root: string): Tally {
  if (text === undefined) return { passed: 0, failed: ['vitest wrote no report'], skipped: [] };
  const failed: string[] = [];
  const skipped: string[] = [];
  let passed = 0;
  for (const file of (JSON.parse(text) as Report).testResults) {
    const path = file.name.startsWith(`${root}/`) ? file.name.slice(root.length + 1) : file.name;
    const before = failed.length;
    for (const { fullName, status } of file.assertionResults) {
      const line = `${path}: ${fullName.trim()}`;
      if (status === 'passed') passed += 1;
      else if (status === 'failed') failed.push(line);
      else if (status === 'skipped' && reasonPattern.test(fullName)) skipped.push(line);
      else failed.push(`${line} (${status} without a reason)`);
    }
    if (file.status !== 'passed' && failed.length === before) failed.push(`${path}: ${file.message}`);
  }
  if (failed.length === 0 && exitCode !== 0) failed.push(`vitest ended with ${exitCode} outside of any test`);
  if (failed.length === 0 && passed === 0) failed.push('vitest ran no test');
  return { passed, failed, skipped };
}
