import { describe, expect, it } from 'vitest';
import { blocksView } from '../../../src/domain/diff/blocks-view.ts';
import { codeView } from '../../../src/domain/diff/code-view.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { InvalidDefinitionError } from '../../../src/domain/workflow/invalid-definition-error.ts';
import { isList, isObject, type Json } from '../../../src/domain/workflow/json.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';
import { parseData } from '../../../src/domain/workflow/source/parse-source.ts';
import { CREW, TASKS } from '../../support/workflows/crewai-crew.ts';
import { ticketApp } from '../../support/workflows/dify-flow.ts';
import { chatflow, ticketAgentflow } from '../../support/workflows/flowise-flow.ts';
import { supportFlow } from '../../support/workflows/langflow-flow.ts';
import { orderFlow } from '../../support/workflows/n8n-flow.ts';
import { GITHUB } from '../../support/workflows/prompt-files.ts';
import { DAG } from '../../support/workflows/promptflow-dag.ts';
import { SUITE } from '../../support/workflows/promptfoo-suite.ts';
import { ticketFlow } from '../../support/workflows/ticket-flow.ts';

const NAME = 'toString';

const DOCUMENTS: readonly (readonly [format: string, document: Json])[] = [
  ['towpath', ticketFlow()],
  ['n8n', orderFlow()],
  ['dify', ticketApp()],
  ['langflow', supportFlow()],
  ['flowise', ticketAgentflow()],
  ['flowise', chatflow()],
  ['prompt', parseData(GITHUB) ?? {}],
  ['promptfoo', parseData(SUITE) ?? {}],
  ['crewai', parseData(CREW) ?? {}],
  ['crewai', parseData(TASKS) ?? {}],
  ['promptflow', parseData(DAG) ?? {}],
  ['generic', { toString: { a: 1 }, list: [{ valueOf: 1 }] }],
];

/** The document once for every text and key in it, each time with that one called like something every object has. */
function* renamed(value: Json): Generator<Json> {
  if (typeof value === 'string') yield NAME;
  if (isList(value))
    for (const [at, item] of value.entries()) for (const now of renamed(item)) yield value.with(at, now);
  if (!isObject(value)) return;
  const entries = Object.entries(value);
  for (const [at, [key, item]] of entries.entries()) {
    yield Object.fromEntries(entries.with(at, [NAME, item]));
    for (const now of renamed(item)) yield Object.fromEntries(entries.with(at, [key, now]));
  }
}

function readOrRefused(document: Json, format: string) {
  try {
    return readDefinition(JSON.stringify(document), { format });
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidDefinitionError);
    return null;
  }
}

describe('A name that every object has something under', () => {
  it.each(DOCUMENTS)('is a name like any other in %s %#', (format, document) => {
    const whole = readDefinition(JSON.stringify(document), { format });
    let read = 0;
    for (const other of renamed(document)) {
      const now = readOrRefused(other, format);
      if (now === null) continue;
      read++;
      const diff = diffDefinitions(whole, now);
      const shown = [diff.changes, blocksView(whole, now, diff), codeView(whole, now, diff)];
      // What came from an object's prototype is a function, which cannot be cloned.
      expect(() => structuredClone([now, shown])).not.toThrow();
      expect(JSON.stringify(shown)).not.toMatch(/native code|\[object Object\]/);
    }
    expect(read).toBeGreaterThan(3);
  });
});
