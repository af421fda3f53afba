import type { Role } from '../src/domain/people.ts';
import type { MailKind } from '../src/domain/workflow.ts';
import { compileMail } from '../src/outbound/compile-mail.ts';
import { createRenderer } from '../src/outbound/render.ts';
import { sampleOf, type SampleCase } from '../src/outbound/sample-cases.ts';
import { NO_OWN_TEMPLATES } from '../src/template-files.ts';
import { createEngine } from '../src/template.ts';

/**
 * Mails rendered per second, both parts, from templates compiled at the start. Beside it in the same run: the same with MJML
 * compiled for each mail, as one would without that; and LiquidJS filling one small template, which is as fast as it gets.
 */

const MAILS: { kind: MailKind; role: Role; sampleCase: SampleCase }[] = [
  { kind: 'acknowledgement', role: 'citizen', sampleCase: 'ordinary' },
  { kind: 'transferred', role: 'department', sampleCase: 'long' },
  { kind: 'status_report', role: 'supervisor', sampleCase: 'ordinary' },
];

/** Runs of each take turns, so that a busy moment of the machine falls on all of them. */
const ROUNDS = 3;

export async function benchRender(secondsEach: number): Promise<void> {
  const started = performance.now();
  const renderer = await createRenderer({ timeZone: 'Europe/Paris' });
  console.log(`render: all templates compiled in ${(performance.now() - started).toFixed(0)} ms`);
  const bare = bareLiquid();
  for (const { kind, role, sampleCase } of MAILS) {
    const view = sampleOf(kind, role, sampleCase);
    const { html, text } = renderer.render(view);
    const rates = { ours: 0, eachTime: 0, bare: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const ms = (secondsEach * 1_000) / ROUNDS;
      rates.ours = Math.max(rates.ours, await rate(ms, () => renderer.render(view)));
      rates.eachTime = Math.max(
        rates.eachTime,
        await rate(ms, () => compiledAndRendered(kind, () => renderer.render(view))),
      );
      rates.bare = Math.max(rates.bare, await rate(ms, bare));
    }
    const kilobytes = (Buffer.byteLength(html) + Buffer.byteLength(text)) / 1_000;
    console.log(
      [
        `render: ${kind.padEnd(15)} ${kilobytes.toFixed(0)} kB: ${perSecond(rates.ours)}`,
        `with MJML each time ${perSecond(rates.eachTime)} (${(rates.ours / rates.eachTime).toFixed(0)} times slower)`,
        `bare LiquidJS ${perSecond(rates.bare)} (a ratio of ${(rates.ours / rates.bare).toFixed(3)})`,
      ].join('; '),
    );
  }
}

async function compiledAndRendered(kind: MailKind, render: () => unknown): Promise<void> {
  await compileMail(`emails/${kind}.mjml`, 'fr', NO_OWN_TEMPLATES);
  render();
}

function bareLiquid(): () => unknown {
  const engine = createEngine({ html: true, timeZone: 'Europe/Paris' });
  const template = engine.parse(
    '<p>Bonjour {{ name }},</p>{% if reference %}<p>{{ reference }} : {{ subject }}</p>{% endif %}',
  );
  const values = { name: 'Jean Dupont', reference: '2026-000021', subject: 'Lampadaire éteint' };
  return () => engine.renderSync(template, values) as unknown;
}

async function rate(ms: number, work: () => unknown): Promise<number> {
  const started = performance.now();
  let count = 0;
  while (performance.now() - started < ms) {
    await work();
    count += 1;
  }
  return (count * 1_000) / (performance.now() - started);
}

function perSecond(rate: number): string {
  return `${rate.toLocaleString('en', { maximumSignificantDigits: 3 })} a second`;
}
