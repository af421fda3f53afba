import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { freePort } from './support/free-port.ts';

const run = promisify(execFile);

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replaceAll(/\\\n/g, '');
const FINAL = DOCKERFILE.slice(DOCKERFILE.lastIndexOf('\nFROM '));

it('runs on the Node that the tests run on', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const images = [...DOCKERFILE.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  expect(new Set(images)).toEqual(new Set([`node:${devDependencies.node.split('.')[0]}-slim`]));
});

it('gives root away for good before it starts', () => {
  expect([...FINAL.matchAll(/^USER (\S+)/gm)].map(([, user]) => user)).toEqual(['node']);
  expect(FINAL.indexOf('\nUSER ')).toBeLessThan(FINAL.indexOf('\nCMD '));
  expect(FINAL.slice(FINAL.indexOf('\nUSER '))).not.toMatch(/^(RUN|COPY)/m);
});

it('copies only what exists and what .dockerignore lets through', () => {
  const allowed = [...readFileSync(join(ROOT, '.dockerignore'), 'utf8').matchAll(/^!(.+)$/gm)].map(([, path]) => path);
  const hidden = copied(DOCKERFILE).filter((path) => !allowed.includes(path.split('/')[0]));
  expect(hidden).toEqual([]);
  expect(copied(DOCKERFILE).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

it('carries every folder that the source reads beside itself', () => {
  const outside = sourceFiles()
    .flatMap((file) => urlsOf(file))
    .filter((path) => !path.startsWith('src'));
  const needed = ['config', ...outside];
  expect(needed).toContain('prisma/migrations');
  expect(needed.filter((path) => !copied(FINAL).some((source) => `${path}/`.startsWith(`${source}/`)))).toEqual([]);
});

it.each([
  { what: 'well', status: 200, verdict: 0 },
  { what: 'ill', status: 503, verdict: 1 },
])('is $what when /health answers $status', async ({ status, verdict }) => {
  const server = createServer((request, answer) => {
    answer.statusCode = request.url === '/health' ? status : 404;
    answer.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  expect(await healthcheck((server.address() as AddressInfo).port)).toBe(verdict);
  server.close();
});

it('is ill when nobody answers', async () => {
  expect(await healthcheck(await freePort())).toBe(1);
});

async function healthcheck(port: number): Promise<number> {
  const [, command] = /^HEALTHCHECK .*?CMD (\[.*\])$/m.exec(FINAL) ?? [];
  const [program, ...args] = JSON.parse(command ?? '[]') as string[];
  try {
    await run(program ?? '', args, { env: { ...process.env, PORT: String(port) } });
    return 0;
  } catch (failure) {
    return (failure as { code: number }).code;
  }
}

function copied(text: string): string[] {
  return [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources]) => sources?.split(' ') ?? []);
}

function sourceFiles(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith(join('store', 'client')))
    .map((path) => join(ROOT, 'src', path));
}

function urlsOf(file: string): string[] {
  const urls = readFileSync(file, 'utf8').matchAll(/new URL\(\s*['"](\.[^'"]*)['"]\s*,\s*import\.meta\.url/g);
  return [...urls].map(([, url]) => relative(ROOT, resolve(file, '..', url ?? '')));
}
