/** Chance that can be had again: the same seed, the same choices (mulberry32). */
export interface Dice {
  /** 0 ≤ n < sides. */
  roll(sides: number): number;
  /** True this often in a hundred. */
  percent(share: number): boolean;
  pick<T>(from: readonly T[]): T;
}

export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (sides: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
  return {
    roll,
    percent: (share) => roll(100) < share,
    pick: (from) => {
      const chosen = from[roll(from.length)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
  };
}
