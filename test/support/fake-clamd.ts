import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { ClamdAccount } from '../../src/clamd.ts';

export interface FakeClamd {
  account: ClamdAccount;
  /** Every stream it was given. */
  streams: string[];
  stop(): Promise<void>;
}

/** For slowness and counting only: finds all clean, says nothing about what it would not finish. */
export async function startFakeClamd(neverFinishes: (stream: string) => boolean = () => false): Promise<FakeClamd> {
  const streams: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [];
    sockets.add(socket);
    socket.on('data', (chunk) => chunks.push(chunk)).on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.on('end', () => {
      // After the command and the length; before the end, which is a length of nothing.
      const stream = Buffer.concat(chunks).subarray('zINSTREAM\0'.length + 4, -4);
      const text = stream.toString();
      streams.push(text);
      if (!neverFinishes(text)) socket.end('stream: OK\0');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  return { account: { host: '127.0.0.1', port }, streams, stop };
}
