import type { Role, Town } from '../domain/people.ts';
import type { MailKind } from '../domain/workflow.ts';
import { createRenderer } from '../outbound/render.ts';
import { SAMPLE_CASES, SAMPLE_CIDS, sampleOf, type SampleCase } from '../outbound/sample-cases.ts';
import { PLAUSIBLE } from '../outbound/sample-views.ts';
import { openThumbnails } from '../outbound/thumbnail.ts';
import { label } from '../template.ts';
import { houseNumberPhoto, potholePhoto, streetLampPhoto } from './photos.ts';

/** Every mail to everybody who may receive it, in every case: what a person looks through before a release. */

export interface GalleryRow {
  kind: MailKind;
  role: Role;
  /** « accusé de réception », « À l'usager ». */
  name: string;
  recipient: string;
}

export interface GalleryMail {
  subject: string;
  /** What a list of mails shows after the subject. */
  preheader: string;
  /** With its pictures in it, where a mail has them beside it. */
  html: string;
  text: string;
}

export interface Gallery {
  show(row: Pick<GalleryRow, 'kind' | 'role'>, sampleCase: SampleCase): GalleryMail;
}

const RECIPIENTS: readonly Role[] = ['citizen', 'desk', 'department', 'supervisor'];

export const GALLERY_CASES: { id: SampleCase; name: string }[] = SAMPLE_CASES.map((id) => ({
  id,
  name: label('sampleCases', id),
}));

/** By recipient, in the order of the workflow. */
export const GALLERY_ROWS: GalleryRow[] = RECIPIENTS.flatMap((role) =>
  PLAUSIBLE.filter((each) => each.role === role).map(({ kind }) => ({
    kind,
    role,
    name: label('mailKinds', kind),
    recipient: label('gallery', `recipient_${role}`),
  })),
);

export function rowsByRecipient(): { recipient: string; rows: GalleryRow[] }[] {
  const recipients = [...new Set(GALLERY_ROWS.map(({ recipient }) => recipient))];
  return recipients.map((recipient) => ({
    recipient,
    rows: GALLERY_ROWS.filter((row) => row.recipient === recipient),
  }));
}

export async function openGallery({ timeZone }: Pick<Town, 'timeZone'>): Promise<Gallery> {
  const renderer = await createRenderer({ timeZone });
  const photos = await samplePictures();
  return {
    show({ kind, role }, sampleCase) {
      const { subject, html, text } = renderer.render(sampleOf(kind, role, sampleCase));
      return { subject, preheader: preheaderOf(html), html: withPictures(html, photos), text };
    },
  };
}

/** As many as the samples show, made as those of real mails are; as they were drawn where the library is absent. */
export async function samplePictures(): Promise<{ cid: string; contentType: string; content: Buffer }[]> {
  const makeThumbnail = await openThumbnails();
  const photos = [streetLampPhoto(), potholePhoto(), houseNumberPhoto()];
  return Promise.all(
    photos.map(async ({ content }, i) => {
      const cid = SAMPLE_CIDS[i] ?? '';
      const made = await makeThumbnail?.(content);
      if (made === undefined || 'refused' in made) return { cid, contentType: 'image/png', content };
      return { cid, contentType: 'image/jpeg', content: made.jpeg };
    }),
  );
}

function withPictures(html: string, photos: Awaited<ReturnType<typeof samplePictures>>): string {
  return photos.reduce(
    (page, { cid, contentType, content }) =>
      page.replaceAll(`cid:${cid}`, `data:${contentType};base64,${content.toString('base64')}`),
    html,
  );
}

/** MJML hides it before everything else. */
function preheaderOf(html: string): string {
  const [, hidden = ''] = /<body[^>]*>\s*<div style="display:none;[^"]*">([\s\S]*?)<\/div>/.exec(html) ?? [];
  return unescaped(hidden).replace(/\s+/g, ' ').trim();
}

function unescaped(html: string): string {
  return html
    .replace(/&#39;/g, "'")
    .replace(/&#34;|&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
