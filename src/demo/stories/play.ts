import type { DemoTown } from '../town.ts';
import { aCorrection } from './correction.ts';
import { aRefusal } from './refusal.ts';
import { aSilence } from './silence.ts';
import { openStage, type Stage } from './stage.ts';
import { Unexpected } from './unexpected.ts';
import { createTranscript } from './voices.ts';

const STORIES: Record<string, (stage: Stage) => Promise<void>> = {
  storyCorrection: aCorrection,
  storyRefusal: aRefusal,
  storySilence: aSilence,
};

/** Plays every story and prints it; false, with what was expected and what was seen, at the first thing that is wrong. */
export async function playStories(town: DemoTown, write: (text: string) => void): Promise<boolean> {
  const since = performance.now();
  const transcript = createTranscript(town, write);
  try {
    const stage = openStage(town, transcript);
    for (const [title, play] of Object.entries(STORIES)) {
      transcript.story(title);
      await play(stage);
    }
  } catch (error) {
    if (!(error instanceof Unexpected)) throw error;
    transcript.failure(error.message, error.seen);
    return false;
  }
  transcript.end((performance.now() - since) / 1_000);
  return true;
}
