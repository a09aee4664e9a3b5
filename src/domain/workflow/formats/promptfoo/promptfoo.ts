import type { Definition, Edge, Step } from '../../definition.ts';
import { isList, isObject, type Json, type JsonObject } from '../../json.ts';
import { without } from '../fields.ts';
import type { Format, ReadContext, Reading } from '../format.ts';
import { objectAt, textAt } from '../lenient.ts';
import { readPrompts } from './read-prompts.ts';
import { type Provider, readProviders } from './read-providers.ts';
import { readDefaultTest, readTests } from './read-tests.ts';
import { suiteFiles } from './suite-files.ts';
import { makeSuiteIds } from './suite-ids.ts';

/** Where results go, and what an editor checks the file by. */
const NOISE = ['outputPath', 'sharing', 'tags', 'writeLatestResults', 'metadata', '$schema'];
const READ = ['description', 'prompts', 'providers', 'targets', 'tests', 'defaultTest', 'env'];
/** Arrows beyond which a picture would be one blot. */
const MOST_EDGES = 500;

/** A test suite of promptfoo, `promptfooconfig.yaml`: prompts, the models they are given to, and what is asked of the answers. */
export const promptfoo: Format = { id: 'promptfoo', title: 'promptfoo suite', recognizes, read };

function recognizes(document: JsonObject): boolean {
  const { prompts, providers, targets, tests, scenarios, defaultTest, redteam } = document;
  const isOther = ['nodes', 'steps', 'kind', 'apiVersion', 'agents', 'tasks'].some((key) =>
    Object.hasOwn(document, key),
  );
  const asked = isListed(prompts);
  const models = isListed(providers) || isListed(targets);
  const judged = isListed(tests) || isList(scenarios) || isListed(defaultTest) || isObject(redteam);
  return !isOther && [asked, models, judged].filter(Boolean).length >= 2;
}

function isListed(value: Json | undefined): boolean {
  return isList(value) || isObject(value) || typeof value === 'string';
}

function read(document: JsonObject, context: ReadContext): Reading {
  const files = suiteFiles(context);
  files.check(without(document, new Set([...NOISE, 'prompts'])), []);
  const ids = makeSuiteIds();
  const prompts = readPrompts(document['prompts'], files, ids);
  const providers = readProviders(document, files, ids);
  const tests = readTests(document['tests'], files, ids);
  const defaults = readDefaultTest(document, files, ids);
  const description = textAt(document, 'description');
  const definition: Definition = {
    format: 'promptfoo',
    ...(description !== null && { description }),
    executionMode: 'dag',
    steps: [...prompts, ...providers.map(({ step }) => step), ...defaults, ...tests],
    edges: edgesOf(prompts, providers, tests),
    triggers: [],
    emits: [],
    bindings: bindingsOf(providers, document),
    layout: {},
    rest: without(document, new Set([...NOISE, ...READ])),
    document,
  };
  return { definition };
}

/** Each prompt goes to each model, and each model's answers to each test; drawn, but never compared. */
function edgesOf(prompts: readonly Step[], providers: readonly Provider[], tests: readonly Step[]): Edge[] {
  if (prompts.length * providers.length + providers.length * tests.length > MOST_EDGES) return [];
  const isFor = ({ prompts: only }: Provider, prompt: Step) =>
    only === null || only.some((name) => name === prompt.label || `prompt:${String(name)}` === prompt.id);
  return providers.flatMap((provider): Edge[] => [
    ...prompts
      .filter((prompt) => isFor(provider, prompt))
      .map(({ id }) => ({ from: id, to: provider.step.id, implied: true })),
    ...tests.map(({ id }) => ({ from: provider.step.id, to: id, implied: true })),
  ]);
}

function bindingsOf(providers: readonly Provider[], document: JsonObject): JsonObject {
  const own = providers.filter(({ bindings }) => Object.keys(bindings).length > 0);
  const environment = objectAt(document, 'env');
  return Object.fromEntries([
    ...own.map(({ step, bindings }) => [step.id, bindings] as const),
    ...(environment === null ? [] : [['environment variables', environment] as const]),
  ]);
}
