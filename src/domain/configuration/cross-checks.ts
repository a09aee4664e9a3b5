import type { WebhookEndpoint } from '../environment.ts';
import type { EnvironmentYaml, TowpathYaml } from './towpath-yaml-schema.ts';

/** Something wrong that no single value shows. */
export interface FoundProblem {
  path: (string | number)[];
  message: string;
}

/** What has to agree across a `towpath.yaml` whose values are right by themselves. */
export function crossCheck(file: TowpathYaml): FoundProblem[] {
  const environments = file.environments ?? [];
  return [
    ...repeated(
      file.departments.map((name, i) => ({ word: name, path: ['departments', i] })),
      'department',
    ),
    ...repeated(environments.flatMap(wordsOf), 'environment'),
    ...environments.flatMap(checkEnvironment),
    ...unknownDepartments(file),
  ];
}

function wordsOf(environment: EnvironmentYaml, i: number): { word: string; path: (string | number)[] }[] {
  const aliases = environment.aliases.map((word, j) => ({ word, path: ['environments', i, 'aliases', j] }));
  return [{ word: environment.name, path: ['environments', i, 'name'] }, ...aliases];
}

function repeated(words: readonly { word: string; path: (string | number)[] }[], what: string): FoundProblem[] {
  const seen = new Set<string>();
  return words.flatMap(({ word, path }) => {
    const isNew = !seen.has(word);
    seen.add(word);
    if (isNew) return [];
    return [
      {
        path,
        message: `“${word}” names ${what === 'environment' ? 'an environment' : `a ${what}`} already; every name and alias may stand only once`,
      },
    ];
  });
}

function checkEnvironment(environment: EnvironmentYaml, i: number): FoundProblem[] {
  const problems: FoundProblem[] = [];
  if (i === 0 && environment.approvals !== undefined && environment.approvals.length > 0) {
    problems.push({
      path: ['environments', 0, 'approvals'],
      message: 'nothing is promoted into the first environment, so nobody would be asked; leave this out',
    });
  }
  problems.push(...checkWebhooks(environment.webhooks, ['environments', i, 'webhooks']));
  for (const [slug, { webhooks = [] }] of Object.entries(environment.workflows))
    problems.push(...checkWebhooks(webhooks, ['environments', i, 'workflows', slug, 'webhooks']));
  return problems;
}

function checkWebhooks(webhooks: readonly WebhookEndpoint[], at: FoundProblem['path']): FoundProblem[] {
  return webhooks.flatMap(({ url, allowPrivate }, j) => {
    const path = [...at, j, 'url'];
    const problems: FoundProblem[] = [];
    if (!allowPrivate && new URL(url).protocol !== 'https:')
      problems.push({ path, message: 'has to use https; plain http is for addresses with allowPrivate: true' });
    if (webhooks.findIndex((other) => other.url === url) < j)
      problems.push({ path, message: 'stands here twice; list all its events in one place' });
    return problems;
  });
}

function unknownDepartments(file: TowpathYaml): FoundProblem[] {
  const known =
    file.departments.length === 0 ? 'none is listed under departments' : `there are: ${file.departments.join(', ')}`;
  return Object.entries(file.people).flatMap(([userId, person]) => {
    const departments = typeof person === 'string' ? [] : person.departments;
    return departments.flatMap((department, i) =>
      file.departments.includes(department)
        ? []
        : [{ path: ['people', userId, 'departments', i], message: `there is no department “${department}”; ${known}` }],
    );
  });
}
