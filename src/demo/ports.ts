import { once } from 'node:events';
import { createServer } from 'node:net';

export const HOST = '127.0.0.1';

/** This port when nobody listens on it, else any. */
export async function portNear(wanted: number): Promise<number> {
  const server = createServer();
  try {
    // The same address family as the one who will listen: on all of them, unless told otherwise.
    server.listen(wanted);
    await once(server, 'listening');
  } catch {
    return portNear(0);
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address !== null && typeof address === 'object' ? address.port : wanted;
}
