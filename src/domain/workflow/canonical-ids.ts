import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { compareText } from './compare-text.ts';
import type { Definition, Step } from './definition.ts';
import { isList, isObject, type Json, type JsonObject } from './json.ts';

/** Ids and words, as they stand in references such as `{{#1718.text#}}` and `steps.draft.output`. */
const TOKEN = /[\p{L}\p{N}_-]+/gu;
/** Told apart by what they are joined to, and by what that is joined to, and so on this often. */
const ROUNDS = 4;
/** Steps looked at, all rounds together, to tell apart those that are alike: some 0.1 s. */
const MOST_WORK = 20_000;
/** In no document: what is written with it can't be anybody's own text. */
const MARK = '\0';

/**
 * Steps and arrows with ids made from what the steps are, not from what a tool called them: two exports of one workflow whose
 * ids differ are the same. Where the order of steps counts it gives the ids; in a graph, whose listing is noise, what each step
 * does and is joined to gives them. Texts and keys that name a step by its id name it by the new one.
 */
export function withCanonicalIds(
  definition: Pick<Definition, 'steps' | 'edges' | 'executionMode'>,
): Pick<Definition, 'steps' | 'edges'> {
  const steps = inOneOrder(definition.steps);
  if (steps.length === 0) return { steps: definition.steps, edges: definition.edges };
  const inOrder = definition.executionMode === 'dag' ? byContent(steps, definition) : steps;
  const names = new Map(inOrder.map(({ id }, index) => [id, `${MARK}${index}`]));
  const nameOf = (id: string): string => names.get(id) ?? id;
  const rename = (step: Step): Step => ({
    ...step,
    id: nameOf(step.id),
    dependsOn: step.dependsOn.map(nameOf),
    properties: renamed(step.properties as JsonObject, nameOf) as JsonObject,
    children: step.children.map((group) => ({ ...group, steps: group.steps.map(rename) })),
  });
  return {
    steps: definition.steps.map(rename),
    edges: definition.edges.map((edge) => ({ ...edge, from: nameOf(edge.from), to: nameOf(edge.to) })),
  };
}

/** Steps with those in them; the groups of one step are told apart by their roles, so how they are listed is noise. */
function inOneOrder(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [
    step,
    ...[...step.children].sort((a, b) => compareText(a.role, b.role)).flatMap((group) => inOneOrder(group.steps)),
  ]);
}

/**
 * By what they do, then by what they are joined to. Of several that are alike in that, one is taken for the first, which tells the
 * others apart by where they stand to it: as often as is worth it, else they stay as they are listed.
 */
function byContent(steps: readonly Step[], { edges }: Pick<Definition, 'edges'>): Step[] {
  const joins = joinsOf(steps, edges);
  const nameless = (id: string): string => (joins.has(id) ? MARK : id);
  let keys: Keys = new Map(
    steps.map((step) => [step.id, keyOf([step.kind, renamed(step.properties as JsonObject, nameless)])]),
  );
  keys = refined(keys, joins);
  for (let left = MOST_WORK; left > 0; left -= steps.length * ROUNDS) {
    const first = firstOfMany(steps, keys, joins);
    if (first === null) break;
    keys = refined(new Map(keys).set(first, keyOf([keys.get(first) ?? '', 'first'])), joins);
  }
  // Sorting keeps what is equal in its order.
  return [...steps].sort((a, b) => compareText(keys.get(a.id) ?? '', keys.get(b.id) ?? ''));
}

type Keys = Map<string, string>;
type Joins = ReadonlyMap<string, readonly Join[]>;
interface Join {
  how: string;
  other: string;
}

function refined(start: Keys, joins: Joins): Keys {
  let keys = start;
  for (let round = 0; round < ROUNDS; round++) {
    const last = keys;
    keys = new Map(
      [...joins].map(([id, all]) => {
        const around = all.map(({ how, other }) => `${how} ${last.get(other) ?? ''}`).sort(compareText);
        return [id, keyOf([last.get(id) ?? '', around])];
      }),
    );
  }
  return keys;
}

/** Of the lowest key that several joined steps have, the one that is listed first. What is joined to nothing can change places. */
function firstOfMany(steps: readonly Step[], keys: Keys, joins: Joins): string | null {
  const joined = steps.filter(({ id }) => (joins.get(id)?.length ?? 0) > 0);
  const alike = [...Map.groupBy(joined, ({ id }) => keys.get(id) ?? '')].filter(([, those]) => those.length > 1);
  const [lowest] = alike.sort(([a], [b]) => compareText(a, b));
  return lowest?.[1][0]?.id ?? null;
}

/** What each step is joined to, and how: by arrows, by dependencies, by standing one in the other, by being named. */
function joinsOf(steps: readonly Step[], edges: Definition['edges']): Map<string, Join[]> {
  const joins = new Map<string, Join[]>(steps.map(({ id }) => [id, []]));
  const join = (from: string, to: string, how: string): void => {
    if (!joins.has(from) || !joins.has(to)) return;
    joins.get(from)?.push({ how: `${how} to`, other: to });
    joins.get(to)?.push({ how: `${how} from`, other: from });
  };
  for (const { from, to, port } of edges) join(from, to, `arrow ${port ?? ''}`);
  for (const step of steps) {
    for (const id of step.dependsOn) join(step.id, id, 'waits');
    for (const { role, steps: inner } of step.children) for (const { id } of inner) join(step.id, id, `holds ${role}`);
    renamed(step.properties as JsonObject, (id) => {
      if (joins.has(id)) join(step.id, id, 'names');
      return id;
    });
  }
  return joins;
}

function keyOf(value: Json): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('base64');
}

/** Every id in a text or a key by its new name. */
function renamed(value: Json, nameOf: (id: string) => string): Json {
  if (typeof value === 'string') return value.replace(TOKEN, nameOf);
  if (isList(value)) return value.map((item) => renamed(item, nameOf));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [nameOf(key), renamed(inner, nameOf)]));
}
