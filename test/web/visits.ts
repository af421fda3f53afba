import { signLink } from '../../src/action-link.ts';
import { recordAutomatic } from '../../src/domain/occurrences.ts';
import { decideOn } from '../../src/store/decide-on.ts';
import { newId } from '../../src/store/ids.ts';
import { act, claimsOf, linkOf, openRequest, PNG, readForm, type TestTown } from './town.ts';

/** Every page that a person can come to. */
export interface Visit {
  name: string;
  path(town: TestTown): Promise<string>;
  fill?: Record<string, string>;
  submit?: 'in time' | 'at once';
}

const DESK_ACTIONS = ['take_charge', 'transfer', 'request_correction', 'accept', 'refuse', 'message', 'note'];
const WORDS = { comment: 'La rue des Lilas est une voie départementale.\nNous avons prévenu le département.' };

export const VISITS: Visit[] = [
  { name: 'dossier', path: async (town) => linkOf(town, await longRequest(town), 'department:voirie') },
  ...DESK_ACTIONS.map((action) => ({
    name: `form-${action}`,
    path: async (town: TestTown) => linkOf(town, await openRequest(town), 'desk', action),
  })),
  { name: 'form-undo', path: undoLink },
  { name: 'result-undo', path: undoLink, fill: { confirm: 'yes' }, submit: 'in time' },
  { name: 'undo-too-late', path: lateUndoLink },
  {
    name: 'form-send_back',
    path: async (town) => linkOf(town, await longRequest(town), 'department:voirie', 'send_back'),
  },
  ...[
    ['transfer', { comment: WORDS.comment }],
    ['refuse', {}],
    ['accept', {}],
  ].map(([action, fill]) => ({
    name: `wrong-${action as string}`,
    path: async (town: TestTown) => linkOf(town, await openRequest(town), 'desk', action as string),
    fill: fill as Record<string, string>,
    submit: 'in time' as const,
  })),
  ...[
    ['transfer', { ...WORDS, department: 'voirie' }],
    ['refuse', WORDS],
    ['accept', { confirm: 'yes' }],
    ['note', WORDS],
  ].map(([action, fill]) => ({
    name: `result-${action as string}`,
    path: async (town: TestTown) => linkOf(town, await openRequest(town), 'desk', action as string),
    fill: fill as Record<string, string>,
    submit: 'in time' as const,
  })),
  {
    name: 'too-fast',
    path: async (town) => linkOf(town, await openRequest(town), 'desk', 'refuse'),
    fill: WORDS,
    submit: 'at once',
  },
  {
    name: 'closed-already',
    path: async (town) => {
      const id = await openRequest(town);
      await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
      await act(town, await linkOf(town, id, 'department:voirie', 'accept'), { confirm: 'yes' });
      return linkOf(town, id, 'desk', 'transfer');
    },
  },
  {
    name: 'moved',
    path: async (town) => {
      const id = await openRequest(town);
      await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: 'Pour vous' });
      await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'urbanisme', comment: 'Non' });
      return linkOf(town, id, 'department:voirie');
    },
  },
  {
    name: 'came-back',
    path: async (town) => {
      const id = await openRequest(town);
      const desk = await linkOf(town, id, 'desk', 'transfer');
      await act(town, desk, { department: 'voirie', comment: 'Pour vous' });
      const old = await linkOf(town, id, 'department:voirie');
      await act(town, desk, { department: 'urbanisme', comment: 'Non' });
      await act(town, desk, { department: 'voirie', comment: 'Si' });
      return old;
    },
  },
  { name: 'expired', path: expiredLink },
  { name: 'fresh-link-sent', path: expiredLink, submit: 'in time' },
  { name: 'damaged', path: async () => '/a/eyJhbGciOi' },
  { name: 'nothing-there', path: async () => '/nulle-part' },
];

async function undoLink(town: TestTown): Promise<string> {
  const id = await openRequest(town);
  await act(town, await linkOf(town, id, 'desk', 'accept'), { confirm: 'yes' });
  return linkOf(town, id, 'desk', 'undo');
}

async function lateUndoLink(town: TestTown): Promise<string> {
  const path = await undoLink(town);
  town.advance(town.ground.config.schedule.undoSeconds * 1_000);
  return path;
}

async function expiredLink(town: TestTown): Promise<string> {
  const claims = await claimsOf(town, await openRequest(town), 'desk');
  return `/a/${signLink('action', { ...claims, exp: claims.iat - 86_400 }, town.secrets)}`;
}

/** A request where everything that a dossier can show has happened. */
export async function longRequest(town: TestTown): Promise<string> {
  const { ground } = town;
  const id = await openRequest(town, {
    subject: 'Nid-de-poule dangereux devant le 12, rue des Lilas',
    text: 'Bonjour,\n\nUn trou profond s’est ouvert devant le 12, rue des Lilas. Mon fils est tombé de vélo hier soir.\nVoir aussi https://exemple.fr/photos\n\nPouvez-vous intervenir rapidement ?\n\nZoé Dupont\n06 00 00 00 00',
    elided: '> Le 3 avril, la mairie a écrit :\n> Nous passerons.',
    files: [
      { fileName: 'photo du trou.png', contentType: 'image/png', content: PNG },
      {
        fileName: 'Constat amiable – vélo – rue des Lilas – 20 novembre 2026.pdf',
        contentType: 'application/pdf',
        content: Buffer.from('%PDF-1.7\n'.padEnd(240_000)),
      },
    ],
  });
  const instructions = 'Un accident a déjà eu lieu : merci de sécuriser avant ce soir.';
  await act(town, await linkOf(town, id, 'desk', 'transfer'), { department: 'voirie', comment: instructions });
  const voirie = (action: string) => linkOf(town, id, 'department:voirie', action);
  await act(town, await voirie('take_charge'), { confirm: 'yes', agent: 'Jeanne Martin' });
  await act(town, await voirie('note'), {
    comment: 'Vu sur place : 40 cm de large, 15 cm de profondeur.',
    agent: 'Jeanne Martin',
  });
  await act(town, await voirie('message'), {
    comment: 'Bonjour,\n\nUne équipe pose des barrières dans l’heure.',
    agent: 'Jeanne Martin',
  });
  const citizen = { role: 'citizen' as const, department: null, name: 'Zoé Dupont', address: 'zoe@example.org' };
  const absence = recordAutomatic(citizen, 'Je suis absente jusqu’au 30 novembre.', '');
  await decideOn(ground, id, () => absence, { id: `test:${newId()}` });
  const mail = await ground.store.db.outboundEmail.findFirstOrThrow({ where: { requestId: id, kind: 'message' } });
  const failure = { state: 'failed', lastError: '550 5.1.1 User unknown' };
  await ground.store.db.outboundEmail.update({ where: { id: mail.id }, data: failure });
  return id;
}

/** One address of each route, with what it should answer. */
export async function everyRoute(
  town: TestTown,
): Promise<{ method: string; path: string; body?: string; status: number }[]> {
  const id = await longRequest(town);
  const path = await linkOf(town, id, 'department:voirie', 'accept');
  const file = await town.ground.store.db.attachment.findFirstOrThrow({ where: { message: { requestId: id } } });
  const fileToken = signLink('file', await claimsOf(town, id, 'department:voirie', file.id), town.secrets);
  const nonce = await readForm(town, path);
  const expired = await expiredLink(town);
  return [
    { method: 'GET', path: '/health', status: 200 },
    { method: 'GET', path: '/robots.txt', status: 200 },
    { method: 'GET', path: '/style.css', status: 200 },
    { method: 'GET', path, status: 200 },
    { method: 'HEAD', path, status: 200 },
    { method: 'GET', path: `/f/${fileToken}`, status: 200 },
    { method: 'GET', path: '/a/damaged', status: 404 },
    { method: 'GET', path: '/f/damaged', status: 404 },
    { method: 'GET', path: '/', status: 404 },
    { method: 'GET', path: '/a/%E0%A4%A', status: 400 },
    { method: 'PUT', path, status: 404 },
    { method: 'GET', path: expired, status: 410 },
    { method: 'POST', path: `${expired}/fresh`, body: '', status: 200 },
    { method: 'POST', path, body: 'comment=x', status: 403 },
    { method: 'POST', path, body: `nonce=${nonce}`, status: 422 },
    { method: 'POST', path, body: `comment=${'x'.repeat(70_000)}`, status: 413 },
    { method: 'POST', path, body: `nonce=${nonce}&confirm=yes`, status: 303 },
  ];
}
