import type { Change, ChangeClass, ChangeKind } from './change.ts';
import type { RiskLevel } from './risk.ts';

export interface RiskRule {
  readonly level: Exclude<RiskLevel, 'none'>;
  readonly reason: string;
  applies(change: Change): boolean;
}

/**
 * What each kind of change is worth: the first rule that applies to a change is the one that judges it.
 * A change that no rule applies to, such as a new layout, is no risk.
 */
export const RISK_RULES: readonly RiskRule[] = [
  medium('secret changed', ({ secret, class: changeClass }) => secret === true && changeClass !== 'cosmetic'),
  high('approval step removed', (change) => isStep(change, 'removed', 'approval')),
  high('approval step moved', (change) => isStep(change, 'moved', 'approval')),
  high('fewer approvals asked for', (change) => at(change, 'approval.count') && isLowered(change)),
  high(
    'model swapped',
    (change) =>
      is(change, 'model') && (change.path === 'edges' || /^(?:model|provider|deployment|llm)/i.test(lastKey(change))),
  ),
  high('MCP server added', (change) => at(change, 'mcpServers') && change.kind === 'added'),
  high('data source added', (change) => at(change, 'dataSources') && change.kind === 'added'),
  high(
    'tool may act without asking a person',
    (change) => lastKey(change) === 'requiresHumanInput' && change.after !== true,
  ),
  high(
    'tool added',
    (change) => (is(change, 'tools', 'added') && !isToolSetting(change)) || isStep(change, 'added', 'tool'),
  ),
  high('step with an MCP server added', ({ kind, brings }) => kind === 'added' && has(brings, 'mcpServers')),
  high('step with tools added', ({ kind, brings }) => kind === 'added' && has(brings, 'tools')),
  high('tool swapped', (change) => is(change, 'tools', 'changed') && lastKey(change) === 'tool'),
  high('code added', (change) => isStep(change, 'added', 'code')),
  high(
    'code changed',
    (change) => is(change, 'logic') && /(?:^|\.)(?:code|js_?code|python_?code)\b/i.test(placeOf(change)),
  ),
  high('HTTP request added', (change) => isStep(change, 'added', 'http')),
  high(
    'HTTP target changed',
    (change) => is(change, 'logic') && /^(?:url|uri|method|base_?url|endpoint)$/i.test(lastKey(change)),
  ),
  high('output field removed', ({ kind, subject }) => subject === 'outputField' && kind === 'removed'),
  high(
    'quality threshold lowered',
    (change) => is(change, 'quality') && /threshold$/i.test(lastKey(change)) && isLowered(change),
  ),
  high('evaluation removed', (change) => isStep(change, 'removed', 'evaluation')),
  high('quality check removed', (change) => is(change, 'quality', 'removed')),
  high('format changed', (change) => change.path === 'format' && change.stepId === undefined),
  medium('prompt changed', (change) => is(change, 'prompt')),
  medium('model parameters changed', (change) => is(change, 'model')),
  medium('tool removed', (change) => is(change, 'tools', 'removed') && !isToolSetting(change)),
  medium('tool settings changed', (change) => is(change, 'tools')),
  medium('step removed', (change) => isStep(change, 'removed')),
  medium('step added', (change) => isStep(change, 'added')),
  medium('step moved', (change) => isStep(change, 'moved')),
  medium('condition changed', (change) => is(change, 'logic') && placeOf(change).startsWith('condition')),
  medium('approval changed', (change) => placeOf(change).startsWith('approval')),
  medium('called workflow changed', (change) => is(change, 'logic') && placeOf(change).startsWith('workflow.')),
  medium(
    'connections between steps changed',
    ({ path, class: changeClass }) => changeClass === 'logic' && path === 'edges',
  ),
  medium('trigger changed', ({ path }) => path.startsWith('triggers[')),
  medium('logic changed', (change) => is(change, 'logic')),
  medium(
    'input now required',
    ({ subject, after, kind }) => subject === 'inputField' && kind === 'changed' && after === true,
  ),
  low('output field added', ({ subject, kind }) => subject === 'outputField' && kind === 'added'),
  low('input field added', ({ subject, kind }) => subject === 'inputField' && kind === 'added'),
  medium('schema changed', (change) => is(change, 'schema')),
  low(
    'quality threshold raised',
    (change) => is(change, 'quality', 'changed') && /threshold$/i.test(lastKey(change)) && isRaised(change),
  ),
  low('quality check added', (change) => is(change, 'quality', 'added')),
  medium('evaluation changed', (change) => is(change, 'quality')),
  medium(
    'error policy changed',
    (change) => is(change, 'limits') && /^on_?error|^error|^continueOnFail/i.test(lastKey(change)),
  ),
  low('limits changed', (change) => is(change, 'limits')),
  low('connections differ', (change) => is(change, 'binding')),
];

function high(reason: string, applies: RiskRule['applies']): RiskRule {
  return { level: 'high', reason, applies };
}

function medium(reason: string, applies: RiskRule['applies']): RiskRule {
  return { level: 'medium', reason, applies };
}

function low(reason: string, applies: RiskRule['applies']): RiskRule {
  return { level: 'low', reason, applies };
}

function is(change: Change, changeClass: ChangeClass, kind?: ChangeKind): boolean {
  return change.class === changeClass && (kind === undefined || change.kind === kind);
}

/** The step as a whole came, went or moved. */
function isStep(change: Change, kind: ChangeKind, stepKind?: string): boolean {
  const isWhole = change.stepId !== undefined && change.property === undefined && change.kind === kind;
  return isWhole && (stepKind === undefined || change.stepKind === stepKind);
}

function at(change: Change, property: string): boolean {
  return change.property === property;
}

function has(list: readonly string[] | undefined, name: string): boolean {
  return list?.includes(name) ?? false;
}

/** What a tool is told or how it is set, of one that was there before; one more action of an MCP server is one more tool. */
function isToolSetting(change: Change): boolean {
  const place = placeOf(change);
  return /^(?:toolSettings|toolDescriptions|mcpServerConfig)\b/.test(place) && !/Actions\b/.test(place);
}

/** Where it stands in its step; in a document of unknown format, in the whole. */
function placeOf({ property, path }: Change): string {
  return property ?? path;
}

/** The innermost name on the way, without the places in lists. */
function lastKey(change: Change): string {
  return (
    placeOf(change)
      .replace(/(?:\[\d+\])+$/, '')
      .split('.')
      .at(-1) ?? ''
  );
}

function isLowered({ before, after }: Change): boolean {
  return typeof before === 'number' && (after === undefined || (typeof after === 'number' && after < before));
}

function isRaised({ before, after }: Change): boolean {
  return typeof before === 'number' && typeof after === 'number' && after > before;
}
