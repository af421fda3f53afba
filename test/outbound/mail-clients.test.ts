import { caniemail, rawData } from 'caniemail';
import { beforeAll, expect, test } from 'vitest';
import { MAIL_KINDS } from '../../src/domain/workflow.ts';
import { createRenderer } from '../../src/outbound/render.ts';
import { sampleOf } from '../../src/outbound/sample-cases.ts';
import { PLAUSIBLE } from '../../src/outbound/sample-views.ts';

/** What mail programs make of our HTML, by the tables of caniemail.com: nothing that matters may rest on what one of them drops. */

type Client = Parameters<typeof caniemail>[0]['clients'][number];

const CLIENTS: Client[] = [
  'gmail.desktop-webmail',
  'gmail.android',
  'gmail.ios',
  'outlook.windows',
  'outlook.outlook-com',
  'outlook.macos',
  'outlook.ios',
  'outlook.android',
  'apple-mail.macos',
  'apple-mail.ios',
  'thunderbird.windows',
  'thunderbird.macos',
  'yahoo.desktop-webmail',
  'yahoo.android',
  'yahoo.ios',
  'orange.desktop-webmail',
  'orange.android',
  'orange.ios',
  'laposte.desktop-webmail',
  'laposte.android',
  'laposte.ios',
  'free-fr.desktop-webmail',
  'sfr.desktop-webmail',
  'sfr.android',
  'sfr.ios',
];

interface Accepted {
  feature: string;
  /** Why nobody loses anything by it. */
  harmless: string;
  /** What is there instead. */
  instead: string;
}

const STYLES = 'sizes and margins of headings and lists are in it, and the colours of the dark';
const READERS_OWN = "the reader's own headings and lists; colours, widths and the button are inline";

const ACCEPTED: Accepted[] = [
  {
    feature: '<wbr> element',
    harmless: 'where a long address may break, for Yahoo, which drops `word-break`',
    instead: '`word-break`, which the others know',
  },
  {
    feature: '<link> element',
    harmless: 'the action « Voir la demande » that a program may show in its list (schema.org)',
    instead: 'the button of the mail, which leads to the same page',
  },
  { feature: '<style> element', harmless: STYLES, instead: READERS_OWN },
  {
    feature: '@media',
    harmless: 'the colours of the dark, and the width of the one column',
    instead: 'the light colours; the column is as wide as its table',
  },
  { feature: 'Class selector', harmless: STYLES, instead: READERS_OWN },
  { feature: 'Type selector', harmless: STYLES, instead: READERS_OWN },
  {
    feature: 'ID selector',
    harmless: "MJML's repair of links in old Outlooks",
    instead: 'links as that program draws them',
  },
  { feature: 'Descendant combinator', harmless: 'the colours of the dark', instead: 'the light colours' },
  { feature: 'Chaining selectors', harmless: 'one rule of MJML for Thunderbird', instead: 'the width of the table' },
  { feature: '!important keyword', harmless: 'the colours of the dark win by it', instead: 'the light colours' },
  {
    feature: 'color-scheme meta tag',
    harmless: 'says that the mail has dark colours',
    instead: "the program's own way in the dark",
  },
  {
    feature: 'color-scheme CSS property',
    harmless: 'says that the mail has dark colours',
    instead: "the program's own way in the dark",
  },
  { feature: '<body> element', harmless: 'its background is white', instead: 'the white of the program' },
  { feature: 'border-radius', harmless: 'round corners of the button', instead: 'square ones' },
  { feature: 'cursor', harmless: 'the button is a link', instead: 'the hand of links' },
  { feature: 'target attribute', harmless: 'mail programs open links elsewhere anyway', instead: 'the same' },
  { feature: 'aria-label attribute', harmless: 'repeats the subject for who listens', instead: 'the subject itself' },
  {
    feature: 'role attribute',
    harmless: 'keeps layout tables from being read as tables',
    instead: 'one table of one column, read in its order',
  },
  {
    feature: 'lang attribute',
    harmless: 'who listens has set their language',
    instead: 'Content-Language in the header',
  },
  { feature: 'height property', harmless: 'no box of ours has a height that matters', instead: 'as high as its words' },
  { feature: 'max-height property', harmless: 'hides the words for the list of mails', instead: 'display:none does' },
  { feature: 'opacity', harmless: 'hides the words for the list of mails', instead: 'display:none does' },
  { feature: 'overflow', harmless: 'hides the words for the list of mails', instead: 'display:none does' },
  { feature: 'outline', harmless: "MJML's rule for linked pictures", instead: 'the border of the picture is 0' },
  { feature: 'text-decoration', harmless: "no line under the button's name", instead: 'a line under it' },
  {
    feature: 'white-space',
    harmless: 'keeps the number of a request on one line',
    instead: 'a space that does not break',
  },
  { feature: 'word-spacing', harmless: "MJML's rule for old Outlooks", instead: 'ordinary spaces' },
  {
    feature: 'overflow-wrap',
    harmless: 'breaks a word without end',
    instead: 'word-break, or a mail that is scrolled sideways',
  },
  {
    feature: 'word-break',
    harmless: 'breaks a word without end',
    instead: 'overflow-wrap, or a mail that is scrolled sideways',
  },
];

/** Feature → the programs that drop it. */
const dropped = new Map<string, Set<Client>>();

beforeAll(async () => {
  takeSilenceForSupport();
  const renderer = await createRenderer({ timeZone: 'Europe/Paris' });
  for (const { kind, role } of PLAUSIBLE) {
    for (const sampleCase of ['ordinary', 'pieces'] as const) {
      const { errors } = caniemail({
        clients: CLIENTS,
        html: renderer.render(sampleOf(kind, role, sampleCase)).html,
      }).issues;
      for (const [client, issues] of errors) {
        for (const { title } of issues) dropped.set(title, (dropped.get(title) ?? new Set()).add(client));
      }
    }
  }
});

/** Where its tables say nothing of a feature in a program, the checker throws. */
function takeSilenceForSupport(): void {
  for (const { stats } of rawData.data as unknown as {
    stats: Record<string, Record<string, Record<string, string>> | undefined>;
  }[]) {
    for (const client of CLIENTS) {
      const [family = '', platform = ''] = client.split('.');
      const known = (stats[family] ??= {});
      known[platform] ??= { 'no data': 'y' };
    }
  }
}

test('no program drops anything but what is listed here with what is there instead', () => {
  const accepted = new Set(ACCEPTED.map(({ feature }) => feature));
  const faults = [...dropped].filter(([feature]) => !accepted.has(feature));
  expect(faults.map(([feature, clients]) => `${feature}: ${[...clients].join(', ')}`)).toEqual([]);
});

test('nothing is listed that no mail uses any more', () => {
  expect(ACCEPTED.map(({ feature }) => feature).filter((feature) => !dropped.has(feature))).toEqual([]);
});

test('the programs and mails that are looked at are all there are', () => {
  expect(new Set(PLAUSIBLE.map(({ kind }) => kind)).size).toBe(MAIL_KINDS.length);
  expect(dropped.size).toBeGreaterThan(10);
});
