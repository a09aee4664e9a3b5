import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { send, sendText } from '../wire/send.ts';
import { PAGE_HEADERS } from './guard.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
};

/** Serves the built page. Addresses without an extension, permalinks among them, are the page itself. */
export async function servePage(response: ServerResponse, pageDir: string | null, pathname: string): Promise<void> {
  if (pageDir === null) return sendText(response, 404, 'This sandbox was started without its page.');
  const path = decoded(pathname);
  const name = path === null || extname(path) === '' ? '/index.html' : normalize(path);
  // normalize() leaves no "..": the path is absolute, so it cannot climb out of the folder.
  const content = await readFile(join(pageDir, name)).catch(() => null);
  if (content === null) return sendText(response, 404, 'There is nothing at this address.', PAGE_HEADERS);
  const cache = name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  send(response, 200, TYPES[extname(name)] ?? 'application/octet-stream', content, {
    ...PAGE_HEADERS,
    'cache-control': cache,
  });
}

function decoded(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname);
    return path.includes('\0') || path.includes('\\') ? null : path;
  } catch {
    return null;
  }
}
