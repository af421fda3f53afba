import { createHash } from 'node:crypto';
import type { Town } from '../../../src/domain/people.ts';
import type { SentForm } from '../../../src/web/read-body.ts';
import { NOBODY, sees, type Told } from './history.ts';
import type { Dice } from './random.ts';
import { TABLE } from './table.ts';

/** What a person fills in, well or badly. */
export interface Filled extends SentForm {
  /** Whether the design takes it, if this person may do that now. */
  isGood: boolean;
}

/** Words between colleagues: no citizen ever reads them. */
export const SECRET_WORDS = 'ENTRE-NOUS';

export function fillIn(
  action: string,
  request: Told,
  all: readonly Told[],
  phone: string,
  town: Town,
  now: Date,
  d: Dice,
): Filled {
  const one = d.roll(1_000_000);
  const isToCitizen = TO_CITIZEN.includes(action);
  const words = `${isToCitizen ? 'BONJOUR' : SECRET_WORDS} ${one}`;
  const fields: Record<string, string[]> = { comment: [words], confirm: ['yes'] };
  if (d.percent(20)) fields['agent'] = [d.pick(['Jeanne Martin', 'Quelqu’un'])];
  let isGood = true;
  const choose = (name: string, good: readonly string[], bad: string) => {
    isGood = good.length > 0 && d.percent(88);
    fields[name] = [isGood ? d.pick(good) : bad];
  };
  if (TELLING.includes(action)) fields['told'] = [d.percent(70) ? 'yes' : 'no'];
  switch (action) {
    case 'assign': {
      const agents = town.agents.filter(({ office }) => office === request.holder).map(({ address }) => address);
      choose(
        'assignee',
        agents.filter((address) => address !== request.assignee),
        request.assignee ?? 'x@plassans.fr',
      );
      break;
    }
    case 'transfer': {
      const others = town.departments.map(({ id }) => id).filter((id) => id !== request.holder);
      choose('department', others, request.holder);
      break;
    }
    case 'share': {
      const blind = blindColleagues(request, town);
      choose('colleague', blind, town.desk.address);
      break;
    }
    case 'unshare':
      choose('guest', request.guests, 'nobody@plassans.fr');
      break;
    case 'hold':
      choose('until', ['', dayIn(now, 2), dayIn(now, 20)], dayIn(now, -1));
      break;
    case 'request_correction':
      choose('dueOn', ['', dayIn(now, 5)], '2026-02-30');
      fields['pieces'] = ['Une photo'];
      break;
    case 'milestone':
      choose('milestone', ['Visite sur place', 'Avis reçu'], 'Jalon inconnu');
      break;
    case 'label': {
      const wanted = ['urgent', 'presse', 'école'].filter((label) => label !== request.labels);
      fields['labelled'] = ['1'];
      choose('labels', wanted, 'mot inconnu');
      break;
    }
    case 'merge': {
      const others = all
        .filter(({ reference, outcome }) => reference !== request.reference && outcome !== 'duplicate')
        .map(({ reference }) => reference);
      choose('original', others, d.pick([request.reference, '2026-999999']));
      break;
    }
    case 'reorient':
      choose('administration', ['Préfecture', 'France Services'], '');
      break;
    case 'edit':
      isGood = fillEdit(fields, request, phone, one, d);
      break;
    case 'note':
      if (d.percent(30)) fields['comment'] = [`${words} @${d.pick(town.agents).name}`];
      if (d.percent(10)) fields['comment'] = [`${words} ${NOBODY}`];
      break;
  }
  const files = action === 'attach' || (TAKES_FILES.includes(action) && d.percent(10)) ? [aFile(one)] : [];
  if (isGood && d.percent(8)) {
    if (TABLE[action]?.words === 'required') {
      fields['comment'] = ['  '];
      isGood = files.length > 0 && TAKES_FILES.includes(action);
    } else if (TELLING.includes(action) && request.citizen !== '') {
      fields['told'] = [];
      isGood = false;
    }
  }
  return { fields, files, isGood };
}

const TELLING = ['take_charge', 'accept', 'refuse', 'drop', 'merge', 'reorient'];
const TO_CITIZEN = [...TELLING, 'request_correction', 'message', 'answer'];
const TAKES_FILES = ['message', 'answer', 'note'];

function fillEdit(fields: Record<string, string[]>, request: Told, phone: string, one: number, d: Dice): boolean {
  const wanted = d.roll(10);
  if (wanted < 4) {
    fields['was:citizenPhone'] = [phone];
    fields['field:citizenPhone'] = [`0${one}`];
    return true;
  }
  if (wanted < 5) {
    fields['was:citizenPhone'] = ['what nobody ever wrote'];
    fields['field:citizenPhone'] = [`0${one}`];
    return false;
  }
  fields['was:citizenAddress'] = [request.citizen];
  fields['field:citizenAddress'] = [wanted < 9 ? `nouvelle${one}@example.org` : ''];
  return wanted < 9 || request.citizen !== '';
}

function blindColleagues(request: Told, town: Town): string[] {
  const offices = town.departments.map(({ id, address }) => ({ role: 'department', department: id, address }));
  const agents = town.agents
    .filter(({ office }) => office !== 'desk')
    .map(({ office, address }) => ({ role: 'department', department: office, address }));
  return [...offices, ...agents].filter((person) => !sees(request, person)).map(({ address }) => address);
}

function dayIn(now: Date, days: number): string {
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

export function aFile(number: number): SentForm['files'][number] {
  const content = Buffer.from(`file ${number}`);
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { fileName: 'plan.txt', contentType: 'text/plain', sha256, inline: false, content };
}
