import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SlowRoad {
  port: number;
  /** How many connections are stuck on it. */
  stuckCount(): number;
  stop(): Promise<void>;
}

/** A way to a server of the loopback on which whoever brings more than `maxBytes` is stuck half-way. */
export async function slowRoadTo(target: number, maxBytes: number): Promise<SlowRoad> {
  const sockets = new Set<Socket>();
  let stuck = 0;
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [near, far].forEach((each) => each.destroy()));
    }
    let passed = 0;
    near.on('data', (chunk) => {
      passed += chunk.length;
      far.write(chunk);
      if (passed < maxBytes) return;
      near.pause();
      stuck += 1;
    });
    near.on('end', () => far.end());
    far.pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  return { port, stuckCount: () => stuck, stop };
}
