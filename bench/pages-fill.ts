import pg from 'pg';

/** A town hall after some years, written by the database itself. Ids are made from numbers: whoever knows one knows all. */

export const LONG_THREADS = 1_000;
const LONG_THREAD = 60;

export type Table = 'request' | 'event' | 'message' | 'mail' | 'link';

/** The id of a row; a request's `nth` event, message, mail or link. */
export function idIn(table: Table, request: number, nth = 0): string {
  const digit = { request: '1', event: '2', message: '3', mail: '4', link: '5' }[table];
  return `${digit}0000000-0000-7000-8000-${hex(request, 8)}${hex(nth, 4)}`;
}

function hex(value: number, length: number): string {
  return value.toString(16).padStart(length, '0');
}

export async function fillDatabase(url: string, requests: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements(requests)) await client.query(statement);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

function statements(requests: number): string[] {
  const long = Math.min(LONG_THREADS, requests);
  const each = (count: number) => `generate_series(1, ${requests}) r, generate_series(0, ${count - 1}) n`;
  const more = `generate_series(1, ${long}) r, generate_series(10, ${9 + LONG_THREAD}) n`;
  return [
    `INSERT INTO "ServiceRequest" (id, reference, status, outcome, holder, "holdingNo", "citizenName", "citizenAddress",
       subject, category, origin, "receivedAt", "statusSince", "closedAt")
     SELECT ${sqlId('request', '0')}, to_char(now(), 'YYYY') || '-' || lpad(r::text, 6, '0'),
       (CASE WHEN r % 5 = 0 THEN 'in_progress' ELSE 'closed' END)::"Status", CASE WHEN r % 5 = 0 THEN NULL ELSE 'answered' END,
       CASE WHEN r % 2 = 0 THEN 'desk' ELSE 'voirie' END, 1, 'Usager ' || r, 'usager' || (r % 40000) || '@example.org',
       'Nid-de-poule devant le ' || r || ' rue des Lilas', 'chaussee', 'email', ${AT}, ${AT},
       CASE WHEN r % 5 = 0 THEN NULL ELSE ${AT} + interval '5 hours' END
     FROM generate_series(1, ${requests}) r`,
    ...[each(4), more].flatMap((rows) => [
      `INSERT INTO "Event" (id, "requestId", at, action, "actorRole", "actorName", "actorAddress", "statusBefore", "statusAfter",
         "holderBefore", "holderAfter", comment, cause)
       SELECT ${sqlId('event', 'n')}, ${sqlId('request', '0')}, ${AT} + n * interval '1 hour',
         (ARRAY['receive', 'note', 'message'])[1 + least(n, 1) + (n % 2)],
         CASE WHEN n = 0 THEN 'citizen' ELSE 'desk' END, CASE WHEN n = 0 THEN 'Usager' ELSE 'Accueil' END,
         CASE WHEN n = 0 THEN '' ELSE 'accueil@plassans.fr' END, CASE WHEN n = 0 THEN NULL ELSE 'new'::"Status" END, 'new',
         CASE WHEN n = 0 THEN NULL ELSE 'desk' END, 'desk', CASE WHEN n = 0 THEN '' ELSE ${WORDS} END, 'fill:' || r || ':' || n
       FROM ${rows}`,
      `INSERT INTO "Message" (id, "requestId", kind, "authorRole", "authorName", "authorAddress", text, elided, at, "eventId")
       SELECT ${sqlId('message', 'n')}, ${sqlId('request', '0')}, (ARRAY['inbound', 'note', 'outbound'])[1 + n % 3],
         CASE WHEN n % 3 = 0 THEN 'citizen' ELSE 'desk' END, 'Quelqu''un', 'quelquun@example.org', ${WORDS}, ${WORDS},
         ${AT} + n * interval '1 hour', ${sqlId('event', 'n')}
       FROM ${rows}`,
      `INSERT INTO "OutboundEmail" (id, "requestId", kind, "toRole", "toName", "toAddress", facts, "messageId", "eventId",
         "dedupeKey", state, attempts, "createdAt", "sentAt")
       SELECT ${sqlId('mail', 'n')}, ${sqlId('request', '0')}, 'internal_message', 'desk', 'Accueil', 'accueil@plassans.fr',
         jsonb_build_object('comment', ${WORDS}), '<' || r || '-' || n || '@plassans.fr>', ${sqlId('event', 'n')},
         r || ':' || n, 'sent', 1, ${AT} + n * interval '1 hour', ${AT} + n * interval '1 hour'
       FROM ${rows}`,
    ]),
    `INSERT INTO "ActionLink" (id, "requestId", "outboundEmailId", role, department, name, address, "holdingNo", "createdAt", "expiresAt")
     SELECT ${sqlId('link', 'n')}, ${sqlId('request', '0')}, ${sqlId('mail', 'n')}, (ARRAY['desk', 'department', 'citizen'])[n + 1],
       CASE WHEN n = 1 THEN 'voirie' END, 'Quelqu''un',
       (ARRAY['accueil@plassans.fr', 'voirie@plassans.fr', 'usager' || (r % 40000) || '@example.org'])[n + 1], 1, ${AT}, now() + interval '10 days'
     FROM ${each(3)}`,
    `INSERT INTO "ReferenceCounter" (year, last) VALUES (extract(year FROM now())::int, ${requests})`,
  ];
}

/** Spread over the last twenty days, so that nothing of it is over. */
const AT = `(now() - interval '20 days' + r * interval '10 seconds')`;
const WORDS = `('Bonjour, ' || repeat('il faudrait que quelqu''un passe voir ce trou devant le ' || r || '. ', 6))`;

function sqlId(table: Table, nth: string): string {
  const digit = idIn(table, 0).slice(0, 1);
  return `('${digit}0000000-0000-7000-8000-' || lpad(to_hex(r), 8, '0') || lpad(to_hex(${nth}), 4, '0'))::uuid`;
}
