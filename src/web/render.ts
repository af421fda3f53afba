import type { Config } from '../config.ts';
import { engineFor } from '../template.ts';
import type { PageName } from './site.ts';

/** The whole page as HTML. Every value is escaped where it lands. */
export function renderPage(
  name: PageName,
  view: Record<string, unknown>,
  { town, ownTemplates: own }: Pick<Config, 'town' | 'ownTemplates'>,
): string {
  const { phone, postalAddress, address, name: deskName } = town.desk;
  const { mailbox, court } = town;
  const identity = { name: town.name, mailbox, court, deskName, deskAddress: address, phone, postalAddress };
  const engine = engineFor({ html: true, timeZone: town.timeZone, own });
  return engine.renderFileSync(`pages/${name}.html`, { town: identity, ...view }) as string;
}
