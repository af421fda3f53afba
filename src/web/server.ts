import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ground } from '../store/store.ts';
import { createApp } from './app.ts';

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
  server.listen(options.port);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
}
