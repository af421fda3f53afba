import type { Clock } from '../clock.ts';

/** A clock that runs, and that can be moved forward. */
export interface DemoClock extends Clock {
  /** Never backwards: nothing in a town hall expects that. */
  moveTo(instant: Date): void;
}

export function createDemoClock(): DemoClock {
  let offsetMs = 0;
  return {
    now: () => new Date(Date.now() + offsetMs),
    moveTo: (instant) => {
      offsetMs = Math.max(offsetMs, instant.getTime() - Date.now());
    },
  };
}
