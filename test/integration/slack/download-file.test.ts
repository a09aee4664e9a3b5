import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { downloadFile } from '../../../src/adapters/slack/modals/download-file.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Downloads from a server that stands in for Slack's files; `seen` is the token it was shown. */
async function download(
  serve: RequestListener,
  more: { url?: string; size?: number } = {},
): Promise<{ text: string; seen: (string | undefined)[] }> {
  const seen: (string | undefined)[] = [];
  server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    serve(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = {
    web: new WebClient(),
    apiUrl: `${origin}/api/`,
    botToken: 'xoxb-secret',
    log: pino({ level: 'silent' }),
  };
  const text = await downloadFile(context, {
    id: 'F1',
    url_private_download: more.url ?? `${origin}/flow.yaml`,
    ...(more.size !== undefined && { size: more.size }),
  });
  return { text, seen };
}

test('a file is read with the token', async () => {
  expect(await download((_, response) => response.end('name: flow'))).toEqual({
    text: 'name: flow',
    seen: ['Bearer xoxb-secret'],
  });
});

test('reading stops at 10 MB, whatever size was said', async () => {
  let sent = 0;
  const endless: RequestListener = (_, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 'a');
    const more = () => {
      while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      sent += chunk.length;
    };
    response.on('drain', more);
    more();
  };
  await expect(download(endless, { size: 5 })).rejects.toThrow('larger than 10 MB');
  expect(sent).toBeLessThan(100 * 1024 * 1024);
});

test('a sign-in page, a redirect or an error is no file', async () => {
  for (const serve of [
    (_, response) => response.setHeader('content-type', 'text/html').end('<html>'),
    (_, response) => response.writeHead(302, { location: 'https://evil.example/' }).end(),
    (_, response) => response.writeHead(500).end(),
  ] satisfies RequestListener[]) {
    await expect(download(serve)).rejects.toThrow('Slack did not hand out the file');
    server.close();
  }
});

test('the token goes to no other host', async () => {
  await expect(download((_, response) => response.end('x'), { url: 'http://localhost:1/flow.yaml' })).rejects.toThrow(
    'did not hand out',
  );
});
