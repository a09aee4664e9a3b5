import type { WebhookEndpoint } from '../environment.ts';
import { type ApprovalRule, approvalsPart, placesOf } from '../policy/approval-rule.ts';
import type { RiskPolicy } from '../policy/approvals-policy.ts';
import { defaultApprovals } from './configuration.ts';
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
    ...environments.flatMap((environment, i) => checkRequires(environment, i, environments.length - 1)),
    ...environments.flatMap((environment, i) => checkStricter(environment, i, file.departments)),
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

/** What alone holds in the first environment, which nothing is promoted into. */
const ASKED_OF_DEPLOYS = ['freezes', 'suites'];

function checkRequires({ requires, approvals, stricter }: EnvironmentYaml, i: number, last: number): FoundProblem[] {
  const path = ['environments', i, 'requires'];
  const promoted = i > 0 ? [] : Object.keys(requires).filter((field) => !ASKED_OF_DEPLOYS.includes(field));
  const problems = promoted.map((field) => ({
    path: [...path, field],
    message: 'nothing is promoted into the first environment, so nothing is asked; leave this out',
  }));
  const rules = approvals ?? defaultApprovals(i, last);
  const risks = [{ path: [...path, 'risk'], risk: requires.risk, rules }];
  stricter.forEach((entry, j) => {
    const added = approvalsPart.stricter(rules, entry.approvals ?? []);
    const place = ['environments', i, 'stricter', j, 'requires', 'risk'];
    risks.push({ path: place, risk: entry.risk, rules: added });
  });
  return [...problems, ...risks.flatMap(checkRisk)];
}

/** Places beyond the rules' are filled by whoever fits the first rule: enough people have to be able to. */
function checkRisk({
  path,
  risk,
  rules,
}: {
  path: (string | number)[];
  risk: RiskPolicy | undefined;
  rules: readonly ApprovalRule[];
}): FoundProblem[] {
  const most = Math.max(risk?.medium?.count ?? 0, risk?.high?.count ?? 0);
  const [first] = rules;
  if (most === 0) return [];
  if (first === undefined) return [{ path, message: 'needs a rule under approvals, which says who the people are' }];
  const others = rules.slice(1).reduce((sum, rule) => sum + placesOf(rule), 0);
  const able = 'owner' in first ? 1 : 'people' in first ? first.people.length : Infinity;
  if (able + others >= most) return [];
  return [
    {
      path,
      message: `asks for ${most} people, and the first rule under approvals fits ${able}; put one first that more people fit`,
    },
  ];
}

function checkStricter({ stricter }: EnvironmentYaml, i: number, departments: readonly string[]): FoundProblem[] {
  return stricter.flatMap((entry, j): FoundProblem[] => {
    const path = ['environments', i, 'stricter', j];
    if (i === 0) return [{ path, message: 'nothing is promoted into the first environment; leave this out' }];
    return (entry.departments ?? []).flatMap((department, k) =>
      departments.includes(department)
        ? []
        : [{ path: [...path, 'departments', k], message: noDepartment(department, departments) }],
    );
  });
}

function noDepartment(department: string, known: readonly string[]): string {
  const there = known.length === 0 ? 'none is listed under departments' : `there are: ${known.join(', ')}`;
  return `there is no department “${department.slice(0, 80)}”; ${there}`;
}

function unknownDepartments(file: TowpathYaml): FoundProblem[] {
  return Object.entries(file.people).flatMap(([userId, person]) => {
    const departments = typeof person === 'string' ? [] : person.departments;
    return departments.flatMap((department, i) =>
      file.departments.includes(department)
        ? []
        : [{ path: ['people', userId, 'departments', i], message: noDepartment(department, file.departments) }],
    );
  });
}
