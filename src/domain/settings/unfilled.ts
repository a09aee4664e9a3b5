import type { FillProblem } from './fill-problem.ts';

/** As many names, and places of each, are written out; the rest is counted. */
const MOST_NAMES = 30;
const MOST_PLACES = 3;

/** What keeps a version from being filled, as the end of a sentence: names without a value, masked values without a secret, and the rest. */
export function unfilledInWords(problems: readonly FillProblem[]): string {
  const of = (kind: FillProblem['kind']) => problems.filter((problem) => problem.kind === kind);
  const unknown = of('unknown').map(({ name = '?', paths }) => `${name} (${places(paths)})`);
  const masked = pathsOf(of('masked'));
  const others = problems.filter(({ kind }) => kind !== 'unknown' && kind !== 'masked').map(({ message }) => message);
  return [
    ...(unknown.length === 0 ? [] : [`there is no value for ${some(unknown)}`]),
    ...(masked.length === 0 ? [] : [`no secret is named for what was masked at ${some(masked)}`]),
    ...others.slice(0, MOST_PLACES),
  ].join('; ');
}

/** What to write where, as sentences. Empty where nothing in the settings would cure it. */
export function howToFill(problems: readonly FillProblem[], environment: string, workflow: string): string {
  const [unknown] = problems.filter(({ kind }) => kind === 'unknown');
  const [masked] = pathsOf(problems.filter(({ kind }) => kind === 'masked'));
  const isInvalid = problems.some(({ kind }) => kind === 'invalid');
  const name = unknown?.name ?? 'NAME';
  return [
    ...(unknown === undefined
      ? []
      : [
          `Give each a value: in Slack with \`/towpath env ${environment} ${workflow} set ${name}=…\`, or under ${environment} in towpath.yaml with \`settings: { variables: { ${name}: … } }\`, or \`secrets: { ${name}: { env: … } }\` for a secret.`,
        ]),
    ...(masked === undefined
      ? []
      : [
          `Name a secret for each: in Slack with \`/towpath env ${environment} ${workflow}\`, or under ${environment} in towpath.yaml with \`workflows: { ${workflow}: { masked: { ${JSON.stringify(masked)}: NAME } } }\`.`,
        ]),
    ...(isInvalid ? [`Correct the variable of ${environment} that is filled in there.`] : []),
  ].join(' ');
}

/** The names and masked places that `after` lacks and `before` did not. */
export function newlyUnfilled(before: readonly FillProblem[], after: readonly FillProblem[]): FillProblem[] {
  const key = ({ kind, name, message }: FillProblem) => JSON.stringify([kind, name ?? message]);
  const known = new Set(before.filter(({ kind }) => kind !== 'masked').map(key));
  const masked = new Set(pathsOf(before.filter(({ kind }) => kind === 'masked')));
  return after.flatMap((problem) => {
    if (problem.kind !== 'masked') return known.has(key(problem)) ? [] : [problem];
    const paths = problem.paths.filter((path) => !masked.has(path));
    return paths.length === 0 ? [] : [{ ...problem, paths }];
  });
}

function pathsOf(problems: readonly FillProblem[]): string[] {
  return [...new Set(problems.flatMap(({ paths }) => paths))];
}

function places(paths: readonly string[]): string {
  const more = paths.length - MOST_PLACES;
  return more > 0 ? `${paths.slice(0, MOST_PLACES).join(', ')} and ${more} more` : paths.join(', ');
}

function some(words: readonly string[]): string {
  const more = words.length - MOST_NAMES;
  return more > 0 ? `${words.slice(0, MOST_NAMES).join(', ')} and ${more} more` : words.join(', ');
}
