import { describe, expect, it } from 'vitest';
import { tally } from '../../scripts/checks/vitest-report.ts';

interface Test {
  readonly fullName: string;
  readonly status: string;
}

/** A report of one file as vitest writes it. */
const report = (tests: readonly Test[], status = 'passed', message = ''): string =>
  JSON.stringify({ testResults: [{ name: '/project/a.test.ts', status, message, assertionResults: tests }] });

const passed: Test = { fullName: 'adds', status: 'passed' };

describe('the tally of a test run', () => {
  it('counts what passed and what was skipped with a reason', () => {
    const skipped = { fullName: 'reads (skipped: no data)', status: 'skipped' };
    expect(tally(report([passed, passed, skipped]), 0, '/project')).toEqual({
      passed: 2,
      failed: [],
      skipped: ['a.test.ts: reads (skipped: no data)'],
    });
  });

  it.each<[string, string | undefined, number]>([
    ['a failed test', report([passed, { fullName: 'subtracts', status: 'failed' }], 'failed'), 1],
    ['a test skipped without a reason', report([passed, { fullName: 'subtracts', status: 'skipped' }]), 0],
    [
      'a test skipped with an empty reason',
      report([passed, { fullName: 'x (skipped: )', status: 'skipped' }]),
      0,
    ],
    ['a test that is only planned', report([passed, { fullName: 'subtracts', status: 'todo' }]), 0],
    ['a test that never ended', report([passed, { fullName: 'subtracts', status: 'pending' }]), 0],
    ['a file that could not be run', report([], 'failed', 'no such module'), 1],
    ['a run in which nothing passed', report([]), 0],
    ['a run without any file', JSON.stringify({ testResults: [] }), 0],
    ['an error outside of any test', report([passed]), 1],
    ['a run without a report', undefined, 0],
  ])('takes %s for one failure', (_, text, exitCode) => {
    expect(tally(text, exitCode, '/project').failed).toHaveLength(1);
  });
});
