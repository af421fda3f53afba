/**
 * What a linear function never takes, on a machine busy with anything: a guard against hanging, not a measure of speed
 * (that is shown by `npm run bench` and `npm run eval`).
 */
export const HANG_MS = 5_000;
