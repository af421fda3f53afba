import type { Category } from './category.ts';
import type { Town } from './people.ts';
import type { Retention } from './retention.ts';
import type { Schedule } from './schedule.ts';
import type { Procedure } from './silence.ts';
import type { Action } from './workflow.ts';

/** What the config says, as far as the rules read it. */
export interface Rulebook {
  town: Town;
  schedule: Schedule;
  categories: readonly Category[];
  /** The procedure of a request of no category. */
  ordinary: Procedure;
  lists: Lists;
  retention: Retention;
}

/** What agents choose from instead of typing it. */
export interface Lists {
  /** Of one action: on hold, refused, dropped, … */
  reasons: Partial<Record<Action, readonly string[]>>;
  milestones: readonly string[];
  labels: readonly string[];
  /** Where a request that is not the town's is sent to. */
  administrations: readonly string[];
  replies: readonly ReplyTemplate[];
  /** The actions that ask for words here, besides those that always do. */
  commentsRequired: readonly Action[];
}

/** A text that agents start from. `{numéro}`, `{nom}` and `{objet}` become the request's own. */
export interface ReplyTemplate {
  id: string;
  name: string;
  text: string;
}
