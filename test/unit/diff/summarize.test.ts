import { describe, expect, it } from 'vitest';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { countsByClass, summarize } from '../../../src/domain/diff/sentences.ts';
import { EDITS } from '../../support/workflows/edits.ts';
import { type Document, read, ticketFlow, ticketFlowWith } from '../../support/workflows/ticket-flow.ts';

const base = read(ticketFlow());
const diffAfter = (edit: (document: Document) => void) => diffDefinitions(base, ticketFlowWith(edit));
const everything = diffAfter((document) => {
  for (const { edit } of EDITS) edit(document);
});
const WIDE = { limit: 100, maxChars: 100_000 };

describe('The summary of a diff', () => {
  it('says what changed, most important first, and how much it leaves out', () => {
    const { lines, more } = summarize(everything, { limit: 3, maxChars: 1_000 });
    expect(lines).toEqual(everything.changes.slice(0, 3).map(({ sentence }) => sentence));
    expect(more).toBe(everything.counts.total - 3);
  });

  it('keeps to its characters without cutting a sentence', () => {
    const { lines, more } = summarize(everything, { limit: 100, maxChars: 200 });
    expect(lines.join('').length).toBeLessThanOrEqual(200);
    expect(lines.length + more).toBe(everything.counts.total);
    expect(everything.changes.map(({ sentence }) => sentence)).toEqual(expect.arrayContaining(lines));
  });

  it('leaves out nothing where there is room', () => {
    expect(summarize(everything, WIDE)).toEqual({ lines: everything.changes.map(({ sentence }) => sentence), more: 0 });
  });

  it('says that nothing functional changed', () => {
    expect(
      summarize(
        diffAfter(() => {}),
        WIDE,
      ),
    ).toEqual({ lines: ['No functional change.'], more: 0 });
    expect(
      summarize(
        diffAfter((d) => (d.layout = {})),
        WIDE,
      ),
    ).toEqual({ lines: ['No functional change.'], more: 0 });
  });

  it('counts the connections that differ where nothing else does', () => {
    expect(
      summarize(
        diffAfter((d) => (d.bindings.mail = 'smtp')),
        WIDE,
      ).lines[0],
    ).toBe('No functional change: 1 connection differs.');
    expect(
      summarize(
        diffAfter((d) => (d.bindings = { a: 1, b: 2 })),
        WIDE,
      ).lines[0],
    ).toBe('No functional change: 3 connections differ.');
  });

  it('says what a first version is', () => {
    const { lines, more } = summarize(diffDefinitions(null, base), { limit: 2, maxChars: 1_000 });
    expect(lines[0]).toMatch(/^First version: 15 steps/);
    expect(lines).toHaveLength(2);
    expect(more).toBe(0);
  });

  it('is empty rather than too long', () => {
    expect(summarize(everything, { limit: 0, maxChars: 1_000 })).toEqual({ lines: [], more: everything.counts.total });
  });
});

describe('The counts of a diff', () => {
  it('are told by class, most important first', () => {
    const edits = EDITS.filter(({ what }) => ['timeout', 'model', 'temperature', 'binding'].includes(what));
    expect(
      countsByClass(
        diffAfter((d) => {
          for (const { edit } of edits) edit(d);
        }),
      ),
    ).toBe('2 model, 1 limits, 1 connections');
    expect(countsByClass(diffAfter(() => {}))).toBe('');
  });
});
