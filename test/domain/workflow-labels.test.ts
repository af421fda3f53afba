import { describe, expect, test } from 'vitest';
import { CLOCK_STEPS } from '../../src/domain/legal-clock.ts';
import { ORIGINS } from '../../src/domain/request.ts';
import { CITIZEN_ACTIONS, OUTCOMES, PAGE_ACTIONS, STATUSES, WORKFLOW } from '../../src/domain/workflow.ts';
import { loadLocale } from '../../src/template.ts';
import { FIELD_ERRORS, FORM_FIELDS } from '../../src/web/form-errors.ts';

/** What pages say of each row of the workflow: a word added to the table without its sentence fails here, one left over too. */
const WITHOUT_WORDS = ['confirm_address'];

const SECTIONS: Record<string, readonly string[]> = {
  // « Transmise à X » is a new request that a department holds.
  statuses: [...STATUSES, 'transferred'],
  citizenStatuses: STATUSES,
  outcomes: OUTCOMES,
  origins: ORIGINS,
  originsBy: ORIGINS,
  pageExplanations: PAGE_ACTIONS,
  pageFields: PAGE_ACTIONS,
  pageButtons: PAGE_ACTIONS,
  pageResults: PAGE_ACTIONS,
  pageNext: PAGE_ACTIONS,
  citizenExplanations: CITIZEN_ACTIONS,
  citizenFields: CITIZEN_ACTIONS.filter((action) => !WITHOUT_WORDS.includes(action)),
  citizenButtons: CITIZEN_ACTIONS,
  citizenResults: CITIZEN_ACTIONS,
  citizenNext: CITIZEN_ACTIONS,
  formAnchors: FORM_FIELDS,
  legalSteps: CLOCK_STEPS,
};

describe.each(Object.entries(SECTIONS))('%s', (section, keys) => {
  test('says each, and nothing that is gone', () => {
    const said = loadLocale()[section] ?? {};
    expect(Object.keys(said).toSorted()).toEqual([...keys].toSorted());
    for (const key of keys) expect(said[key]).toMatch(/\S/);
  });
});

test('N04: an action is called the same on its link and in the history, in a few words', () => {
  const { actions = {} } = loadLocale();
  for (const action of [...PAGE_ACTIONS, ...CITIZEN_ACTIONS]) {
    expect([action, actions[action]?.length]).toEqual([action, expect.any(Number)]);
    expect([action, (actions[action]?.length ?? 0) <= 45]).toEqual([action, true]);
  }
  const named = PAGE_ACTIONS.map((action) => actions[action]);
  expect(new Set(named).size).toBe(named.length);
});

test('C26: the words beside each field say who reads them, as the workflow does', () => {
  const { pageReaders = {} } = loadLocale();
  for (const action of PAGE_ACTIONS) expect(pageReaders[WORKFLOW[action].reads]).toMatch(/\S/);
});

test('C29: a status is called by agents and by citizens as the design calls it', () => {
  const { statuses = {}, citizenStatuses = {}, outcomes = {} } = loadLocale();
  expect(STATUSES.map((status) => [statuses[status], citizenStatuses[status]])).toEqual([
    ['Non traitée', 'Reçue'],
    ['En cours', 'En cours de traitement'],
    ['En attente de correction', 'Informations complémentaires requises'],
    ['En attente', 'En cours'],
    ['Terminée', 'Terminée'],
  ]);
  const ends = ['acceptée', 'refusée', 'répondue', 'sans suite', 'doublon', 'réorientée', 'retirée', 'indésirable'];
  for (const [i, outcome] of OUTCOMES.entries()) expect(outcomes[outcome]?.toLowerCase()).toContain(ends[i]);
});

test('a refusal that a field can mend is said beside it', () => {
  const { pageErrors = {} } = loadLocale();
  const keys = Object.values(FIELD_ERRORS).flatMap((errors) => Object.values(errors));
  expect(keys.filter((key) => !/\S/.test(pageErrors[key] ?? ''))).toEqual([]);
  expect(keys.length).toBeGreaterThan(15);
});
