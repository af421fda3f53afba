import { label } from '../../template.ts';
import type { Letter } from '../mailboxes.ts';
import { houseNumberPhoto, potholePhoto, type Photo } from '../photos.ts';
import type { Page } from './page.ts';
import { lettersWords, referenceIn } from './reading.ts';
import type { Stage } from './stage.ts';
import { sentence } from './voices.ts';

/** Nora writes, the front desk answers and transfers, the roads department asks for more, then accepts. */
export async function aCorrection(stage: Stage): Promise<void> {
  const { nora, desk, voirie, check } = stage;
  const pothole = potholePhoto();
  const house = houseNumberPhoto();
  const said = lettersWords('pothole');

  const first = await nora.writes('pothole', [pothole]);
  const since = performance.now();
  const acknowledgement = await nora.receives('acknowledgement', said.subject);
  const waitedMs = Math.round(performance.now() - since);
  const reference = referenceIn(acknowledgement);
  check(waitedMs < ACKNOWLEDGED_WITHIN_MS, 'checkAcknowledged', { reference, ms: String(waitedMs) }, `${waitedMs} ms`);
  check(isInThread(acknowledgement, first), 'checkThread', {}, headersOf(acknowledgement));

  const request = await desk.receives('new_request', reference, 'Nora Lemaire');
  check(holdsPhoto(request, pothole), 'checkPhotoAttached', { file: pothole.fileName }, filesOf(request));

  const answer = await desk.replies(request, 'pothole-answer');
  const message = await nora.receives('message', 'Bonjour Madame', reference);
  check(isInThread(message, first) && isInThread(message, acknowledgement), 'checkThread', {}, headersOf(message));
  check(senderOf(message) === stage.config.town.mailbox, 'checkFromTownHall', {}, senderOf(message));
  const leaks = leaksIn(message, desk.mailbox.address, answer);
  check(leaks.length === 0, 'checkNoLeak', { address: desk.mailbox.address }, leaks.join(', '));

  const transfer = await desk.opens(request, 'transfer');
  const transferred = await transfer.submits({ department: 'voirie', comment: sentence('wordsTransfer') });
  saysOn(stage, transferred, label('pageResults', 'transfer').replace('{holder}', voirie.mailbox.name));
  await nora.receives('transferred_citizen', sentence('saysTransferred', { department: voirie.mailbox.name }));
  const dossier = await voirie.receives('transferred', reference, sentence('wordsTransfer'));

  const page = await voirie.opens(dossier, 'view');
  saysOn(stage, page, sentence('saysChildFell'));
  saysOn(stage, page, `${desk.mailbox.name} ${label('actionsDone', 'transfer')}`);
  const downloads = await Promise.all(page.files().map((path) => page.downloads(path)));
  check(
    downloads.some((bytes) => bytes.equals(pothole.content)),
    'checkPhotoDownloads',
    { file: pothole.fileName },
  );

  const correction = await voirie.opens(dossier, 'request_correction');
  await correction.submits({ comment: sentence('wordsCorrection') });
  const question = await nora.receives('correction', reference, sentence('wordsCorrection'));
  await nora.replies(question, 'pothole-number', [house]);
  const reply = await voirie.receives('reply_received', reference, sentence('saysNumber'));
  const thread = await voirie.opens(reply, 'view');
  const files = await Promise.all(thread.files().map((path) => thread.downloads(path)));
  check(
    files.some((bytes) => bytes.equals(house.content)),
    'checkPhotoDownloads',
    { file: house.fileName },
  );

  const accept = await voirie.opens(reply, 'accept');
  const accepted = await accept.submits({ told: 'yes', comment: sentence('wordsAccept') });
  saysOn(stage, accepted, label('pageResults', 'accept'));
  await voirie.receives('receipt', reference, sentence('wordsAccept'));
  await stage.undoWindowPasses();
  const decision = await nora.receives('decision', label('outcomes', 'accepted'), sentence('wordsAccept'));
  check(isInThread(decision, first), 'checkThread', {}, headersOf(decision));
  await desk.receives('decision_copy', reference, label('outcomes', 'accepted'));
  await stage.nothingElseArrives();
}

/** It takes less than one second, the very first mail included; a machine busy with other things may take more. */
const ACKNOWLEDGED_WITHIN_MS = 5_000;

function saysOn({ check }: Stage, page: Page, words: string): void {
  check(page.says(words), 'checkPageSays', { words }, page.text);
}

function isInThread({ mail }: Letter, earlier: Letter): boolean {
  const id = earlier.mail.messageId;
  return id !== undefined && mail.inReplyTo !== undefined && [mail.references ?? []].flat().includes(id);
}

function headersOf({ mail }: Letter): string {
  return `In-Reply-To: ${mail.inReplyTo} ; References: ${[mail.references ?? []].flat().join(' ')}`;
}

function senderOf({ mail }: Letter): string {
  return mail.from?.value[0]?.address ?? '';
}

function holdsPhoto({ mail }: Letter, { content }: Photo): boolean {
  return mail.attachments.some((file) => file.content.equals(content));
}

function filesOf({ mail }: Letter): string {
  return mail.attachments.map(({ filename }) => filename).join(', ');
}

/** What a citizen must not be given: an agent's link, the key of the desk's own mail, the desk's address. */
function leaksIn({ raw, mail }: Letter, deskAddress: string, answer: Letter): string[] {
  const words = [mail.text, mail.html].join('\n');
  const everything = [words, raw.toString('latin1')].join('\n');
  const deskKey = [answer.mail.to ?? []].flat()[0]?.value[0]?.address ?? '';
  const secrets = [deskAddress, deskKey].filter((secret) => everything.includes(secret));
  return [...secrets, ...(/\/[af]\/[\w-]{20,}|(?<!\/d\/)(?<![\w.-])eyJ[\w-]{10,}/.exec(words) ?? [])];
}
