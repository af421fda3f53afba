/** The play stops here: what was expected, and what was seen instead. */
export class Unexpected extends Error {
  readonly seen: string;

  constructor(expected: string, seen: string) {
    super(expected);
    this.seen = seen;
  }
}
