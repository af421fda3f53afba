import type { Config } from '../../config.ts';
import { jump, jumpSeconds } from '../jump.ts';
import type { Mailbox } from '../mailboxes.ts';
import type { DemoTown } from '../town.ts';
import { createActor, type Actor } from './actor.ts';
import { Unexpected } from './unexpected.ts';
import { sentence, type Transcript } from './voices.ts';

/** Who plays, and what the stage can do by itself. */
export interface Stage {
  config: Config;
  nora: Actor;
  paul: Actor;
  desk: Actor;
  voirie: Actor;
  supervisor: Actor;
  now(): Date;
  /** Says it and goes on, or stops the play with what was seen instead. */
  check(isTrue: boolean, key: string, values?: Record<string, string>, seen?: string): void;
  /** Time passes, and the clock does its work. */
  clockJumps(hours: number): Promise<void>;
  /** Until no decision taken so far can be undone, and their mails are on their way. */
  undoWindowPasses(): Promise<void>;
  /** Nothing that the story did not expect lies in any mailbox. */
  nothingElseArrives(): Promise<void>;
}

const LAST_MAILS_MS = 5_000;
/** The clock ticks once a minute: the next tick is a new one. */
const A_MINUTE_S = 60;

export function openStage(town: DemoTown, transcript: Transcript): Stage {
  const check: Stage['check'] = (isTrue, key, values = {}, seen = '') => {
    if (!isTrue) throw new Unexpected(sentence(key, values), seen);
    transcript.checked(key, values);
  };
  const actor = (mailbox: Mailbox | undefined) => {
    if (mailbox === undefined)
      throw new Unexpected(sentence('sampleTown'), town.mailboxes.map(({ id }) => id).join(', '));
    return createActor(town, mailbox, transcript);
  };
  const withId = (id: string) => actor(town.mailboxes.find((mailbox) => mailbox.id === id));
  return {
    config: town.config,
    nora: withId('nora'),
    paul: withId('paul'),
    desk: withId('desk'),
    voirie: withId('voirie'),
    supervisor: actor(town.mailboxes.find(({ side }) => side === 'supervisor')),
    now: town.clock.now,
    check,
    clockJumps: (hours) => jump(town, hours),
    undoWindowPasses: () => jumpSeconds(town, town.config.schedule.undoSeconds + A_MINUTE_S),
    nothingElseArrives: async () => {
      await town.settle(LAST_MAILS_MS);
      const left = town.mailboxes.flatMap(({ name, letters }) =>
        letters.filter(({ isRead }) => !isRead).map(({ mail }) => `${name} : ${mail.subject}`),
      );
      check(left.length === 0, 'checkNothingElse', {}, left.join(' ; '));
    },
  };
}
