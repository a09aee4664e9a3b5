import canonicalize from 'canonicalize';
import type { Settings } from '../settings/settings.ts';
import type { GivenSettings, TowpathConfiguration } from './configuration.ts';
import type { RunsConfiguration } from './runs-yaml.ts';

/** What the newest `towpath.yaml` says, as every process reads it, whatever file it was started with itself. */
export interface FileContent {
  readonly runs: RunsConfiguration;
  /** What single workflows get, by the environment's name and the slug: one that is pushed later gets it then. */
  readonly workflows: Readonly<Record<string, Readonly<Record<string, Settings>>>>;
  /** All that only a start applies, by its place in the file (`environments.staging.approvals`). It is only ever compared. */
  readonly operators: Readonly<Record<string, unknown>>;
}

export function fileContent(configuration: TowpathConfiguration): FileContent {
  const { runs, settings } = configuration;
  const given = [...settings].map(([name, { workflows }]) => [name, Object.fromEntries(workflows)] as const);
  return {
    runs,
    workflows: Object.fromEntries(given.filter(([, workflows]) => Object.keys(workflows).length > 0)),
    operators: operatorsPart(configuration),
  };
}

/** A layer without what only a start applies. */
export function withoutOperators({ webhooks: _operators, ...fields }: Settings): Settings {
  return fields;
}

/** Whether two say the same, in whatever order. */
export function sameContent(a: FileContent, b: FileContent): boolean {
  return canonicalize(a) === canonicalize(b);
}

/** Places of all that only a start applies where two files say something else, in the file's order. */
export function operatorDifferences(applied: FileContent['operators'], given: FileContent['operators']): string[] {
  const places = [...new Set([...Object.keys(given), ...Object.keys(applied)])];
  const gone = (place: string) => !Object.hasOwn(given, place) || !Object.hasOwn(applied, place);
  const whole = new Set(places.filter((place) => isEnvironment(place) && gone(place)));
  return places.filter((place) => {
    // Of an environment that is new or gone, its name says everything.
    const [first, name] = place.split('.');
    if (!whole.has(place) && whole.has(`${first}.${name}`)) return false;
    return canonicalize(given[place] ?? null) !== canonicalize(applied[place] ?? null);
  });
}

function isEnvironment(place: string): boolean {
  return /^environments\.[^.]+$/.test(place);
}

function operatorsPart(configuration: TowpathConfiguration): Record<string, unknown> {
  const { departments, defaultRole, environments, people, secretFolders, runners, runs } = configuration;
  return {
    departments,
    ...Object.fromEntries(environments.flatMap(environmentPart)),
    ...Object.fromEntries([...configuration.settings].flatMap(workflowPart)),
    ...Object.fromEntries([...people].map(([userId, assignment]) => [`people.${userId}`, assignment])),
    ...{ defaultRole, secretFolders, ...(runners && { runners }), runs },
  };
}

function environmentPart(environment: TowpathConfiguration['environments'][number]): [string, unknown][] {
  const { name, rank, aliases, channel, badge, policy, webhooks, runPayloads = false } = environment;
  const { approvals, expireAfter, rollback, stricter, ...required } = policy;
  const requires = Object.fromEntries(Object.entries(required).map(([field, value]) => [`requires.${field}`, value]));
  const asked = { approvals, ...requires, ...(stricter && { stricter }), expireAfter, rollback };
  const fields = { aliases, channel, badge, ...asked, webhooks, runPayloads };
  return [
    [`environments.${name}`, { rank }],
    ...Object.entries(fields).map(([field, value]): [string, unknown] => [`environments.${name}.${field}`, value]),
  ];
}

function workflowPart([name, { workflows }]: [string, GivenSettings]): [string, unknown][] {
  return [...workflows].flatMap(([slug, { webhooks }]): [string, unknown][] =>
    webhooks === undefined ? [] : [[`environments.${name}.workflows.${slug}.webhooks`, webhooks]],
  );
}
