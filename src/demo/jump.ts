import type { DemoTown } from './town.ts';

/** An hour has ticks enough for what is counted in days. */
const HOUR_MS = 3_600_000;
const MAIL_TIMEOUT_MS = 10_000;

/** Time passes at once: the clock stops at every full hour on the way, and what is due there is done and mailed there. */
export async function jump(town: DemoTown, hours: number): Promise<void> {
  await jumpSeconds(town, hours * 3_600);
}

export async function jumpSeconds({ clock, guichet, settle }: DemoTown, seconds: number): Promise<void> {
  await settle(MAIL_TIMEOUT_MS);
  const end = new Date(clock.now().getTime() + seconds * 1_000);
  for (let at = nextFullHour(clock.now()); at < end; at = new Date(at.getTime() + HOUR_MS)) {
    clock.moveTo(at);
    await guichet.tick();
    await settle(MAIL_TIMEOUT_MS);
  }
  clock.moveTo(end);
  await guichet.tick();
  await settle(MAIL_TIMEOUT_MS);
}

function nextFullHour(instant: Date): Date {
  return new Date((Math.floor(instant.getTime() / HOUR_MS) + 1) * HOUR_MS);
}
