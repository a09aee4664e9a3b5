import { describe, expect, it } from 'vitest';
import { keptError, RUN_LIMITS, type RunReport, runFault, startFault } from '../../../src/domain/run-record.ts';
import type { Json } from '../../../src/domain/workflow/json.ts';

const NOW = new Date('2026-03-10T12:00:00Z');
const DAY = 86_400_000;
const report = (more: Partial<RunReport> = {}): RunReport => ({
  runId: 'run-1',
  workflow: 'summarize-flow',
  version: 3,
  environment: 'staging',
  started: NOW,
  durationMs: 1_200,
  outcome: 'succeeded',
  ...more,
});
const nested = (depth: number): Json => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('a run record', () => {
  it.each<[string, Partial<RunReport>]>([
    ['the longest run id', { runId: 'x'.repeat(128) }],
    ['a run id with signs', { runId: 'urn:run/2026#7_~!' }],
    ['the longest key', { key: 'ø'.repeat(200) }],
    ['nothing that took no time', { durationMs: 0, cost: 0, tokens: { input: 0, output: 0 } }],
    [
      'the most of everything',
      { durationMs: 8 * DAY, cost: 1_000_000, tokens: { input: 1e9, output: 1e9 }, version: 2 ** 31 - 1 },
    ],
    ['a duration with fractions', { durationMs: 12.75 }],
    ['an address with a query', { traceUrl: 'https://traces.example.com/t?id=1' }],
    ['64 KB of input and of output', { input: 'x'.repeat(65_534), output: 'x'.repeat(65_534) }],
    ['an input as deep as it may be', { input: nested(100) }],
    ['null, false and zero as what came out', { input: null, output: 0 }],
  ])('may hold %s', (_what, more) => {
    expect(runFault(report(more))).toBeNull();
  });

  it.each<[string, Partial<RunReport>, string]>([
    ['no run id', { runId: '' }, '`runId`'],
    ['a run id that is too long', { runId: 'x'.repeat(129) }, '`runId`'],
    ['a run id with a blank', { runId: 'run 1' }, '`runId`'],
    ['a run id that is not ASCII', { runId: 'rún' }, '`runId`'],
    ['an empty key', { key: '' }, '`key`'],
    ['a key that is too long', { key: 'x'.repeat(501) }, '`key`'],
    ['a key that PostgreSQL can’t hold', { key: 'a\0b' }, '`key`'],
    ['a key with half a character', { key: 'a\ud800b' }, '`key`'],
    ['a trace address that is none', { traceUrl: 'trace 7' }, '`traceUrl`'],
    ['a trace address of a script', { traceUrl: 'javascript:alert(1)' }, '`traceUrl`'],
    ['a trace address with a password', { traceUrl: 'https://u:p@traces.example.com' }, '`traceUrl`'],
    ['a trace address that is too long', { traceUrl: `https://t.example.com/${'x'.repeat(2_000)}` }, '`traceUrl`'],
    ['version 0', { version: 0 }, '`version`'],
    ['half a version', { version: 1.5 }, '`version`'],
    ['a version beyond numbers', { version: 2 ** 31 }, '`version`'],
    ['a negative duration', { durationMs: -1 }, '`durationMs`'],
    ['a duration that is no number', { durationMs: Number.NaN }, '`durationMs`'],
    ['a duration without end', { durationMs: Number.POSITIVE_INFINITY }, '`durationMs`'],
    ['a negative cost', { cost: -0.01 }, '`cost`'],
    ['a cost beyond belief', { cost: 1_000_001 }, '`cost`'],
    ['half a token', { tokens: { input: 0.5 } }, '`tokens`'],
    ['negative tokens', { tokens: { output: -1 } }, '`tokens`'],
    ['an input that is too deep', { input: nested(101) }, '`input`'],
    ['an output that would end the stack', { output: nested(200_000) }, '`output`'],
  ])('may not hold %s', (_what, more, told) => {
    expect(runFault(report(more))).toMatchObject({ code: 'invalid_input', detail: expect.stringContaining(told) });
  });

  it.each(['input', 'output'])('may not hold an %s above 64 KB, counted in bytes', (name) => {
    const fault = runFault(report({ [name]: '€'.repeat(RUN_LIMITS.payload / 3) }));
    expect(fault).toMatchObject({ code: 'too_large', detail: expect.stringContaining(`\`${name}\``) });
  });

  it.each<[string, number, boolean]>([
    ['seven days ago', -7 * DAY, true],
    ['a millisecond earlier', -7 * DAY - 1, false],
    ['a day ahead', DAY, true],
    ['a millisecond later', DAY + 1, false],
  ])('may have started %s: %s ms from now, %s', (_what, offset, taken) => {
    const fault = startFault(new Date(NOW.getTime() + offset), NOW);
    expect(fault === null).toBe(taken);
  });

  it('keeps the beginning of a long error, whole characters of it', () => {
    expect(keptError('short')).toBe('short');
    const kept = keptError(`${'x'.repeat(3_998)}😀😀`);
    expect(kept).toHaveLength(4_000);
    expect(kept.isWellFormed()).toBe(true);
    expect(keptError('a\0b')).toBe('ab');
  });
});
