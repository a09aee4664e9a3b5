import { expect, it } from 'vitest';
import { negotiate } from '../../../src/adapters/http/negotiate.ts';

const OFFERED = ['application/json', 'text/plain', 'image/svg+xml', 'image/png'] as const;

it.each([
  [undefined, 'application/json'],
  ['', 'application/json'],
  ['*/*', 'application/json'],
  ['text/plain', 'text/plain'],
  ['TEXT/Plain; charset=utf-8', 'text/plain'],
  ['image/*', 'image/svg+xml'],
  ['image/png, image/svg+xml', 'image/svg+xml'],
  ['image/*;q=0.5, image/png', 'image/png'],
  ['application/json;q=0.2, text/plain;q=0.3', 'text/plain'],
  ['*/*, application/json;q=0', 'text/plain'],
  ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
  ['text/plain;q=nonsense, image/png;q=0.1', 'image/png'],
])('%j is answered with %s', (accept, type) => {
  expect(negotiate(accept, OFFERED)).toBe(type);
});

it.each(['text/html', 'application/*;q=0', 'application/json;q=0', 'audio/*, video/mp4;q=0.9'])(
  '%j takes none of what there is',
  (accept) => {
    expect(negotiate(accept, OFFERED)).toBeNull();
  },
);
