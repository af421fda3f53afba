/** Says that a real server or browser is not installed. Where CI=true that is an error: nothing may be skipped unseen. */
export function missing(what: string, instead: string): void {
  const notice = `${what} is not installed: ${instead}`;
  if (process.env['CI'] === 'true') throw new Error(notice);
  process.stderr.write(`\n!!! ${notice}\n`);
}
