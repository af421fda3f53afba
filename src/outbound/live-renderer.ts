import type { Town } from '../domain/people.ts';
import type { OwnTemplates } from '../template-files.ts';
import { createRenderer, type Renderer } from './render.ts';

/** A renderer whose templates can be exchanged while mails are being written. */
export interface LiveRenderer extends Renderer {
  /** Compiles them; the answer puts them in place. @throws when one of them is wrong: the old ones stay */
  prepare(own: OwnTemplates): Promise<() => void>;
}

export async function createLiveRenderer(town: Pick<Town, 'timeZone'>, first: OwnTemplates): Promise<LiveRenderer> {
  let inUse = { own: first, renderer: await createRenderer(town, first) };
  return {
    render: (view) => inUse.renderer.render(view),
    prepare: async (own) => {
      const next = own === inUse.own ? inUse : { own, renderer: await createRenderer(town, own) };
      return () => {
        inUse = next;
      };
    },
  };
}
