import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which Linux takes the near end of outgoing connections (32768 up): between a kill and a restart on the
// same port, any client on the machine could otherwise be given it.
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** A port of the loopback that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const port = randomInt(LOWEST, HIGHEST);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  server.close();
  await once(server, 'close');
  return port;
}
