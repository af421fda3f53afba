import type { Config } from '../config.ts';

/** What a running Guichet stands on: the old value serves until it is started again. */
const FIXED: { setting: string; of(config: Config): unknown; keep(next: Config, old: Config): Config }[] = [
  {
    setting: 'town-hall.yaml, mailbox',
    of: ({ town }) => town.mailbox,
    keep: (next, { town: { mailbox } }) => ({ ...next, town: { ...next.town, mailbox } }),
  },
  {
    setting: 'town-hall.yaml, timeZone',
    of: ({ town }) => town.timeZone,
    keep: (next, { town: { timeZone } }) => ({ ...next, town: { ...next.town, timeZone } }),
  },
  {
    setting: 'schedule.yaml, outgoing.writeTo',
    of: ({ outgoing }) => outgoing.writeTo,
    keep: (next, { outgoing: { writeTo } }) => ({ ...next, outgoing: { ...next.outgoing, writeTo } }),
  },
];

/** The new config as far as it can be taken over now, and the settings that wait for a restart. */
export function whileRunning(old: Config, next: Config): { config: Config; fixed: string[] } {
  const waiting = FIXED.filter(({ of }) => of(old) !== of(next));
  return {
    config: waiting.reduce((config, { keep }) => keep(config, old), next),
    fixed: waiting.map(({ setting }) => setting),
  };
}
