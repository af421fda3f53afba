import type { PreparedEmail } from '../../../src/intake/prepare-email.ts';
import { settleInOrder } from '../../../src/intake/settle.ts';
import { keepEmails, sha256, storedEmails, type StoredEmail } from '../../../src/store/inbound-emails.ts';
import type { Ground } from '../../../src/store/store.ts';
import { aFile } from './inputs.ts';
import { SECRETS } from './lane.ts';

/** What a person sends; the journal keeps it as it is here, so that no parser is needed to read it again. */
export interface Letter {
  id: string;
  from: string;
  inReplyTo: string[];
  subject: string;
  text: string;
  hasFile: boolean;
  isRobot: boolean;
}

/** What the poller does with a mail that came. */
export async function keep(ground: Ground, letters: readonly Letter[]): Promise<void> {
  const receivedAt = ground.clock.now();
  const mails = letters.map((letter) => ({
    raw: Buffer.from(JSON.stringify(letter)),
    receivedAt,
    isTruncated: false,
  }));
  await keepEmails(ground, mails);
}

/** What the receiver does with those that are kept. @throws the first failure */
export async function settle(ground: Ground): Promise<void> {
  const stored = await storedEmails(ground, 0n, 50);
  const [failure] = await settleInOrder(ground, stored.map(prepared), { secrets: SECRETS });
  if (failure !== undefined) throw failure.error;
}

function prepared(stored: StoredEmail): PreparedEmail {
  const letter = JSON.parse(Buffer.from(stored.raw).toString()) as Letter;
  const { id, from, inReplyTo, subject, text, hasFile, isRobot } = letter;
  return {
    stored,
    email: {
      messageId: id,
      inReplyTo,
      references: [],
      from: [{ name: 'Nora Lemaire', address: from }],
      replyTo: [],
      recipients: ['mairie@plassans.fr'],
      subject,
      text,
      doubledFields: [],
      headers: new Map(isRobot ? [['auto-submitted', ['auto-replied']]] : []),
    },
    unreadable: null,
    error: '',
    form: '',
    text,
    elided: '',
    files: hasFile ? [aFile(text.length)] : [],
    report: null,
    robot: isRobot ? 'automatic_reply' : null,
    isForward: false,
    forward: null,
    messageIdSha: sha256(id),
    contentSha: sha256(`${id}|${from}|${text}`),
  };
}
