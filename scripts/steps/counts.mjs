/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * The tests of a run, as vitest's JSON reporter tells them.
 * @param {any} report
 * @returns {Counts}
 */
export function vitestCounts(report) {
  const unloadable = report.testResults.filter(
    (
      /** @type {{ status: string, assertionResults: { status: string }[] }} */ {
        status,
        assertionResults,
      },
    ) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    // A file that cannot be loaded has no failed test in it, and has failed all the same.
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/**
 * The tests of a run, as Playwright's JSON reporter tells them.
 * @param {any} report
 * @returns {Counts}
 */
export function playwrightCounts({ stats, errors = [] }) {
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
    skipped: stats.skipped,
  }
}

/**
 * What a runner's end means: one that crashed, ran nothing, or failed without a failed test is a failure too.
 * @param {number} status its exit status
 * @param {Counts | null} counts null when it left no report
 * @returns {Counts}
 */
export function judge(status, counts) {
  const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 }
  const ranNothing = passed + failed === 0
  const unexplained = failed === 0 && (status !== 0 || ranNothing)
  return { passed, failed: failed + (unexplained ? 1 : 0), skipped }
}

/**
 * @param {readonly Counts[]} parts
 * @returns {Counts}
 */
export function sum(parts) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped } of parts) {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
  }
  return total
}

/**
 * @param {Counts} counts
 * @returns {string} the last line of `npm test`
 */
export function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
