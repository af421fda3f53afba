import type { Town } from '../domain/people.ts';
import { createEngine } from '../template.ts';
import type { PageName } from './site.ts';

type Engine = ReturnType<typeof createEngine>;
const engines = new Map<string, Engine>();

/** The whole page as HTML. Every value is escaped where it lands. */
export function renderPage(name: PageName, view: Record<string, unknown>, town: Town): string {
  const { phone, postalAddress, address, name: deskName } = town.desk;
  const identity = { name: town.name, mailbox: town.mailbox, deskName, deskAddress: address, phone, postalAddress };
  return engineFor(town.timeZone).renderFileSync(`pages/${name}.html`, { town: identity, ...view }) as string;
}

function engineFor(timeZone: string): Engine {
  let engine = engines.get(timeZone);
  if (engine === undefined) {
    engine = createEngine({ html: true, timeZone });
    engines.set(timeZone, engine);
  }
  return engine;
}
