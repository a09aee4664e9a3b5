import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DiffServer, startDiffServer } from '../../support/http/start-diff-server.ts';
import { TOKEN } from '../../support/http/start-test-server.ts';

let server: DiffServer;
beforeAll(async () => {
  server = await startDiffServer();
});
afterAll(() => server.stop());

const get = (pair: string, accept?: string) =>
  fetch(`${server.url}/api/v1/workflows/triage/diff?${pair}`, {
    headers: { authorization: `Bearer ${TOKEN}`, ...(accept === undefined ? {} : { accept }) },
  });

it('is JSON by itself: risk with its reasons, every change, the tree of steps and the code', async () => {
  const response = await get('from=1&to=v3');
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const comparison = await response.json();
  expect(comparison.diff.risk.level).toBe('high');
  expect(comparison.diff.risk.reasons[0]).toMatch(/^model swapped/);
  expect(comparison.changes.map((change: { class: string }) => change.class)).toEqual(['model', 'prompt', 'logic']);
  expect(comparison.total).toBe(3);
  expect(comparison.blocks.map((line: { mark: string }) => line.mark)).toEqual(['~', '+']);
  expect(comparison.code.text).toContain('+     model: claude-opus');
});

it('is text for a person: risk, sentences, the tree of steps and the code with its words marked', async () => {
  const response = await get('from=1&to=3', 'text/plain');
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const text = await response.text();
  const parts = ['triage: v1 → v3', 'Risk: high, model swapped', '- Model of', 'Steps', '~ Summ', '+ Notify', 'Code'];
  const places = parts.map((part) => text.indexOf(part));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(text).toContain('Be brief and [-kind-].');
});

it('is a picture where the structure changed', async () => {
  const svg = await get('from=1&to=3', 'image/svg+xml');
  expect([svg.status, svg.headers.get('content-type')]).toEqual([200, 'image/svg+xml; charset=utf-8']);
  const drawing = await svg.text();
  expect(drawing).toMatch(/^<svg /);
  expect(drawing).not.toMatch(/<script|<img|onerror=[^&]*>/);
  const png = await get('from=1&to=3', 'image/png, text/plain;q=0.1');
  expect([png.status, png.headers.get('content-type')]).toEqual([200, 'image/png']);
  const bytes = new Uint8Array(await png.arrayBuffer());
  expect([...bytes.slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  const width = new DataView(bytes.buffer).getUint32(16);
  expect(width).toBeGreaterThan(100);
  expect(width).toBeLessThanOrEqual(2_000);
});

it('has no picture where only a prompt and a model changed, and says so', async () => {
  for (const accept of ['image/png', 'image/svg+xml']) {
    const response = await get('from=1&to=2', accept);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect((await response.json()).code).toBe('no_picture');
  }
});

it('names what it comes as to who takes none of it, and every answer says that it depends on Accept', async () => {
  const refused = await get('from=1&to=2', 'text/html');
  expect(refused.status).toBe(406);
  expect(await refused.json()).toMatchObject({
    code: 'not_acceptable',
    detail: expect.stringContaining('application/json, text/plain, image/svg+xml, image/png'),
  });
  for (const [pair, accept] of [
    ['from=1&to=2', 'text/html'],
    ['from=1&to=2', 'text/plain'],
    ['from=1&to=2', 'image/png'],
    ['from=1&to=99', 'application/json'],
    ['from=1', 'application/json'],
  ] as const) {
    expect((await get(pair, accept)).headers.get('vary')).toBe('accept');
  }
});

it('of a version with itself says that nothing differs', async () => {
  expect(await (await get('from=2&to=v2', 'text/plain')).text()).toBe('triage: v2 → v2\nNothing differs.\n');
  expect(await (await get('from=2&to=v2')).json()).toMatchObject({
    total: 0,
    changes: [],
    diff: { functional: false },
  });
});

it('is described with all its forms', async () => {
  const document = await (await fetch(`${server.url}/api/v1/openapi.json`)).json();
  const { responses } = document.paths['/api/v1/workflows/{name}/diff'].get;
  expect(Object.keys(responses['200'].content)).toEqual([
    'application/json',
    'text/plain',
    'image/svg+xml',
    'image/png',
  ]);
  expect(Object.keys(responses)).toEqual(expect.arrayContaining(['404', '406']));
});
