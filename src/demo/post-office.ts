import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { reasonOf } from '../log.ts';
import { isFromOurPage } from '../web/headers.ts';
import { HOST, portNear } from './ports.ts';
import { answerTo, type Answer } from './post-office-routes.ts';
import type { DemoTown } from './town.ts';

/** The post office: every mailbox of the town on one page, over plain HTTP on this machine only. */
export interface PostOffice {
  url: string;
  stop(): Promise<void>;
}

const USUAL_PORT = 8080;
const MAX_BODY_BYTES = 25_000_000;

export async function startPostOffice(town: DemoTown): Promise<PostOffice> {
  const port = await portNear(USUAL_PORT);
  const url = `http://${HOST}:${port}`;
  const server = createServer((request, response) => {
    handle(town, url, request).then(
      (answer) => send(response, answer),
      (error: unknown) => {
        town.guichet.ground.log.error({ event: 'post_office.failed', reason: reasonOf(error) });
        send(response, { status: 500, type: 'text/plain', body: '500', headers: {} });
      },
    );
  });
  server.listen(port, HOST);
  await once(server, 'listening');
  return {
    url,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(town: DemoTown, url: string, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', url);
  if (request.method !== 'POST') return answerTo(town, { path: pathname, search: searchParams, form: null });
  if (!isOwnForm(request, url)) return { status: 403, type: 'text/plain', body: '403', headers: {} };
  return answerTo(town, { path: pathname, search: searchParams, form: await readForm(request) });
}

/** Any site can make a browser send a form to this machine; only our own pages send it under our own name. */
function isOwnForm({ headers }: IncomingMessage, url: string): boolean {
  const { host, port } = new URL(url);
  const isOurName = headers.host === host || headers.host === `localhost:${port}`;
  return isOurName && isFromOurPage(headers, `http://${headers.host}`);
}

/** Either of the two forms that browsers send. */
async function readForm(request: IncomingMessage): Promise<FormData> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the form is too large');
    chunks.push(chunk);
  }
  const headers = { 'content-type': request.headers['content-type'] ?? '' };
  return new Response(Buffer.concat(chunks), { headers }).formData();
}

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
  const charset = type.startsWith('text/') ? '; charset=utf-8' : '';
  response.writeHead(status, { ...HEADERS, 'Content-Type': `${type}${charset}`, ...headers });
  response.end(body);
}
