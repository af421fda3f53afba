import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { MailAccount } from '../config.ts';
import { HOST } from './ports.ts';

/** The SMTP server of everybody: the town hall's mails and the citizens' go through it. */
export interface Postman {
  account: MailAccount;
  stop(): Promise<void>;
}

/** `deliver` is called once per recipient, before the sender hears that the mail was taken. */
export async function startPostman(deliver: (to: string, raw: Buffer) => Promise<void>): Promise<Postman> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 0,
    logger: false,
    onData(stream, session, answer) {
      const take = async () => {
        const raw = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
        for (const { address } of session.envelope.rcptTo) await deliver(address.toLowerCase(), raw);
      };
      take().then(
        () => answer(),
        (failure: Error) => answer(failure),
      );
    },
  });
  // Without a listener, a client that hangs up would end the process.
  server.on('error', () => undefined);
  server.listen(0, HOST);
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    account: { host: HOST, port, secure: false, user: '', password: '' },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
