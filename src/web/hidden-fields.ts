import { departmentOf } from '../domain/people.ts';
import { label } from '../template.ts';
import { nameOf, shown } from './edit-fields.ts';
import { guestName } from './action-form.ts';
import { valueOf, valuesOf, type FormInput } from './form-input.ts';
import type { Sent } from './take-action.ts';

/** What was sent, to be read again before it counts. */

/** Everything but the nonce, as hidden fields of the next form. */
export function hiddenFields({ fields }: FormInput): { name: string; value: string }[] {
  return Object.entries(fields).flatMap(([name, values]) => values.map((value) => ({ name, value })));
}

/** The choices as people read them, each under the label of its field (section `recap`). */
export function recapOf({ site, input, dossier }: Pick<Sent, 'site' | 'input' | 'dossier'>) {
  const { config } = site.ground;
  const { town } = config;
  const one = (name: string) => valueOf(input, name);
  const edits = Object.keys(input.fields)
    .filter((name) => name.startsWith('was:') && one(name) !== one(`field:${name.slice('was:'.length)}`))
    .map((name) => name.slice('was:'.length))
    .map((field) => ({
      name: nameOf(field, dossier.request, config),
      value: shown(field, one(`field:${field}`), config),
    }));
  const chosen = [
    { key: 'department', value: departmentOf(town, one('department'))?.name ?? '' },
    { key: 'assignee', value: one('assignee') && guestName(one('assignee'), town) },
    { key: 'colleague', value: one('colleague') && guestName(one('colleague'), town) },
    { key: 'guest', value: one('guest') && guestName(one('guest'), town) },
    { key: 'administration', value: one('otherAdministration') || one('administration') },
    { key: 'original', value: one('original') },
    { key: 'milestone', value: one('milestone') },
    { key: 'labels', value: valuesOf(input, 'labels').join(', ') },
    { key: 'pieces', value: [...valuesOf(input, 'pieces'), one('otherPieces')].filter(Boolean).join(', ') },
    { key: 'indispensable', value: one('indispensable') && label('legalChoices', 'suspended') },
    { key: 'mailSubject', value: one('mailSubject') },
    { key: 'agent', value: one('agent') },
  ].filter(({ value }) => value !== '');
  const days = ['until', 'dueOn'].map((key) => ({ key, day: one(key) })).filter(({ day }) => day !== '');
  return { chosen, days, edits, told: one('told') };
}
