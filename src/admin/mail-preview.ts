import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type { MailFacts } from '../domain/decision.ts';
import { administratorsOf } from '../domain/people.ts';
import { messageOf } from '../outbound/compose.ts';
import { acceptOwnTemplates } from '../outbound/own-templates.ts';
import { createRenderer } from '../outbound/render.ts';
import { classifyFailure } from '../outbound/send-failure.ts';
import { openTransport } from '../outbound/transport.ts';
import { adminView } from './admin-view.ts';
import { effectRows, type Forecast } from './forecast-backlog.ts';

export type MailedPreview = { sentTo: string[] } | { sentTo: string[]; failure: { host: string; answer: string } };

/** The forecast to whoever looks after Guichet, with its calendar: sent at once, the database knows nothing of it. */
export async function mailPreview(
  settings: Settings,
  { forecast, page, other }: { forecast: Forecast; page: string; other: string | null },
  clock: Clock,
): Promise<MailedPreview> {
  const { config, smtp, linkSecrets: secrets, publicUrl } = settings;
  const { own } = await acceptOwnTemplates(config.templatesDir, config.town);
  const renderer = await createRenderer(config.town, own);
  const transport = openTransport(smtp);
  const sentTo: string[] = [];
  const facts = factsOf(forecast, other);
  const domain = config.town.mailbox.slice(config.town.mailbox.lastIndexOf('@') + 1);
  try {
    for (const to of administratorsOf(config.town)) {
      const view = adminView(config.town, 'preview', to, facts, clock.now());
      const id = randomUUID();
      const letter = {
        kind: view.kind,
        language: view.language,
        facts,
        to,
        dossier: null,
        rendered: renderer.render(view),
        mail: { messageId: `<preview.${id}@${domain}>`, sendAfter: null, createdAt: clock.now() },
        thread: [],
        attachments: [{ filename: 'calendrier.html', contentType: 'text/html; charset=utf-8', content: page }],
      };
      await transport.send(messageOf(config.town, { secrets, publicUrl }, letter), { id, kind: view.kind });
      sentTo.push(to.address);
    }
    return { sentTo };
  } catch (error) {
    return { sentTo, failure: { host: smtp.host, answer: classifyFailure(error).answer } };
  } finally {
    transport.close();
  }
}

function factsOf({ period, openCount, table }: Forecast, other: string | null): MailFacts {
  return {
    from: period.from.toISOString(),
    until: period.until.toISOString(),
    openCount,
    other: other === null ? '' : basename(other),
    effects: effectRows(table),
    overdueBefore: table.overdue.before,
    overdueAfter: table.overdue.after,
  };
}
