import type { Clock } from '../clock.ts';

/**
 * While the mail server does not take our mails, whichever they are, one is tried now and then, and the others wait
 * untouched. Each instance judges for itself: its network may be what is broken.
 */
export interface Breaker {
  /** Null: not now. A pass is given back with what became of the try. */
  enter(): Pass | null;
  /** How many mails are worth waking: none, the one that probes, or as many as there are. */
  appetite(atMost: number): number;
  /** Nothing could be sent for this long, as the tries showed. */
  troubleMs(): number;
}

export interface Pass {
  leave(verdict: Verdict): void;
}

/** `works`: the server said something about the mail. `trouble`: it would have failed any other. `none`: it was not asked. */
export type Verdict = 'works' | 'trouble' | 'none';

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 60_000;

export interface BreakerEvents {
  onTrouble(retryMs: number): void;
  onRestored(): void;
}

export function createBreaker(clock: Clock, events: BreakerEvents): Breaker {
  let openedAt: number | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  let isProbing = false;
  let since = 0;
  let last = 0;

  // A clock that was set back does not prolong a pause.
  const isResting = () => {
    const restedMs = openedAt === null ? pauseMs : clock.now().getTime() - openedAt;
    return restedMs >= 0 && restedMs < pauseMs;
  };

  function trip(isProbe: boolean): void {
    const now = clock.now().getTime();
    // What was in hand when it opened fails too, and tells nothing new.
    if (openedAt !== null && !isProbe) return;
    if (openedAt === null) since = now;
    pauseMs = openedAt === null ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    openedAt = last = now;
    events.onTrouble(pauseMs);
  }

  function restore(): void {
    if (openedAt === null) return;
    openedAt = null;
    pauseMs = FIRST_PAUSE_MS;
    events.onRestored();
  }

  return {
    enter() {
      const isProbe = openedAt !== null;
      if (isProbe && (isProbing || isResting())) return null;
      if (isProbe) isProbing = true;
      return {
        leave(verdict) {
          if (isProbe) isProbing = false;
          if (verdict === 'works') restore();
          if (verdict === 'trouble') trip(isProbe);
        },
      };
    },
    appetite(atMost) {
      if (openedAt === null) return atMost;
      return isProbing || isResting() ? 0 : 1;
    },
    troubleMs: () => (openedAt === null ? 0 : last - since),
  };
}
