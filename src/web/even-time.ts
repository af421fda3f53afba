import { setTimeout } from 'node:timers/promises';

/** Longer than the queries and the one mail that an answer may hide. */
const EVEN_MS = 250;

/** Answers after the same time whatever was done, so that waiting does not tell what the page keeps to itself. */
export async function inEvenTime<T>(work: Promise<T>): Promise<T> {
  const [answer] = await Promise.all([work, setTimeout(EVEN_MS)]);
  return answer;
}
