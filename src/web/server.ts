import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ground } from '../store/store.ts';
import { createApp } from './app.ts';
import type { Site } from './site.ts';

/** The pages, over HTTP. TLS is the reverse proxy's. */

export interface WebServerOptions {
  ground: Ground;
  /** Newest first: the first signs, all verify. */
  secrets: readonly string[];
  /** Without a slash at its end. */
  publicUrl: string;
  /** 0: any free port. */
  port: number;
  /** How many reverse proxies stand in front: their `X-Forwarded-For` is believed, no other. */
  trustedProxies: number;
  isHealthy(): Promise<boolean>;
  /** Somebody stopped the sending of mails. */
  isOutgoingPaused?: () => boolean;
  /** Where no mail can be read again, no page offers to show one. */
  readOriginal?: Site['readOriginal'];
}

export interface WebServer {
  port: number;
  /** Takes no new request, waits for those in hand. */
  stop(): Promise<void>;
}

/** Slow senders hold a connection this long at most. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: 1_000 },
    createApp(options),
  );
  const inHand = new Set<ServerResponse>();
  server.on('request', (_request, response) => {
    inHand.add(response);
    response.on('close', () => inHand.delete(response));
  });
  server.listen(options.port);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      // A connection kept alive after its last answer would hold the stop back for as long.
      for (const response of inHand) if (!response.headersSent) response.setHeader('Connection', 'close');
      await closed;
    },
  };
}
