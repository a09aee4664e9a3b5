import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DiffLink, signDiffLink } from '../../../src/domain/diff-link.ts';
import { type DiffServer, OURS, startDiffServer, THEIRS } from '../../support/http/start-diff-server.ts';
import { LINK_KEY, startTestServer, TOKEN } from '../../support/http/start-test-server.ts';

let server: DiffServer;
let link: DiffLink;
beforeAll(async () => {
  server = await startDiffServer();
  link = {
    workspaceId: OURS,
    subject: { from: server.versions[0] ?? '', to: server.versions[2] ?? '' },
    expiresAt: new Date(Date.now() + 60_000),
  };
});
afterAll(() => server.stop());

const open = (token: string, method = 'GET') => server.call(method, `/diff/${token}`, { token: null });
const openLink = (but: Partial<DiffLink> = {}, key = LINK_KEY) => open(signDiffLink({ ...link, ...but }, key));
/** Nothing of any workflow. */
const expectNoContent = (text: string) => expect(text).not.toMatch(/triage|claude|Summarise|Be brief|v\d/);

describe('the page of a comparison', () => {
  it('shows risk, sentences, picture, texts, steps and code to whoever holds the link, without any session', async () => {
    const { status, headers, text } = await openLink();
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const words of [
      '<h1>triage</h1>',
      'v1 → v3 · 3 changes',
      '<strong>High risk</strong>: model swapped',
      'Be brief and <del>kind</del>.',
      'Be brief and <ins>honest</ins>.',
      '<svg xmlns=',
      'claude-opus',
    ]) {
      expect(text).toContain(words);
    }
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('lets nothing that somebody wrote become markup, in the picture neither', async () => {
    const { text } = await openLink();
    expect(text).not.toMatch(/<script|<img|<iframe|<object|\son\w+="/i);
    expect(text).toContain('&lt;script src=&quot;https://evil.example/x.js&quot;&gt;');
    // Whatever an attribute holds stands in quotes, and no address leads anywhere else.
    const addresses = [...text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map((match) => match[1]);
    expect(addresses).toEqual([expect.stringMatching(/^\/assets\/diff-\w+\.css$/)]);
  });

  it('runs no script, loads nothing from elsewhere, is not kept, framed, found or passed on', async () => {
    const { headers } = await openLink();
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy.split('; ').toSorted()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "style-src 'self'",
    ]);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toContain('noindex');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('has its look from the same server, kept for good', async () => {
    const { text } = await openLink();
    const path = /href="(\/assets\/diff-\w+\.css)"/.exec(text)?.[1] ?? '';
    const style = await server.call('GET', path, { token: null });
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
    expect(style.headers.get('cache-control')).toContain('immutable');
    expect(style.text).not.toMatch(/url\(|@import/);
  });

  it('shows a first version, and two that are the same', async () => {
    const [first = '', second = ''] = server.versions;
    expect((await openLink({ subject: { from: null, to: first } })).text).toContain('nothing → v1');
    expect((await openLink({ subject: { from: second, to: second } })).text).toContain('Nothing differs.');
  });

  it('keeps the token out of the log', async () => {
    const token = signDiffLink(link, LINK_KEY);
    await open(token);
    expect(server.log()).not.toContain(token.slice(-20));
  });
});

describe('a link', () => {
  it('that has expired says so, and shows nothing', async () => {
    const { status, text } = await openLink({ expiresAt: new Date(Date.now() - 1_000) });
    expect(status).toBe(410);
    expect(text).toContain('This link has expired');
    expectNoContent(text);
  });

  it('that was forged says no more than that it does not work', async () => {
    const token = signDiffLink(link, LINK_KEY);
    const forged = [
      signDiffLink(link, new Uint8Array(32).fill(9)),
      token.replace(server.versions[0] ?? '', server.versions[1] ?? ''),
      token.replace(`.${OURS}.`, `.${THEIRS}.`),
      token.replace(/\.(\d+)\./, (_, seconds) => `.${Number(seconds) + 1}.`),
      token.slice(0, -1),
      `${token}A`,
      token.slice(0, token.lastIndexOf('.') + 1),
      '',
      '..%2f..%2fetc%2fpasswd',
      'x'.repeat(4_000),
    ];
    const answers = await Promise.all(forged.map((one) => open(one)));
    expect(answers.map(({ status }) => status)).toEqual(forged.map(() => 404));
    for (const { text } of answers) {
      expect(text).toContain('This link does not work');
      expectNoContent(text);
    }
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('of another workspace on the same key does not work here', async () => {
    const { otherWorkspace } = server.foreign;
    const { status, text } = await openLink({ workspaceId: THEIRS, subject: { from: null, to: otherWorkspace } });
    expect(status).toBe(404);
    expectNoContent(text);
  });

  it('to what belongs to another workspace, or to two workflows, shows nothing', async () => {
    const [first = ''] = server.versions;
    const { otherWorkflow, otherWorkspace } = server.foreign;
    for (const subject of [
      { from: null, to: otherWorkspace },
      { from: otherWorkspace, to: first },
      { from: otherWorkflow, to: first },
      { promotionId: '0190a0b0-0000-7000-8000-00000000dead' },
      { promotionId: 'no-uuid' },
    ]) {
      const { status, text } = await openLink({ subject });
      expect(status).toBe(404);
      expect(text).toContain('Nothing to show');
      expectNoContent(text);
    }
  });

  it('does nothing but show: other methods find nothing', async () => {
    const token = signDiffLink(link, LINK_KEY);
    for (const method of ['POST', 'PUT', 'DELETE']) expect((await open(token, method)).status).toBe(404);
  });
});

it('a failure is said blandly, with a reference to the log', async () => {
  const broken = await startTestServer({
    useCases: {
      showWideDiff: () => Promise.reject(new Error('secret detail')),
    },
  });
  const token = signDiffLink({ ...link, workspaceId: 'T1' }, LINK_KEY);
  const { status, text, headers } = await broken.call('GET', `/diff/${token}`, { token: null });
  expect([status, headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
  expect(text).not.toContain('secret detail');
  const reference = /under ([0-9a-f-]{36})/.exec(text)?.[1] ?? 'none';
  expect(broken.log()).toContain(reference);
  await broken.stop();
});

describe('a page that is loaded again and again', () => {
  it('is made once, and only so many pages at the same time', async () => {
    const gate = Promise.withResolvers<null>();
    let drawn = 0;
    const busy = await startTestServer({
      useCases: server.useCases,
      api: { workspaceId: OURS, apiToken: TOKEN },
      pictures: {
        draw: () => {
          drawn++;
          return gate.promise;
        },
        png: () => Promise.reject(new Error('This test makes no PNG.')),
      },
    });
    const load = (seconds: number) => {
      const token = signDiffLink(
        { ...link, expiresAt: new Date(link.expiresAt.getTime() + seconds * 1_000) },
        LINK_KEY,
      );
      return busy.call('GET', `/diff/${token}`, { token: null });
    };
    const same = Array.from({ length: 30 }, () => load(0));
    const others = [1, 2, 3, 4, 5, 6, 7].map(load);
    await vi.waitFor(() => expect(drawn).toBe(8), 10_000);
    const refused = await load(8);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    gate.resolve(null);
    expect((await Promise.all([...same, ...others])).map(({ status }) => status)).toEqual(Array(37).fill(200));
    expect(drawn).toBe(8);
    expect((await load(9)).status).toBe(200);
    await busy.stop();
  });
});
