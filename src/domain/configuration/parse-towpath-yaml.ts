import { type Document, isCollection, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Policy } from '../policy/policy.ts';
import { pathText, type Segment } from '../workflow/source/source-scan.ts';
import {
  defaultApprovals,
  defaultConfiguration,
  type GivenSettings,
  hashOfFile,
  type TowpathConfiguration,
} from './configuration.ts';
import { crossCheck } from './cross-checks.ts';
import { type ConfigurationProblem, InvalidConfigurationError } from './invalid-configuration-error.ts';
import {
  badgeEmoji,
  type EnvironmentYaml,
  milliseconds,
  type TowpathYaml,
  towpathYamlSchema,
} from './towpath-yaml-schema.ts';
import { issuesOf } from './yaml-issues.ts';

/** Characters; a workspace of a thousand people needs a tenth of it. */
const LONGEST = 512 * 1024;

/**
 * Reads a `towpath.yaml`. An empty file says nothing, so that all its defaults apply.
 *
 * @param fileName how problems name the file
 * @throws InvalidConfigurationError listing every problem with its line and column
 */
export function parseTowpathYaml(text: string, { fileName }: { fileName: string }): TowpathConfiguration {
  if (text.length > LONGEST) {
    throw new InvalidConfigurationError([
      { where: fileName, message: 'is longer than 512 KB, which no configuration needs; is it the right file?' },
    ]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = problemAt(lines, fileName);
  if (document.errors.length > 0) {
    throw new InvalidConfigurationError(
      document.errors.slice(0, 10).map((error) => at(error.pos[0], [], `is not YAML: ${error.message}`)),
    );
  }
  const said = toPlain(document, fileName) ?? {};
  const parsed = towpathYamlSchema.safeParse(said);
  const found = parsed.success ? crossCheck(parsed.data) : issuesOf(parsed.error);
  if (!parsed.success || found.length > 0) {
    const placed = found
      .map((problem) => ({ ...problem, offset: offsetOf(document, problem.path) }))
      .sort((a, b) => a.offset - b.offset);
    throw new InvalidConfigurationError(
      placed.slice(0, 50).map(({ offset, path, message }) => at(offset, path, message)),
    );
  }
  return { hash: hashOfFile(said), ...toConfiguration(parsed.data) };
}

function problemAt(lines: LineCounter, fileName: string) {
  return (offset: number, path: readonly Segment[], message: string): ConfigurationProblem => {
    const { line, col } = lines.linePos(offset);
    const place = path.length === 0 ? '' : ` (${pathText(path)})`;
    return { where: `${fileName}, line ${Math.max(line, 1)}, column ${Math.max(col, 1)}${place}`, message };
  };
}

function toPlain(document: Document.Parsed, fileName: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // The package refuses aliases inside aliases that would grow without end, and ones that name nothing.
    if (!(error instanceof ReferenceError)) throw error;
    throw new InvalidConfigurationError([
      { where: fileName, message: 'uses more YAML aliases than allowed; write the values out' },
    ]);
  }
}

/** Where a path's key (or, for a list, its item) begins; what is missing is reported where its parent stands. */
function offsetOf(document: Document.Parsed, path: readonly Segment[]): number {
  let offset = document.contents?.range?.[0] ?? 0;
  let node: unknown = document.contents;
  for (const step of path) {
    if (!isCollection(node)) return offset;
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    const next: unknown = pair === undefined ? node.get(step, true) : pair.value;
    const shown = pair?.key ?? next;
    if (!isNode(shown) || !shown.range) return offset;
    offset = shown.range[0];
    node = next;
  }
  return offset;
}

function toConfiguration(file: TowpathYaml): Omit<TowpathConfiguration, 'hash'> {
  const { departments, defaultRole, environments, people, runners, runs, secretFolders } = file;
  const last = (environments?.length ?? 0) - 1;
  const longForm = Object.entries(people).map(
    ([userId, person]) => [userId, typeof person === 'string' ? { role: person, departments: [] } : person] as const,
  );
  return {
    departments,
    defaultRole,
    environments:
      environments?.map((environment, rank) => toEnvironment(environment, rank, last)) ??
      defaultConfiguration().environments,
    people: new Map(longForm),
    runs,
    secretFolders,
    ...(runners && { runners }),
    settings: new Map(environments?.map((environment) => [environment.name, givenSettings(environment)])),
  };
}

function givenSettings({ settings, workflows }: EnvironmentYaml): GivenSettings {
  return { own: settings ?? {}, workflows: new Map(Object.entries(workflows)) };
}

function toEnvironment(
  file: EnvironmentYaml,
  rank: number,
  lastRank: number,
): TowpathConfiguration['environments'][number] {
  const { name, aliases, channel, badge, webhooks, runPayloads } = file;
  return {
    name,
    rank,
    aliases,
    badge: badgeEmoji(badge),
    channel: channel ?? null,
    policy: toPolicy(file, defaultApprovals(rank, lastRank)),
    webhooks,
    ...(runPayloads && { runPayloads }),
  };
}

function toPolicy(file: EnvironmentYaml, approvalsByDefault: Policy['approvals']): Policy {
  const { approvals = approvalsByDefault, expireAfter, rollback, requires, stricter } = file;
  return {
    ...{ approvals, expireAfter: milliseconds(expireAfter), rollback },
    ...requires,
    ...(stricter.length > 0 && { stricter }),
  };
}
