import { expect, it } from 'vitest';
import { openLane, type Lane } from './model/lane.ts';
import { playSequence } from './model/sequence.ts';
import { HAPPENINGS, TABLE } from './model/table.ts';

// MODEL_SEED=n MODEL_COUNT=1 plays one sequence again: the number is in the message of its failure. MODEL_SEED=random
// plays others than usual.
const COUNT = Number(process.env['MODEL_COUNT'] ?? 2_000);
const WANTED = process.env['MODEL_SEED'] ?? '20261121';
const SEED = WANTED === 'random' ? Math.floor(Math.random() * 1_000_000_000) : Number(WANTED);
const LANES = Math.min(4, COUNT);

it(`whatever people send, press and break, in ${COUNT} sequences from seed ${SEED}, the workflow keeps its promises`, {
  timeout: 600_000,
}, async () => {
  const lanes = await Promise.all(Array.from({ length: LANES }, async () => openLane()));
  const seen: Record<string, number> = {};
  let next = 0;
  const run = async (lane: Lane) => {
    while (next < COUNT) {
      const { history, counts } = await playSequence(lane, SEED + next++);
      for (const { action } of history) seen[action] = (seen[action] ?? 0) + 1;
      for (const [what, times] of Object.entries(counts)) seen[what] = (seen[what] ?? 0) + times;
    }
  };
  try {
    await Promise.all(lanes.map(run));
  } finally {
    next = COUNT;
    await Promise.all(lanes.map((lane) => lane.close()));
  }
  process.stdout.write(`model: ${JSON.stringify(seen)}\n`);
  if (COUNT < 1_000) return;
  // A sequence in which nothing can happen would keep every promise.
  const wanted = [...Object.keys(TABLE), ...Object.keys(HAPPENINGS), 'crash at commit', 'two at once'];
  expect(wanted.filter((what) => (seen[what] ?? 0) < 3)).toEqual([]);
});
